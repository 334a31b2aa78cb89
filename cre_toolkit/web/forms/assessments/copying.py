"""For whom, and what, is taken over from an assessment into drafts about other children."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class CopyForm(GovukForm):
    """Children who are shown, a box to find others, and the parts that can be taken over.

    Args:
        data: what was sent, or None.
        children: who can be chosen, by reference.
        hints: what tells them apart, by reference.
        parts: what can be taken over, by section.
        several: whether more than one child can be chosen.
    """

    name = forms.CharField(
        label="Find a child by name",
        required=False,
        max_length=400,
        help_text="Among the children whose record you can see. Spelling need not be exact.",
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        children: Sequence[tuple[str, str]],
        hints: Mapping[str, str],
        parts: Sequence[tuple[str, str]],
        several: bool,
        initial: Mapping[str, Any],
    ) -> None:
        super().__init__(data, auto_id="%s", initial=initial)
        if several:
            self.fields["child"] = forms.MultipleChoiceField(
                label="Which children?", choices=children, widget=forms.CheckboxSelectMultiple
            )
        else:
            self.fields["child"] = forms.ChoiceField(
                label="Which child?", choices=children, widget=forms.RadioSelect
            )
        self.fields["part"] = forms.MultipleChoiceField(
            label="What do you want to take over?",
            choices=parts,
            widget=forms.CheckboxSelectMultiple,
            required=bool(parts),
        )
        self.looks = {
            "name": Look(size="s"),
            "child": Look(called="whom it is about", size="m", item_hints=hints),
            "part": Look(called="what you want to take over", size="m"),
        }

    @property
    def references(self) -> list[str]:
        """Of the children who were chosen, in a valid form."""
        chosen = self.cleaned_data["child"]
        return [chosen] if isinstance(chosen, str) else list(chosen)
