"""Tick, then rate: all indicators on one page, then a card for each that was ticked.

In a review, what has become of each indicator of last time is asked first, on the page that ticks new ones.
"""

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cre_toolkit.assessments.answers import SinceLast
from cre_toolkit.assessments.queries import Draft, LastTime
from cre_toolkit.assessments.wording import LEVELS
from cre_toolkit.casework.missing.evidence import proposed_in
from cre_toolkit.children.access import NotVisible
from cre_toolkit.rules.instrument import Indicator
from cre_toolkit.web.forms.assessments.sheets import RatingSheet, ReviewSheet, Sheet, TickSheet
from cre_toolkit.web.views.assessments import drafting, journey, sheets
from cre_toolkit.web.views.assessments.describe import linked_to

CHECKED = SafeString(" checked")


class SheetPage(drafting.SectionPage):
    """A page whose markup is prepared rather than rendered from a form."""

    sheet_class: ClassVar[type[Sheet]]

    def form(self, draft: Draft, data: QueryDict | None = None) -> Any:
        return self.sheet_class(draft, data)

    def sheet(self, form: Any) -> dict[str, Any]:
        """The prepared markup, filled."""
        return {}

    def show(self, draft: Draft, form: Any, *, status: int = 200, **changes: Any) -> HttpResponse:
        changes.setdefault("errors", form.errors)
        return super().show(draft, form, status=status, **self.sheet(form), **changes)


class TickPage(SheetPage):
    page = journey.PAGE["indicators"]
    sheet_class = TickSheet
    template_name = "assessments/indicators.html"
    reads: ClassVar = {"section": "indicators", "last_time": True}

    def show(self, draft: Draft, form: Any, *, status: int = 200, **changes: Any) -> HttpResponse:
        if draft.is_review:
            self.template_name = "assessments/review.html"
        return super().show(draft, form, status=status, **changes)

    def form(self, draft: Draft, data: QueryDict | None = None) -> Any:
        return ReviewSheet(draft, data) if draft.is_review else TickSheet(draft, data)

    def sheet(self, form: TickSheet) -> dict[str, Any]:
        instrument = form.draft.instrument
        shown: dict[str, Any] = {
            "number": sum(not indicator.describe for indicator in instrument.indicators),
            "not_known_yet": instrument.field_by_id["not-known-yet"],
            "from_record": proposed_in(form.draft.answers.indicators, instrument),
        }
        marks = dict.fromkeys(form.ticked(), CHECKED)
        if not isinstance(form, ReviewSheet):
            return shown | {"ticks": sheets.ticks(instrument).filled(marks)}
        asked = {indicator.id for indicator in form.carried}
        return shown | {
            "ticks": sheets.ticks_without(instrument, asked, marks),
            "last_time": form.last,
            "asked_again": [_asked(form, indicator) for indicator in form.carried],
        }

    def next_url(self, draft: Draft) -> str:
        """Where nothing is ticked, or all is as it was last time, there is nothing to rate."""
        items = self.form(draft, self.request.POST).answers()["items"]
        if any(not rated.get("as_on") for rated in items.values()):
            return super().next_url(draft)
        return reverse(
            journey.after(journey.PAGE["rating"], review=draft.is_review), args=[draft.assessment.reference]
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator of last time, with what was said of it then and what is said now."""

    indicator: Indicator
    level: str
    linked_to: str
    note: str
    on: datetime.date
    now: SinceLast

    @property
    def name(self) -> str:
        """Of its radio buttons."""
        return f"since-{self.indicator.id}"


def _asked(form: ReviewSheet, indicator: Indicator) -> Asked:
    before = form.last.indicators[indicator.id]
    return Asked(
        indicator,
        before.level,
        linked_to(before),
        before.note,
        datetime.date.fromisoformat(before.as_on or form.last.day),
        form.since(indicator.id),
    )


class RatingPage(SheetPage):
    """The cards, of all groups or of one (`indicators/<group>`)."""

    page = journey.PAGE["rating"]
    sheet_class = RatingSheet
    template_name = "assessments/rating.html"
    reads: ClassVar = {"section": "indicators", "last_time": True}

    @property
    def group(self) -> str:
        return str(self.kwargs.get("group", "all"))

    def get(self, request: HttpRequest, reference: str, group: str = "all") -> HttpResponse:
        return super().get(request, reference)

    def post(self, request: HttpRequest, reference: str, group: str = "all") -> HttpResponse:
        return super().post(request, reference)

    def form(self, draft: Draft, data: QueryDict | None = None) -> Any:
        if self.group != "all" and self.group not in draft.instrument.indicators_by_group:
            raise NotVisible(self.group)
        return RatingSheet(draft, data, group=self.group)

    def not_yet(self, draft: Draft) -> HttpResponse | None:
        if any(not rated.as_on for rated in draft.answers.indicators.items.values()):
            return None
        return HttpResponseRedirect(journey.PAGE["indicators"].url(draft.assessment.reference))

    def sheet(self, form: RatingSheet) -> dict[str, Any]:
        draft = form.draft
        last = last_time(draft.last_time)
        return {
            "cards": [self._card(form, indicator, last) for indicator in form.indicators],
            "as_last_time": [
                indicator
                for indicator in draft.instrument.indicators
                if indicator.id in draft.unchanged and indicator not in form.indicators
            ],
            "expand": draft.instrument.field_by_id["expand-indicators"],
            "group": next((group for group in draft.instrument.groups if group.id == self.group), None),
        }

    def _card(self, form: RatingSheet, indicator: Indicator, last: dict[str, SafeString]) -> SafeString:
        rated = form.rated(indicator)
        error = next((error.text for error in form.errors if error.href == f"#{indicator.id}-level"), "")
        linked = {"cce": rated.cce, "cse": rated.cse, "unclear": rated.unclear}
        values: dict[str, Any] = {name: CHECKED for name, chosen in linked.items() if chosen}
        if rated.level:
            values[rated.level] = CHECKED
        values |= {"note": rated.note, "last_time": last.get(indicator.id, "")}
        if error:
            values["error"] = format_html(
                '<p class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> {}</p>',
                error,
            )
            values["error_class"] = SafeString(" govuk-form-group--error")
        return sheets.card(form.draft.instrument, indicator.id).filled(values)


def last_time(last: LastTime | None) -> dict[str, SafeString]:
    """What the child's last assessment said about each indicator, as a sentence for its card."""
    if last is None:
        return {}
    on = date_format(timezone.localtime(last.completed_at), "j F Y")
    return {
        id_: format_html(
            '<p class="govuk-body"><strong>Last time ({}): {}.</strong> '
            '<span class="app-typed">{}</span></p>',
            on,
            LEVELS.get(said.level, "Ticked"),
            said.note,
        )
        for id_, said in last.indicators.items()
    }
