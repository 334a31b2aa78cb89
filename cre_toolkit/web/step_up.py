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


def fresh_within(span: datetime.timedelta) -> Callable[[View], View]:
    """A view that is reached only by whoever signed in, or confirmed that it is them, within so long.

    Everybody else is sent to confirm, and comes back. A form is to begin with `_components/form.html` and to
    be bound to `held_forms.typed(request)`, as every form is, so that nothing typed is lost on the way.
    """

    def fresh(view: View) -> View:
        @wraps(view)
        def confirmed_first(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if is_fresh(request, span):
                return view(request, *args, **kwargs)
            return hold_and_send_to(request, reverse("account_reauthenticate"), HELD)

        return confirmed_first

    return fresh


def fresh_sign_in_required(view: View) -> View:
    """A view of a gravest act: `fresh_within` two minutes."""
    return fresh_within(FRESH_FOR)(view)


def is_fresh(request: HttpRequest, span: datetime.timedelta = FRESH_FOR) -> bool:
    """Whether whoever is signed in has shown within so long that it is them; by their second step, if any.

    A time in the future is no better than one long past: a clock that was set back must not keep a session
    fresh for as long.
    """
    user = user_of(request)
    shown = [
        proof["method"]
        for proof in get_authentication_records(request, user)
        if abs(time.time() - _shown_at(request, proof)) < span.total_seconds()
    ]
    return "mfa" in shown or (bool(shown) and not factors.has_one(user))


def _shown_at(request: HttpRequest, proof: dict[str, Any]) -> float:
    """When they showed it; by single sign-on, when the provider asked them, which may be long before."""
    at: float = request.session.get(ASKED_AT, 0) if proof["method"] == "socialaccount" else proof["at"]
    return at
