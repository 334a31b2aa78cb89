"""The base of the journey's forms, and the fields that they are made of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from cre_toolkit.assessments.queries import Draft
from cre_toolkit.assessments.wording import KNOWN
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.web.govuk.forms import GovukForm

MOST_ROWS = 200
"""Of one table: more than anybody writes by hand."""


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
        """What was answered, in the shape of the section."""
        return dict(self.cleaned_data)

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


class RowForm(GovukForm):
    """One row of a table that can grow."""

    @property
    def remove(self) -> str:
        """What its "Remove" button sends."""
        return f"remove-{self.prefix}"

    @property
    def is_blank(self) -> bool:
        return not any(str(value).strip() for value in self.cleaned_data.values())


class Rows:
    """A table that can grow: the rows that were written, and empty ones to write into.

    Without script, "Add another" saves and comes back with one more empty row.

    Args:
        name: of the table; its rows are `action-0`, `action-1` and so on.
        row: the form of a row.
        written: the rows that stand in the draft.
        data: what was typed, or None.
        empty: how many empty rows there are beside the written ones.
    """

    def __init__(
        self,
        name: str,
        row: type[RowForm],
        written: Sequence[Mapping[str, Any]],
        data: QueryDict | None,
        empty: int = 1,
    ) -> None:
        self.name, self._first = name, next(iter(row.base_fields))
        if data is None:
            initial = [*written, *({} for _ in range(empty))]
            self.forms = [
                row(initial=each, prefix=f"{name}-{place}", auto_id="%s")
                for place, each in enumerate(initial)
            ]
        else:
            removed = data.get("then", "").removeprefix(f"remove-{name}-")
            self.forms = [
                row(data, prefix=f"{name}-{place}", auto_id="%s")
                for place in range(self._posted(data, row))
                if str(place) != removed
            ]

    def _posted(self, data: QueryDict, row: type[RowForm]) -> int:
        place = 0
        while place < MOST_ROWS and any(f"{self.name}-{place}-{field}" in data for field in row.base_fields):
            place += 1
        return place

    def is_valid(self) -> bool:
        # Each is looked at, so that every row shows its own error.
        return sum(not form.is_valid() for form in self.forms) == 0

    def answers(self) -> list[dict[str, Any]]:
        """The rows in which something was written."""
        return [form.cleaned_data for form in self.forms if not form.is_blank]

    def stays(self, then: str) -> str:
        """The row to go back to after "Add another" or "Remove"."""
        if then == f"add-{self.name}":
            return f"{self.name}-{len(self.answers())}-{self._first}"
        return "questions" if then.startswith(f"remove-{self.name}-") else ""
