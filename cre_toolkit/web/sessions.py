"""What a session's limits mean for a request: it is ended, sent to the lock screen, or noted as used.

The limits themselves are `accounts/sessions.py`'s. What the page's script asks for by itself (`not_use`) is
none: only somebody who opens a page, presses a button or types is there.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cre_toolkit.accounts import sessions
from cre_toolkit.accounts.models import Session
from cre_toolkit.accounts.session_store import SessionStore
from cre_toolkit.accounts.sessions import Ended
from cre_toolkit.web import held_forms
from cre_toolkit.web.request import NobodySignedIn, user_of
from cre_toolkit.web.sign_in_first import hold_and_send_to

# A script that tries once more to save what was typed long ago says so.
BY_ITSELF = "X-By-Itself"
WHY = {
    Ended.IDLE: "You were signed out because the service was not used for 20 minutes.",
    Ended.WHOLE: "You were signed out because you signed in 12 hours ago.",
}
LOCKED = (
    "What you typed and had not saved is kept for you for 24 hours, and for nobody else. "
    "Unlock the screen, and you have it back."
)

View = Callable[..., HttpResponse]


def not_use(view: View) -> View:
    """Mark a view that the page's script asks by itself."""
    view.is_no_use = True  # type: ignore[attr-defined]
    return view


def open_while_locked(view: View) -> View:
    """Mark a view that shows nothing of anybody, and answers while the session is locked."""
    view.is_open_while_locked = True  # type: ignore[attr-defined]
    return view


class SessionEnds:
    """Holds each session to its limits. It costs no query but for noting its use, once a minute at most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = store_of(request)
        if session.row and (why := sessions.over(session.row)):
            sessions.end(by=None, session=session.row, why=why)
            session.flush()
            request.session_ended = why  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: Any) -> HttpResponse | None:
        if request.method == "GET" and (why := getattr(request, "session_ended", None)):
            messages.info(request, WHY[why])
        row = store_of(request).row
        if row is None or not request.user.is_authenticated:
            return None
        if held_forms.HOLD_ONLY in request.POST:
            sessions.lock(by=user_of(request), session=row)
            return hold_and_send_to(request, reverse("lock"), LOCKED)
        if row.locked and not getattr(view, "is_open_while_locked", False):
            return hold_and_send_to(request, reverse("lock"), LOCKED)
        if sessions.is_to_be_noted(row) and is_use(request, view):
            store_of(request).touch()
        return None


def is_use(request: HttpRequest, view: View) -> bool:
    """Whether somebody is there: not a script that asks or tries again by itself."""
    return not getattr(view, "is_no_use", False) and BY_ITSELF not in request.headers


def row_of(request: HttpRequest) -> Session:
    """The session of somebody who is signed in.

    Raises:
        NobodySignedIn: nobody is.
    """
    row = store_of(request).row
    if row is None:
        raise NobodySignedIn
    return row


def store_of(request: HttpRequest) -> SessionStore:
    """The session of a request; there is one, if an empty one, for everybody."""
    session: SessionStore = request.session  # type: ignore[assignment]
    return session
