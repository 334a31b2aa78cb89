"""The network of practitioners around a child: who is in it and why, who joins, who leaves."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.note.leading import leading
from cre_toolkit.children import access, network
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.closing import PersonForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words

KIND = "child.network-viewed"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the network, with each reason in words, and what to open to end it."""

    user: User
    reasons: Sequence[str]
    # Blank where their part in the network is not this reader's to end.
    href: str


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def members(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is in the network now and who was; for whoever keeps it, a form to let somebody in."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind=KIND, standing=standing)
    keeps = network.keeps(standing, child)
    form = PersonForm(held_forms.typed(request)) if keeps and not child.restricted else None
    if request.method == "POST" and form is None:
        raise access.NotAllowed(
            "Who is in the network is for the allocated worker, their manager and the child protection"
            " manager to say, and nobody is let into a restricted record in this way."
        )
    if request.method == "POST" and form and form.is_valid() and _join(user, child, form):
        messages.success(request, f"{form.person.name} is in the network and is being told by e-mail.")
        return HttpResponseRedirect(request.path)
    context = {
        "child": child,
        "age": age_in_words(child),
        "members": _members(child, user, keeps=keeps),
        "past": list(network.past_places(child)),
        "leading": leading(child),
        "form": form,
        "keeps": keeps,
        "may": access.acts_of(standing),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(
        request, "children/network.html", context, status=422 if request.method == "POST" else 200
    )


def _join(user: User, child: Child, form: PersonForm) -> bool:
    try:
        network.join(by=user, child=child, user=form.person, why=form.cleaned_data["why"])
    except network.CannotJoin as refused:
        form.add_error("email", str(refused))
        return False
    return True


def _members(child: Child, reader: User, *, keeps: bool) -> list[Member]:
    """Each person once, by name."""
    grouped = groupby(network.places(child), key=lambda place: place.user)
    held = [(person, list(places)) for person, places in grouped if person]
    return [
        Member(person, [in_words(place) for place in places], _end(child, places, reader, keeps=keeps))
        for person, places in held
    ]


def _end(child: Child, places: Iterable[AccessGrant], reader: User, *, keeps: bool) -> str:
    """Where to end somebody's part; blank where that is not the reader's, or is ended elsewhere."""
    ended = [place for place in places if place.reason in network.ENDED_BY_LEAVING]
    if not ended or not (keeps or ended[0].user == reader) or ended[0].user_id == child.allocated_worker_id:
        return ""
    return reverse("child-network-end", args=[child.reference, ended[0].pk])


def in_words(place: AccessGrant) -> str:
    """Why somebody is in the network, and since when."""
    label = str(AccessGrant.Reason(place.reason).label)
    since = date_format(timezone.localtime(place.since), "j F Y")
    return f"{label}{f' ({place.why})' if place.why else ''}, since {since}"


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def end(request: HttpRequest, reference: str, grant: uuid.UUID) -> HttpResponse:
    """Asks once more, since somebody who has left cannot come back by themselves."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind=KIND, standing=standing)
    place = network.places(child).filter(pk=grant, reason__in=network.ENDED_BY_LEAVING).first()
    if place is None or place.user is None:
        raise access.NotVisible(str(grant))
    own = place.user == user
    if not own and not network.keeps(standing, child):
        raise access.NotAllowed("Only whoever keeps the network says that somebody else leaves it.")
    back = reverse("child-network", args=[child.reference])
    errors = []
    if request.method == "POST":
        try:
            network.leave(by=user, child=child, user=place.user)
        except network.CannotLeave as refused:
            errors = [ErrorLink(str(refused))]
        else:
            said = "You have left the network." if own else f"{place.user.name} has left the network."
            messages.success(request, said)
            return HttpResponseRedirect(reverse("home") if own else back)
    context = {
        "child": child,
        "age": age_in_words(child),
        "person": place.user,
        "own": own,
        "errors": errors,
        "back_url": back,
        "back_text": "The network",
    }
    return TemplateResponse(request, "children/network_end.html", context, status=422 if errors else 200)
