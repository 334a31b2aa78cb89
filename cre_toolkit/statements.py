"""Queries whose SQL is put together once.

Putting a query's SQL together costs Django some ten times what running it costs, and but for the values it is
the same SQL each time. A function under `statement` builds its query the first time it is called; from then
on only the values are filled in:

    @statement
    def _by_reference(*, author: uuid.UUID, reference: str) -> QuerySet[Assessment]:
        return Assessment.objects.filter(author=author, reference=reference)

    _by_reference(author=user.pk, reference="7Q4K-2M9XAB")  # a list of assessments

Nothing of one call may reach another, so the function sees no value: while the query is built, each argument
is a `Hole`. An argument that decides how the query looks is no hole but part of its shape, and each shape has
SQL of its own: whole numbers and truth values (how many rows, which page), and what tells its shape itself
(`Shaped`: the access policy's `Standing`). The function must depend on its arguments alone; the moment at
which a query is run is `Moment()`, here and in any other query.
"""

import copy
import datetime
import inspect
import re
import uuid
from collections.abc import Callable, Hashable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, runtime_checkable

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import DateField, DateTimeField, Expression, Field, QuerySet, TextField, UUIDField
from django.db.transaction import TransactionManagementError
from django.utils import timezone

P = ParamSpec("P")
Row = TypeVar("Row")

_FIELDS: dict[type, Field[Any, Any]] = {
    uuid.UUID: UUIDField(),
    str: TextField(),
    datetime.datetime: DateTimeField(),
    datetime.date: DateField(),
}
# What an argument of a shape may be, besides `Shaped`.
_SHAPES = (int, bool)
# So many shapes of a statement are kept: more come of pages far down a list, and nobody waits for those.
MOST_SHAPES = 200
_building: ContextVar[bool] = ContextVar("building", default=False)


class NotOnlyArguments(TypeError):
    """A statement holds a value that is no argument of it, and would hold it for every caller: a defect."""


class UnknownKind(TypeError):
    """An argument of a statement is of a kind of which it cannot be told what of it is a value: a defect."""


class Hole(Expression):
    """Where a value goes.

    Args:
        name: of the argument.
        field: of what kind the value is.
    """

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    @property
    def pk(self) -> Self:
        """The hole for somebody, as a hole for their id."""
        return self

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def prepared(self, values: Mapping[str, Any], connection: Any) -> Any:
        """The value as the database takes it.

        Raises:
            UnknownKind: there is none. Django asks otherwise for what is NULL: that is another query.
        """
        if values[self.name] is None:
            raise UnknownKind(f"{self.name} is None")
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Moment(Hole):
    """The moment at which the query is run, by the service's clock; in any query."""

    def __init__(self) -> None:
        super().__init__("", _FIELDS[datetime.datetime])

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self if _building.get() else self.prepared({}, connection)]

    def prepared(self, values: Mapping[str, Any], connection: Any) -> Any:
        return self.output_field.get_db_prep_value(timezone.now(), connection)


@runtime_checkable
class Shaped(Protocol):
    """An argument made of several values, which knows what of it decides how a query looks."""

    def shape(self) -> Hashable:
        """What decides how a query looks. Two of the same shape differ in values alone."""

    def values(self) -> Mapping[str, Any]:
        """The values, by names of its own."""

    def with_holes(self) -> Self:
        """The same shape, with a hole of its name in the place of each value."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """The SQL of one shape, with what Django needs to make rows of what comes back."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]

    def rows(self, values: Mapping[str, Any], connection: Any) -> list[Any]:
        query = self.queryset.query
        if query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("A statement that locks belongs in a transaction.")
        filled = [
            each.prepared(values, connection) if isinstance(each, Hole) else each for each in self.parameters
        ]
        # What Django's own iterables ask of a query: a compiler that knows its SQL and runs it.
        compiler = copy.copy(self.compiler)
        compiler.connection, compiler.as_sql = connection, lambda *_, **__: (self.sql, filled)
        query = copy.copy(query)
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        run: Any = SimpleNamespace(
            db=connection.alias, model=self.queryset.model, query=query, _known_related_objects={}
        )
        rows: Any = self.queryset._iterable_class(run)
        return list(rows)


# An id or a moment as SQLite takes them.
_WRITTEN = re.compile(r"[0-9a-f]{32}|\d{4}-\d\d-\d\d.*")


def _is_of_one_call(value: Any) -> bool:
    """Whether a value that stands in a query already is an id or a moment: no query has one of its own."""
    written = isinstance(value, str) and _WRITTEN.fullmatch(value)
    return bool(written) or isinstance(value, uuid.UUID | datetime.date | bytes)


def _is_shaped(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Shaped)


class Statement(Generic[P, Row]):
    """A query that is built once for each shape of its arguments; called with values, it gives the rows."""

    def __init__(self, build: Callable[P, QuerySet[Any, Row]]) -> None:
        self._build, self._kinds = build, inspect.get_annotations(build, eval_str=True)
        del self._kinds["return"]
        for name, kind in self._kinds.items():
            if kind not in _FIELDS and kind not in _SHAPES and not _is_shaped(kind):
                raise UnknownKind(f"{build.__name__}: {name}")
        self._ready: dict[Hashable, _Ready | None] = {}
        self.__doc__, self.__module__, self.__name__ = build.__doc__, build.__module__, build.__name__

    def __call__(self, *args: P.args, **given: P.kwargs) -> list[Row]:
        """Run it.

        Args:
            given: the arguments of the function, all by name.

        Returns:
            Every row: instances, or what `values()` and `values_list()` give.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        shape: list[Hashable] = [connection.vendor]
        values: dict[str, Any] = {}
        for name, value in dict[str, Any](given).items():
            if self._kinds[name] in _FIELDS:
                values[name] = value
            elif self._kinds[name] not in _SHAPES:
                shape.append((name, value.shape()))
                values |= value.values()
            else:
                shape.append((name, value))
        key = tuple(shape)
        known = self._ready  # as it is now: another thread may begin a new one
        if key not in known:
            if len(known) >= MOST_SHAPES:
                known = self._ready = {}
            known[key] = self._made_ready(connection, given)
        ready = known[key]
        return ready.rows(values, connection) if ready else []

    def queryset(self, **given: Any) -> QuerySet[Any, Row]:
        """The same query with these values, as Django would run it."""
        return self._build(**given)  # type: ignore[call-arg]

    def _made_ready(self, connection: Any, given: Mapping[str, Any]) -> _Ready | None:
        """The SQL for arguments of this shape; None where the query can find nothing."""
        token = _building.set(True)
        try:
            queryset = self._build(**{name: self._without_value(name, each) for name, each in given.items()})  # type: ignore[call-arg]
            compiler = queryset.query.get_compiler(connection=connection)
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        finally:
            _building.reset(token)
        if any(_is_of_one_call(each) for each in parameters):
            raise NotOnlyArguments(self.__name__)
        return _Ready(queryset, compiler, sql, tuple(parameters))

    def _without_value(self, name: str, value: Any) -> Any:
        if field := _FIELDS.get(self._kinds[name]):
            return Hole(name, field)
        return value.with_holes() if isinstance(value, Shaped) else value


statement = Statement
"""As a decorator."""
