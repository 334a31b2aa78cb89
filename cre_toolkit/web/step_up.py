"""Step-up: before the gravest acts a person shows again that it is them, if they have not just done so.

Somebody else may have sat down at an open session, or have stolen it. It is asked when the page is opened, so
that hardly anybody is interrupted with words half typed; and again at the button, where too long has passed
since. What was typed is then held for its author and stands in its boxes again once they have confirmed.
"""

import datetime
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cre_toolkit.accounts import factors
from cre_toolkit.web.request import user_of
from cre_toolkit.web.sign_in_first import hold_and_send_to
from cre_toolkit.web.single_sign_on import ASKED_AT

# How long a sign-in, or confirming it, is good for the gravest acts.
FRESH_FOR = datetime.timedelta(minutes=2)
HELD = (
    "Nothing is saved yet: confirm that it is you first. What you typed is kept for you and nobody else. "
    "You have it back on the next page, where you press the button again."
)

View = Callable[..., HttpResponse]


def fresh_sign_in_required(view: View) -> View:
    """A view of a gravest act: it is reached only by whoever signed in, or confirmed who they are, just now.

    Everybody else is sent to confirm, and comes back. A form is to begin with `_components/form.html` and to
    be bound to `held_forms.typed(request)`, as every form is, so that nothing typed is lost on the way.
    """

    @wraps(view)
    def confirmed_first(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return hold_and_send_to(request, reverse("account_reauthenticate"), HELD)

    return confirmed_first


def fresh_to_open(span: datetime.timedelta) -> Callable[[View], View]:
    """The same for a page that takes longer to fill in: asked when it is opened, it is good for so long."""

    def fresh(view: View) -> View:
        asks = fresh_sign_in_required(view)

        @wraps(view)
        def opened_first(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            opened = f"opened_fresh:{request.path}"
            if request.method == "POST" and _is_within(span, request.session.get(opened, 0)):
                return view(request, *args, **kwargs)
            if is_fresh(request):
                request.session[opened] = time.time()
            return asks(request, *args, **kwargs)

        return opened_first

    return fresh


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever is signed in has shown just now that it is them; by their second step, if any."""
    user = user_of(request)
    shown = [
        proof["method"]
        for proof in get_authentication_records(request, user)
        if _is_within(FRESH_FOR, _shown_at(request, proof))
    ]
    return "mfa" in shown or (bool(shown) and not factors.has_one(user))


def _shown_at(request: HttpRequest, proof: dict[str, Any]) -> float:
    """When they showed it; by single sign-on, when the provider asked them, which may be long before."""
    at: float = request.session.get(ASKED_AT, 0) if proof["method"] == "socialaccount" else proof["at"]
    return at


def _is_within(span: datetime.timedelta, at: float) -> bool:
    """Whether that was no longer ago. A time in the future is no better than one long past.

    A clock that was set back must not keep a session fresh for as long.
    """
    return abs(time.time() - at) < span.total_seconds()
