"""Which days the list of missing children is about."""

import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.casework.missing.monitoring import DAYS
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

LONGEST = datetime.timedelta(days=366)


class DaysForm(GovukForm):
    """From which day to which; a GET form, so that the list has an address. Blank: the last 90 days."""

    since = DayMonthYearField(label="From", required=False, must_be="today or past")
    until = DayMonthYearField(label="To", required=False, must_be="today or past")
    looks = {"since": Look(called="the first day"), "until": Look(called="the last day")}

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="%s")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and self.first > self.last:
            self.add_error("until", "The last day must be the first day or later")
        elif not self.errors and self.last - self.first > LONGEST:
            self.add_error("since", "Ask about a year at most")
        return said

    @property
    def last(self) -> datetime.date:
        return self.cleaned_data.get("until") or timezone.localdate()

    @property
    def first(self) -> datetime.date:
        return self.cleaned_data.get("since") or self.last - datetime.timedelta(days=DAYS)
