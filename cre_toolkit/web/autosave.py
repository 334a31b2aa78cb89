"""The small answers to a form that is saved while it is typed: what they say is what happened, no more.

The header `X-Autosave` tells the page's script (`frontend/js/autosave.js`) how it went; an answer without it
counts for none. Each comes with what the form needs to be saved again: its versions, or a new token.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.utils import timezone

HEADER = "X-Autosave"


def is_asked(request: HttpRequest) -> bool:
    """Whether it is the page's script that sends, while somebody types; not a person, by a button."""
    return bool(request.htmx)  # type: ignore[attr-defined] # django_htmx puts it there


def saved(
    request: HttpRequest, versions: Mapping[str, int], left_out: Iterable[str] = (), besides: str = ""
) -> HttpResponse:
    """It is saved.

    Args:
        request: that saved it.
        versions: what stands now, by the names of the form's hidden controls.
        left_out: what is not saved yet, in words.
        besides: what its author should know besides, as a sentence.
    """
    left = list(left_out)
    context = {"at": timezone.localtime(), "versions": versions, "left_out": left, "besides": besides}
    return _answer(request, "partly" if left else "saved", 200, context)


def changed(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """Somebody, or another tab, saved first. It goes on when the button is pressed.

    Args:
        request: that would have saved it.
        context: the `versions` that stand now, and both texts (`_components/changed_elsewhere.html`).
    """
    return _answer(request, "changed", 409, context)


def over(request: HttpRequest, why: str) -> HttpResponse:
    """There is no draft any more; `why` is a sentence."""
    return _answer(request, "over", 409, {"why": why})


def refused(request: HttpRequest) -> HttpResponse:
    """Something in the form cannot be read; the button says what."""
    return _answer(request, "refused", 422, {})


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session has ended. The text stays on the page and is saved once its author is back."""
    return _answer(request, "signed-out", 401, {})


def somebody_else(request: HttpRequest) -> HttpResponse:
    """Another person has signed in in this browser since."""
    return _answer(request, "somebody-else", 403, {})


def new_token(request: HttpRequest) -> HttpResponse:
    """The form's token is of an earlier session of the same person: here is one with which to try again."""
    return _answer(request, "token", 403, {"token": get_token(request)})


def _answer(request: HttpRequest, state: str, status: int, context: Mapping[str, Any]) -> HttpResponse:
    response = TemplateResponse(
        request, "_components/autosaved.html", {"state": state, **context}, status=status
    )
    response.headers[HEADER] = state
    return response
