"""Forms whose text is not lost when they are sent without a session: signed for whom they were made.

A page that asks for text carries a hidden control that names its reader and its address, signed with the
service's key. Sent by somebody who is not signed in, or whose token is of an earlier session, such a form is
held for that reader alone (`assessments/held.py`). It saves nothing: for that they sign in.
"""

import uuid

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import held
from cre_toolkit.assessments.models import HELD_FOR, HeldText
from cre_toolkit.web.typed import typed_in

FIELD = "held_for"
_SALT = "cre_toolkit.web.held_forms"
# What a held form does without: it gets a new token and a new signature when it is given back.
_LEFT_OUT = ("csrfmiddlewaretoken", FIELD)


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


def waiting(request: HttpRequest, user: User) -> HeldText | None:
    """What is held for the user on this page, where the address says that something may be."""
    return held.waiting(user, request.path) if "held" in request.GET else None


def not_held(request: HttpRequest) -> HttpResponse:
    """It was too much to hold: shown, so that it can be copied before anything else."""
    return render(request, "account/not_held.html", {"typed": typed_in(request.POST)}, status=401)
