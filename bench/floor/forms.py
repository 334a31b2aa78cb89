"""Validation as Django does it."""

from typing import Any

from django import forms

from bench.data.answers import INSTRUMENT
from cre_toolkit.children.models import Child
from cre_toolkit.rules.loading import load_instrument

_LEVELS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]


class ChildForm(forms.ModelForm):
    """A child's first details."""

    class Meta:
        model = Child
        fields = (
            "authority",
            "given_names",
            "family_name",
            "known_as",
            "date_of_birth",
            "gender",
            "nhs_number",
            "address",
            "postcode",
            "school",
        )


class SearchForm(forms.Form):
    """The fields that ours asks for."""

    name = forms.CharField(max_length=400, required=False)
    date_of_birth = forms.DateField(required=False)
    nhs_number = forms.CharField(max_length=12, required=False)
    postcode = forms.CharField(max_length=10, required=False)
    reference = forms.CharField(max_length=20, required=False)


def _indicators() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for indicator in load_instrument(INSTRUMENT).indicators:
        fields[f"{indicator.id}-level"] = forms.ChoiceField(choices=_LEVELS, required=False)
        fields[f"{indicator.id}-cce"] = forms.BooleanField(required=False)
        fields[f"{indicator.id}-cse"] = forms.BooleanField(required=False)
        fields[f"{indicator.id}-note"] = forms.CharField(required=False)
    return fields


class AssessmentForm(forms.Form):
    """A level, two ticks and a note for each of some thirty indicators, and the level of all."""

    level = forms.ChoiceField(choices=_LEVELS)

    def said(self) -> dict[str, Any]:
        """What was answered, without what was left blank."""
        return {name: value for name, value in self.cleaned_data.items() if value}


AssessmentForm.base_fields |= _indicators()
