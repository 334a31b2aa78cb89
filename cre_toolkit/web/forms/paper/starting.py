"""Which paper form is to be entered."""

from typing import Any

from django import forms

from cre_toolkit.rules.loading import instrument_ids, load_instrument
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class StartForm(GovukForm):
    """The editions that the service knows, by their own titles, the newest first."""

    instrument = forms.ChoiceField(label="Which form is it?", widget=forms.RadioSelect)
    form_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        editions = sorted(
            map(load_instrument, instrument_ids()), key=lambda each: each.published, reverse=True
        )
        self.fields["instrument"].choices = [(each.id, each.title) for each in editions]  # type: ignore[attr-defined]
        hints = {each.id: f"{each.short_title}, {each.edition}" for each in editions}
        self.looks = {"instrument": Look(called="which form it is", size="m", item_hints=hints)}
