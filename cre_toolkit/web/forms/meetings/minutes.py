"""The minutes: who came, what was said, the level, who did not agree, what was decided, who does what."""

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField, Form
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.meeting.holding import Agreeing
from cre_toolkit.casework.meeting.minutes import ActionAgreed, Attendance, Decision, Dissent, Said
from cre_toolkit.rules.packmodel import Level
from cre_toolkit.web.forms.meetings.fields import (
    day_field,
    instant,
    line_field,
    named,
    offer,
    people_choices,
    time_field,
    words_field,
)
from cre_toolkit.web.forms.rows import Row, Rows
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

NONE_AGREED = "none"
LEVELS: list[tuple[str, str]] = [("low", "Low"), ("medium", "Medium"), ("high", "High")]
CAME = [("present", "Came"), ("apologies", "Sent apologies"), ("absent", "Did not come")]


class _Row(Row):
    @property
    def is_blank(self) -> bool:
        """A day that was not entered is None: it is nothing written either."""
        return not any(str(value or "").strip() for value in self.cleaned_data.values())

    def needs(self, name: str, message: str) -> None:
        """An error on a part of a row in which something else is written."""
        if name not in self.errors and not self.is_blank and not self.cleaned_data.get(name):
            self.add_error(name, message)


class DissentRow(_Row):
    """Somebody who did not agree with the level."""

    who = line_field("Who did not agree?")
    level = forms.ChoiceField(
        label="Which level would they have agreed?",
        choices=[("", "Not said"), *LEVELS],
        required=False,
    )
    why = words_field("Why?")
    looks = {"why": Look(rows=2)}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.needs("who", "Enter who did not agree with the level")
        self.needs("why", "Enter why they did not agree with the level")
        return said


class DecisionRow(_Row):
    """What was decided, why and by whom."""

    what = words_field("What was decided?")
    why = line_field("Why?", length=2000)
    who = line_field("Who decided it? (optional)")
    looks = {"what": Look(rows=2)}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.needs("what", "Enter what was decided")
        self.needs("why", "Enter why this was decided")
        return said


class ActionRow(_Row):
    """Who does what, by when."""

    what = words_field("What is to be done?")
    owner = forms.ChoiceField(label="Who does it?", required=False)
    owner_name = line_field("Or somebody without an account here")
    due_on = day_field("By when? (optional)", required=False)
    looks = {"what": Look(rows=2), "due_on": Look(called="the day by which this is done")}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.needs("what", "Enter what is to be done")
        if not said.get("owner"):
            self.needs("owner_name", "Select who does it, or enter their name")
        return said


def _written(table: Rows) -> list[dict[str, Any]]:
    """The rows in which something was typed; none of a table that was not sent at all."""
    return table.answers() if table.posted else []


def _in_order_of(people: Sequence[str], data: QueryDict) -> QueryDict:
    """What was typed, with each answer who came under the person's present place in the list.

    Somebody may have joined or left the network since it was typed: the places move, the people do not.
    """
    came = {
        str(who): str(data[f"came-{was}"])
        for name, who in data.items()
        if (was := name.removeprefix("who-")) != name and f"came-{was}" in data
    }
    moved = data.copy()
    for name in data:
        if name.startswith(("came-", "who-")):
            del moved[name]
    for place, key in enumerate(people):
        if key in came:
            moved[f"came-{place}"] = came[key]
    return moved


class MinutesForm(GovukForm):
    """All that is written of a meeting. Anything can be saved; what recording asks for is asked then.

    Args:
        asked: users who were asked to come, and others of the network, by whom attendance is taken.
        others_asked: names of those without an account.
        agreeing: what of the level this person may record.
        correcting: whether minutes are corrected: when it was held and the level stay.
        data: what was typed, or None.
        initial: what to show to begin with.
    """

    day = day_field("Day on which it was held", must_be="today or past")
    time = time_field("Time at which it began")
    chaired_by = line_field(
        "Who chaired it?", required=True, error_messages={"required": "Enter who chaired the meeting"}
    )
    others = line_field("Who else came? (optional)", length=1000)
    discussion = words_field(
        "What was said?",
        required=True,
        error_messages={"required": "Enter what was said"},
        help_text="Facts with their source and date. What the child said, in quotation marks.",
    )
    level = forms.ChoiceField(
        label="Which level did the meeting agree?",
        choices=[*LEVELS, (NONE_AGREED, "No level was agreed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select the level that the meeting agreed, or that none was agreed"},
    )
    level_why = words_field(
        "Why this level, or why none?",
        required=True,
        error_messages={"required": "Enter why the meeting agreed this level, or why none"},
    )
    why = words_field(
        "What was wrong in the minutes?",
        required=True,
        error_messages={"required": "Enter what was wrong in the minutes"},
        help_text="The version before stays on the record, beside this one.",
    )
    looks: Mapping[str, Look] = {
        "day": Look(called="the day on which the meeting was held"),
        "time": Look(called="the time at which the meeting began", width=5),
        "chaired_by": Look(called="who chaired the meeting"),
        "others": Look(called="who else came"),
        "discussion": Look(size="m", rows=8),
        "level": Look(size="m", called="the level that the meeting agreed"),
        "level_why": Look(size="s", rows=3),
        "why": Look(size="m", rows=2),
    }

    def __init__(
        self,
        asked: Sequence[User],
        others_asked: Sequence[str],
        agreeing: Agreeing,
        data: QueryDict | None = None,
        *,
        correcting: bool = False,
        initial: Mapping[str, Any] | None = None,
        rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
        adding: str = "",
    ) -> None:
        people = [*((str(user.pk), named(user)) for user in asked), *((name, name) for name in others_asked)]
        if data is not None:
            data = _in_order_of([key for key, _ in people], data)
        super().__init__(data, auto_id="%s", initial=dict(initial or {}))
        self.agreeing, self._asked = agreeing, {str(user.pk): user for user in asked}
        self._attendance(people)
        self._leave_out(correcting)
        begin = rows or {}
        owners = [("", "Choose one"), *people_choices(asked)]
        self.dissent = self._rows("dissent", DissentRow, begin, data, adding)
        self.decisions = self._rows("decision", DecisionRow, begin, data, adding)
        self.actions = self._rows("action", ActionRow, begin, data, adding)
        for row in self.actions.forms:
            offer(row, "owner", owners)

    @staticmethod
    def _rows(
        name: str,
        row: type[Row],
        begin: Mapping[str, Sequence[Mapping[str, Any]]],
        data: QueryDict | None,
        adding: str,
    ) -> Rows:
        written = begin.get(name, ())
        rows = Rows(name, row, written, data, empty=0 if written else 1)
        if adding == f"add-{name}":
            rows.add()
        return rows

    def _attendance(self, people: Sequence[tuple[str, str]]) -> None:
        """A question for each who was asked to come."""
        self.came: dict[str, tuple[str, str]] = {}
        looks = dict(self.looks)
        for place, (key, name) in enumerate(people):
            field = f"came-{place}"
            self.came[field] = (key, name)
            self.fields[field] = forms.ChoiceField(
                label=name, choices=CAME, widget=forms.RadioSelect, required=False
            )
            looks[field] = Look(called=f"whether {name} came", small=True, size="s")
        self.looks = looks

    def _leave_out(self, correcting: bool) -> None:
        """Questions that are not asked here."""
        left_out = {"day", "time", "level"} if correcting else {"why"}
        if not self.agreeing.sets_level:
            left_out |= {"level", "level_why"}
        for name in left_out:
            del self.fields[name]
        if "level" in self.fields and not self.agreeing.may:
            offer(self, "level", [(NONE_AGREED, "No level was agreed")])

    @property
    def tables(self) -> tuple[Rows, Rows, Rows]:
        return self.dissent, self.decisions, self.actions

    @property
    def forms(self) -> list[Form]:
        """The rows, for the error summary."""
        return [row for table in self.tables for row in table.forms]

    @property
    def attendance(self) -> list[tuple[str, str, BoundField]]:
        """The questions who came, each with the hidden control that says of whom it asks: name and value."""
        return [(field.replace("came", "who"), key, self[field]) for field, (key, _) in self.came.items()]

    def is_valid(self) -> bool:
        # Each table is looked at, so that every row shows its own error.
        return super().is_valid() & (sum(not table.is_valid() for table in self.tables) == 0)

    def as_saved(self) -> None:
        """Show what was saved without saying what recording would ask for: it is not finished."""
        for form in (self, *self.forms):
            if form.is_bound:
                form.full_clean()
                form.errors.clear()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("day") and said.get("time") and instant(said["day"], said["time"]) > timezone.now():
            self.add_error("time", "The meeting must have begun before you record it")
        chair = said.get("chaired_by", "").casefold()
        if chair and chair in {name.casefold() for name in self._away(said)}:
            self.add_error(
                "chaired_by",
                "Below it says that they did not come. Enter who chaired it instead, or correct who came",
            )
        level = said.get("level")
        if self.agreeing.keeps_high and level in ("low", "medium"):
            self.add_error(
                "level",
                "The agreed level is high, and this meeting may not lower it. Record that no level was agreed"
                f" and hold one of these: {', '.join(self.agreeing.instead)}",
            )
        return said

    def _away(self, said: Mapping[str, Any]) -> Iterator[str]:
        """The names of those who did not come."""
        for field, (key, name) in self.came.items():
            if said.get(field) in ("apologies", "absent"):
                yield self._asked[key].name if key in self._asked else name

    @property
    def held_at(self) -> datetime.datetime:
        return instant(self.cleaned_data["day"], self.cleaned_data["time"])

    @property
    def agreed(self) -> Level | None:
        """The level that was agreed; None where none was, or the meeting sets none."""
        level = self.cleaned_data.get("level", NONE_AGREED)
        return None if level == NONE_AGREED else level

    def said(self) -> Said:
        """The minutes, of a form that is valid."""
        said = self.cleaned_data
        return Said(
            attendance=tuple(
                Attendance(name=name, user=uuid.UUID(key) if key in self._asked else None, came=said[field])
                for field, (key, name) in self.came.items()
                if said.get(field)
            ),
            chaired_by=said["chaired_by"],
            others=said["others"],
            discussion=said["discussion"],
            level=self.agreed,
            level_why=said.get("level_why", ""),
            dissent=tuple(
                Dissent(who=row["who"], level=row["level"] or None, why=row["why"])
                for row in _written(self.dissent)
            ),
            decisions=tuple(Decision(**row) for row in _written(self.decisions)),
            actions=tuple(self._action(row) for row in _written(self.actions)),
        )

    def _action(self, row: Mapping[str, Any]) -> ActionAgreed:
        owner = self._asked.get(row["owner"])
        return ActionAgreed(
            what=row["what"],
            owner=owner.pk if owner else None,
            owner_name=owner.name if owner else row["owner_name"],
            due_on=row["due_on"],
        )
