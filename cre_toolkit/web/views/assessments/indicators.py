"""Tick, then rate: all indicators on one page, then a card for each that was ticked."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cre_toolkit.assessments.queries import Draft, LastTime
from cre_toolkit.assessments.wording import LEVELS
from cre_toolkit.children.access import NotVisible
from cre_toolkit.rules.instrument import Indicator
from cre_toolkit.web.forms.assessments.sheets import RatingSheet, Sheet, TickSheet
from cre_toolkit.web.views.assessments import drafting, journey, sheets

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
    reads: ClassVar = {"section": "indicators"}

    def sheet(self, form: TickSheet) -> dict[str, Any]:
        instrument = form.draft.instrument
        return {
            "ticks": sheets.ticks(instrument).filled(dict.fromkeys(form.ticked(), CHECKED)),
            "number": sum(not indicator.describe for indicator in instrument.indicators),
            "not_known_yet": instrument.field_by_id["not-known-yet"],
        }

    def next_url(self, draft: Draft) -> str:
        """Where nothing is ticked there is nothing to rate."""
        if not self.request.POST.getlist("indicator"):
            return journey.PAGE["places-people"].url(draft.assessment.reference)
        return super().next_url(draft)


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
        if draft.answers.indicators.items:
            return None
        return HttpResponseRedirect(journey.PAGE["indicators"].url(draft.assessment.reference))

    def sheet(self, form: RatingSheet) -> dict[str, Any]:
        draft = form.draft
        last = last_time(draft.last_time)
        return {
            "cards": [self._card(form, indicator, last) for indicator in form.indicators],
            "expand": draft.instrument.field_by_id["expand-indicators"],
            "group": next((group for group in draft.instrument.groups if group.id == self.group), None),
        }

    def _card(self, form: RatingSheet, indicator: Indicator, last: dict[str, SafeString]) -> SafeString:
        rated = form.rated(indicator)
        error = next((error.text for error in form.errors if error.href == f"#{indicator.id}-level"), "")
        values: dict[str, Any] = {name: CHECKED for name in ("cce", "cse", "unclear") if rated[name]}
        if rated["level"]:
            values[rated["level"]] = CHECKED
        values |= {"note": rated["note"], "last_time": last.get(indicator.id, "")}
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
            LEVELS.get(said.get("level", ""), "Ticked"),
            said.get("note", ""),
        )
        for id_, said in last.indicators.items()
    }
