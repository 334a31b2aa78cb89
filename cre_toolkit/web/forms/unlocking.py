"""The form of the lock screen."""

from django import forms

from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class UnlockForm(GovukForm):
    """The password of whoever locked the screen."""

    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )

    looks = {"password": Look(width=20)}
