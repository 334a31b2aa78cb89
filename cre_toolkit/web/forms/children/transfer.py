"""Which authority is asked to be responsible for a child, and why."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.casework.transfer.queries import authority_name
from cre_toolkit.rules.loading import authority_ids
from cre_toolkit.web.forms.children.ends import LONGEST
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

OUTSIDE = "outside"


class TransferForm(GovukForm):
    """Which authority, by which way, and why.

    Args:
        authority: the one that is responsible now, which cannot be chosen.
        data: what was typed, or None.
    """

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    to = forms.ChoiceField(label="Which authority is to be responsible?", widget=forms.RadioSelect)
    to_whom = forms.CharField(
        label="Which authority, and who there?",
        help_text="For example “Example Borough, duty team, 01632 960001”.",
        max_length=300,
        required=False,
    )
    how = forms.CharField(
        label="How did the documents go to them?",
        help_text="By the channel that your authority has agreed with them, never by ordinary e-mail.",
        max_length=300,
        required=False,
    )
    why = forms.CharField(
        label="Why, and from when?",
        help_text="For example “the family moved on 3 March”. The other authority reads this.",
        widget=forms.Textarea,
        max_length=LONGEST,
    )
    looks = {
        "to": Look(
            called="which authority is to be responsible", size="m", reveals={OUTSIDE: ("to_whom", "how")}
        ),
        "why": Look(called="why, and from when", size="m", rows=3),
    }

    def __init__(self, authority: str, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()})
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        others = [(id_, authority_name(id_)) for id_ in authority_ids() if id_ != authority]
        field.choices = [*others, (OUTSIDE, "An authority that does not use this service")]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("to") == OUTSIDE:
            if not said.get("to_whom"):
                self.add_error("to_whom", "Enter which authority, and who there")
            if not said.get("how"):
                self.add_error("how", "Enter how the documents went to them")
        return said

    @property
    def asked(self) -> dict[str, Any]:
        """What `casework.transfer.transferring.ask` takes."""
        said = self.cleaned_data
        outside = said["to"] == OUTSIDE
        return {
            "why": said["why"],
            "form_id": said["form_id"],
            "to": "" if outside else said["to"],
            "to_whom": said["to_whom"] if outside else "",
            "how": said["how"] if outside else "",
        }
