"""Tables of a form that can grow without script: family, agencies."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.web.forms.children.fields import name_input
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

MOST_ROWS = 50


class Row(GovukForm):
    """One row. A row in which nothing is written is none."""

    called = ""
    needed = ""
    needed_message = ""

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if any(cleaned.values()) and not cleaned.get(self.needed) and self.needed not in self.errors:
            self.add_error(self.needed, self.needed_message)
        return cleaned


class FamilyRow(Row):
    name = forms.CharField(label="Name", required=False, max_length=200, widget=name_input())
    relationship = forms.CharField(
        label="Relationship to the child",
        required=False,
        max_length=100,
    )
    parental_responsibility = forms.ChoiceField(
        label="Do they have parental responsibility?",
        choices=YesNoUnknown.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    contact = forms.CharField(label="Contact details", required=False, max_length=300)
    looks = {
        "parental_responsibility": Look(called="whether they have parental responsibility", small=True),
    }
    called = "person"
    needed = "name"
    needed_message = "Enter a name, or who this is, like “father, name not known”"


class AgencyRow(Row):
    agency = forms.CharField(label="Agency", required=False, max_length=200)
    person = forms.CharField(label="Person", required=False, max_length=200, widget=name_input())
    contact = forms.CharField(label="Contact details", required=False, max_length=300)
    called = "agency"
    needed = "agency"
    needed_message = "Enter the agency"


class Rows:
    """The rows that stand on the record or were typed, and empty ones to write into.

    Args:
        name: of the table; its rows are `family-0`, `family-1` and so on.
        row: the form of one.
        written: what stands on the record.
        data: what was typed, or None to show what stands.
        empty: how many empty rows to show beside what stands.
    """

    def __init__(
        self,
        name: str,
        row: type[Row],
        written: Sequence[Mapping[str, Any]],
        data: QueryDict | None,
        empty: int,
    ) -> None:
        self.name, self._row = name, row
        self.of_one = row.called.capitalize()
        self.add_text, self.add_value = f"Add another {row.called}", f"add-{name}"
        if data is None:
            initial = [*written, *({} for _ in range(empty))]
            self.forms = [self._form(place, initial=each) for place, each in enumerate(initial)]
        else:
            count = data.get(f"{name}-rows", "")
            # Four digits tell that there are too many; Python refuses to read thousands of them.
            rows = min(int(count[:4]), MOST_ROWS) if count.isascii() and count.isdigit() else 0
            self.forms = [self._form(place, data=data) for place in range(rows)]

    def _form(self, place: int, **kwargs: Any) -> Row:
        return self._row(prefix=f"{self.name}-{place}", auto_id="%s", **kwargs)

    def add_empty(self) -> str:
        """One more empty row; the id of its first control."""
        self.forms.append(self._form(len(self.forms)))
        return f"{self.name}-{len(self.forms) - 1}-{next(iter(self._row.base_fields))}"

    def is_valid(self) -> bool:
        # Each is looked at, so that every row shows its own error.
        return sum(not form.is_valid() for form in self.forms) == 0

    def answers(self) -> list[dict[str, str]]:
        """The rows in which something was written."""
        return [form.cleaned_data for form in self.forms if not form.is_blank]
