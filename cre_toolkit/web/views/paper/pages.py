"""The pages of a paper form: each asks for one section, as the pages of the live journey do."""

from abc import abstractmethod
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from cre_toolkit.assessments.answers import Part
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.children.access import NotVisible
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.web.forms.assessments.base import SectionForm
from cre_toolkit.web.forms.paper.details import DetailsForm
from cre_toolkit.web.forms.paper.sheets import FactorsSheet, MarksSheet, RatingsSheet, RowsSheet
from cre_toolkit.web.forms.paper.texts import (
    EngagementForm,
    PaperAnalysisForm,
    PaperPlacesForm,
    SummaryForm,
)
from cre_toolkit.web.prepared import Prepared
from cre_toolkit.web.views.assessments import concerns, drafting
from cre_toolkit.web.views.assessments.describe import Row
from cre_toolkit.web.views.assessments.indicators import CHECKED, SheetPage
from cre_toolkit.web.views.paper import journey, sheets
from cre_toolkit.web.views.paper.describe import describe


class OnPaper(drafting.SectionPage):
    """A page of a paper form: the draft, the order of the pages and the way back are the form's own."""

    reads: ClassVar = {"transcribed": True}

    def form(self, draft: Draft, data: QueryDict | None = None) -> SectionForm:
        if self.page not in journey.pages(draft.instrument):
            raise NotVisible(draft.assessment.reference)
        return super().form(draft, data)

    def not_yet(self, draft: Draft) -> HttpResponse | None:
        """The other kind of form has no such page."""
        if self.page in journey.pages(draft.instrument):
            return None
        return HttpResponseRedirect(journey.check(draft.assessment.reference))

    def more(self, draft: Draft) -> dict[str, Any]:
        return super().more(draft) | {
            "form_name": f"{draft.instrument.short_title}, {draft.instrument.edition}",
            "overview_url": journey.check(draft.assessment.reference),
            # The calls of a draft are those of a live assessment; a paper form leads to the child's own.
            "danger_url": reverse("child-calls", args=[draft.child.reference]),
        }

    def rows(self, draft: Draft, part: Part) -> list[Row]:
        return describe(self.page.section, part, draft.instrument)

    def before(self, draft: Draft) -> str:
        return journey.before(self.page, draft)

    def next_url(self, draft: Draft) -> str:
        return journey.after(self.page, draft)

    def return_url(self, draft: Draft) -> str:
        wanted = self.request.GET.get("return") == "check"
        return journey.check(draft.assessment.reference) if wanted else ""


class DetailsPage(OnPaper):
    page = journey.DETAILS
    form_class = DetailsForm
    template_name = "paper/details.html"


class RowsPage(OnPaper, SheetPage):
    """A page with a row for each indicator or factor."""

    sheet_class: ClassVar[type[RowsSheet]]

    @abstractmethod
    def markup(self, instrument: Instrument) -> Prepared:
        """The rows of an edition."""

    def sheet(self, form: RowsSheet) -> dict[str, Any]:
        holes = {
            f"{id_}.{name}": CHECKED if said is True else said
            for id_ in form.ids
            for name, said in self.holes(form.said(id_)).items()
        }
        return {"rows": self.markup(form.draft.instrument).filled(holes)}

    def holes(self, said: dict[str, Any]) -> dict[str, Any]:
        """What a row says, by the names of its holes."""
        return said


class MarksPage(RowsPage):
    page = journey.MARKS
    sheet_class = MarksSheet
    template_name = "paper/marks.html"

    def markup(self, instrument: Instrument) -> Prepared:
        return sheets.marks(instrument)


class FactorsPage(RowsPage):
    page = journey.FACTORS
    sheet_class = FactorsSheet
    template_name = "paper/factors.html"

    def markup(self, instrument: Instrument) -> Prepared:
        return sheets.factors(instrument)


class SummaryPage(OnPaper):
    page = journey.SUMMARY
    form_class = SummaryForm
    template_name = "paper/summary.html"

    def more(self, draft: Draft) -> dict[str, Any]:
        marks = draft.on_paper.marks.items.values()
        return super().more(draft) | {
            "risk": sum(mark.risk for mark in marks),
            "evidenced": sum(mark.evidenced for mark in marks),
        }


class RatingsPage(RowsPage):
    page = journey.RATINGS
    sheet_class = RatingsSheet
    template_name = "paper/ratings.html"

    def markup(self, instrument: Instrument) -> Prepared:
        return sheets.ratings(instrument)

    def holes(self, said: dict[str, Any]) -> dict[str, Any]:
        return said | {said["level"] or "unrated": CHECKED}

    def sheet(self, form: RowsSheet) -> dict[str, Any]:
        fields = form.draft.instrument.field_by_id
        return super().sheet(form) | {"expand": fields.get("expand-indicators")}


class PlacesPage(OnPaper, concerns.PlacesPage):
    page = journey.PLACES
    form_class = PaperPlacesForm
    template_name = "paper/places.html"


class VulnerabilitiesPage(OnPaper, concerns.VulnerabilitiesPage):
    page = journey.VULNERABILITIES
    template_name = "paper/vulnerabilities.html"


class AnalysisPage(OnPaper, concerns.AnalysisPage):
    page = journey.ANALYSIS
    form_class = PaperAnalysisForm
    template_name = "paper/analysis.html"


class ActionsPage(OnPaper, concerns.ActionsPage):
    page = journey.ACTIONS
    template_name = "paper/actions.html"


class EngagementPage(OnPaper):
    page = journey.ENGAGEMENT
    form_class = EngagementForm
    template_name = "paper/page.html"
