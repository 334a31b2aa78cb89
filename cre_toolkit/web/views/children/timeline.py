"""Everything that happened to a child, on one page that can be filtered and printed."""

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.lists.timeline import timeline as put_together
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.models import Child
from cre_toolkit.documents.model import MARKING
from cre_toolkit.web.forms.children.timeline import TimelineForm
from cre_toolkit.web.paging import page_asked_for, pagination
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words, worker_of

PAGE = 50
# On paper, or to look through at once.
ALL = 1_000
# What was entered later than this says when.
_SOON = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, as its component takes it (`_components/timeline.html`)."""

    title: str
    at: datetime.datetime | None
    on: datetime.datetime | None
    """In place of `at`, where it was said of a day: an intervention begins on one."""
    by: str
    text: str
    href: str
    entered_on: datetime.datetime | None
    """When it was entered, where that was so long afterwards that it is said."""
    in_error: bool
    gone: bool
    wrong_href: str
    """Where it can be said that it was recorded in error."""
    action: str = "Read it"


@require_safe
@transaction.atomic
def timeline(request: HttpRequest, reference: str) -> HttpResponse:
    """Page by page; `all` in the address gives everything that was asked for on one, to print it."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind="child.timeline-viewed", standing=standing)
    form = TimelineForm(request.GET)
    form.is_valid()
    whole = "all" in request.GET
    page = 1 if whole else page_asked_for(request)
    found = put_together(child, **form.asked(), page=page, most=ALL if whole else PAGE)
    form.count(found.counts)
    may = access.acts_of(standing)
    asked = {name: request.GET.getlist(name) for name in request.GET if name not in ("page", "all")}
    context = {
        "child": child,
        "age": age_in_words(child),
        "worker": worker_of(child),
        "form": form,
        "filtered": bool(asked),
        "found": found,
        "lines": [
            line_of(
                one, corrected_on=child.reference if not whole and _corrects(standing, child, one) else ""
            )
            for one in found.entries
        ],
        "pages": pagination(page, more=found.more, label="Pages of the timeline", asked=asked),
        "whole_url": f"?{urlencode(asked | {'all': '1'}, doseq=True)}",
        "marking": MARKING,
        "printed_at": timezone.now(),
        "may": may,
        "back_url": f"?{urlencode(asked, doseq=True)}" if whole else reverse("child", args=[child.reference]),
        "back_text": "Everything that happened" if whole else "The child’s record",
    }
    page_or_print = "children/timeline_print.html" if whole else "children/timeline.html"
    return TemplateResponse(request, page_or_print, context)


def _corrects(standing: access.Standing, child: Child, happened: Happened) -> bool:
    """Whether somebody is offered to say that this was an error; whose it is, the page says (`in_error.py`).

    Nobody is led to what they could only be refused: what a colleague entered is their managers' to withdraw.
    """
    if child.authority in standing.authorities(Act.WITHDRAW_ANY):
        return True
    if standing.managed and access.may(standing, Act.WITHDRAW_OF_TEAM):
        return True
    return access.may(standing, Act.WITHDRAW_OWN) and happened.by == standing.user.name


def line_of(happened: Happened, *, corrected_on: str = "") -> Line:
    """What happened, with the address of the page that has all of it.

    Args:
        happened: what.
        corrected_on: the reference of the child, where the reader is offered to say that it was an error.
    """
    stands = not (happened.in_error or happened.gone)
    of_a_day = happened.day_only or happened.what == What.INTERVENTION
    return Line(
        title=happened.title,
        at=None if of_a_day else happened.at,
        on=happened.at if of_a_day else None,
        by=happened.by,
        text=happened.text,
        href=reverse(happened.page, args=happened.page_of) if happened.page else "",
        entered_on=happened.entered_at if happened.entered_at - happened.at > _SOON else None,
        in_error=happened.in_error,
        gone=happened.gone and not happened.in_error,
        wrong_href=_wrong(happened, corrected_on) if corrected_on and stands else "",
    )


def _wrong(happened: Happened, reference: str) -> str:
    if happened.event:
        return reverse("child-event-in-error", args=[reference, happened.event])
    return reverse("child-note-in-error", args=[reference, happened.note]) if happened.note else ""
