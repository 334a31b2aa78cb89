"""When a meeting is, who chairs and who is asked to come; and why it is moved or cancelled."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.meeting.planning import Plan
from cre_toolkit.casework.models import Meeting
from cre_toolkit.rules.authority import MeetingKind
from cre_toolkit.web.forms.meetings.fields import (
    SOMEBODY_ELSE,
    day_field,
    instant,
    line_field,
    offer,
    people_choices,
    time_field,
    words_field,
)
from cre_toolkit.web.forms.rows import Row, Rows
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

# Nobody sits longer in one meeting about one child.
LONGEST = 480


class OtherRow(Row):
    """Somebody without an account who is asked to come."""

    name = line_field("Name and agency")
    email = forms.EmailField(label="E-mail address, if we should tell them (optional)", required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("email") and not said.get("name"):
            self.add_error("name", "Enter the name and agency of whoever has this address")
        return said


class PlanForm(GovukForm):
    """A meeting as it is planned.

    Args:
        people: who can chair, or come.
        data: what was typed, or None.
        initial: what to show to begin with.
        others: rows of those without an account, to begin with.
    """

    day = day_field("Day of the meeting")
    time = time_field()
    minutes_long = forms.IntegerField(label="How long, in minutes", min_value=5, max_value=LONGEST)
    place = line_field(
        "Where, and how to join online (optional)",
        length=500,
        help_text="It is shown here alone, and never sent by e-mail.",
    )
    chair = forms.ChoiceField(label="Who chairs?", error_messages={"required": "Select who chairs"})
    chair_words = line_field("Name and role of who chairs, if they have no account here")
    people = forms.MultipleChoiceField(
        label="Who is asked to come?",
        help_text="They see the record. We e-mail them the meeting’s reference and the time, nothing else.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks: Mapping[str, Look] = {
        "day": Look(size="m", called="the day of the meeting"),
        "time": Look(called="the time of the meeting", width=5),
        "minutes_long": Look(called="how long the meeting is", width=3),
        "place": Look(called="where the meeting is"),
        "chair": Look(size="m", called="who chairs"),
        "chair_words": Look(called="the name and role of who chairs"),
        "people": Look(size="m", small=True),
    }

    def __init__(
        self,
        people: Sequence[User],
        data: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
        others: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(
            data, auto_id="%s", initial={"form_id": uuid.uuid4(), "minutes_long": 60} | dict(initial or {})
        )
        self._people = {str(user.pk): user for user in people}
        offered = people_choices(people)
        offer(
            self, "chair", [("", "Choose one"), *offered, (SOMEBODY_ELSE, "Somebody without an account here")]
        )
        offer(self, "people", offered)
        if not people:
            del self.fields["people"]
        self.rows = Rows("other", OtherRow, others, data)

    @property
    def forms(self) -> list[forms.Form]:
        """The rows, for the error summary."""
        return list(self.rows.forms)

    def is_valid(self) -> bool:
        return super().is_valid() & self.rows.is_valid()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("chair") == SOMEBODY_ELSE and not said.get("chair_words"):
            self.add_error("chair_words", "Enter the name and role of who chairs")
        return said

    @property
    def at(self) -> datetime.datetime:
        return instant(self.cleaned_data["day"], self.cleaned_data["time"])

    def planned(self) -> Plan:
        """What `casework.meeting.planning` takes."""
        said = self.cleaned_data
        chair = self._people.get(said["chair"])
        others = self.rows.answers() if self.rows.posted else []
        return Plan(
            at=self.at,
            minutes_long=said["minutes_long"],
            place=said["place"],
            chair=chair,
            chair_words="" if chair else said["chair_words"],
            people=[self._people[pk] for pk in said.get("people", ())],
            others=[(other["name"], other["email"]) for other in others],
        )


class NewMeetingForm(PlanForm):
    """Which kind of meeting besides; `kinds`: those that the authority holds."""

    kind = forms.ChoiceField(
        label="Which meeting?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select which meeting it is"},
    )
    field_order = ("kind",)
    looks = {**PlanForm.looks, "kind": Look(size="m", called="which meeting it is")}

    def __init__(self, *args: Any, kinds: Sequence[MeetingKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind.id, kind.title) for kind in kinds])
        hints: dict[str, str] = {kind.id: f"Chaired by: {kind.chair}" for kind in kinds}
        self.looks = {**self.looks, "kind": Look(size="m", called="which meeting it is", item_hints=hints)}


class MoveForm(PlanForm):
    """A planned meeting as it is to be, and why."""

    why = words_field(
        "Why is it changed?",
        required=True,
        error_messages={"required": "Enter why the meeting is changed"},
        help_text="It stays on the record. It is not sent by e-mail.",
    )
    looks = {**PlanForm.looks, "why": Look(size="m", rows=2)}

    def __init__(self, meeting: Meeting, people: Sequence[User], data: QueryDict | None = None) -> None:
        local = timezone.localtime(meeting.at)
        asked = list(meeting.invited.all())
        initial = {
            "day": local.date(),
            "time": f"{local:%H:%M}",
            "minutes_long": meeting.minutes_long,
            "place": meeting.place,
            "chair": str(meeting.chair_id or SOMEBODY_ELSE),
            "chair_words": meeting.chair_words,
            "people": [str(one.user_id) for one in asked if one.user_id],
        }
        others = [{"name": one.name, "email": one.email} for one in asked if not one.user_id]
        super().__init__(people, data, initial, others)
        self._was = meeting.at

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("day") and said.get("time"):
            at = instant(said["day"], said["time"])
            if at != self._was and at < timezone.now():
                self.add_error("day", "The new day and time must be in the future")
        return said


class CancelForm(GovukForm):
    """Why a meeting does not take place."""

    why = words_field(
        "Why does it not take place?",
        required=True,
        error_messages={"required": "Enter why the meeting does not take place"},
    )
    looks = {"why": Look(rows=3)}

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
