"""Everything that is due on the children whom the user works with, what is most overdue first."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cre_toolkit.audit import actions as audit
from cre_toolkit.casework import queries as casework
from cre_toolkit.children import access, break_glass_queries
from cre_toolkit.web.request import user_of

PAGE = 50
# Further than anybody turns pages, and within what a database counts.
LAST_PAGE = 1_000


@require_safe
@transaction.atomic
def due(request: HttpRequest) -> HttpResponse:
    """The list, page by page. A list of children is a look at each of them."""
    user = user_of(request)
    standing = access.standing_of(user)
    if not standing.practises:
        raise access.NotAllowed(
            "Your roles do not include seeing a child’s record, so nothing is due to you."
        )
    page = _page(request.GET.get("page", ""))
    found = casework.due_list(standing, most=PAGE, page=page)
    # What somebody is to review comes before the pages of what is due on cases.
    waiting = break_glass_queries.waiting(standing) if page == 1 else []
    shown = {*(entry.child.pk for entry in found.entries), *(one.broken.child_id for one in waiting)}
    audit.record(by=user, kind="due.viewed", children=shown)
    context = {
        "due": found,
        "waiting": waiting,
        "pages": _pages(page, found.more),
        "page": page,
        "may": access.acts_of(standing),
    }
    return TemplateResponse(request, "home/due.html", context)


def _page(asked: str) -> int:
    """The page that was asked for. What is no page of the list leads to the first."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    return min(max(number, 1), LAST_PAGE)


def _pages(page: int, more: int) -> dict[str, Any] | None:
    """GOV.UK's pagination; none where one page holds everything."""
    before = {"href": f"?page={page - 1}", "text": "Previous"} if page > 1 else None
    after = {"href": f"?page={page + 1}", "text": "Next"} if more else None
    ways = {name: way for name, way in (("previous", before), ("next", after)) if way}
    return {"landmarkLabel": "Pages of what is due", **ways} if ways else None
