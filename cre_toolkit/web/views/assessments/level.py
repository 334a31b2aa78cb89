"""Judgement first: what the indicators point to is shown only after the practitioner's own level."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions, queries
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.casework.queries import case_of
from cre_toolkit.rules.outcome import Outcome, Reason
from cre_toolkit.web.forms.assessments.base import SectionForm
from cre_toolkit.web.forms.assessments.level import LevelForm, LowForm
from cre_toolkit.web.views.assessments import drafting, journey

# The rules by which a child has a lowest level.
FLOORS = ("floor-under-13", "floor-send")


@dataclass(frozen=True, slots=True)
class Because:
    """A reason for the indicated level, with the evidence that it rests on."""

    reason: Reason
    evidence: str
    href: str


def below_floor(outcome: Outcome) -> bool:
    """Whether low was recorded where the toolkit's lowest level is medium."""
    return outcome.recorded_level == "low" and outcome.minimum_level == "medium"


class LevelPage(drafting.SectionPage):
    page = journey.PAGE["level"]
    form_class = LevelForm
    template_name = "assessments/level.html"

    def form(self, draft: Draft, data: QueryDict | None = None) -> SectionForm:
        outcome = queries.outcome_of(draft)
        differs = outcome.indicated_level is not None and outcome.indicated_level != outcome.recorded_level
        return LevelForm(draft, data, differs=differs, low=outcome.recorded_level == "low")

    def not_yet(self, draft: Draft) -> HttpResponse | None:
        if draft.answers.analysis.level:
            return None
        messages.info(self.request, "Record your own level first. Then you see what the indicators point to.")
        return HttpResponseRedirect(journey.PAGE["analysis"].url(draft.assessment.reference) + "#level")

    def more(self, draft: Draft) -> dict[str, Any]:
        outcome, reference = queries.outcome_of(draft), draft.assessment.reference
        case = case_of(draft.child)
        rating = journey.PAGE["rating"].url(reference)
        items = draft.answers.indicators.items
        return {
            "outcome": outcome,
            "because": [
                Because(
                    reason,
                    items[reason.indicator].note if reason.indicator in items else "",
                    f"{rating}?return=level#{reason.indicator}-note" if reason.indicator else "",
                )
                for reason in outcome.reasons
            ],
            "case": case,
            "differs": outcome.indicated_level not in (None, outcome.recorded_level),
            "below_floor": below_floor(outcome),
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
    """A page of its own for low below the floor: protective factors, thorough assessment, a manager."""

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
            "analysis_version": draft.version("analysis"),
        }

    def before(self, reference: str) -> str:
        return journey.PAGE["level"].url(reference)

    def save(self, user: User, draft: Draft, form: SectionForm) -> None:
        super().save(user, draft, form)
        assert isinstance(form, LowForm)  # noqa: S101 - for the type alone
        posted = self.request.POST.get("analysis_version", "")
        actions.save_section(
            by=user,
            assessment=draft.assessment,
            section="analysis",
            answers=form.analysis(),
            version=int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0,
        )

    def next_url(self, draft: Draft) -> str:
        return reverse("assessment-actions", args=[draft.assessment.reference])
