"""The signed-in user of a request, as the type that the actions take."""

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
