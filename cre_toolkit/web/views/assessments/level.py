"""Judgement first: what the indicators point to is shown only after the practitioner's own level."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions, queries
from cre_toolkit.assessments.answers import Analysis, Part
from cre_toolkit.assessments.level import below_floor, differs, is_low, written_for_another
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.casework.case.queries import case_of
from cre_toolkit.rules.outcome import Reason
from cre_toolkit.web import autosave
from cre_toolkit.web.forms.assessments.base import SectionForm
from cre_toolkit.web.forms.assessments.level import LevelForm, LowForm
from cre_toolkit.web.request import posted_version
from cre_toolkit.web.views.assessments import drafting, journey
from cre_toolkit.web.views.assessments.describe import Row, describe

# The rules by which a child has a lowest level.
FLOORS = ("floor-under-13", "floor-send")


@dataclass(frozen=True, slots=True)
class Because:
    """A reason for the indicated level, with the evidence that it rests on."""

    reason: Reason
    evidence: str
    href: str


class LevelPage(drafting.SectionPage):
    page = journey.PAGE["level"]
    form_class = LevelForm
    template_name = "assessments/level.html"

    def form(self, draft: Draft, data: QueryDict | None = None) -> SectionForm:
        outcome = queries.outcome_of(draft)
        return LevelForm(draft, data, differs=differs(outcome), low=is_low(outcome))

    def not_yet(self, draft: Draft) -> HttpResponse | None:
        if draft.answers.analysis.level:
            return None
        messages.info(self.request, "Record your own level first. Then you see what the indicators point to.")
        return HttpResponseRedirect(journey.PAGE["analysis"].url(draft.assessment.reference) + "#level")

    def more(self, draft: Draft) -> dict[str, Any]:
        outcome, reference = queries.outcome_of(draft), draft.assessment.reference
        case = case_of(draft.child)
        items = draft.answers.indicators.items
        return {
            "outcome": outcome,
            "because": [
                Because(
                    reason,
                    items[reason.indicator].note if reason.indicator in items else "",
                    journey.evidence_of(reference, reason.indicator, draft.unchanged)
                    if reason.indicator
                    else "",
                )
                for reason in outcome.reasons
            ],
            "case": case,
            "differs": differs(outcome),
            "below_floor": below_floor(outcome),
            "written_for": written_for_another(draft.answers),
            "change_url": journey.PAGE["analysis"].url(reference) + "?return=level#level",
        }

    def return_url(self, draft: Draft) -> str:
        # Low below the floor has its own page, also on the way back to checking.
        return "" if below_floor(queries.outcome_of(draft)) else super().return_url(draft)

    def next_url(self, draft: Draft) -> str:
        if below_floor(queries.outcome_of(draft)):
            query = "?return=check" if self.request.GET.get("return") == "check" else ""
            return journey.LOW.url(draft.assessment.reference) + query
        return super().next_url(draft)


class LowPage(drafting.SectionPage):
    """A page of its own for low below the floor: protective factors, and a thorough assessment."""

    page = journey.LOW
    form_class = LowForm
    template_name = "assessments/low.html"

    def not_yet(self, draft: Draft) -> HttpResponse | None:
        if below_floor(queries.outcome_of(draft)):
            return None
        return HttpResponseRedirect(journey.PAGE["level"].url(draft.assessment.reference))

    def more(self, draft: Draft) -> dict[str, Any]:
        reference = draft.assessment.reference
        return {
            "floor": [reason for reason in queries.outcome_of(draft).reasons if reason.rule in FLOORS],
            "change_url": journey.PAGE["analysis"].url(reference) + "?return=level#level",
        }

    def versions(self, draft: Draft) -> dict[str, int]:
        return super().versions(draft) | {self.version_name("analysis"): draft.version("analysis")}

    def rows(self, draft: Draft, part: Part) -> list[Row]:
        # The protective factors stand on this page too, and belong to the analysis.
        return describe("analysis" if isinstance(part, Analysis) else "level", part, draft.instrument)

    def before(self, draft: Draft) -> str:
        return journey.PAGE["level"].url(draft.assessment.reference)

    def save(self, user: User, draft: Draft, form: SectionForm) -> dict[str, int]:
        versions = super().save(user, draft, form)
        assert isinstance(form, LowForm)  # noqa: S101 - for the type alone
        saved = actions.save_section(
            by=user,
            assessment=draft.assessment,
            section="analysis",
            answers=form.analysis(),
            version=posted_version(self.request.POST, self.version_name("analysis")),
            while_typing=autosave.is_asked(self.request),
        )
        return versions | {self.version_name("analysis"): saved.version}

    def next_url(self, draft: Draft) -> str:
        return reverse("assessment-actions", args=[draft.assessment.reference])
