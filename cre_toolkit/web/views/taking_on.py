"""Children who were allocated and are still to be taken on: one's own, and those of one's team."""

import uuid
from itertools import groupby

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.transfer import caseload
from cre_toolkit.casework.transfer import taking_on as receipts
from cre_toolkit.children import access
from cre_toolkit.web.request import user_of


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def taking_on(request: HttpRequest) -> HttpResponse:
    """Say that one has taken children on; remind somebody of one's team."""
    user = user_of(request)
    standing = access.standing_of(user)
    own, of_team = receipts.to_take_on(standing), receipts.to_be_taken_on(standing)
    if own is None and of_team is None:
        raise access.NotAllowed(
            "Your roles do not include this. Your account page lists what they do include."
        )
    if request.method == "POST":
        return _post(request, standing)
    mine = [] if own is None else list(own.select_related("child", "given_by").order_by("since"))
    theirs = (
        []
        if of_team is None
        else list(of_team.select_related("child", "user").order_by("user__name", "user", "since"))
    )
    audit.record(by=user, kind="taking-on.viewed", children={one.child_id for one in (*mine, *theirs)})
    context = {
        "mine": [(one, receipts.days_waiting(one.since)) for one in mine],
        "theirs": [
            (person, [(one, receipts.days_waiting(one.since)) for one in grants])
            for person, grants in groupby(theirs, key=lambda one: one.user)
        ],
        "manages": of_team is not None,
        "back_url": reverse("home"),
        "back_text": "Home",
    }
    return TemplateResponse(request, "ends/taking_on.html", context)


def _post(request: HttpRequest, standing: access.Standing) -> HttpResponse:
    if request.POST.get("remind"):
        try:
            person = uuid.UUID(request.POST["remind"])
        except ValueError as problem:
            raise access.NotVisible(request.POST["remind"]) from problem
        worker = caseload.find_team_mate(standing, person)
        if receipts.remind(by=standing.user, worker=worker):
            messages.success(request, f"{worker.name} is being reminded by e-mail.")
        else:
            messages.info(
                request, f"{worker.name} was told of them less than a day ago, or has taken them on."
            )
        return HttpResponseRedirect(request.path)
    chosen = request.POST.getlist("children")
    number = receipts.take_on(by=standing.user, references=chosen)
    if not chosen:
        messages.info(request, "Select the children whom you have taken on.")
    elif number:
        messages.success(request, "1 child taken on." if number == 1 else f"{number} children taken on.")
    else:
        messages.info(request, "You had taken them on already, or they are allocated to somebody else now.")
    return HttpResponseRedirect(request.path)
