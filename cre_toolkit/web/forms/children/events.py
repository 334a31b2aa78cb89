"""What is entered into a child's case: a significant incident, and that something was recorded in error."""

import datetime
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class IncidentForm(GovukForm):
    """What happened, when, how it is known, and who was harmed.

    Args:
        data: what was typed, or None.
    """

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    danger_now = forms.ChoiceField(
        label="Is the child in immediate danger now?",
        help_text="If you say yes, the calls to the police and to social care are due at once, and the next"
        " page has the numbers.",
        choices=YesNoUnknown.choices,
        widget=forms.RadioSelect,
    )
    what = forms.CharField(
        label="What happened?",
        help_text="What was seen or heard, where, and what the adults did. The child’s own words in quotation"
        " marks.",
        widget=forms.Textarea,
        max_length=20_000,
    )
    day = DayMonthYearField(label="Which day was it?", must_be="today or past")
    time = forms.TimeField(
        label="About what time?",
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        help_text="For example, 16:30. If nobody knows, the time when it was noticed.",
        error_messages={"required": "Enter about what time it was"},
    )
    known_from = forms.CharField(
        label="Who saw or heard it, and when?",
        widget=forms.Textarea,
        max_length=4000,
        error_messages={"required": "Enter who saw or heard it, and when"},
    )
    harm = forms.CharField(
        label="How was the child harmed? (optional)", widget=forms.Textarea, max_length=4000, required=False
    )
    others = forms.CharField(
        label="Was anybody else harmed, and how? (optional)",
        help_text="A child who harms somebody while they are exploited is a child who is harmed. Say both.",
        widget=forms.Textarea,
        max_length=4000,
        required=False,
    )
    was_missing = forms.ChoiceField(
        label="Was the child missing at the time?", choices=YesNoUnknown.choices, widget=forms.RadioSelect
    )
    looks = {
        "danger_now": Look(called="whether the child is in immediate danger now"),
        "what": Look(called="what happened", rows=5),
        "day": Look(called="the day of the incident"),
        "time": Look(width=5),
        "known_from": Look(rows=2),
        "harm": Look(rows=3),
        "others": Look(rows=3),
        "was_missing": Look(called="whether the child was missing at the time"),
    }

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()})

    @property
    def at(self) -> datetime.datetime:
        """When it happened."""
        said = self.cleaned_data
        return timezone.make_aware(datetime.datetime.combine(said["day"], said["time"]))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "day" in said and "time" in said and self.at > timezone.now():
            self.add_error("time", ValidationError("The time of the incident must be in the past"))
        return said

    def incident(self) -> dict[str, Any]:
        """What `casework.note.incidents.record_incident` takes."""
        said = self.cleaned_data
        return {
            "at": self.at,
            "was_missing": YesNoUnknown(said["was_missing"]),
            "danger_now": YesNoUnknown(said["danger_now"]),
            **{name: said[name] for name in ("what", "known_from", "harm", "others", "form_id")},
        }


class InErrorForm(GovukForm):
    """Why something was recorded in error."""

    why = forms.CharField(
        label="What was wrong?",
        help_text="It stands on the record for everybody who may read it. Do not name another child here.",
        widget=forms.Textarea,
        max_length=4000,
        error_messages={"required": "Enter what was wrong"},
    )
    looks = {"why": Look(size="m", rows=4)}
