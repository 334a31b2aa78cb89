"""What views read of a request: who is signed in, and which version a form was opened with."""

from collections.abc import Mapping

from django.http import HttpRequest

from cre_toolkit.accounts.models import User


class NobodySignedIn(RuntimeError):
    """A view that needs a user was reached without one: `LoginRequiredMiddleware` should stand before it."""


def user_of(request: HttpRequest) -> User:
    """The user of a request that has one.

    Raises:
        NobodySignedIn: there is none.
    """
    if not isinstance(request.user, User):
        raise NobodySignedIn
    return request.user


def posted_version(posted: Mapping[str, str], name: str = "version") -> int:
    """The version of what stood in a form when it was opened. Whatever no form of ours sends is none: 0.

    Args:
        posted: what was sent.
        name: of the hidden control that carries it.
    """
    text = posted.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
