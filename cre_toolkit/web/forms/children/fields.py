"""Fields about a child that need more than Django's: numbers with rules of their own, asked leniently."""

import datetime
import re
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from stdnum.exceptions import InvalidChecksum, InvalidLength
from stdnum.exceptions import ValidationError as NumberError
from stdnum.gb import nhs

from cre_toolkit.web.govuk.dates import DayMonthYearField

# Nobody on the record is older than this: whoever was a child in the earliest paper form to be entered.
OLDEST = 40
_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$")


def name_input() -> forms.TextInput:
    """A box for a name, written from the side its script begins at; no browser corrects its spelling."""
    return forms.TextInput(attrs={"dir": "auto", "spellcheck": "false"})


class NhsNumberField(forms.CharField):
    """Ten digits, the last of which follows from the others; spaces are as welcome as none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"}))
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return str(nhs.validate(typed))
        except InvalidLength:
            digits = sum(letter.isdigit() for letter in typed)
            raise ValidationError(
                f"NHS number must have 10 digits, like 999 000 0018. You entered {digits}.", code="length"
            ) from None
        except InvalidChecksum:
            raise ValidationError(
                "NHS number has a digit wrong or in the wrong place: the last digit does not fit the others. "
                "Check it against a letter or record, or leave it empty.",
                code="check-digit",
            ) from None
        except NumberError:
            raise ValidationError(
                "NHS number must be digits and spaces only, like 999 000 0018", code="invalid"
            ) from None


class PostcodeField(forms.CharField):
    """A postcode in capitals with its space; what is none of the United Kingdom's stays as it was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=10, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value).upper()
        found = _POSTCODE.match(re.sub(r"\s", "", typed))
        return f"{found[1]} {found[2]}" if found else typed


class TelephoneField(forms.CharField):
    """A telephone number, spaced as people write it where it is one; anything else stays as it was typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel"}))
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            number = phonenumbers.parse(typed, "GB")
        except phonenumbers.NumberParseException:
            return typed
        if not phonenumbers.is_valid_number(number) or number.extension:
            return typed
        home = number.country_code == phonenumbers.country_code_for_region("GB")
        style = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL)


class DateOfBirthField(DayMonthYearField):
    """A date of birth: not in the future, and not so long ago that the year must be a slip."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 27 3 2011")
        super().__init__(required=False, must_be="today or past", **kwargs)

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value and value.year < timezone.localdate().year - OLDEST:
            raise ValidationError(
                f"Date of birth must be within the last {OLDEST} years: check the year",
                code="long-ago",
                params={"parts": ["year"]},
            )
