"""A date in three boxes, with the messages of GOV.UK's "Ask users for dates" pattern."""

import datetime
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

Part = Literal["day", "month", "year"]
When = Literal["past", "today or past", "future", "today or future"]

PARTS: tuple[Part, ...] = ("day", "month", "year")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DayMonthYearInput(forms.MultiWidget):
    """Three boxes, named `<name>_day`, `<name>_month` and `<name>_year`."""

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)

    def decompress(self, value: datetime.date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class DayMonthYearField(forms.Field):
    """A date that may be typed as `7 6 2012` or `7 June 2012`.

    Args:
        must_be: where the date has to lie, seen from today.
    """

    widget = DayMonthYearInput
    default_error_messages = {
        "required": "Enter a date",
        "incomplete": "Date must include %(missing)s",
        "year": "Year must include 4 numbers",
        "invalid": "Date must be a real date",
        "past": "Date must be in the past",
        "today or past": "Date must be today or in the past",
        "future": "Date must be in the future",
        "today or future": "Date must be today or in the future",
    }

    def __init__(self, *, must_be: When | None = None, **kwargs: Any) -> None:
        self.must_be = must_be
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        """The date of three typed parts; None if all are empty.

        Raises:
            ValidationError: with the parts to blame in `params["parts"]`.
        """
        if value is None or isinstance(value, datetime.date):
            return value
        typed = dict(zip(PARTS, (str(part or "").strip() for part in value), strict=True))
        missing = [part for part in PARTS if not typed[part]]
        if len(missing) == len(PARTS):
            return None
        if missing:
            raise self._error("incomplete", missing, missing=" and ".join(f"a {part}" for part in missing))
        day, month, year = _number(typed["day"]), _month(typed["month"]), _number(typed["year"])
        if year is not None and len(typed["year"]) != 4:
            raise self._error("year", ["year"])
        wrong = [part for part, number in zip(PARTS, (day, month, year), strict=True) if number is None]
        if day is None or month is None or year is None:
            raise self._error("invalid", wrong)
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise self._error("invalid", _impossible(day, month)) from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None or self.must_be is None:
            return
        today = timezone.localdate()
        holds = {
            "past": value < today,
            "today or past": value <= today,
            "future": value > today,
            "today or future": value >= today,
        }[self.must_be]
        if not holds:
            raise self._error(self.must_be, list(PARTS))

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def _error(self, code: str, parts: list[Part], **params: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"parts": parts, **params})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _month(text: str) -> int | None:
    """The month of `6`, `06`, `Jun` or `June`."""
    if text[:3].lower() in _MONTHS:
        return _MONTHS.index(text[:3].lower()) + 1
    return _number(text)


def _impossible(day: int, month: int) -> list[Part]:
    wrong: list[Part] = []
    if not 1 <= day <= 31:
        wrong.append("day")
    if not 1 <= month <= 12:
        wrong.append("month")
    return wrong or list(PARTS)
