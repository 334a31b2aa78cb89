"""The base of every form of the site."""

from collections.abc import Mapping
from typing import Any

from django import forms

from cre_toolkit.web.govuk.look import Look
from cre_toolkit.web.govuk.messages import give_messages, in_a_sentence


class GovukForm(forms.Form):
    """A form whose fields are GOV.UK components with GOV.UK's error messages.

    `looks` says by field name what Django's fields have no word for. Messages come from the field's label,
    or from `Look.called` where the label is a question: "Is an adult contacting the child?" is called
    "whether an adult is contacting the child".
    """

    looks: Mapping[str, Look] = {}
    # The server says what is missing, and how to mend it.
    use_required_attribute = False
    # A label ends as it was written.
    label_suffix = ""

    def full_clean(self) -> None:
        """Clean the form, its fields having been given their messages."""
        if self.is_bound:
            for name, field in self.fields.items():
                look = self.looks.get(name)
                label = self[name].label
                give_messages(field, look.called if look and look.called else in_a_sentence(str(label)))
        super().full_clean()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
