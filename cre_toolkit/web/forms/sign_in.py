"""The sign-in form: allauth's, with the fields as GOV.UK components."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django import forms

from cre_toolkit.web.govuk.forms import GovukForm


class SignInForm(GovukForm, LoginForm):
    """E-mail address and password. A wrong pair gets one answer, whichever of the two was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = "E-mail address", "Password"
        password.help_text = ""
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)
        login.widget.attrs |= {"autocomplete": "username", "spellcheck": "false"}
        password.widget.attrs |= {"autocomplete": "current-password"}
        login.error_messages |= {"required": "Enter your e-mail address"}
        password.error_messages |= {"required": "Enter your password"}
        # Sessions end with the browser: there is nothing to remember.
        self.fields.pop("remember", None)

    def clean(self) -> dict[str, Any]:
        """A wrong pair belongs to a field, so that the summary can lead there."""
        try:
            super().clean()
        except forms.ValidationError as error:
            self.add_error("login", error)
        return self.cleaned_data


class ConfirmForm(GovukForm, ReauthenticateForm):
    """The password again, before what cannot be undone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.widget.attrs.pop("placeholder", None)
        password.error_messages |= {"required": "Enter your password"}


class NewPasswordForm(GovukForm, ChangePasswordForm):
    """The password now, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self.fields["oldpassword"], "Current password", "Enter your current password")
        _name_new(self)


class ForgottenForm(GovukForm, ResetPasswordForm):
    """The address to which the link goes. The answer is the same whether somebody has an account by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.label = "E-mail address"
        email.widget.attrs.pop("placeholder", None)
        email.widget.attrs |= {"autocomplete": "username", "spellcheck": "false"}
        email.error_messages |= {"required": "Enter your e-mail address"}


class ResetForm(GovukForm, ResetPasswordKeyForm):
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_new(self)


def _name_new(form: forms.Form) -> None:
    _name(form.fields["password1"], "New password", "Enter a new password")
    _name(form.fields["password2"], "New password again", "Enter the new password again")


def _name(field: forms.Field, label: str, missing: str) -> None:
    """Give a field of allauth's its label, and what is said where it was left empty."""
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.error_messages |= {"required": missing}
