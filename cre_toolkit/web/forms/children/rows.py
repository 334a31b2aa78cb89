"""The tables of a child's record: family, agencies."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.web.forms.children.fields import name_input
from cre_toolkit.web.forms.rows import Row, Rows
from cre_toolkit.web.govuk.look import Look

MOST_ROWS = 50


class RecordRow(Row):
    """A row of a child's record: where anything is written, one box is needed."""

    called = ""
    of_many = ""
    needed = ""
    needed_message = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if any(cleaned.values()) and not cleaned.get(self.needed) and self.needed not in self.errors:
            self.add_error(self.needed, self.needed_message)
        return cleaned


class FamilyRow(RecordRow):
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
    of_many = "people"
    needed = "name"
    needed_message = "Enter a name, or who this is, like “father, name not known”"


class AgencyRow(RecordRow):
    agency = forms.CharField(label="Agency", required=False, max_length=200)
    person = forms.CharField(label="Person", required=False, max_length=200, widget=name_input())
    contact = forms.CharField(label="Contact details", required=False, max_length=300)
    called = "agency"
    of_many = "agencies"
    needed = "agency"
    needed_message = "Enter the agency"


class RecordRows(Rows):
    """A table of the child's record. What was not sent whole, or is too much, is an error: nothing is lost.

    The form says how many rows it has (`family-rows`), so that a post that lost some on its way is known as
    one and does not remove them.

    Args: as of `Rows`.
    """

    row: type[RecordRow]

    def __init__(
        self,
        name: str,
        row: type[RecordRow],
        written: Sequence[Mapping[str, Any]],
        data: QueryDict | None,
        empty: int,
    ) -> None:
        super().__init__(name, row, written, data, empty)
        self.row = row
        # What is wrong with the table as such, once it was judged (`is_valid`), and how to mend it.
        self.problem = ""
        rows = len(self.forms) if self.posted else 0
        self._whole = data is not None and data.get(f"{name}-rows") == str(rows)
        if self._whole and not self.posted:
            self.forms, self.posted = [], True
        self.of_one = row.called.capitalize()
        self.add_text, self.add_value = f"Add another {row.called}", f"add-{name}"

    def is_valid(self) -> bool:
        rows_valid = super().is_valid()
        self.problem = self._judged()
        return rows_valid and not self.problem

    def _judged(self) -> str:
        if not self._whole:
            return (
                f"The list of {self.row.of_many} did not arrive whole, so nothing was saved. "
                "Check it below and save again."
            )
        written = sum(not (form.is_valid() and form.is_blank) for form in self.forms)
        if written > MOST_ROWS:
            return (
                f"Write at most {MOST_ROWS} {self.row.of_many}. There are {written}, and nothing was saved: "
                "empty the boxes of those who matter least, or write two into one row."
            )
        return ""

    def add_empty(self) -> str:
        """One more empty row; the id of its first control."""
        self.forms.append(self._form(len(self.forms)))
        return f"{self.name}-{len(self.forms) - 1}-{self._first}"
