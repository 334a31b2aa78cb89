"""What a practitioner writes for a child or family, in their own words."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cre_toolkit.assessments.family_content import Said
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

FOR_WHOM = (("child", "The child"), ("family", "The parents or carers"))


class FamilyForm(GovukForm):
    """For whom it is, what was talked about, what happens next, whom to ring.

    Args:
        helplines: whom they can ring, each as it is to be read, and a hint.
    """

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    for_whom = forms.ChoiceField(label="Who is it for?", choices=FOR_WHOM, widget=forms.RadioSelect)
    name = forms.CharField(
        label="What do they want to be called? (optional)",
        help_text="First names. The sheet says “It is for …”. Leave it open if somebody else may find it.",
        max_length=200,
        required=False,
    )
    talked_about = forms.CharField(label="What you talked about", widget=forms.Textarea, max_length=4000)
    worries = forms.CharField(
        label="Why you are worried",
        help_text="What they know already, or may know. Do not name whoever may be causing harm, or another "
        "child. Leave out what somebody told you in confidence.",
        widget=forms.Textarea,
        max_length=4000,
    )
    next = forms.CharField(
        label="What happens next, and by when",
        help_text="One thing on each line. Take out what they should hear from somebody in person.",
        widget=forms.Textarea,
        max_length=4000,
    )
    ring = forms.CharField(
        label="Who they can ring",
        help_text="Somebody whom they know, and when they can be reached.",
        widget=forms.Textarea,
        max_length=1000,
    )
    looks = {
        "for_whom": Look(called="who it is for", size="m"),
        "name": Look(called="what they want to be called", size="m", width=20),
        "talked_about": Look(called="what you talked about", size="m", rows=4),
        "worries": Look(called="why you are worried", size="m", rows=6),
        "next": Look(called="what happens next", size="m", rows=5),
        "ring": Look(called="who they can ring", size="m", rows=2),
    }

    def __init__(self, *args: Any, helplines: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        self.fields["helplines"] = forms.MultipleChoiceField(
            label="Numbers to print on it (optional)",
            help_text="999 is always on it. Check each number before you give it.",
            choices=[(said, said) for said, _ in helplines],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        hints = {said: hint for said, hint in helplines if hint}
        self.looks = self.looks | {"helplines": Look(called="the numbers", size="m", item_hints=hints)}

    def said(self) -> Said:
        """What was typed, of a form that is valid."""
        said = self.cleaned_data
        texts = {
            key: said[key].replace("\r\n", "\n")
            for key in ("for_whom", "name", "talked_about", "worries", "next", "ring")
        }
        return Said(**texts, helplines=tuple(said["helplines"]))
