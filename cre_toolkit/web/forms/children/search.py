"""Looking for a child."""

from typing import Any

from django import forms

from cre_toolkit.children.matching import Sought, tidy_reference
from cre_toolkit.web.forms.children.fields import DateOfBirthField, NhsNumberField, PostcodeField, name_input
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class SearchForm(GovukForm):
    """One thing known is enough."""

    name = forms.CharField(
        label="Name",
        required=False,
        max_length=400,
        widget=name_input(),
        help_text="First, last or “known as”, in any order. Part of a name is enough, and it need not be "
        "spelled as on the record.",
    )
    date_of_birth = DateOfBirthField(label="Date of birth")
    nhs_number = NhsNumberField(label="NHS number")
    postcode = PostcodeField(label="Postcode")
    reference = forms.CharField(
        label="Reference",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        help_text="Of a child or an assessment in this service, like 7Q4K-2M9XAB",
    )
    looks = {
        "name": Look(size="s"),
        "date_of_birth": Look(size="s"),
        "nhs_number": Look(size="s", width=10),
        "postcode": Look(size="s", width=10),
        "reference": Look(size="s", width=20),
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            self.add_error("name", "Enter a name, a date of birth, an NHS number, a postcode or a reference")
        return cleaned

    def clean_reference(self) -> str:
        typed = self.cleaned_data["reference"]
        return tidy_reference(typed) if typed else ""

    def sought(self) -> Sought:
        """What a valid form looks for."""
        given = self.cleaned_data
        return Sought(
            names=(given["name"],) if given["name"] else (),
            date_of_birth=given["date_of_birth"],
            nhs_number=given["nhs_number"],
            postcode=given["postcode"],
            reference=given["reference"],
        )

    def known(self) -> dict[str, Any]:
        """What was typed, as the first answers about a child who is added: the last word is the last name."""
        given = self.cleaned_data
        *first, last = given["name"].split() or [""]
        return {
            "given_names": " ".join(first) if first else last,
            "family_name": last if first else "",
            "date_of_birth": given["date_of_birth"],
            "nhs_number": given["nhs_number"],
            "postcode": given["postcode"],
        }
