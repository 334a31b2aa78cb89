"""The sign-in form: allauth's, with the fields as GOV.UK components."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
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
        # Sessions end with the browser: there is nothing to remember.
        self.fields.pop("remember", None)

    def clean(self) -> dict[str, Any]:
        """A wrong pair belongs to a field, so that the summary can lead there."""
        try:
            super().clean()
        except forms.ValidationError as error:
            self.add_error("login", error)
        return self.cleaned_data


class NewPasswordForm(GovukForm, ChangePasswordForm):
    """The password now, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("oldpassword", "Current password"),
            ("password1", "New password"),
            ("password2", "New password again"),
        ):
            field: forms.Field = self.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)


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
        for name, label in (("password1", "New password"), ("password2", "New password again")):
            field: forms.Field = self.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)
