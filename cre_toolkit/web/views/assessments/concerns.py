"""Places and people, vulnerabilities, consultation, analysis, actions, sharing: one section each."""

from typing import Any, ClassVar

from cre_toolkit.assessments.queries import Draft
from cre_toolkit.web.forms.assessments.concerns import AnalysisForm, PlacesForm
from cre_toolkit.web.forms.assessments.sheets import VulnerabilitySheet
from cre_toolkit.web.forms.assessments.tables import ActionsForm, ConsultationForm, SharingForm
from cre_toolkit.web.views.assessments import drafting, journey, sheets
from cre_toolkit.web.views.assessments.indicators import CHECKED, SheetPage


class PlacesPage(drafting.SectionPage):
    page = journey.PAGE["places-people"]
    form_class = PlacesForm
    template_name = "assessments/places.html"


class VulnerabilitiesPage(SheetPage):
    page = journey.PAGE["vulnerabilities"]
    sheet_class = VulnerabilitySheet
    template_name = "assessments/vulnerabilities.html"
    reads: ClassVar = {"section": "vulnerabilities"}

    def sheet(self, form: VulnerabilitySheet) -> dict[str, Any]:
        instrument = form.draft.instrument
        values: dict[str, Any] = {}
        for factor in instrument.vulnerabilities:
            said = form.factor(factor.id)
            values[f"{factor.id}.note"] = said["note"]
            for when in ("historic", "current"):
                if said[when]:
                    values[f"{factor.id}.{when}"] = CHECKED
        return {
            "factors": sheets.factors(instrument).filled(values),
            "other": instrument.field_by_id["other-information"],
        }


class ConsultationPage(drafting.SectionPage):
    page = journey.PAGE["consultation"]
    form_class = ConsultationForm
    template_name = "assessments/consultation.html"


class AnalysisPage(drafting.SectionPage):
    page = journey.PAGE["analysis"]
    form_class = AnalysisForm
    template_name = "assessments/analysis.html"


class ActionsPage(drafting.SectionPage):
    page = journey.PAGE["actions"]
    form_class = ActionsForm
    template_name = "assessments/actions.html"


class SharingPage(drafting.SectionPage):
    page = journey.PAGE["sharing"]
    form_class = SharingForm
    template_name = "assessments/sharing.html"

    def more(self, draft: Draft) -> dict[str, Any]:
        ticked = draft.answers.indicators.items
        return {
            "family_may_not_be_safe": [
                indicator.label
                for indicator in draft.instrument.indicators
                if indicator.family_may_not_be_safe and indicator.id in ticked
            ],
        }
