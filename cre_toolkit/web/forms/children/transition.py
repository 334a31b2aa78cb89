"""How far the way to adult services has come."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.casework.ends.transitions import Said
from cre_toolkit.casework.models import TransitionStep
from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.web.forms.children.ends import LONGEST
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

AGREED = TransitionStep.Step.AGREED.value


class TransitionForm(GovukForm):
    """One step: with whom, what is agreed, what the young person wants, and whether information is shared.

    Args:
        birthday: the one that comes first, which is chosen to begin with.
        data: what was typed, or None.
    """

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    birthday = forms.TypedChoiceField(
        label="Which birthday is it about?",
        choices=TransitionStep.Birthday.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    on = DayMonthYearField(label="When did you speak with Adult Safeguarding?", must_be="today or past")
    who = forms.CharField(label="With whom, and how are they reached?", max_length=300)
    wants = forms.CharField(
        label="What does the young person want?",
        help_text="In their words, in quotation marks. If you could not ask them, say why.",
        widget=forms.Textarea,
        max_length=LONGEST,
    )
    shared = forms.ChoiceField(
        label="Is information about them shared with adult services?",
        choices=YesNoUnknown.choices,
        widget=forms.RadioSelect,
    )
    shared_why = forms.CharField(
        label="Why, and does the young person agree?", widget=forms.Textarea, max_length=LONGEST
    )
    step = forms.ChoiceField(
        label="How far has it come?", choices=TransitionStep.Step.choices, widget=forms.RadioSelect
    )
    agreed = forms.CharField(
        label="What is agreed?",
        help_text="Who protects and supports them, and what happens with the plan.",
        widget=forms.Textarea,
        max_length=LONGEST,
        required=False,
    )
    starts_on = DayMonthYearField(label="From when?", required=False)
    looks = {
        "birthday": Look(called="which birthday it is about", size="m"),
        "on": Look(called="when you spoke with Adult Safeguarding", size="m"),
        "who": Look(called="with whom, and how they are reached", size="m"),
        "wants": Look(called="what the young person wants", size="m", rows=3),
        "shared": Look(called="whether information is shared with adult services", size="m"),
        "shared_why": Look(called="why, and whether the young person agrees", size="m", rows=2),
        "step": Look(called="how far it has come", size="m", reveals={AGREED: ("agreed", "starts_on")}),
        "agreed": Look(rows=3),
    }

    def __init__(self, birthday: int, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4(), "birthday": birthday})

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("step") == AGREED:
            if not said.get("agreed"):
                self.add_error("agreed", "Enter what is agreed")
            if not said.get("starts_on") and "starts_on" not in self.errors:
                self.add_error("starts_on", "Enter the day from which it holds")
        return said

    @property
    def said(self) -> Said:
        given = dict(self.cleaned_data)
        del given["form_id"]
        given["birthday"] = TransitionStep.Birthday(given["birthday"])
        given["step"] = TransitionStep.Step(given["step"])
        given["shared"] = YesNoUnknown(given["shared"])
        if given["step"] != AGREED:
            given |= {"agreed": "", "starts_on": None}
        return Said(**given)
