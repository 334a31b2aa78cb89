"""The log of a telephone call about a child in danger."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.casework.models import Call
from cre_toolkit.web.forms.assessments.base import Typed
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class CallForm(GovukForm):
    """When, whether somebody answered, who, and their reference. Day and time stand at now to begin with."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Did you speak to somebody?", choices=Call.Outcome.choices, widget=forms.RadioSelect
    )
    spoke_to = Typed(label="Who you spoke to (name, role)", lines=False, max_length=200)
    their_reference = Typed(label="Their reference, if they gave one", lines=False, max_length=100)
    time = forms.TimeField(
        label="Time of the call", input_formats=["%H:%M", "%H.%M", "%H%M"], help_text="For example, 16:30"
    )
    day = DayMonthYearField(label="Day of the call", must_be="today or past")
    note = Typed(label="What was said and agreed (optional)")
    looks = {
        "outcome": Look(called="whether you spoke to somebody"),
        "time": Look(called="the time of the call", width=5),
        "day": Look(called="the day of the call"),
        "their_reference": Look(width=20),
        "note": Look(rows=3),
    }

    # Day and time stand there by themselves.
    _TYPED = ("outcome", "spoke_to", "their_reference", "note")

    def __init__(self, *args: Any, to: Call.To, pressed: bool, **kwargs: Any) -> None:
        self.to = to
        self.pressed = pressed
        super().__init__(*args, prefix=to.value, auto_id="%s", **kwargs)

    @classmethod
    def begun(cls, typed: QueryDict, to: Call.To) -> bool:
        """Whether something was typed for this call."""
        return any(typed.get(f"{to.value}-{name}", "").strip() for name in cls._TYPED)

    def full_clean(self) -> None:
        """What was typed for the call whose button was not pressed is shown, and not asked of."""
        if self.pressed:
            super().full_clean()
        else:
            self._errors = ErrorDict()
            self.cleaned_data = {}

    @property
    def at(self) -> datetime.datetime:
        return timezone.make_aware(
            datetime.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "day" in said and "time" in said and self.at > timezone.now():
            self.add_error("time", ValidationError("The time of the call must be in the past"))
        return said

    def call(self) -> dict[str, Any]:
        """What `casework.assessment.calls.log_call` takes."""
        said = self.cleaned_data
        return {
            "to": self.to,
            "at": self.at,
            "outcome": Call.Outcome(said["outcome"]),
            "spoke_to": said["spoke_to"],
            "their_reference": said["their_reference"],
            "note": said["note"],
            "form_id": said["form_id"],
        }
