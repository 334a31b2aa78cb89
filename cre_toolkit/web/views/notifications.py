"""What somebody was told within the service, and what is new on their children since they last looked."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.lists.news import news
from cre_toolkit.children import access, notices
from cre_toolkit.children.models import Notice
from cre_toolkit.web.paging import page_asked_for, pagination
from cre_toolkit.web.request import user_of

A_PAGE = 20
MOST_CHILDREN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def notifications(request: HttpRequest) -> HttpResponse:
    """GET lists both; POST says that one, or all, has been read, and opens the page that one leads to."""
    user = user_of(request)
    if request.method == "POST":
        return _read(request, user)
    page = page_asked_for(request)
    before = (page - 1) * A_PAGE
    found = list(notices.of(user)[before : before + A_PAGE + 1])
    new = news(access.standing_of(user), MOST_CHILDREN) if page == 1 else []
    # A list of children is a look at each of them.
    audit.record(by=user, kind="notices.viewed", children={each.child.pk for each in new})
    context = {
        "unread": [notice for notice in found[:A_PAGE] if notice.read_at is None],
        "read": [notice for notice in found[:A_PAGE] if notice.read_at],
        "news": new,
        "page": page,
        "pages": pagination(page, more=len(found) > A_PAGE, label="Notifications"),
    }
    return TemplateResponse(request, "notifications/notifications.html", context)


def _read(request: HttpRequest, user: User) -> HttpResponse:
    """What was read, by the button that was pressed: `open`, `read` with the notice's id, or `all`."""
    here = HttpResponseRedirect(reverse("notifications"))
    if "all" in request.POST:
        number = notices.mark_read(by=user)
        if number:
            messages.success(request, f"{number} {'is' if number == 1 else 'are'} marked as read.")
        return here
    pressed = request.POST.get("open") or request.POST.get("read") or ""
    notice = notices.of(user).filter(pk=pressed).first() if _is_id(pressed) else None
    if notice is None:
        messages.info(request, "That notification is no longer there.")
        return here
    notices.mark_read(by=user, notice=notice.pk)
    return HttpResponseRedirect(_page_of(notice)) if "open" in request.POST and notice.page else here


def _page_of(notice: Notice) -> str:
    return reverse(notice.page, args=[notice.page_of] if notice.page_of else [])


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
