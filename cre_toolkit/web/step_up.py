"""Step-up: before the gravest acts a person shows again that it is them, if they have not just done so.

Somebody else may have sat down at an open session, or have stolen it. It is asked when the page is opened, so
that hardly anybody is interrupted with words half typed; and again at the button, where too long has passed
since. What was typed is then held for its author and stands in its boxes again once they have confirmed.
"""

import datetime
import time
from collections.abc import Callable
from functools import wraps

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cre_toolkit.assessments.held import TooMuch
from cre_toolkit.web import held_forms
from cre_toolkit.web.request import user_of

# How long a sign-in, or confirming it, is good for the gravest acts.
FRESH_FOR = datetime.timedelta(minutes=2)
HELD = (
    "Nothing is saved yet: confirm that it is you first. What you typed is kept for you and nobody else. "
    "You have it back on the next page, where you press the button again."
)


def fresh_sign_in_required(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """A view of a gravest act: it is reached only by whoever signed in, or confirmed it, just now.

    Everybody else is sent to confirm, and comes back. A form is to begin with `_components/form.html` and to
    be bound to `held_forms.typed(request)`, as every form is, so that nothing typed is lost on the way.
    """

    @wraps(view)
    def confirmed_first(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        try:
            back = _held(request) or request.get_full_path()
        except TooMuch:
            return held_forms.not_held(request)
        return redirect_to_login(back, reverse("account_reauthenticate"))

    return confirmed_first


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever is signed in has signed in, or confirmed that it is them, within `FRESH_FOR`.

    A time in the future is no better than one long past: a clock that was set back must not keep a session
    fresh for as long.
    """
    proofs = get_authentication_records(request, user_of(request))
    return any(abs(time.time() - proof["at"]) < FRESH_FOR.total_seconds() for proof in proofs)


def _held(request: HttpRequest) -> str:
    """Hold the form that was sent, if one was. Returns the address at which it is given back, or nothing."""
    if held_forms.made_for(request) != request.user:
        return ""
    back = held_forms.hold(request, user_of(request))
    messages.info(request, HELD)
    return back
