"""The first page after signing in: what is due, what is unfinished, and the way to begin."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cre_toolkit.assessments import held
from cre_toolkit.assessments import queries as assessments
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case import queries as casework
from cre_toolkit.casework.lists import desk
from cre_toolkit.casework.lists import due as due_lists
from cre_toolkit.casework.lists.due import First
from cre_toolkit.children import access
from cre_toolkit.web.request import user_of

# The first of what is due; `/due/` has all of it.
MOST_DUE = 20


def danger(due: First) -> list[dict[str, Any]]:
    """What stands above everything else: telephone calls that are due now, as an alert. All are counted."""
    if not due.calls:
        return []
    text = "1 telephone call is due now" if due.calls == 1 else f"{due.calls} telephone calls are due now"
    # They come first: where there are more of them than this page lists, the whole list has the rest.
    where = "#due" if due.calls <= len(due.entries) else reverse("due")
    return [{"kind": "Danger", "text": text, "href": where, "grave": True}]


@require_safe
@transaction.atomic
def home(request: HttpRequest) -> HttpResponse:
    """What a person who works with children begins with; for everybody else, what their roles include."""
    user = user_of(request)
    standing = access.standing_of(user)
    if not standing.practises:
        nothing_of_children = {"may": access.acts_of(standing), "desk": desk.waits_for(standing)}
        return TemplateResponse(request, "home/no_children.html", nothing_of_children)
    drafts = assessments.drafts_of(user, standing)
    due = due_lists.first_due(standing, most=MOST_DUE)
    received = casework.sent_to(standing)
    # A list of children is a look at each of them.
    shown = {
        *(draft.child_id for draft in drafts),
        *(entry.child.pk for entry in due.entries),
        *(each.child.pk for each in received),
    }
    audit.record(by=user, kind="home.viewed", children=shown)
    context: dict[str, Any] = {
        "alerts": danger(due),
        "drafts": drafts,
        "due": due,
        "received": received,
        "desk": desk.waits_for(standing),
        "held": held.waiting_under(user, "/"),
        "may": access.acts_of(standing),
    }
    return TemplateResponse(request, "home/home.html", context)
