"""The second step of signing in, as far as it holds for every page: allauth's adapter, and who is kept out.

Whoever has set one up is asked for it by allauth before the session is theirs. Whoever needs one and has none
may do nothing but set one up; with a role that was given in mid-session, that holds from the next request on.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Any, ClassVar

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cre_toolkit.accounts import factors
from cre_toolkit.accounts.models import User
from cre_toolkit.web.sign_in_first import hold_and_send_to

WITHOUT = "is_open_without_second_factor"
# What shows nothing of anybody while the screen is locked shows nothing here either.
OPEN = (WITHOUT, "is_open_while_locked")
HELD = (
    "Nothing is saved yet. What you typed is kept for you and nobody else: set up the second step, then open "
    "the page again, and you have it back."
)


class FactorAdapter(DefaultMFAAdapter):
    """allauth's own: secrets are encrypted by a key that the database never sees, named for the service."""

    error_messages: ClassVar[dict[str, str]] = DefaultMFAAdapter.error_messages

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where the key is no longer the one that encrypted it, another: no code is right."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return str(generate_totp_secret())

    def _get_site_name(self) -> str:
        return "CRE Toolkit"

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002 - allauth's name
        return "My passkey"


def _fernet() -> Fernet:
    key = hashlib.sha256(settings.SECOND_FACTOR_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


View = Callable[..., HttpResponse]


def without_second_factor(view: View) -> View:
    """Mark a view that is open to whoever still has to set up a second step."""
    setattr(view, WITHOUT, True)
    return view


class SecondFactorFirst:
    """Keeps out whoever needs a second step and has not taken it in this session.

    One query where the session has none; no query where it has, or where no role needs one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: Any) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_ROLES or not isinstance(request.user, User):
            return None
        if not getattr(view, "login_required", True) or any(getattr(view, mark, False) for mark in OPEN):
            return None
        if is_proved(request) or not factors.needed_by(request.user):
            return None
        page = "account_reauthenticate" if factors.has_one(request.user) else "mfa_index"
        return hold_and_send_to(request, reverse(page), HELD)


def is_proved(request: HttpRequest) -> bool:
    """Whether the second step was taken in this session, here or at a provider that asks for one itself."""
    enough = {"mfa", "socialaccount"} if settings.OIDC_SECOND_FACTOR else {"mfa"}
    return any(proof["method"] in enough for proof in get_authentication_records(request, request.user))
