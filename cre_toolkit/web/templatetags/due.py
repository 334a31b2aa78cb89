"""The lists of what is due. Rows are written in Python: fifty would cost a template half of the page."""

import datetime
from collections.abc import Iterable, Mapping

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cre_toolkit.casework.case.queries import DueEntry
from cre_toolkit.casework.lists.due import Row
from cre_toolkit.web.doing import NEEDS, where
from cre_toolkit.web.templatetags.journey import with_numbers

register = template.Library()

HEADS = ("Due", "Child", "Task", "Agreed and latest level", "Whose", "Do")
_LEVELS = {"low": "Low", "medium": "Medium", "high": "High"}


@register.simple_tag
def due_list(entries: Iterable[DueEntry], may: Mapping[str, bool], *, show_child: bool = False) -> SafeString:
    """What is due, in the order given: when, what, and to whom.

    Args:
        entries: what is due.
        may: which acts are the reader's (`access.acts_of`).
        show_child: where the list is of several children: each is named, with the way to their record, where
            what is to be done is told in full.
    """
    items = (
        (
            " app-due__item--overdue" if entry.overdue else "",
            _when(entry),
            format_html(" · {}", _child(entry)) if show_child else "",
            entry.title,
            "" if show_child else format_html('<p class="app-due__what">{}</p>', entry.text),
            with_numbers(entry.to) if entry.is_call else entry.to,
            _clock(entry, '<p class="app-due__to">Clock: {}</p>'),
            _do(entry, may, '<p class="app-due__to">{}</p>'),
        )
        for entry in entries
    )
    return format_html(
        '<ol class="app-due">{}</ol>',
        format_html_join(
            "",
            '<li class="app-due__item{}"><p class="app-due__when">{}{}</p>'
            '<p class="app-due__what"><strong>{}</strong></p>{}<p class="app-due__to">To: {}</p>{}{}</li>',
            items,
        ),
    )


@register.simple_tag
def due_table(rows: Iterable[Row], may: Mapping[str, bool]) -> SafeString:
    """The list over many children: a table, and a card for each row on a phone.

    Args:
        rows: what is due, in the order given.
        may: which acts are the reader's (`access.acts_of`).
    """
    heads = format_html_join(
        "", '<th scope="col" class="govuk-table__header" role="columnheader">{}</th>', zip(HEADS)
    )
    return format_html(
        '<table class="govuk-table app-rows" role="table">'
        '<caption class="govuk-table__caption govuk-visually-hidden">What is due</caption>'
        '<thead class="govuk-table__head" role="rowgroup">'
        '<tr class="govuk-table__row" role="row">{}</tr></thead>'
        '<tbody class="govuk-table__body" role="rowgroup">{}</tbody></table>',
        heads,
        format_html_join("", _ROW, (_cells(row, may) for row in rows)),
    )


_ROW = mark_safe(  # noqa: S308 - the headings are ours
    '<tr class="govuk-table__row{}" role="row">'
    + "".join(f'<td class="govuk-table__cell" role="cell" data-label="{head}">{{}}</td>' for head in HEADS)
    + "</tr>"
)


def _cells(row: Row, may: Mapping[str, bool]) -> tuple[str, ...]:
    entry = row.entry
    return (
        " app-rows__row--overdue" if entry.overdue else "",
        format_html('{}<br><span class="govuk-hint">{}</span>', _how_late(entry), _when(entry, "Since")),
        _child(entry),
        format_html(
            '<strong>{}</strong><br><span class="govuk-hint">To: {}</span>{}',
            entry.title,
            with_numbers(entry.to) if entry.is_call else entry.to,
            _clock(entry, '<br><span class="govuk-hint">{}</span>'),
        ),
        format_html(
            "Agreed: {}<br>Latest: {}", _LEVELS.get(row.agreed, "none"), _LEVELS.get(row.assessed, "none")
        ),
        format_html("<bdi>{}</bdi>", row.owner) if row.owner else "Nobody is allocated",
        _do(entry, may, "{}"),
    )


def _how_late(entry: DueEntry) -> str:
    """How late something is, or how soon it is due, in words."""
    if entry.is_call:
        return "Now"
    if entry.is_missing:
        return "Missing now"
    if entry.due_at is None and entry.due_on is None:
        return "Overdue" if entry.overdue else "No date yet"
    day = timezone.localdate(entry.due_at) if entry.due_at else entry.due_on
    assert day is not None  # noqa: S101 - one of the two is there
    days = (day - timezone.localdate()).days
    if entry.overdue:
        return days_late(day) or "Overdue since today"
    return {0: "Due today", 1: "Due tomorrow"}.get(days, f"Due in {_days(days)}")


@register.filter
def days_late(day: datetime.date | None) -> str:
    """How late something is that was due on a day, in words; blank while it is not, or has no day."""
    late = (timezone.localdate() - day).days if day else 0
    return f"{_days(late)} overdue" if late > 0 else ""


def _when(entry: DueEntry, since: str = "Overdue since") -> str:
    """By when, or for how long it has been waiting to be arranged."""
    day: datetime.date
    if entry.is_missing and entry.asked_at:
        return _time("Since", timezone.localtime(entry.asked_at), "j F Y, H:i")
    if entry.due_at:
        day, form = timezone.localtime(entry.due_at), "j F Y, H:i"
    elif entry.due_on:
        day, form = entry.due_on, "j F Y"
    elif days := entry.days_not_arranged:
        not_ = "Overdue: not" if entry.overdue else "Not"
        return f"{not_} arranged for {_days(days)}"
    else:
        return "To be arranged"
    return _time(since if entry.overdue else "By", day, form)


def _time(words: str, day: datetime.date, form: str) -> SafeString:
    return format_html('{} <time datetime="{}">{}</time>', words, day.isoformat(), date_format(day, form))


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _child(entry: DueEntry) -> SafeString:
    return format_html(
        '<a class="govuk-link" href="{}"><bdi>{}</bdi></a>',
        reverse("child", args=[entry.child.reference]),
        entry.child.name,
    )


def _clock(entry: DueEntry, markup: str) -> str:
    return format_html(markup, entry.clock) if entry.clock else ""


def _do(entry: DueEntry, may: Mapping[str, bool], markup: str) -> str:
    """The way to the page where it is done, for whoever may do it."""
    address = where(entry.action, entry.child.reference)
    if not address or not may[NEEDS.get(entry.action, "log_call")]:
        return ""
    if entry.is_call:
        words = "Log the call"
    else:
        words = "Record the return" if entry.is_missing else "Do or record this"
    return format_html(
        markup,
        format_html(
            '<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden"> for {}: {}</span></a>',
            address,
            words,
            entry.child.name,
            entry.title,
        ),
    )
