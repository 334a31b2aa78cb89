"""What the form of a tasking request takes."""

import uuid

import pytest
import time_machine
from django.http import QueryDict

from cre_toolkit.web.forms.tasking import AskForm

ASKED_ON = "asked_on_day=26&asked_on_month=11&asked_on_year=2026"


def asking(by_when: str) -> AskForm:
    day, month, year = by_when.split(".")
    said = f"asked=The+bus+company&of_whom=A+constable&form_id={uuid.uuid4()}&{ASKED_ON}"
    return AskForm(QueryDict(f"{said}&by_when_day={day}&by_when_month={month}&by_when_year={year}"))


@pytest.mark.parametrize(
    ("by_when", "taken"), [("26.11.2026", True), ("1.12.2026", True), ("1.12.2025", False)]
)
@time_machine.travel("2026-11-27 12:00")
def test_a_day_by_which_lies_on_the_day_of_the_meeting_or_after_it(by_when: str, taken: bool):
    form = asking(by_when)
    assert form.is_valid() is taken
    assert ("check the year" in str(form.errors.get("by_when", ""))) is not taken
