"""Copying cases: as many children as are wanted, each with rows, names and a sealed audit of their own.

Rows go in as the database takes them, without an object for each, in chunks that stand or fall together. The
audit is sealed as the audit seals it (`audit.seals.seal_of`), the records as the records are, and the keys by
which a child is found are worked out from the new name: a copy is valid in every part. Days stay those of the
case, so that an age in a copied record may be a year out. The audit is dated in the order in which it is
written, as the id of an event is its moment.
"""

import datetime
import hashlib
import itertools
import json
import random
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction
from django.db.models import BigAutoField, Field, Model
from django.utils import timezone

from bench.data.names import name_of
from bench.data.patterns import DIFFERENT, Pattern, patterns
from bench.data.people import CASELOAD, Staff, staff_for, staff_of_patterns
from bench.data.progress import Progress
from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.deflating import deflated, inflated
from cre_toolkit.assessments.models import Record
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

Rows = dict[type[Model], list[Sequence[Any]]]
"""The values of rows as the database takes them, in the order of `_columns`."""

_AUDIT_BEGAN = datetime.timedelta(days=39)
"""Before today: after the last event of the cases, so that the audit grows at its end, as it does."""
_EVENT_EACH = datetime.timedelta(seconds=0.5)
"""Then that of 100,000 children ends before today."""


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
    with connection.cursor() as cursor:
        for model, rows in together.items():
            cursor.executemany(_insert(model), rows)


@cache
def _columns(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns that are written: those that the database does not fill by itself."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.generated and not isinstance(field, BigAutoField)
    ]


@cache
def _insert(model: type[Model]) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in _columns(model))
    values = ", ".join("%s" for _ in _columns(model))
    return f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({values})"  # noqa: S608 - names of ours


def _prepared(field: Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a case.

    Attributes:
        values: by the names of its columns.
        prepared: the same as the database takes them.
        moves: the places of those that become another's in a copy.
    """

    values: Mapping[str, Any]
    prepared: Sequence[Any]
    moves: Sequence[int]


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
            model: [self._row(model, row) for row in rows]
            for model, rows in pattern.rows.items()
            if model is not MatchKey
        }
        self._places = {
            model: {field.attname: place for place, field in enumerate(_columns(model))}
            for model in self._rows
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
        made: Rows = {}
        for model, rows in self._rows.items():
            made[model] = []
            for row in rows:
                said = dict(row.values)
                prepared = list(row.prepared)
                for place in row.moves:
                    field = _columns(model)[place]
                    said[field.attname] = self._changed(said[field.attname], swap, values)
                    prepared[place] = _prepared(field, said[field.attname])
                for name, value in self._made_anew(model, said, moments):
                    prepared[self._places[model][name]] = value
                made[model].append(prepared)
                if model is Child:
                    made[MatchKey] = _keys(Child(**said))
        return made

    def _made_anew(
        self, model: type[Model], said: dict[str, Any], moments: Iterator[datetime.datetime]
    ) -> Iterator[tuple[str, Any]]:
        """What a row has of its own: an event its moment and seal, a record the hash of its content."""
        if model is Event:
            said["id"] = new_id_at(next(moments))
            yield "id", said["id"]
            yield "seal", seal_of(SimpleNamespace(**said))
        if model is Record:
            yield "sha256", hashlib.sha256(inflated(said["deflated"])).hexdigest()

    def _row(self, model: type[Model], values: Mapping[str, Any]) -> Row:
        columns = _columns(model)
        said = {field.attname: values[field.attname] for field in columns}
        return Row(
            said,
            [_prepared(field, said[field.attname]) for field in columns],
            [place for place, field in enumerate(columns) if self._is_mine(said[field.attname])],
        )

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


def _keys(child: Child) -> list[Sequence[Any]]:
    """The rows of the keys by which a copy is found, worked out from its new name."""
    found = sorted(keys_of(described(child, child.created_at.date())))
    rows = [MatchKey(child_id=child.pk, kind=kind, value=value) for kind, value in found]
    return [[_prepared(field, getattr(row, field.attname)) for field in _columns(MatchKey)] for row in rows]


def _letter(chance: random.Random) -> str:
    return chance.choice("ABDEFGHJLNPQRSTUWXYZ")
