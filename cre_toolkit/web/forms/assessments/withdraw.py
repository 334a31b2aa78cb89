"""Why a sent assessment is withdrawn."""

from typing import Any

from django import forms

from cre_toolkit.assessments.models import Withdrawal
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class WithdrawForm(GovukForm):
    """What kind of error it was, what happened, and whether the danger was one, too.

    Args:
        danger: whether the draft said that the child was in immediate danger, and that still stands.
    """

    category = forms.ChoiceField(
        label="Why are you withdrawing it?", choices=Withdrawal.Category.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="What happened?",
        help_text="It stands on the record for everybody who may read it. Do not name another child here.",
        widget=forms.Textarea,
        max_length=4000,
    )
    danger_too = forms.BooleanField(
        label="The immediate danger was said in error, too",
        help_text="Do not tick this if the child is in danger all the same: the telephone calls stay due.",
        required=False,
    )
    looks = {
        "category": Look(called="why you are withdrawing it", size="m"),
        "words": Look(called="what happened", size="m", rows=4),
    }

    def __init__(self, *args: Any, danger: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        if not danger:
            del self.fields["danger_too"]
