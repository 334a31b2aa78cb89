"""The base of the journey's forms, and the fields that they are made of."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from cre_toolkit.assessments.queries import Draft
from cre_toolkit.assessments.wording import KNOWN
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.web.govuk.forms import GovukForm


class Typed(forms.CharField):
    """Text as it was typed, spaces and all. Nothing is too long, and no character is refused."""

    def __init__(self, *, lines: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea if lines else forms.TextInput)
        super().__init__(required=False, strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\x00", "")


def known(label: str, **kwargs: Any) -> forms.ChoiceField:
    """Yes, no or not known. None of them is chosen to begin with."""
    return choice(label, KNOWN.items(), **kwargs)


def choice(label: str, choices: Iterable[tuple[str, str]], **kwargs: Any) -> forms.ChoiceField:
    """One of several, or none yet."""
    return forms.ChoiceField(
        label=label, choices=list(choices), widget=forms.RadioSelect, required=False, **kwargs
    )


class SectionForm(GovukForm):
    """A form over one section of a draft: its fields have the names of the section's answers.

    Args:
        draft: the draft that it is about.
        data: what was typed, or None to show what stands in the draft.
        adding: the name of a table that gets one more empty row.
    """

    section: ClassVar[str]

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        self.draft, self.adding = draft, adding
        super().__init__(data, initial=self.initial_of(draft), auto_id="%s")

    def initial_of(self, draft: Draft) -> Mapping[str, Any]:
        """What stands in the draft, by the names of the fields."""
        return draft.answers.section(self.section).model_dump()

    def answers(self) -> dict[str, Any]:
        """What was answered, in the shape of the section; what was left out stays as it stands."""
        return self.draft.answers.section(self.section).model_dump() | self.cleaned_data

    def leave_out_what_is_wrong(self) -> list[str]:
        """Leave what cannot be read as it stands in the draft, so that the rest can be saved.

        For saving while somebody types: half a date is no mistake yet.

        Returns:
            What was left out, in words.
        """
        wrong = [name for name in self.errors if name in self.fields]
        for name in wrong:
            del self.errors[name]
        return [getattr(self.looks.get(name), "called", "") or str(self.fields[name].label) for name in wrong]

    def stays(self, then: str) -> str:
        """Where on the same page the pressed button leads; blank where it leads on."""
        return ""

    def from_pack(self, instrument: Instrument, fields: Mapping[str, str]) -> None:
        """Give fields the toolkit's own words, with the service's hint and today's wording beside them.

        Args:
            instrument: the edition.
            fields: names of form fields and ids of the edition's.
        """
        for name, field_id in fields.items():
            words = instrument.field_by_id[field_id]
            self.fields[name].label = words.label
            self.fields[name].help_text = " ".join(filter(None, (words.hint, words.wording_note)))
