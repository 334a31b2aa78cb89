"""Copying cases: as many children as are wanted, each with rows, names and a sealed audit of their own.

Rows go in by `bulk_create`, in chunks that stand or fall together. The audit is sealed as the audit seals
it (`audit.seals.seal_of`), the records as the records are (`assessments.record.sealed`), and the keys by
which a child is found are worked out from the new name: a copy is valid in every part. Days stay those of the
case, so that an age in a copied record may be a year out.
"""

import datetime
import itertools
import json
import random
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import BigAutoField, Model
from django.utils import timezone

from bench.data.names import name_of
from bench.data.patterns import DIFFERENT, Pattern, patterns
from bench.data.people import CASELOAD, Staff, staff_for, staff_of_patterns
from bench.data.progress import Progress
from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.deflating import deflated, inflated
from cre_toolkit.assessments.models import Record
from cre_toolkit.assessments.record import sealed
from cre_toolkit.audit.models import Event
from cre_toolkit.audit.moments import new_id_at
from cre_toolkit.audit.seals import seal_of
from cre_toolkit.children.keys import described
from cre_toolkit.children.matching import keys_of
from cre_toolkit.children.models import Child, MatchKey
from cre_toolkit.ids import new_id, new_reference

CHUNK = 100
"""Children to a transaction."""
_DAYS_APART = 300
"""The dates of birth of the copies of one case lie in so many days after that of the case."""

Rows = dict[type[Model], list[Any]]

_AUDIT_BEGAN = datetime.timedelta(days=700)
_EVENT_EACH = datetime.timedelta(seconds=10)


class Loader:
    """Fills an empty database, and fills it further when more are wanted.

    Args:
        cases: how many different ones there are to be.
    """

    def __init__(self, cases: int = DIFFERENT) -> None:
        self._cases = [Case(pattern) for pattern in patterns(staff_of_patterns(), cases)]
        self._loaded = 0
        began = timezone.now() - _AUDIT_BEGAN
        self._moments = (began + turn * _EVENT_EACH for turn in itertools.count())

    def load(self, children: int) -> None:
        """Copy cases until there are so many children."""
        staff = staff_for(children)
        progress = Progress("children", children)
        for first in range(self._loaded, children, CHUNK):
            numbers = range(first, min(first + CHUNK, children))
            _write(
                self._cases[number % len(self._cases)].copy(number, staff[number // CASELOAD], self._moments)
                for number in numbers
            )
            self._loaded = numbers.stop
            progress.show(self._loaded)


@transaction.atomic
def _write(copies: Iterable[Rows]) -> None:
    together: Rows = defaultdict(list)
    for copy in copies:
        for model, rows in copy.items():
            together[model] += rows
    for model, rows in together.items():
        model._base_manager.bulk_create(rows, batch_size=500)


class Case:
    """A case that is ready to be copied: of each row, what stays and what becomes another's."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        # In their order, which is that in which they were made.
        self._ids = sorted(pattern.ids)
        self._tokens = re.compile("|".join(map(re.escape, self._swap(0, pattern.staff))))
        people = {user.pk for user in pattern.staff.everybody}
        self._mine = {*self._ids, *people, pattern.child.date_of_birth}
        self._rows = {
            model: [self._parted(model, row) for row in rows]
            for model, rows in pattern.rows.items()
            if model is not MatchKey
        }

    def copy(self, number: int, staff: Staff, moments: Iterator[datetime.datetime]) -> Rows:
        """The rows of one more child.

        Args:
            number: which child, counted from 0.
            staff: whose child.
            moments: of its audit's events.
        """
        swap = self._swap(number, staff)
        values = self._values(swap, staff)
        made: Rows = {
            model: [
                model(**stays, **{name: self._changed(value, swap, values) for name, value in moves.items()})
                for stays, moves in rows
            ]
            for model, rows in self._rows.items()
        }
        for event in made[Event]:
            event.id = new_id_at(next(moments))
            event.seal = seal_of(event)
        for record in made[Record]:
            record.sha256, record.deflated = sealed(record.content)
        child: Child = made[Child][0]
        made[MatchKey] = [
            MatchKey(child_id=child.pk, kind=kind, value=value)
            for kind, value in sorted(keys_of(described(child, child.created_at.date())))
        ]
        return made

    def _parted(self, model: type[Model], row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """A row as what stays the same in each copy, and what does not, without numbers that count up."""
        stays: dict[str, Any] = {}
        moves: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            if isinstance(field, BigAutoField):
                continue
            value = row[field.attname]
            (moves if self._is_mine(value) else stays)[field.attname] = value
        return stays, moves

    def _is_mine(self, value: Any) -> bool:
        match value:
            case bytes():
                return True
            case str():
                return bool(self._tokens.search(value))
            case dict() | list():
                return bool(self._tokens.search(json.dumps(value)))
            case uuid.UUID() | datetime.date():
                return value in self._mine
        return False

    def _changed(self, value: Any, swap: Mapping[str, str], values: Mapping[Any, Any]) -> Any:
        def text(old: str) -> str:
            return self._tokens.sub(lambda found: swap[found[0]], old)

        match value:
            case str():
                return text(value)
            case dict() | list():
                return json.loads(text(json.dumps(value)))
            case bytes():
                # A record's content. (A seal is made anew once its event stands.)
                return deflated(text(inflated(value).decode()).encode()) if len(value) > 32 else value
        return values[value]

    def _swap(self, number: int, staff: Staff) -> dict[str, str]:
        """What is written instead of each text that is the case's own."""
        pattern, child = self._pattern, self._pattern.child
        given, family = name_of(number)
        chance = random.Random(number)
        born = child.date_of_birth + datetime.timedelta(days=chance.randrange(_DAYS_APART))
        return {
            child.given_names: given,
            child.family_name: family,
            child.date_of_birth.isoformat(): born.isoformat(),
            child.postcode: f"ZZ{chance.randrange(10, 99)} {chance.randrange(1, 9)}{_letter(chance)}Z",
            child.address.partition("\n")[0]: f"{chance.randrange(1, 200)} Invented Street",
            **{reference: new_reference() for reference in sorted(pattern.references)},
            **{
                old: new
                for before, after in zip(pattern.staff.everybody, staff.everybody, strict=True)
                for old, new in _person(before, after)
            },
            **{
                str(old): str(new)
                for old, new in zip(self._ids, sorted(new_id() for _ in self._ids), strict=True)
            },
        }

    def _values(self, swap: Mapping[str, str], staff: Staff) -> dict[Any, Any]:
        """The same for what is no text."""
        values: dict[Any, Any] = {old: uuid.UUID(swap[str(old)]) for old in self._ids}
        for before, after in zip(self._pattern.staff.everybody, staff.everybody, strict=True):
            values[before.pk] = after.pk
        born = self._pattern.child.date_of_birth
        return values | {born: datetime.date.fromisoformat(swap[born.isoformat()])}


def _person(before: User, after: User) -> Iterable[tuple[str, str]]:
    return (before.name, after.name), (before.email, after.email), (str(before.pk), str(after.pk))


def _letter(chance: random.Random) -> str:
    return chance.choice("ABDEFGHJLNPQRSTUWXYZ")
