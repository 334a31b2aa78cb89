"""Forms of the second step of signing in: allauth's, as GOV.UK components, each code taken once."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from cre_toolkit.accounts import factors
from cre_toolkit.accounts.models import User
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

_FIGURES = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
WRONG = "The code is not correct, or has been used. Wait for the next one that your app shows and enter that."
WRONG_PASSKEY = "The passkey was not accepted. Try again, or use a code."
# What the library says to something that no passkey has ever answered.
NO_ANSWER = (ValueError, TypeError, KeyError, AttributeError)


class _AskForCode(GovukForm):
    """A code of the app, or a recovery code."""

    user: User
    authenticator: Authenticator
    looks = {"code": Look(width=10)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = "Code"
        code.help_text = "The 6 figures that your app shows now, or one of your recovery codes"
        code.widget.attrs = dict(_FIGURES)

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except forms.ValidationError as error:
            raise forms.ValidationError(_in_our_words(error)) from error
        is_of_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_of_app and not factors.take_code(by=self.user, app=self.authenticator, code=code):
            raise forms.ValidationError(WRONG)
        return code

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        factors.refused(user=self.user, kind=authenticator.type)


class SecondStepForm(_AskForCode, AuthenticateForm):
    """At sign-in, after the password."""


class ConfirmByCodeForm(_AskForCode, ReauthenticateForm):
    """Before a gravest act."""


class NewAppForm(GovukForm, ActivateTOTPForm):
    """The first code of an app that is being set up, which shows that it works."""

    looks = {"code": Look(width=10)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = "Code"
        code.help_text = "The 6 figures that your app shows now"
        code.widget.attrs = dict(_FIGURES)

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except forms.ValidationError as error:
            raise forms.ValidationError(_in_our_words(error)) from error
        return code


class _AnswerField(forms.JSONField):
    """What a passkey answers, which the page's script puts in: JSON, of whatever depth somebody sends."""

    default_error_messages = {"required": WRONG_PASSKEY, "invalid": WRONG_PASSKEY}

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError(WRONG_PASSKEY) from error


class _ByPasskey(forms.Form):
    """The answer of a passkey that is known."""

    user: User
    credential = _AnswerField(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (forms.ValidationError, *NO_ANSWER) as error:
            factors.refused(user=self.user, kind=Authenticator.Type.WEBAUTHN)
            raise forms.ValidationError(_in_our_words(error, WRONG_PASSKEY)) from error


class SecondStepByPasskeyForm(_ByPasskey, AuthenticateWebAuthnForm):
    """At sign-in, after the password."""


class ConfirmByPasskeyForm(_ByPasskey, ReauthenticateWebAuthnForm):
    """Before a gravest act."""


class NewPasskeyForm(GovukForm, AddWebAuthnForm):
    """A passkey that is being added, and what its owner calls it."""

    credential = _AnswerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name: forms.Field = self.fields["name"]
        name.label = "What you call it"
        name.help_text = "So that you can tell it from others, for example ‘Work telephone’"

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean() or {}
        except (forms.ValidationError, *NO_ANSWER) as error:
            raise forms.ValidationError(_in_our_words(error, WRONG_PASSKEY)) from error


def _in_our_words(error: Exception, wrong: str = WRONG) -> str:
    """Two things are wrong here, as far as people can mend them: too many attempts, and everything else."""
    too_many: str = get_adapter().error_messages["too_many_login_attempts"]
    return too_many if too_many in getattr(error, "messages", ()) else wrong
