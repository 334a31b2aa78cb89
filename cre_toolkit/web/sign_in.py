"""How people sign in: accounts are given by an administrator, never taken by signing up.

Signing in and out, a wrong password and a changed one are on the audit trail, in the transaction of the act.
"""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cre_toolkit.accounts import devices, factors, sessions
from cre_toolkit.accounts.models import User
from cre_toolkit.accounts.session_store import DEVICE
from cre_toolkit.accounts.sessions import Ended
from cre_toolkit.audit import actions as audit
from cre_toolkit.children.signed_in import find_user
from cre_toolkit.jobs.actions import mail
from cre_toolkit.web import held_forms
from cre_toolkit.web.sessions import store_of
from cre_toolkit.web.single_sign_on import ASKED_AT

FORGOTTEN_SUBJECT = "CRE Toolkit: set a new password"
FORGOTTEN = (
    "Somebody, most likely you, asked to set a new password for your account.\n\n"
    "Open this address within an hour:\n\n{link}\n\nIt works once. "
    "If it was not you, you need do nothing: your password stays as it is.\n"
)
CHANGED = (
    "The password of your account was changed, and you were signed out everywhere else.\n\n"
    "If it was not you, tell your agency's administrator at once.\n"
)


class SignInBackend(AuthenticationBackend):
    """allauth's own; the user of a request comes with what they hold and have unread, in one query."""

    def get_user(self, user_id: uuid.UUID) -> User | None:
        user = find_user(user_id)
        return user if user and self.user_can_authenticate(user) else None


# allauth's ids of the ways to confirm by a second step, the handiest first.
CONFIRM_BY = {
    "mfa_reauthenticate:webauthn": "Use your passkey instead",
    "mfa_reauthenticate": "Use a code instead",
}


class SignInAdapter(DefaultAccountAdapter):
    """allauth's own, closed to signing up, in the words of this service and with its audit."""

    error_messages: ClassVar[dict[str, str]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is not correct. Check both.",
        "enter_current_password": "Enter your current password",
        "incorrect_password": "The password is not correct",
        "rate_limited": "Too many attempts. Wait a few minutes and try again.",
        "too_many_login_attempts": "Too many attempts. Wait a few minutes and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @transaction.atomic
    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[ASKED_AT] = getattr(request, "single_sign_on_asked_at", 0)
        request.session[DEVICE] = devices.in_words(request.headers.get("User-Agent", ""))
        proofs = [proof["method"] for proof in get_authentication_records(request, user)]
        _record("account.signed-in", user, by=user, how=", ".join(dict.fromkeys(proofs)))

    def post_login(self, request: HttpRequest, user: User, **said: Any) -> HttpResponse:
        """Where what somebody typed before they were signed out is held, they come back to it."""
        response: HttpResponse = super().post_login(request, user, **said)
        response.headers["Location"] = held_forms.back_to(user, response.headers["Location"])
        return response

    @transaction.atomic
    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            _record("account.signed-out", request.user, by=request.user)
        super().logout(request)

    @transaction.atomic
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong pair. What was typed is not kept: people type their password into the wrong field."""
        _record("account.sign-in-refused", _known(credentials), by=None)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Where too many were wrong, refuse without a look at the password: the answer tells nothing."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            with transaction.atomic():
                _record("account.sign-in-throttled", _known(credentials), by=None)
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """An account as it is tried from one address: who guesses at it elsewhere shuts nobody out of it."""
        account: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account} from {self.get_client_ip(request)}"

    def reauthenticate(self, user: User, password: str) -> bool:
        """allauth's looks for the user by rows of its own, which an account given by us does not have."""
        is_right = user.check_password(password)
        if is_right:
            factors.confirmed(by=user, how="password")
        else:
            factors.confirm_refused(by=user)
        return is_right

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """By the second step alone, where there is one; else as they signed in, which they can do."""
        ways = {way["id"]: way for way in super().get_reauthentication_methods(user)}
        second = [ways[way] | {"description": words} for way, words in CONFIRM_BY.items() if way in ways]
        if second:
            return second
        proofs = get_authentication_records(self.request, user)
        if settings.OIDC_PROVIDER_URL and any(proof["method"] == "socialaccount" for proof in proofs):
            return [{"id": "", "description": settings.OIDC_BUTTON, "url": reverse("single-sign-on")}]
        return list(ways.values())

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        _record("account.password-changed", user, by=user)
        sessions.end_all(by=user, user=user, why=Ended.PASSWORD_CHANGED, but=store_of(self.request).row)
        mail(by=user, to=user.email, subject="CRE Toolkit: your password was changed", body=CHANGED)
        # Whoever mistyped the old one too often is not kept waiting with the new one.
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", args=[uid, token])
        address: str = self.request.build_absolute_uri(path)
        return address

    @transaction.atomic
    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """The link goes into the outbox, and only to the address that the account has."""
        _record("account.reset-asked", user, by=None)
        link = context["password_reset_url"]
        mail(by=None, to=user.email, subject=FORGOTTEN_SUBJECT, body=FORGOTTEN.format(link=link), secret=True)


def _known(credentials: Mapping[str, Any]) -> User | None:
    """Whose account it would have been, if anybody's."""
    typed = str(credentials.get("email") or "")
    return User.objects.filter(email__iexact=typed).first() if typed else None


def _record(kind: str, user: User | None, *, by: User | None, how: str = "") -> None:
    audit.record(
        by=by,
        kind=kind,
        subject_kind="user" if user else "",
        subject=user.pk if user else None,
        detail={"how": how} if how else {},
    )
