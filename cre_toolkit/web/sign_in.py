"""How people sign in: accounts are given by an administrator, never taken by signing up.

Signing in and out, a wrong password and a changed one are on the audit trail, in the transaction of the act.
"""

import uuid
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.db import transaction
from django.db.models import OuterRef
from django.http import HttpRequest

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access


class SignInBackend(AuthenticationBackend):
    """allauth's own; the user of a request comes with `sees_children`, for the menu, in the same query."""

    def get_user(self, user_id: uuid.UUID) -> User | None:
        sees_children = access.holds(access.Act.SEE_GIVEN, OuterRef("pk"))
        user = User.objects.filter(pk=user_id).annotate(sees_children=sees_children).first()
        return user if user and self.user_can_authenticate(user) else None


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
        _record("account.signed-in", user, by=user)

    @transaction.atomic
    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            _record("account.signed-out", request.user, by=request.user)
        super().logout(request)

    @transaction.atomic
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong pair. What was typed is not kept: people type their password into the wrong field."""
        typed = str(credentials.get("email") or "")
        known = User.objects.filter(email__iexact=typed).first() if typed else None
        _record("account.sign-in-refused", known, by=None)

    def reauthenticate(self, user: User, password: str) -> bool:
        """allauth's looks for the user by rows of its own, which an account given by us does not have."""
        return user.check_password(password)

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        _record("account.password-changed", user, by=user)


def _record(kind: str, user: User | None, *, by: User | None) -> None:
    audit.record(by=by, kind=kind, subject_kind="user" if user else "", subject=user.pk if user else None)
