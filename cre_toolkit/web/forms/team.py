"""What a manager is asked about somebody's children: who takes them on, or stands in."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.children.models import Child
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

# Chosen for a child who is left with the worker for now.
STAYS = "stays"
# Longer than anybody's leave: beyond it, the children want a worker of their own.
LONGEST_COVER = datetime.timedelta(days=366)


class HandOnForm(GovukForm):
    """Who takes on which of somebody's children: one colleague for all of them, or several.

    Args:
        children: those who can be handed on.
        colleagues: to whom, each with the number of their `allocated` children.
        data: what was typed, or None.
    """

    everyone = forms.ChoiceField(
        label="Who takes on all for whom you choose nobody below?",
        required=False,
        help_text="In brackets: of how many children each is the allocated worker now.",
    )
    looks = {"everyone": Look(size="m")}

    def __init__(
        self, children: Sequence[Child], colleagues: Sequence[User], data: QueryDict | None = None
    ) -> None:
        super().__init__(data, auto_id="%s")
        self.children, self.colleagues = children, colleagues
        self._colleagues = {str(user.pk): user for user in colleagues}
        offered = [(str(user.pk), f"{_said(user)} ({user.allocated})") for user in colleagues]  # type: ignore[attr-defined]
        _offer(self, "everyone", [("", "Nobody"), *offered])
        for child in children:
            self.fields[child.reference] = forms.ChoiceField(
                label=f"{child.name} ({child.reference})",
                required=False,
                choices=[("", "As chosen above"), *offered, (STAYS, "Is not handed on now")],
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and not any(self.shares.values()):
            self.add_error("everyone", "Choose who takes on at least one of the children")
        return said

    @property
    def shares(self) -> dict[User, list[str]]:
        """The references of the children whom each colleague takes on."""
        found: dict[User, list[str]] = {}
        for child in self.children:
            to = self.cleaned_data.get(child.reference) or self.cleaned_data.get("everyone", "")
            if to in self._colleagues:
                found.setdefault(self._colleagues[to], []).append(child.reference)
        return found


class CoverForm(GovukForm):
    """Who stands in, and from which day to which.

    Args:
        colleagues: those to choose from.
        data: what was typed, or None.
    """

    stand_in = forms.ChoiceField(
        label="Who stands in?",
        help_text="They see the children of whom your colleague is the allocated worker, and what is due.",
        error_messages={"required": "Select who stands in"},
    )
    first = DayMonthYearField(label="First day of cover", must_be="today or future")
    last = DayMonthYearField(label="Last day of cover", must_be="today or future")
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks = {
        "stand_in": Look(size="m"),
        "first": Look(size="m", called="the first day of cover"),
        "last": Look(size="m", called="the last day of cover"),
    }

    def __init__(self, colleagues: Sequence[User], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()})
        _offer_people(self, "stand_in", colleagues)
        self._colleagues = {str(user.pk): user for user in colleagues}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", "The last day must be the first day or later")
        elif first and last and last - first > LONGEST_COVER:
            self.add_error("last", "Cover is for a year at most. Hand the children on instead")
        return said

    @property
    def chosen(self) -> User:
        return self._colleagues[self.cleaned_data["stand_in"]]

    @property
    def since(self) -> datetime.datetime:
        """The beginning of the first day; where that is today, now."""
        return max(_midnight(self.cleaned_data["first"]), timezone.now())

    @property
    def until(self) -> datetime.datetime:
        """The end of the last day."""
        return _midnight(self.cleaned_data["last"] + datetime.timedelta(days=1))


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
    field.choices = choices


def _offer_people(form: forms.Form, name: str, people: Sequence[User]) -> None:
    _offer(form, name, [("", "Choose one"), *((str(user.pk), _said(user)) for user in people)])


def _said(user: User) -> str:
    return f"{user.name}, {user.job_title}" if user.job_title else user.name
