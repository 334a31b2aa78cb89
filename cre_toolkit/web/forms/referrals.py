"""What is asked when a child is referred, and of those who receive, chase or find a route for a referral."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.referral.models import Channel, How, Reason, To
from cre_toolkit.casework.referral.referring import Recipient
from cre_toolkit.web.forms.workers import offered
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

OUTSIDE = (To.OTHER_AUTHORITY, To.OTHER)


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, input_formats=["%H:%M", "%H.%M", "%H%M"], help_text="For example, 16:30", required=False
    )


class _StepForm(GovukForm):
    """A step of a referral. The same form sent twice takes it once."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, **given: Any) -> None:
        now = timezone.localtime()
        initial = {"form_id": uuid.uuid4(), "day": now.date(), "time": f"{now:%H:%M}"}
        super().__init__(data, auto_id="%s", initial=initial | given.pop("initial", {}), **given)

    def moment(self) -> datetime.datetime | None:
        """Day and time together; None where one of them is missing or wrong."""
        said = self.cleaned_data
        if not said.get("day") or not said.get("time"):
            return None
        return timezone.make_aware(datetime.datetime.combine(said["day"], said["time"]))

    def check_moment(self) -> None:
        at = self.moment()
        if at and at > timezone.now():
            self.add_error("time", ValidationError("The time must be in the past"))


class ReferForm(_StepForm):
    """To whom a child is referred, how, and what for.

    Args:
        choices: whom one may choose, with their names.
        data: what was typed, or None.
        by_telephone: whether it may be given by telephone.
    """

    to = forms.ChoiceField(
        label="Whom do you refer the child to?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select whom you refer the child to"},
    )
    how = forms.ChoiceField(
        label="How does it reach them?",
        choices=How,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it reaches them"},
    )
    person = forms.CharField(label="Who took it (name and role)", max_length=200, required=False)
    their_reference = forms.CharField(
        label="Their reference, if they gave one", max_length=100, required=False
    )
    day = DayMonthYearField(label="Day of the call", must_be="today or past", required=False)
    time = _time("Time of the call")
    note = forms.CharField(label="What was said and agreed (optional)", widget=forms.Textarea, required=False)
    recipient = forms.CharField(
        label="Who gets it (organisation, and a person or team there)", max_length=200, required=False
    )
    channel = forms.ChoiceField(
        label="By which channel?", choices=Channel, widget=forms.RadioSelect, required=False
    )
    address = forms.CharField(
        label="Where is it sent?",
        help_text="The e-mail address, the website, the postal address, or the desk.",
        max_length=300,
        required=False,
    )
    why = forms.CharField(
        label="What do you ask them to do, and why?",
        help_text="The assessment goes with it, where there is one: no need to write it again.",
        widget=forms.Textarea,
    )
    looks = {
        "to": Look(size="m"),
        "how": Look(
            size="m",
            item_hints={
                How.SERVICE: "They read the record here, and acknowledge it.",
                How.TELEPHONE: "You have spoken to them. The assessment does not go with it.",
                How.SEALED: "The completed form. It opens by a passphrase that you tell them by another way.",
            },
            reveals={
                How.TELEPHONE: ("person", "their_reference", "day", "time", "note"),
                How.SEALED: ("recipient", "channel", "address"),
            },
        ),
        "their_reference": Look(width=20),
        "day": Look(called="the day of the call"),
        "time": Look(called="the time of the call", width=5),
        "note": Look(rows=3),
        "why": Look(size="m", called="what you ask them to do, and why", rows=4),
    }

    def __init__(
        self, choices: Sequence[tuple[str, str]], data: QueryDict | None = None, *, by_telephone: bool = True
    ) -> None:
        super().__init__(data)
        _offer(self, "to", choices)
        if not by_telephone:
            _offer(self, "how", [each for each in How.choices if each[0] != How.TELEPHONE])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        to, how = said.get("to"), said.get("how")
        if how == How.SERVICE and to in OUTSIDE:
            self.add_error("how", "They have no account here. Select a telephone call or a sealed document")
        if to == To.WORKER and how in (How.TELEPHONE, How.SEALED):
            self.add_error("how", "The allocated worker uses this service. Select ‘In this service’")
        if how == How.TELEPHONE:
            self._need(
                person="Enter who took it", day="Enter the day of the call", time="Enter the time of the call"
            )
            self.check_moment()
        if how == How.SEALED:
            self._need(
                recipient="Enter who gets it",
                channel="Select the channel",
                address="Enter where it is sent",
            )
        return said

    def _need(self, **words: str) -> None:
        for name, text in words.items():
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, text)

    def chosen(self) -> Recipient:
        """Whom they mean, of a form that is valid."""
        said = self.cleaned_data
        to, _, which = said["to"].partition(":")
        how = How(said["how"])
        meant = Recipient(
            To(to),
            how,
            authority=which if to == To.OTHER_AUTHORITY else "",
            team=uuid.UUID(which) if to == To.FRONT_DOOR and which else None,
        )
        if how == How.TELEPHONE:
            return replace(
                meant,
                name=said["person"],
                at=self.moment(),
                their_reference=said["their_reference"],
                note=said["note"],
            )
        if how == How.SEALED:
            return replace(meant, name=said["recipient"], channel=said["channel"], address=said["address"])
        return meant


class TakeForm(_StepForm):
    """Taking on what reaches nobody: there is nothing to fill in."""


class SealForm(_StepForm):
    """Making a sealed document: there is nothing to fill in."""


class NextForm(_StepForm):
    """What happens next, for the sender to read."""

    words = forms.CharField(
        label="What happens next, and by when?",
        help_text="The sender reads this.",
        widget=forms.Textarea,
        error_messages={"required": "Enter what happens next, and by when"},
    )
    looks = {"words": Look(rows=4)}


class ReturnForm(_StepForm):
    """Why a referral is returned, and what the sender should do."""

    reason = forms.ChoiceField(
        label="Why is it returned?",
        choices=Reason,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why it is returned"},
    )
    words = forms.CharField(
        label="What should the sender do now?",
        widget=forms.Textarea,
        error_messages={"required": "Enter what the sender should do now"},
    )
    looks = {
        "reason": Look(
            item_hints={Reason.NOT_OURS: "Your team then no longer sees the record because of this referral."}
        ),
        "words": Look(rows=4),
    }


class AllocateForm(_StepForm):
    """Who becomes the allocated worker.

    Args:
        people: whom one may choose, with their agencies.
        data: what was chosen, or None.
    """

    worker = forms.ChoiceField(
        label="Who is the worker?",
        help_text="They see the record from now on, and are told by e-mail, with the reference alone.",
        error_messages={"required": "Select the worker", "invalid_choice": "Select the worker"},
    )
    looks = {"worker": Look(called="the worker")}

    def __init__(self, people: QuerySet[User], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._people = {str(one.pk): one for one in people}
        field = self.fields["worker"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        field.choices = [("", "Choose one"), *offered(self._people.values())]

    def clean_worker(self) -> User:
        return self._people[self.cleaned_data["worker"]]


class AskedForm(_StepForm):
    """Somebody was asked, or has answered: who, when, and what they said."""

    person = forms.CharField(label="Who did you speak to, and how?", max_length=200)
    day = DayMonthYearField(label="On which day?", must_be="today or past")
    time = _time("At what time?")
    words = forms.CharField(label="What did they say?", widget=forms.Textarea)
    looks = {
        "person": Look(called="who you spoke to, and how"),
        "day": Look(called="the day"),
        "time": Look(called="the time", width=5),
        "words": Look(called="what they said", rows=4),
    }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("time") and "time" not in self.errors:
            self.add_error("time", "Enter the time")
        self.check_moment()
        return said


class DispatchForm(_StepForm):
    """How the passphrase was told: never by the way that the document takes."""

    words = forms.CharField(
        label="How did you tell them the passphrase, and whom?",
        help_text="By another way than the document: for example by telephone, on a number that you know.",
        max_length=500,
        error_messages={"required": "Enter how you told them the passphrase, and whom"},
    )


class TriedForm(_StepForm):
    """What was tried to find a route."""

    words = forms.CharField(
        label="What did you try, and what came of it?",
        widget=forms.Textarea,
        error_messages={"required": "Enter what you tried, and what came of it"},
    )
    looks = {"words": Look(rows=4)}


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
    field.choices = list(choices)
