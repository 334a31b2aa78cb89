"""What is asked when a case is closed or opened again, and when a child has died."""

import uuid

from django import forms
from django.http import QueryDict

from cre_toolkit.casework.ends.closing import CHOSEN
from cre_toolkit.casework.ends.death import Told
from cre_toolkit.casework.models import Closing, Death
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

LONGEST = 4000


class _OnceForm(GovukForm):
    """A form that does one thing once, however often it is sent: `form_id` is minted with it."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()})


class CloseForm(_OnceForm):
    """Why a case is closed."""

    reason = forms.ChoiceField(
        label="Why is the case closed?",
        choices=[(reason.value, reason.label) for reason in CHOSEN],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="What has been done, and who goes on supporting the child?",
        help_text="Whoever opens the record later reads this first.",
        widget=forms.Textarea,
        max_length=LONGEST,
    )
    looks = {
        "reason": Look(called="why the case is closed", size="m"),
        "words": Look(called="what has been done, and who goes on supporting the child", size="m", rows=4),
    }

    @property
    def reason_(self) -> Closing.Reason:
        return Closing.Reason(self.cleaned_data["reason"])


class ReopenForm(_OnceForm):
    """Why a closed case is opened again."""

    words = forms.CharField(
        label="Why is the case opened again?",
        help_text="For example “a new concern of her school” or “closed too early”.",
        widget=forms.Textarea,
        max_length=LONGEST,
    )
    looks = {"words": Look(called="why the case is opened again", size="m", rows=3)}


class DeathForm(_OnceForm):
    """What the service is told of the death of a child."""

    died_on = DayMonthYearField(label="When did the child die?", must_be="today or past")
    known = forms.ChoiceField(
        label="How well is the day known?", choices=Death.Known.choices, widget=forms.RadioSelect
    )
    told_by = forms.CharField(
        label="Who told us, and how?",
        help_text="For example “Detective Sergeant Pretend, by telephone”.",
        max_length=300,
    )
    words = forms.CharField(
        label="What else do those who worked with the child need to know? (optional)",
        help_text="For example who is with the family, and whom to ask before anybody contacts them. Facts, "
        "no more than are needed.",
        widget=forms.Textarea,
        max_length=LONGEST,
        required=False,
    )
    looks = {
        "died_on": Look(called="the day on which the child died", size="m"),
        "known": Look(called="how well the day is known", size="m"),
        "told_by": Look(called="who told us, and how", size="m"),
        "words": Look(size="m", rows=4),
    }

    @property
    def told(self) -> Told:
        said = self.cleaned_data
        return Told(
            died_on=said["died_on"],
            known=Death.Known(said["known"]),
            told_by=said["told_by"],
            words=said["words"],
        )


class WhyForm(GovukForm):
    """One question: why, or what happens next.

    Args:
        data: what was typed, or None.
        label: the question.
        called: what an error message calls it.
        hint: below the question.
        prefix: where the page has several.
    """

    words = forms.CharField(widget=forms.Textarea, max_length=LONGEST)

    def __init__(
        self, data: QueryDict | None = None, *, label: str, called: str, hint: str = "", prefix: str = ""
    ) -> None:
        self.looks = {"words": Look(called=called, rows=3)}
        super().__init__(data, auto_id="%s", prefix=prefix or None)
        self.fields["words"].label = label
        self.fields["words"].help_text = hint
