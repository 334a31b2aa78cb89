"""Asking the audit trail."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date

from cre_toolkit.accounts.models import User
from cre_toolkit.audit.kinds import KINDS
from cre_toolkit.children.matching import tidy_reference
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class NotAQuestion(ValueError):
    """An address whose question no page of ours asks."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the trail, as an address carries it: references and ids, never anybody's name."""

    child: str = ""
    user: uuid.UUID | None = None
    kind: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Question":
        """The question of an address.

        Raises:
            NotAQuestion: a part of it cannot be read. Without that part it would be another question.
        """
        kind = given.get("kind", "")
        try:
            if kind and kind not in KINDS:
                raise ValueError(kind)
            return cls(
                child=given.get("child", ""),
                user=uuid.UUID(given["user"]) if given.get("user") else None,
                kind=kind,
                since=_day(given.get("since", "")),
                until=_day(given.get("until", "")),
            )
        except ValueError as error:
            raise NotAQuestion(str(error)) from error

    def parts(self) -> dict[str, str]:
        """What an address carries of it."""
        given = {
            "child": self.child,
            "user": self.user,
            "kind": self.kind,
            "since": self.since,
            "until": self.until,
        }
        return {name: str(value) for name, value in given.items() if value}

    def address(self, **more: str) -> str:
        """It as the query of an address."""
        return urlencode(self.parts() | more)

    @property
    def begins(self) -> datetime.datetime | None:
        """The first moment that is asked about."""
        return _midnight(self.since) if self.since else None

    @property
    def ends(self) -> datetime.datetime | None:
        """The moment after the last."""
        return _midnight(self.until + datetime.timedelta(days=1)) if self.until else None


def _day(text: str) -> datetime.date | None:
    if not text:
        return None
    day = parse_date(text)
    # A day more must still be a day.
    if day is None or not 1900 < day.year < 9000:
        raise ValueError(text)
    return day


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


class TrailForm(GovukForm):
    """Any of these, or none; whoever may ask only about a child must say which.

    Args:
        names_a_child: whether the child's reference has to be given.
    """

    child = forms.CharField(
        label="Child’s reference",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        help_text="Like 7Q4K-2M9XAB",
        error_messages={"required": "Enter the reference of a child whose record you can see"},
    )
    email = forms.EmailField(
        label="E-mail address of the person who looked or acted",
        required=False,
        error_messages={"invalid": "Enter an e-mail address, like name@example.org"},
    )
    kind = forms.ChoiceField(
        label="What was done",
        required=False,
        choices=[("", "Anything"), *((kind, f"{words} ({kind})") for kind, words in sorted(KINDS.items()))],
    )
    since = DayMonthYearField(label="From", required=False, must_be="today or past")
    until = DayMonthYearField(label="To", required=False)
    looks = {
        "child": Look(size="s", width=20),
        "email": Look(size="s"),
        "kind": Look(size="s"),
        "since": Look(size="s"),
        "until": Look(size="s"),
    }

    def __init__(self, *args: Any, names_a_child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].required = names_a_child

    def clean_child(self) -> str:
        typed = self.cleaned_data["child"]
        return tidy_reference(typed) if typed else ""

    def clean_email(self) -> User | None:
        typed = self.cleaned_data["email"]
        if not typed:
            return None
        user = User.objects.filter(email__iexact=typed).first()
        if user is None:
            raise ValidationError("Nobody has an account with this e-mail address: check how it is spelled")
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must be the first day or later")
        return cleaned

    def question(self) -> Question:
        """What a valid form asks."""
        given = self.cleaned_data
        return Question(
            child=given["child"],
            user=given["email"].pk if given["email"] else None,
            kind=given["kind"],
            since=given["since"],
            until=given["until"],
        )
