"""What is asked about the monthly tasking meeting: that it was held, what it asked for, the answers."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.casework.models import TaskingAnswer, TaskingRequest
from cre_toolkit.casework.tasking.listing import TaskingList
from cre_toolkit.web.forms.missing import MomentForm, time_field
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class _AnyOf(forms.MultipleChoiceField):
    """Several of what the form showed when it was opened: a case may have left the list since."""

    def valid_value(self, value: object) -> bool:
        return True


class MeetingForm(MomentForm):
    """When the meeting was held, and which cases of the list it did not come to.

    Day and time are never proposed: one press would record it on every case of the authority.

    Args:
        found: the list, whose cases are shown; also those that have left it since the last meeting.
        data: what was typed, or None.
    """

    day = DayMonthYearField(label="On which day was the meeting held?", must_be="today or past")
    time = time_field("At what time did it begin?")
    not_discussed = _AnyOf(
        label="Which cases were not discussed? (optional)",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="For every other case on the list when the meeting began, it was the monthly tasking.",
    )
    # The references of the cases that whoever records it was shown: no other one is recorded.
    listed = forms.CharField(widget=forms.HiddenInput)
    looks = {
        "day": Look(called="the day of the meeting", size="m"),
        "time": Look(called="the time at which it began", width=5, size="m"),
        "not_discussed": Look(size="m", small=True),
    }
    when = "the meeting began"

    def __init__(self, found: TaskingList, data: QueryDict | None = None) -> None:
        names = {case.child.reference: case.child.name for case in found.cases}
        gone = {case.child.kept.reference: case.child.kept.name for case in found.off}
        super().__init__(data, auto_id="%s", initial={"listed": " ".join([*names, *gone])})
        field = self.fields["not_discussed"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type alone
        field.choices = [
            *((reference, f"{name} ({reference})") for reference, name in names.items()),
            *(
                (reference, f"{name} ({reference}), no longer on the list")
                for reference, name in gone.items()
            ),
        ]

    @property
    def at(self) -> datetime.datetime:
        """When it was held, of a form that is valid."""
        return self.moment

    @property
    def shown(self) -> list[str]:
        """The references of the cases that were shown, of a form that is valid."""
        return str(self.cleaned_data["listed"]).split()


class AskForm(GovukForm):
    """What the meeting asked for a child."""

    asked = forms.CharField(label="What did the meeting ask for?", widget=forms.Textarea)
    of_whom = forms.CharField(label="Of whom?", max_length=300, help_text="Name, role or agency.")
    asked_on = DayMonthYearField(label="On which day was the meeting?", must_be="today or past")
    by_when = DayMonthYearField(label="By when? (optional)", required=False)
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks = {
        "asked": Look(called="what the meeting asked for", rows=4, size="m"),
        "of_whom": Look(called="of whom it was asked", size="m"),
        "asked_on": Look(called="the day of the meeting", size="m"),
        "by_when": Look(called="the day by which", size="m"),
    }

    def __init__(self, data: QueryDict | None = None) -> None:
        first = {"form_id": uuid.uuid4(), "asked_on": timezone.localdate()}
        super().__init__(data, auto_id="%s", initial=first)

    def clean(self) -> dict[str, Any]:
        """What is asked is not to be done before it was asked: that is a slip, in the year as a rule."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        asked_on, by_when = said.get("asked_on"), said.get("by_when")
        if asked_on and by_when and by_when < asked_on:
            self.add_error("by_when", "The day by which must not be before the meeting: check the year")
        return said


class AnswerForm(GovukForm):
    """What came of a request.

    Args:
        requests: those that can be answered, the one asked first on top.
        data: what was typed, or None.
    """

    request = forms.ChoiceField(label="Which request?", widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label="How far is it?", choices=TaskingAnswer.Outcome, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="What was done, or why not?", widget=forms.Textarea, help_text="The meeting reads this."
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks = {
        "request": Look(called="which request this answers", size="s"),
        "outcome": Look(called="how far it is", size="s"),
        "words": Look(called="what was done, or why not", rows=4, size="s"),
    }

    def __init__(self, requests: Sequence[TaskingRequest], data: QueryDict | None = None) -> None:
        alone = {"request": str(requests[0].pk)} if len(requests) == 1 else {}
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()} | alone)
        self._requests = {str(each.pk): each for each in requests}
        field = self.fields["request"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        field.choices = [(pk, each.asked) for pk, each in self._requests.items()]

    @property
    def chosen(self) -> TaskingRequest:
        return self._requests[self.cleaned_data["request"]]
