"""What is asked of those who answer subject access requests."""

from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.children.matching import tidy_reference
from cre_toolkit.records.models import Redaction
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class RequestForm(GovukForm):
    """A request that has come, by letter or otherwise."""

    reference = forms.CharField(
        label="Reference of the child’s record",
        max_length=20,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        help_text="Whoever works with the child knows it. It looks like 7Q4K-2M9XAB.",
    )
    received_on = DayMonthYearField(label="When did the request come?", must_be="today or past")
    asked_by = forms.CharField(
        label="Who asks, and how was it made sure that they may?",
        widget=forms.Textarea,
        help_text="The child, or somebody for them: what they showed, and who saw it.",
        error_messages={"required": "Say who asks, and how it was made sure that they may"},
    )
    looks = {
        "reference": Look(called="the reference of the child’s record", width=20),
        "received_on": Look(called="the day on which the request came"),
        "asked_by": Look(rows=3),
    }

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")

    def clean_reference(self) -> str:
        return tidy_reference(self.cleaned_data["reference"])


class ExtendForm(GovukForm):
    why = forms.CharField(
        label="Why is it complex?",
        widget=forms.Textarea,
        help_text="Tell whoever asked within the first month, too.",
        error_messages={"required": "Say why it is complex, for example “three agencies must be asked”"},
    )
    looks = {"why": Look(rows=3)}

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")


WHOLE, WORDS, EVERYWHERE = "whole", "words", "everywhere"


class LeaveOutForm(GovukForm):
    """Words of one line that are not handed out."""

    what = forms.ChoiceField(
        label="What is left out?",
        choices=[
            (EVERYWHERE, "Some words, wherever they stand in the answer"),
            (WORDS, "Some words, in this line alone"),
            (WHOLE, "All of this line"),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="The words, as they stand there",
        widget=forms.Textarea,
        required=False,
        strip=False,
        help_text="Copy them from the line. Leave this empty to leave out all of it.",
    )
    reason = forms.ChoiceField(
        label="Why may it be left out?", choices=Redaction.Reason.choices, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label="What makes you think so?",
        widget=forms.Textarea,
        help_text="For the colleague who checks it. It is not handed out.",
        error_messages={"required": "Say what makes you think so, for example “it names another child”"},
    )
    looks = {
        "what": Look(called="what is left out", size="s"),
        "words": Look(rows=2),
        "reason": Look(called="why it may be left out", size="s"),
        "why": Look(rows=3),
    }

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        words = said.get("words", "").strip().replace("\r\n", "\n")
        said["words"] = "" if said.get("what") == WHOLE else words
        if said.get("what") in (WORDS, EVERYWHERE) and not words:
            self.add_error("words", "Enter the words that are left out, as they stand in the line")
        return said
