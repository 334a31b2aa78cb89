"""What is written onto a case: a discussion, a decision, an intervention; and who leads the work."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.wording import KNOWN
from cre_toolkit.casework.models import Note
from cre_toolkit.casework.note.leading import Named
from cre_toolkit.casework.note.notes import Said
from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

_FACTS = "What was seen or heard, by whom and when. What the child said, in quotation marks."
_DECIDED = (
    "Write what was decided, why, and who decided it. A decision without its reason helps nobody who reads it"
)
_SOMEBODY_ELSE = "other"


def _text(label: str, *, required: bool = True, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea, required=required, **kwargs)


def _line(label: str, *, required: bool = True, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, required=required, **kwargs)


class NoteForm(GovukForm):
    """The base of the three: when, and whom to tell.

    Args:
        people: of the child's network, but for whoever writes.
        data: what was typed, or None.
    """

    kind: Note.Kind
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    day = DayMonthYearField(label="On which day?", must_be="today or past")
    time = forms.TimeField(
        label="At what time?", input_formats=["%H:%M", "%H.%M", "%H%M"], help_text="For example, 16:30"
    )
    tell = forms.MultipleChoiceField(
        label="Whom should we tell that there is a new note? (optional)",
        help_text="By e-mail, with the reference alone. Whoever sees the record can read it.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    looks = {
        "day": Look(called="the day"),
        "time": Look(called="the time", width=5),
        "tell": Look(small=True),
    }

    def __init__(self, people: Sequence[User], data: QueryDict | None = None) -> None:
        now = timezone.localtime()
        begin = {"form_id": uuid.uuid4(), "day": now.date(), "time": f"{now:%H:%M}"}
        super().__init__(data, auto_id="%s", initial=begin)
        self._people = {str(person.pk): person for person in people}
        for name in ("colleagues", "tell"):
            if name in self.fields and not self._people:
                del self.fields[name]
            elif name in self.fields:
                offer_people(self, name, people)

    @property
    def at(self) -> datetime.datetime:
        """When it happened; of an intervention, the beginning of its first day."""
        time = self.cleaned_data.get("time") or datetime.time()
        return timezone.make_aware(datetime.datetime.combine(self.cleaned_data["day"], time))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("day") and said.get("time") and self.at > timezone.now():
            self.add_error("time", ValidationError("The time must be in the past"))
        if said.get("decision") and not (said.get("reason") and said.get("decided_by")):
            missing = "reason" if not said.get("reason") else "decided_by"
            if missing not in self.errors:
                self.add_error(missing, ValidationError(_DECIDED))
        return said

    def chosen(self, name: str) -> tuple[User, ...]:
        """The people ticked in one of the two lists."""
        return tuple(self._people[pk] for pk in self.cleaned_data.get(name, ()))

    def written(self) -> Said:
        """What `casework.note.notes.write_note` takes."""
        words = ("said", "others", "decision", "reason", "decided_by", "service")
        return Said(
            kind=self.kind,
            at=self.at,
            colleagues=self.chosen("colleagues"),
            **{name: self.cleaned_data[name] for name in words if name in self.fields},
        )


class DiscussionForm(NoteForm):
    """Who spoke with whom about the child, and what was decided, where something was."""

    kind = Note.Kind.DISCUSSION
    colleagues = forms.MultipleChoiceField(
        label="Who of the child’s network was there besides you? (optional)",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    others = _line(
        "Who else was there? (optional)", required=False, help_text="Name and role, for example the police."
    )
    said = _text("What was said?", help_text=_FACTS)
    decision = _text("What was decided? (optional)", required=False)
    reason = _text("Why? (if something was decided)", required=False)
    decided_by = _line("Who decided it? (if something was decided)", required=False)
    field_order = ("day", "time", "colleagues", "others", "said", "decision", "reason", "decided_by", "tell")
    looks = NoteForm.looks | {
        "colleagues": Look(small=True),
        "said": Look(called="what was said"),
        "decision": Look(rows=3),
        "reason": Look(rows=3),
    }


class DecisionForm(NoteForm):
    """What was decided about the child, with its reason and who made it."""

    kind = Note.Kind.DECISION
    decision = _text("What was decided?")
    reason = _text("Why?", help_text="The facts that it rests on, and what else was thought of.")
    decided_by = _line("Who decided it?", help_text="Name and role.")
    field_order = ("day", "time", "decision", "reason", "decided_by", "tell")
    looks = NoteForm.looks | {
        "decision": Look(called="what was decided", rows=3),
        "reason": Look(called="why it was decided", rows=3),
        "decided_by": Look(called="who decided it"),
    }


class InterventionForm(NoteForm):
    """What is done for the child, by which service and from when."""

    kind = Note.Kind.INTERVENTION
    service = _line("Which service, and who there?")
    said = _text(
        "What is done for the child and family?",
        help_text="Where a service was chosen over another one, say why.",
    )
    day = DayMonthYearField(
        label="From which day on?",
        must_be="today or past",
        help_text="What is arranged and has not begun is written down as a decision.",
    )
    time = None  # type: ignore[assignment]
    field_order = ("service", "said", "day", "tell")
    looks = NoteForm.looks | {
        "service": Look(called="which service"),
        "said": Look(called="what is done for the child"),
        "day": Look(called="the day from which on it is done"),
    }


FORMS: dict[str, type[NoteForm]] = {
    form.kind.value: form for form in (DiscussionForm, DecisionForm, InterventionForm)
}


class DoingForm(DiscussionForm):
    """What was due is done: how, when and with whom."""

    said = _text("What was done or said?", help_text=_FACTS)
    looks = DiscussionForm.looks | {"said": Look(called="what was done or said")}


class LeadForm(GovukForm):
    """Who leads the work with a child, and whether adults draw the child in.

    Args:
        people: of the child's network, with whoever writes.
        data: what was typed, or None.
    """

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label="Who has the best relationship with the child, and leads the work?", widget=forms.RadioSelect
    )
    name = _line("Their name, and what they do", required=False)
    why = _text("Why this person?", help_text="What the child says of them counts most.")
    drawn_in = forms.ChoiceField(
        label="Do adults draw the child into selling or exchanging sex, or into bringing in other children?",
        help_text="A child who is made to do this is harmed by it, also where other children are harmed.",
        choices=list(KNOWN.items()),
        widget=forms.RadioSelect,
    )
    goes_on = forms.ChoiceField(
        label="Does it go on, although it was spoken of with the child?",
        choices=list(KNOWN.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    looks = {
        "who": Look(called="who leads the work", size="m", reveals={_SOMEBODY_ELSE: ("name",)}),
        "name": Look(called="their name"),
        "why": Look(called="why it is this person", rows=3),
        "drawn_in": Look(called="whether adults draw the child in", size="m", reveals={"yes": ("goes_on",)}),
        "goes_on": Look(called="whether it goes on"),
    }

    def __init__(self, people: Sequence[User], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()})
        self._people = {str(person.pk): person for person in people}
        offer_people(self, "who", people, (_SOMEBODY_ELSE, "Somebody else"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("who") == _SOMEBODY_ELSE and not said.get("name"):
            self.add_error("name", ValidationError("Enter their name, and what they do"))
        if said.get("drawn_in") == YesNoUnknown.YES and not said.get("goes_on"):
            self.add_error("goes_on", ValidationError("Select whether it goes on"))
        return said

    def named(self) -> Named:
        """What `casework.note.leading.name_lead` takes."""
        said = self.cleaned_data
        person = self._people.get(said["who"])
        return Named(
            name=_called(person) if person else said["name"],
            person=person,
            why=said["why"],
            drawn_in=YesNoUnknown(said["drawn_in"]),
            goes_on=said["goes_on"],
        )


def offer_people(form: forms.Form, name: str, people: Sequence[User], *more: tuple[str, str]) -> None:
    """Give a field of choices these people, and what else there is to choose."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
    field.choices = [*((str(person.pk), _called(person)) for person in people), *more]


def _called(person: User) -> str:
    return f"{person.name}, {person.job_title}" if person.job_title else person.name
