"""What comes after a meeting: when the next one is. And that something agreed in one was done."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.documents.dates import day_in_words
from cre_toolkit.rules.authority import MeetingKind
from cre_toolkit.web.forms.meetings.fields import day_field, instant, offer, time_field, words_field
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class NextForm(GovukForm):
    """The next meeting: proposed by the rules, and changed with a reason where it is later.

    Args:
        kinds: those that can be planned.
        proposed: by kind, the last day on which the rules want it held.
        begin: the kind that is proposed.
        at: the time of day to begin with.
        data: what was typed, or None.
    """

    plan_next = forms.ChoiceField(
        label="Do you plan the next meeting now?",
        choices=[("yes", "Yes"), ("no", "No, later")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you plan the next meeting now"},
    )
    kind = forms.ChoiceField(label="Which meeting?", required=False)
    day = day_field("Day of the next meeting", must_be="today or future", required=False)
    time = time_field(required=False)
    why_later = words_field("Why is it later than the rules propose? (if it is)")
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks = {
        "plan_next": Look(
            size="m",
            called="whether you plan the next meeting now",
            reveals={"yes": ("kind", "day", "time", "why_later")},
        ),
        "kind": Look(called="which meeting is next"),
        "day": Look(called="the day of the next meeting"),
        "time": Look(called="the time of the next meeting", width=5),
        "why_later": Look(rows=2),
    }

    def __init__(
        self,
        kinds: Sequence[MeetingKind],
        proposed: dict[str, datetime.date],
        begin: str,
        at: datetime.time,
        data: QueryDict | None = None,
    ) -> None:
        first = proposed.get(begin)
        initial = {
            "form_id": uuid.uuid4(),
            "plan_next": "yes" if first else None,
            "kind": begin,
            "day": first,
            "time": f"{at:%H:%M}",
        }
        super().__init__(data, auto_id="%s", initial=initial)
        self._proposed = proposed
        offer(self, "kind", [("", "Choose one"), *((kind.id, kind.title) for kind in kinds)])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("plan_next") != "yes":
            return said
        for name, message in (
            ("kind", "Select which meeting is next"),
            ("day", "Enter the day of the next meeting"),
            ("time", "Enter the time of the next meeting"),
        ):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, message)
        last = self._proposed.get(said.get("kind", ""))
        if last and said.get("day") and said["day"] > last and not said.get("why_later", "").strip():
            self.add_error(
                "why_later",
                f"Enter why it is later than {day_in_words(last)}, which the rules propose",
            )
        if said.get("day") and said.get("time") and instant(said["day"], said["time"]) < timezone.now():
            self.add_error("time", "The time of the next meeting must be in the future")
        return said

    @property
    def at(self) -> datetime.datetime | None:
        """When the next meeting is; None where it is not planned now."""
        if self.cleaned_data["plan_next"] != "yes":
            return None
        return instant(self.cleaned_data["day"], self.cleaned_data["time"])


class DoneForm(GovukForm):
    """What was done of what a meeting agreed."""

    how = words_field("What was done?", required=True, error_messages={"required": "Enter what was done"})
    looks = {"how": Look(rows=3)}

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
