"""Mail that did not arrive, for whoever caused it and for administrators: send it again, or see to it."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.permissions import Act
from cre_toolkit.jobs import not_arrived
from cre_toolkit.web.request import user_of


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def mail(request: HttpRequest) -> HttpResponse:
    """The list, and what its buttons do. It says to whom and what about, never what was written."""
    user = user_of(request)
    authorities = access.standing_of(user).authorities(Act.ADMINISTER)
    if request.method == "POST":
        _see_to(request, authorities)
        return HttpResponseRedirect(reverse("mail"))
    found = not_arrived.not_arrived(user, authorities)
    audit.record(by=user, kind="mail.viewed")
    context = {"messages_not_arrived": found, "back_url": reverse("home"), "back_text": "Home"}
    return TemplateResponse(request, "mail/mail.html", context)


def _see_to(request: HttpRequest, authorities: list[str]) -> None:
    user = user_of(request)
    try:
        asked = uuid.UUID(request.POST.get("message", ""))
    except ValueError as error:
        raise Http404 from error
    message = not_arrived.find(user, authorities, asked)
    if message is None:
        # Somebody else has seen to it meanwhile, or it has arrived.
        messages.info(request, "There is nothing more to do about that message.")
    elif request.POST.get("then") == "dealt":
        not_arrived.deal_with(by=user, message=message)
        messages.success(request, "It is off the list. That you saw to it is on the record.")
    else:
        try:
            not_arrived.retry(by=user, message=message)
        except not_arrived.CannotRetry as why:
            messages.error(request, str(why))
        else:
            messages.success(request, f"The message to {message.to} is being sent again.")
