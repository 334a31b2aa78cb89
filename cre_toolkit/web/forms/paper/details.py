"""About the paper form: when it was completed and by whom, and what its header says of the child."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.assessments.answers import from_sections
from cre_toolkit.assessments.paper_answers import PaperAnswers
from cre_toolkit.assessments.paper_casefile import completed_at
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.rules.loading import authority_ids, load_authority
from cre_toolkit.web.forms.assessments.base import SectionForm, Typed, choice, known
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.look import Look

# What a form's header may ask beside the child's name, by the id of the edition's field: in its own words.
_OF_THE_HEADER = {
    "address": "address",
    "authority": "responsible-authority",
    "worker_name": "allocated-worker",
    "worker_contact": "worker-contact",
    "send": "disabilities",
    "social_care_on": "date-referred-social-care",
    "police_on": "date-referred-police",
}
_DAYS = ("completed_on", "social_care_on", "police_on")


class DetailsForm(SectionForm):
    """Everything here is copied from the paper. What the paper leaves open stays open."""

    section = "paper"
    completed_on = DayMonthYearField(
        required=False,
        must_be="today or past",
        help_text="The date that stands on the form. For example, 27 3 2018",
    )
    completed_time = forms.TimeField(
        label="Time, if the form gives one",
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H%M"],
        help_text="For example, 16:30. Without a time the history shows the date alone.",
    )
    author = Typed(label="Name of the person who completed it", lines=False)
    agency = Typed(label="Their agency", lines=False)
    role = Typed(label="Their role, if the form says", lines=False)
    address = Typed()
    authority = choice("", ())
    worker_name = Typed(lines=False)
    worker_contact = Typed(lines=False)
    send = known("")
    disabilities = Typed(label="What the form says about disabilities (optional)")
    social_care_on = DayMonthYearField(required=False, must_be="today or past")
    police_on = DayMonthYearField(required=False, must_be="today or past")
    looks = {
        "completed_on": Look(called="the date on which the form was completed", size="s"),
        "completed_time": Look(called="the time at which the form was completed", width=5),
        "address": Look(rows=2),
        "authority": Look(called="the authority that the form names", size="s"),
        "send": Look(called="whether the form says that the child has disabilities", size="s"),
        "disabilities": Look(rows=2),
        "social_care_on": Look(called="the date of referral to social care", size="s"),
        "police_on": Look(called="the date of referral to the police", size="s"),
    }

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        labels = {field.id: field.label for field in draft.instrument.fields}
        for name, field_id in _OF_THE_HEADER.items():
            if field_id in labels:
                self.fields[name].label = labels[field_id]
            else:
                del self.fields[name]
        if "send" not in self.fields:
            del self.fields["disabilities"]
        self.fields["completed_on"].label = labels.get("date-completed", "Date completed")
        if "authority" in self.fields:
            day = timezone.localdate()
            names = [(id_, load_authority(id_).on(day).name) for id_ in authority_ids()]
            self.fields["authority"].choices = names  # type: ignore[attr-defined]

    @property
    def asks_about_the_child(self) -> bool:
        """Whether the form's header asks more than who the child is."""
        return any(name in self.fields for name in _OF_THE_HEADER)

    def initial_of(self, draft: Draft) -> dict[str, Any]:
        said = draft.answers.section(self.section).model_dump()
        return said | {
            name: datetime.date.fromisoformat(said[name]) if said[name] else None for name in _DAYS
        }

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        day, born = said.get("completed_on"), self.draft.child.date_of_birth
        if day and born and day < born:
            self.add_error(
                "completed_on",
                ValidationError(
                    f"The form cannot have been completed before the child was born on "
                    f"{date_format(born, 'j F Y')}",
                ),
            )
        elif day and said.get("completed_time") and self._completed_at() > timezone.now():
            self.add_error("completed_time", ValidationError("The time of the form must be in the past"))
        return said

    def answers(self) -> dict[str, Any]:
        said = super().answers()
        for name in _DAYS:
            said[name] = said[name].isoformat() if isinstance(said[name], datetime.date) else said[name] or ""
        time = said["completed_time"]
        said["completed_time"] = f"{time:%H:%M}" if isinstance(time, datetime.time) else time or ""
        return said

    def _completed_at(self) -> datetime.datetime:
        now = timezone.now()
        return completed_at(from_sections({"paper": self.answers()}, PaperAnswers), now) or now
