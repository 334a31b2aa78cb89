"""A manager's answer to an assessment."""

from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.casework.countersigning.answers import Answer
from cre_toolkit.casework.models import Countersignature
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

Outcome = Countersignature.Outcome
LEVELS = (("low", "Low"), ("medium", "Medium"), ("high", "High"))


class DecisionForm(GovukForm):
    """Whether the manager agrees, returns it or sets another level, and why. Nothing is chosen beforehand.

    Args:
        recorded: the level that was recorded, which is no other level.
        form_id: minted by the page.
        data: what was typed, or None.
    """

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="Your answer", choices=Outcome.choices, widget=forms.RadioSelect)
    comment = forms.CharField(label="Anything to add (optional)", widget=forms.Textarea, required=False)
    missing = forms.CharField(
        label="What is missing, or must be looked at again?",
        help_text="The author reads this and assesses again. What they sent stays on the record.",
        widget=forms.Textarea,
        required=False,
    )
    level = forms.ChoiceField(label="Which level?", widget=forms.RadioSelect, required=False)
    reasons = forms.CharField(
        label="Your reasons",
        help_text="What you see otherwise, and in which evidence.",
        widget=forms.Textarea,
        required=False,
    )
    looks = {
        "outcome": Look(
            called="your answer",
            size="m",
            reveals={
                Outcome.AGREED: ("comment",),
                Outcome.RETURNED: ("missing",),
                Outcome.SET_LEVEL: ("level", "reasons"),
            },
            item_hints={
                Outcome.AGREED: "Levels that were assessed before this one no longer count.",
                Outcome.RETURNED: "The level counts meanwhile. A new assessment is due at once.",
                Outcome.SET_LEVEL: "Yours counts in place of the author’s, from now on.",
            },
        ),
        "comment": Look(rows=3),
        "missing": Look(rows=4),
        "level": Look(called="the level"),
        "reasons": Look(rows=4),
    }

    def __init__(self, *, recorded: str, form_id: object, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": form_id})
        others = [choice for choice in LEVELS if choice[0] != recorded]
        self.fields["level"].choices = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        outcome = said.get("outcome")
        if outcome == Outcome.RETURNED and not said.get("missing"):
            self.add_error("missing", "Say what is missing or must be looked at again")
        if outcome == Outcome.SET_LEVEL and "level" in said and not said["level"]:
            self.add_error("level", "Select the level that you set")
        if outcome == Outcome.SET_LEVEL and not said.get("reasons"):
            self.add_error("reasons", "Give your reasons for another level")
        return said

    @property
    def answer(self) -> Answer:
        """What was said; of an outcome that was not chosen in the end, no word is taken."""
        said = self.cleaned_data
        outcome = Outcome(said["outcome"])
        words = {Outcome.AGREED: "comment", Outcome.RETURNED: "missing", Outcome.SET_LEVEL: "reasons"}
        level = said["level"] if outcome == Outcome.SET_LEVEL else ""
        return Answer(outcome, level, said[words[outcome]])
