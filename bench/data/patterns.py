"""The cases that are copied, each made by the service's own acts, so that its rows are as they write them.

A case is a child with a family, two agencies and three sent assessments of two years. What the acts wrote is
read back whole, from every table of the service, whichever tables there are.
"""

import datetime
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import time_machine
from django.apps import apps
from django.db.models import Model
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from bench.data.answers import answers
from bench.data.people import AUTHORITY, Staff
from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions as assessments
from cre_toolkit.casework.assessment import sending
from cre_toolkit.children import actions as children
from cre_toolkit.children.models import Child

DIFFERENT = 24
"""So many: three levels, ages from 13 to 17, other indicators each."""
ASSESSED_BEFORE = (500, 250, 40)
"""Days before today on which the three assessments were sent."""
INDICATORS = 8
"""In each of them, as in the journey that service.md counts."""

# The people and the queue of other libraries are nobody's case.
_NOT_OF_A_CASE = ("accounts",)


@dataclass(frozen=True)
class Pattern:
    """One case: its rows by table, and what in them is to be another's in a copy."""

    child: Child
    staff: Staff
    rows: dict[type[Model], list[dict[str, Any]]]
    ids: frozenset[uuid.UUID]
    """Every UUID that is the case's own; the others are of people and teams."""
    references: frozenset[str]
    """The opaque references of the child and of the assessments."""


def patterns(staff: Staff, number: int) -> Iterator[Pattern]:
    """Make so many cases, one after the other."""
    seen: set[tuple[type[Model], Any]] = set(_keys())
    for place in range(number):
        child = _make(place, staff)
        rows = {model: found for model in _models() if (found := _new_rows(model, seen))}
        yield _pattern(child, staff, rows)


def _pattern(child: Child, staff: Staff, rows: dict[type[Model], list[dict[str, Any]]]) -> Pattern:
    every = [row for found in rows.values() for row in found]
    others = set(User.objects.values_list("pk", flat=True))
    others |= set(apps.get_model("accounts", "Team").objects.values_list("pk", flat=True))
    ids = {value for row in every for value in row.values() if isinstance(value, uuid.UUID)}
    references = {row["reference"] for row in every if isinstance(row.get("reference"), str)}
    return Pattern(child, staff, rows, frozenset(ids - others), frozenset(references))


def _make(number: int, staff: Staff) -> Child:
    """One case, each act on its day."""
    today = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0)
    level = ("medium", "high", "low")[number % 3]
    for turn, days in enumerate(ASSESSED_BEFORE):
        with time_machine.travel(today - datetime.timedelta(days=days + number)):
            if turn == 0:
                child = _add(number, staff)
            draft = assessments.start(by=staff.author, child=child, form_id=uuid.uuid4())
            said = answers(level=level, indicators=INDICATORS, start=number + turn)
            for section, given in said.items():
                assessments.save_section(
                    by=staff.author, assessment=draft, section=section, answers=given, version=0
                )
            sending.send(by=staff.author, assessment=draft)
    # Nobody is there to deliver the mail: a service at work has an empty queue.
    DBTaskResult.objects.all().delete()
    return child


def _add(number: int, staff: Staff) -> Child:
    born = datetime.date(timezone.localdate().year - 14 - number % 3, 1 + number % 12, 9 + number // 12)
    child = children.add_child(
        by=staff.worker,
        form_id=uuid.uuid4(),
        authority=AUTHORITY,
        given_names=_word(f"given {number}"),
        family_name=_word(f"family {number}"),
        date_of_birth=born,
        address=f"{number} Pattern Street\nExampleton",
        postcode=f"ZZ{10 + number} 9ZZ",
        school="Example Academy (invented)",
        send="no",
        open_to_social_care="yes",
        plan="child-in-need",
        looked_after="no",
        needs_interpreter="no",
        first_language="English",
        allocated_worker=staff.worker,
    )
    family = [
        {"name": "Invented Parent", "relationship": "Mother", "parental_responsibility": "yes"},
        {"name": "Invented Elder", "relationship": "Grandmother", "contact": "01632 960001"},
    ]
    agencies = [
        {"agency": "Example Academy (invented)", "person": "Invented Tutor"},
        {"agency": "Example Community Health (invented)", "person": "Invented Nurse"},
    ]
    children.set_rows(by=staff.worker, child=child, table="family", rows=family)
    children.set_rows(by=staff.worker, child=child, table="agencies", rows=agencies)
    return child


def _word(seed: str) -> str:
    """Ten letters that look and sound like no other name and stand in no text."""
    chance = random.Random(seed)
    return "".join(chance.choice("bcdfghjklmnpqrstvwxz") for _ in range(10)).capitalize()


def _models() -> list[type[Model]]:
    """Every table in which the service writes about cases."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("cre_toolkit.") and config.label not in _NOT_OF_A_CASE
        for model in config.get_models(include_auto_created=True)
    ]


def _keys() -> Iterator[tuple[type[Model], Any]]:
    for model in _models():
        for key in model._base_manager.values_list("pk", flat=True):
            yield model, key


def _new_rows(model: type[Model], seen: set[tuple[type[Model], Any]]) -> list[dict[str, Any]]:
    """The rows of a table that were not there before, in the order in which they were written."""
    names = [field.attname for field in model._meta.concrete_fields]
    key = model._meta.pk.attname
    rows = [row for row in model._base_manager.order_by("pk").values(*names) if (model, row[key]) not in seen]
    seen.update((model, row[key]) for row in rows)
    return rows
