"""Lists of referrals: what came in, what was sent, and what reaches nobody."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.referral import no_route
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.referral.queries import Listed, Show
from cre_toolkit.casework.referral.steps import NotNow
from cre_toolkit.children import access
from cre_toolkit.web.forms.referrals import TakeForm
from cre_toolkit.web.paging import page_asked_for, pagination
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import authority_name

PAGE = 30
RECEIVED = {Show.NEW: "New", Show.LATE: "Late", Show.ACCEPTED: "Accepted", Show.RETURNED: "Returned"}
SENT = {
    Show.NEW: "Waiting",
    Show.LATE: "To chase",
    Show.ACCEPTED: "Accepted",
    Show.RETURNED: "Returned to you",
}
Read = Callable[..., Listed]


@require_safe
@transaction.atomic
def inbox(request: HttpRequest) -> HttpResponse:
    """What was referred to the user or to a team of theirs. What is late stands first."""
    return _list(request, referral_queries.inbox, RECEIVED, "referrals/inbox.html")


@require_safe
@transaction.atomic
def sent(request: HttpRequest) -> HttpResponse:
    """What the user, or those whom they manage, referred."""
    return _list(request, referral_queries.sent, SENT, "referrals/sent.html")


def _list(request: HttpRequest, read: Read, names: dict[Show, str], template: str) -> HttpResponse:
    user = user_of(request)
    standing = access.standing_of(user)
    if not standing.practises:
        raise access.NotAllowed(
            "Your roles do not include seeing a child’s record, so nothing is referred to you."
        )
    asked = request.GET.get("show", "")
    show = Show(asked) if asked in names else Show.NEW
    page = page_asked_for(request)
    listed = read(standing, show=show, page=page, most=PAGE)
    audit.record(
        by=user, kind="referrals.viewed", children={referral.child_id for referral in listed.referrals}
    )
    context = {
        "listed": listed,
        "show": show,
        "lists": _choices(names, listed, show),
        "pages": pagination(page, more=listed.more, label="Pages of referrals", asked={"show": [show]}),
        "may": access.acts_of(standing),
    }
    return TemplateResponse(request, template, context)


def _choices(names: dict[Show, str], listed: Listed, show: Show) -> list[dict[str, Any]]:
    """The lists to choose from, each with how many it has."""
    return [
        {"text": f"{name} ({listed.counts[each]})", "href": f"?show={each}", "current": each is show}
        for each, name in names.items()
    ]


@require_safe
@transaction.atomic
def queue(request: HttpRequest) -> HttpResponse:
    """What reaches nobody, by its references: what nobody owns first, then the oldest."""
    user = user_of(request)
    standing = access.standing_of(user)
    if not standing.practises:
        raise access.NotAllowed("Your roles do not include finding a route for what reaches nobody.")
    # Said of nulls, since the two databases differ: what nobody owns must not fall off the end.
    first = (F("owner").asc(nulls_first=True), "at")
    page = page_asked_for(request)
    before = (page - 1) * PAGE
    found = list(referral_queries.queue(standing).order_by(*first, "pk")[before : before + PAGE + 1])
    entries = found[:PAGE]
    audit.record(by=user, kind="no-route.viewed", children={entry.child_id for entry in entries})
    context = {
        "entries": [(entry, authority_name(entry.authority)) for entry in entries],
        "pages": pagination(page, more=len(found) > PAGE, label="What reaches nobody"),
        "back_url": reverse("referrals"),
        "back_text": "Referrals to you",
    }
    return TemplateResponse(request, "referrals/no_route.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def entry(request: HttpRequest, reference: str) -> HttpResponse:
    """One entry of the queue, and taking it on: whoever does sees the record from then on. Asked first."""
    user = user_of(request)
    found = referral_queries.find_queued(standing=access.standing_of(user), reference=reference)
    form = TakeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                no_route.take(by=user, referral=found, form_id=form.cleaned_data["form_id"])
        except NotNow:
            messages.info(request, f"Somebody has found a route for {reference} meanwhile.")
            return HttpResponseRedirect(reverse("no-route"))
        return HttpResponseRedirect(reverse("referral", args=[reference]))
    context = {
        "entry": found,
        "authority": authority_name(found.authority),
        "form": form,
        "back_url": reverse("no-route"),
        "back_text": "What reaches nobody",
    }
    return TemplateResponse(request, "referrals/take.html", context, status=422 if form.errors else 200)
