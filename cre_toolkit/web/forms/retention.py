"""What is asked of those who keep records."""

from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

KEEP, DESTROY = "keep", "destroy"


class ReviewForm(GovukForm):
    """Keep a record whose time is over for longer, or propose that it goes."""

    decision = forms.ChoiceField(
        label="What is to become of this record?",
        choices=[(KEEP, "Keep it for longer"), (DESTROY, "Propose that it is destroyed")],
        widget=forms.RadioSelect,
    )
    until = DayMonthYearField(label="Keep it until", required=False, must_be="future")
    why = forms.CharField(
        label="Why?",
        widget=forms.Textarea,
        help_text="It stays with the decision, under your name. Do not name the child or anybody else.",
        error_messages={"required": "Say why, for example “no inquiry, claim or request is open”"},
    )
    looks = {
        "decision": Look(
            called="what is to become of this record",
            reveals={KEEP: ("until",)},
            item_hints={DESTROY: "A second person decides. Nothing goes before that."},
        ),
        "until": Look(called="the day until which it is kept"),
        "why": Look(rows=3),
    }

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("decision") == KEEP and not said.get("until") and "until" not in self.errors:
            self.add_error("until", "Enter the day until which it is kept")
        return said


class HoldForm(GovukForm):
    """Put a record on legal hold, or end the hold."""

    why = forms.CharField(
        label="Why must this record not be destroyed?",
        widget=forms.Textarea,
        help_text="The inquiry, claim, complaint or order. Do not name the child or anybody else.",
        error_messages={"required": "Say why, for example “a public inquiry has asked that all is kept”"},
    )
    looks = {"why": Look(rows=3)}

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")


class EndHoldForm(GovukForm):
    why = forms.CharField(
        label="What ended the need to hold it?",
        widget=forms.Textarea,
        error_messages={"required": "Say what ended the need, for example “the claim was settled”"},
    )
    looks = {"why": Look(rows=3)}

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")


class SecondForm(GovukForm):
    """The second person's decision about a destruction; or of anybody who stops it."""

    decision = forms.ChoiceField(label="What do you decide?", widget=forms.RadioSelect)
    why = forms.CharField(
        label="Why is it not destroyed?", widget=forms.Textarea, required=False, help_text="It stays with it."
    )
    APPROVE, REFUSE = "approve", "refuse"
    looks = {
        "decision": Look(
            called="what you decide",
            reveals={REFUSE: ("why",)},
            item_hints={APPROVE: "Everything on this record goes at the next run. That cannot be undone."},
        ),
        "why": Look(rows=3),
    }

    def __init__(self, data: QueryDict | None = None, *, may_approve: bool) -> None:
        super().__init__(data, auto_id="%s")
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        approve = [(self.APPROVE, "The record is destroyed")] if may_approve else []
        field.choices = [*approve, (self.REFUSE, "The record is not destroyed")]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("decision") == self.REFUSE and not said.get("why"):
            self.add_error("why", "Say why it is not destroyed, for example “a sister has asked for a copy”")
        return said
