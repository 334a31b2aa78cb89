"""Everything that is due on the children whom the user works with, what is most overdue first."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.lists import due as due_lists
from cre_toolkit.casework.meeting.actions import first_actions_for
from cre_toolkit.children import access, break_glass_queries
from cre_toolkit.children.permissions import Act
from cre_toolkit.rules.loading import load_authority
from cre_toolkit.web.forms.due import DueFilters, asked_by, wanted_in
from cre_toolkit.web.paging import page_asked_for, pagination
from cre_toolkit.web.request import user_of

PAGE = 50
# So much of what meetings asked for; the page of somebody's meetings has all of it.
MOST_ASKED = 10


@require_safe
@transaction.atomic
def due(request: HttpRequest) -> HttpResponse:
    """The list, page by page, filtered as the address says. A list of children is a look at each of them."""
    user = user_of(request)
    standing = access.standing_of(user)
    if not standing.practises:
        raise access.NotAllowed(
            "Your roles do not include seeing a child’s record, so nothing is due to you."
        )
    page, authorities = page_asked_for(request), _authorities(standing)
    wanted = wanted_in(request.GET, [id_ for id_, _ in authorities])
    found = due_lists.due_list(standing, most=PAGE, page=page, wanted=wanted)
    # What somebody is to review comes before the pages of what is due on cases.
    waiting = break_glass_queries.waiting(standing) if page == 1 else []
    asks = page == 1 and found.asked.all
    asked_for = first_actions_for(standing=standing, most=MOST_ASKED) if asks else []
    shown = {*(entry.child.pk for entry in found.entries), *(one.broken.child_id for one in waiting)}
    shown |= {action.child_id for action in asked_for}
    audit.record(by=user, kind="due.viewed", children=shown)
    asked = asked_by(wanted)
    context = {
        "due": found,
        "overdue": found.number(overdue=True),
        "filters": DueFilters(found, authorities),
        "filtered": bool(asked),
        "waiting": waiting,
        "asked_for": [(action, action.child.kept) for action in asked_for],
        "pages": pagination(page, more=found.more > 0, label="Pages of what is due", asked=asked),
        "page": page,
        "back_url": reverse("home"),
        "back_text": "Home",
        "may": access.acts_of(standing),
    }
    return TemplateResponse(request, "home/due.html", context)


def _authorities(standing: access.Standing) -> list[tuple[str, str]]:
    """Where somebody works with children, by ids and names."""
    today = timezone.localdate()
    return [(id_, load_authority(id_).on(today).name) for id_ in standing.authorities(Act.SEE_GIVEN)]
