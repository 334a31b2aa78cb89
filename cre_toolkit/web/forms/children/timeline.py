"""Which part of a timeline somebody asks for. It stands in the address, and names nobody."""

import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.casework.case.happened import What
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class TimelineForm(GovukForm):
    """What, and from which day to which. Nothing chosen is everything.

    Args:
        data: of the address.
    """

    what = forms.MultipleChoiceField(
        label="Show", choices=[(one.name.lower(), one.value) for one in What],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    first = DayMonthYearField(label="From", required=False)
    last = DayMonthYearField(label="To", required=False)
    looks = {
        "what": Look(size="s", small=True),
        "first": Look(size="s", called="the first day"),
        "last": Look(size="s", called="the last day"),
    }

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="%s")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", "The last day must be the first day or later")
        return said

    def asked(self) -> dict[str, Any]:
        """What `casework.lists.timeline` takes. What cannot be read, or is wrong, leaves nothing out."""
        said = self.cleaned_data
        first, last = said.get("first"), said.get("last")
        return {
            "whats": [What[name.upper()] for name in said.get("what", ())],
            "since": _midnight(first) if first else None,
            "until": _midnight(last + datetime.timedelta(days=1)) if last else None,
        }

    def count(self, counts: dict[What, int]) -> None:
        """Say beside each choice how many there are, and leave out those of which there is none."""
        field = self.fields["what"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type alone
        chosen = self.cleaned_data.get("what", ())
        field.choices = [
            (what.name.lower(), f"{what.value} ({counts.get(what, 0)})")
            for what in What
            if what in counts or what.name.lower() in chosen
        ]


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
