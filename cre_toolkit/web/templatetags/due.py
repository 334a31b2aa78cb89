"""The list of what is due. Its rows are written in Python: fifty would cost a template half of the page."""

import datetime
from collections.abc import Iterable, Mapping

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cre_toolkit.casework.queries import DueEntry
from cre_toolkit.web.templatetags.journey import with_numbers

register = template.Library()


@register.simple_tag
def due_list(entries: Iterable[DueEntry], may: Mapping[str, bool], *, show_child: bool = False) -> SafeString:
    """What is due, in the order given: when, what, and to whom.

    Args:
        entries: what is due.
        may: which acts are the reader's (`access.acts_of`).
        show_child: where the list is of several children: each is named, with the way to their record.
    """
    items = (
        (
            " app-due__item--overdue" if entry.overdue else "",
            _when(entry),
            _child(entry) if show_child else "",
            entry.text,
            with_numbers(entry.to) if entry.is_call else entry.to,
            _log_the_call(entry) if entry.is_call and may["log_call"] else "",
        )
        for entry in entries
    )
    return format_html(
        '<ol class="app-due">{}</ol>',
        format_html_join(
            "",
            '<li class="app-due__item{}"><p class="app-due__when">{}{}</p><p class="app-due__what">{}</p>'
            '<p class="app-due__to">To: {}</p>{}</li>',
            items,
        ),
    )


def _when(entry: DueEntry) -> str:
    """By when, or for how long it has been waiting to be arranged."""
    day: datetime.date
    if entry.due_at:
        day, form = timezone.localtime(entry.due_at), "j F Y, H:i"
    elif entry.due_on:
        day, form = entry.due_on, "j F Y"
    elif days := entry.days_not_arranged:
        not_ = "Overdue: not" if entry.overdue else "Not"
        return f"{not_} arranged for {days} day{'' if days == 1 else 's'}"
    else:
        return "To be arranged"
    by = "Overdue since" if entry.overdue else "By"
    return format_html('{} <time datetime="{}">{}</time>', by, day.isoformat(), date_format(day, form))


def _child(entry: DueEntry) -> SafeString:
    return format_html(
        ' · <a class="govuk-link" href="{}"><bdi>{}</bdi></a>',
        reverse("child", args=[entry.child.reference]),
        entry.child.name,
    )


def _log_the_call(entry: DueEntry) -> SafeString:
    return format_html(
        '<p class="app-due__to"><a class="govuk-link" href="{}">Log the call</a></p>',
        reverse("child-calls", args=[entry.child.reference]),
    )
