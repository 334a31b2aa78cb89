"""What is asked about the monthly tasking meeting: that it was held, what it asked for, the answers."""

import datetime
import uuid
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.casework.models import TaskingAnswer, TaskingRequest
from cre_toolkit.casework.tasking.listing import Case
from cre_toolkit.web.forms.missing import MomentForm, time_field
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class MeetingForm(MomentForm):
    """When the meeting was held, and which cases of the list it did not come to.

    Day and time are never proposed: one press would record it on every case of the authority.

    Args:
        cases: those on the list.
        data: what was typed, or None.
    """

    day = DayMonthYearField(label="On which day was the meeting held?", must_be="today or past")
    time = time_field("At what time did it begin?")
    not_discussed = forms.MultipleChoiceField(
        label="Which cases were not discussed? (optional)",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="For every other case on the list it was the monthly tasking.",
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks = {
        "day": Look(called="the day of the meeting", size="m"),
        "time": Look(called="the time at which it began", width=5, size="m"),
        "not_discussed": Look(size="m", small=True),
    }
    when = "the meeting began"

    def __init__(self, cases: Sequence[Case], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()})
        field = self.fields["not_discussed"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type alone
        field.choices = [
            (case.child.reference, f"{case.child.name} ({case.child.reference})") for case in cases
        ]

    @property
    def at(self) -> datetime.datetime:
        """When it was held, of a form that is valid."""
        return self.moment


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
