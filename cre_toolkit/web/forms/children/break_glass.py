"""Why somebody breaks the glass, and what is said of it afterwards."""

from django import forms

from cre_toolkit.children.break_glass_models import BreakGlass, BreakGlassReview
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class BreakGlassForm(GovukForm):
    """The reason, and in words."""

    category = forms.ChoiceField(
        label="Why can it not wait?", choices=BreakGlass.Category.choices, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label="What do you need to know, and what for?",
        help_text="The child’s allocated worker, their manager and whoever reviews this will read it.",
        widget=forms.Textarea,
        max_length=4000,
        error_messages={"required": "Enter what you need to know, and what for"},
    )
    looks = {
        "category": Look(called="why it cannot wait", size="m"),
        "why": Look(size="m", rows=4),
    }


class ReviewForm(GovukForm):
    """Whether it was right, and why."""

    outcome = forms.ChoiceField(
        label="Was it right to open the record?",
        choices=BreakGlassReview.Outcome.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="How do you know?",
        help_text="For example, whom you asked. Whoever broke the glass will read it.",
        widget=forms.Textarea,
        max_length=4000,
        error_messages={"required": "Enter how you know"},
    )
    looks = {
        "outcome": Look(called="whether it was right to open the record", size="m"),
        "words": Look(size="m", rows=4),
    }
