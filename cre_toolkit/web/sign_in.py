"""How people sign in: accounts are given by an administrator, never taken by signing up."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class SignInAdapter(DefaultAccountAdapter):
    """allauth's own, closed to signing up, in the words of this service."""

    error_messages: ClassVar[dict[str, str]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is not correct. Check both.",
        "enter_current_password": "Enter your current password",
        "incorrect_password": "The password is not correct",
        "rate_limited": "Too many attempts. Wait a few minutes and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
