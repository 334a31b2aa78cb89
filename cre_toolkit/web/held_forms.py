"""Forms whose text is not lost when they are sent without a session: signed for whom they were made.

A form that asks for text carries a hidden control that names its reader and its address, signed with the
service's key (`_components/form.html`). Sent by somebody who is not signed in, or whose token is of an
earlier session, such a form is held for that reader alone (`assessments/held.py`). It saves nothing: for that
they sign in. Then its text stands in its boxes again, where the view takes it from `typed`; a page that has
no such boxes (any more) shows it to be copied (`_components/kept.html`).
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import held
from cre_toolkit.assessments.models import HELD_FOR, HeldText
from cre_toolkit.web.typed import typed_in

FIELD = "held_for"
LEAVE_OUT = "leave-out"
# The page's script puts it into a form that is to be held, whatever else stands in it: to leave the page.
HOLD_ONLY = "hold_only"
_SALT = "cre_toolkit.web.held_forms"
# What a held form does without: it gets a new token and a new signature when it is given back.
_LEFT_OUT = ("csrfmiddlewaretoken", FIELD, HOLD_ONLY)


def signature(user: User, path: str) -> str:
    """The hidden control's value: for whom this form is made, at which address."""
    return signing.dumps([str(user.pk), path], salt=_SALT)


def made_for(request: HttpRequest) -> User | None:
    """For whom the form that was sent was made; None where no form of ours for this address says so.

    One query where the signature is good. It is as old as a held text may get, at most.
    """
    signed = request.POST.get(FIELD, "") if request.method == "POST" else ""
    if not signed:
        return None
    try:
        user, path = signing.loads(signed, salt=_SALT, max_age=HELD_FOR)
    except signing.BadSignature:
        return None
    if path != request.path:
        return None
    return User.objects.filter(pk=uuid.UUID(user), is_active=True).first()


def hold(request: HttpRequest, user: User) -> str:
    """Hold the form that was sent for whom it was made. Returns the address at which it is given back.

    Raises:
        assessments.held.TooMuch: it could not be held.
    """
    posted = request.POST.copy()
    for name in _LEFT_OUT:
        posted.pop(name, None)
    held.keep(by=user, path=request.path, posted=posted.urlencode())
    query = request.GET.copy()
    query["held"] = "1"
    return f"{request.path}?{query.urlencode()}"


def waiting(request: HttpRequest) -> HeldText | None:
    """What is held for whoever is signed in on this page, where the address says that something may be.

    Whoever asks shows it: that is written to the audit trail, once for a request. Two queries at most.
    """
    if "held" not in request.GET or request.method == "POST" or not isinstance(request.user, User):
        return None
    if not hasattr(request, "kept"):
        with transaction.atomic():
            found = held.waiting(request.user, request.path)
            if found:
                held.give_back(by=request.user, text=found)
        request.kept = found  # type: ignore[attr-defined]
    kept: HeldText | None = request.kept  # type: ignore[attr-defined]
    return kept


def back_to(user: User, address: str) -> str:
    """The address as it gives back what is held for somebody there, if anything is. One query."""
    path, _, query = address.partition("?")
    asked = QueryDict(query, mutable=True)
    if "held" in asked or not held.waiting(user, path):
        return address
    asked["held"] = "1"
    return f"{path}?{asked.urlencode()}"


def typed(request: HttpRequest) -> QueryDict | None:
    """What the form of a page is to show as typed: what was sent now, or was held and is given back.

    None on a page that is opened anew. A view that binds its form to this loses no text; it saves where the
    request is a POST, and never because the form is bound.
    """
    if request.method == "POST":
        return request.POST
    kept = waiting(request)
    if kept is None:
        return None
    request.kept_in_boxes = True  # type: ignore[attr-defined]
    return QueryDict(kept.posted)


def in_templates(request: HttpRequest) -> dict[str, Any]:
    """For every template: the signature of a form on this page, and what is given back on it."""
    user = request.user
    if not isinstance(user, User):
        return {}
    kept = waiting(request)
    in_boxes = getattr(request, "kept_in_boxes", False)
    return {
        "held_for": SimpleLazyObject(lambda: signature(user, request.path)),
        "given_back": kept,
        "kept_in_boxes": in_boxes,
        "kept_to_copy": typed_in(QueryDict(kept.posted)) if kept and not in_boxes else [],
    }


class ForgetHeld:
    """What was held is forgotten once its author has saved it or left it out: both end in a redirect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sent_on = request.method == "POST" and response.status_code == HttpResponseRedirect.status_code
        if sent_on and "held" in request.POST and isinstance(request.user, User):
            held.forget(by=request.user, id_=request.POST["held"])
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Leaving it out is no matter of the page's: nothing else that stands in the form is done."""
        leaves_out = request.method == "POST" and request.POST.get("then") == LEAVE_OUT
        return HttpResponseRedirect(request.path) if leaves_out else None


def not_held(request: HttpRequest) -> HttpResponse:
    """It was too much to hold: shown, so that it can be copied before anything else."""
    return render(request, "account/not_held.html", {"typed": typed_in(request.POST)}, status=401)
