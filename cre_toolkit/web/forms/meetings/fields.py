"""Fields that the forms about meetings share."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.web.govuk.dates import DayMonthYearField

SOMEBODY_ELSE = "else"


def words_field(label: str, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea, required=required, **kwargs)


def line_field(label: str, *, required: bool = False, length: int = 200, **kwargs: Any) -> forms.CharField:
    """A text of one line."""
    return forms.CharField(label=label, max_length=length, required=required, **kwargs)


def time_field(label: str = "Time", **kwargs: Any) -> forms.TimeField:
    """A time of day, as people type it."""
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        help_text="For example, 14:30",
        **kwargs,
    )


def day_field(label: str, **kwargs: Any) -> DayMonthYearField:
    """A day in three boxes."""
    return DayMonthYearField(label=label, **kwargs)


def instant(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """The moment of a day and a time in London. Of an hour that comes twice, the first."""
    return timezone.make_aware(datetime.datetime.combine(day, time))


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a field of a form its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
    field.choices = list(choices)


def named(user: User) -> str:
    """A user as a list names them."""
    return ", ".join(filter(None, [user.name, user.job_title, str(user.agency or "")]))


def people_choices(people: Sequence[User]) -> list[tuple[str, str]]:
    """Users as choices."""
    return [(str(user.pk), named(user)) for user in people]
