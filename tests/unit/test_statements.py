"""Queries whose SQL is put together once give what Django's own give, to each caller by their own values."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import CharField, F, QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from cre_toolkit.accounts.models import Team, User
from cre_toolkit.statements import (
    MOST_SHAPES,
    Hole,
    Moment,
    NotOnlyArguments,
    Statement,
    UnknownKind,
    statement,
)
from tests.factories.people import TeamFactory, UserFactory


@statement
def _by_email(*, email: str) -> QuerySet[User]:
    return User.objects.select_related("agency").annotate(works_for=F("agency__name")).filter(email=email)


@statement
def _names(*, agency: uuid.UUID, most: int) -> QuerySet[User, dict[str, Any]]:
    return User.objects.filter(agency=agency).order_by("name").values("name", "agency__kind")[:most]


def test_a_statement_gives_what_django_gives(db) -> None:
    user = UserFactory()
    [found], [plain] = _by_email(email=user.email), _by_email.queryset(email=user.email)
    assert found == plain == user
    with CaptureQueriesContext(connection) as asked:
        assert found.agency == plain.agency == user.agency
    assert not asked.captured_queries
    assert found.works_for == plain.works_for == user.agency.name


def test_rows_are_dictionaries_where_values_are_asked_for(db) -> None:
    user = UserFactory(name="Invented Person")
    given = {"agency": user.agency_id, "most": 5}
    assert (
        _names(**given)
        == list(_names.queryset(**given))
        == [{"name": "Invented Person", "agency__kind": user.agency.kind}]
    )


def test_each_caller_gets_what_they_ask_for(db) -> None:
    one, other = UserFactory(), UserFactory()
    assert [_by_email(email=each.email) for each in (one, other, one)] == [[one], [other], [one]]
    assert _by_email(email="nobody@example.org") == []


def test_how_many_rows_are_asked_for_is_part_of_the_statement(db) -> None:
    users = UserFactory.create_batch(3, agency=UserFactory().agency)
    assert [len(_names(agency=users[0].agency_id, most=most)) for most in (1, 3, 2)] == [1, 3, 2]


def test_the_sql_is_put_together_once(db) -> None:
    built = []

    def by_email(*, email: str) -> QuerySet[User]:
        built.append(email)
        return User.objects.filter(email=email)

    once = Statement(by_email)
    once(email="a@example.org"), once(email="b@example.org")
    assert len(built) == 1
    assert isinstance(built[0], Hole), "it is built without anybody's value"


def test_the_moment_is_that_of_each_run(db) -> None:
    @statement
    def held(*, user: uuid.UUID) -> QuerySet[User]:
        return User.objects.filter(pk=user, roles_held__since__lte=Moment(), roles_held__until__gt=Moment())

    user = UserFactory()
    begins = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
    user.roles_held.create(
        role="practitioner", authority="derby", since=begins, until=begins + datetime.timedelta(days=1)
    )
    seen = []
    for days in (-1, 0.5, 2):
        with time_machine.travel(begins + datetime.timedelta(days=days), tick=False):
            seen.append((held(user=user.pk), list(held.queryset(user=user.pk))))
    assert seen == [([], []), ([user], [user]), ([], [])]


@dataclass(frozen=True)
class _Several:
    names: frozenset[str]

    def shape(self) -> int:
        return len(self.names)

    def values(self) -> Mapping[str, str]:
        return {f"name{place}": name for place, name in enumerate(sorted(self.names))}

    def with_holes(self) -> Self:
        return type(self)(frozenset(Hole(f"name{place}", CharField()) for place in range(len(self.names))))  # type: ignore[arg-type]


@statement
def _teams(*, several: _Several) -> QuerySet[Team]:
    return Team.objects.filter(name__in=several.names).order_by("name")


def test_several_values_make_a_statement_for_so_many(db) -> None:
    one, other, _ = (TeamFactory(name=name) for name in ("Team A", "Team B", "Team C"))
    for names, found in (({"Team A"}, [one]), ({"Team B", "Team A"}, [one, other]), ({"Team B"}, [other])):
        assert _teams(several=_Several(frozenset(names))) == found


def test_where_nothing_can_be_found_nothing_is_asked(db) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert _teams(several=_Several(frozenset())) == []
    assert not asked.captured_queries


def test_a_value_that_is_no_argument_is_refused(db) -> None:
    mine = uuid.uuid4()

    @statement
    def leaks(*, email: str) -> QuerySet[User]:
        return User.objects.filter(email=email, pk=mine)

    with pytest.raises(NotOnlyArguments):
        leaks(email="a@example.org")


def test_an_argument_of_unknown_kind_is_refused(db) -> None:
    def by_several(*, names: list[str]) -> QuerySet[User]:
        return User.objects.filter(name__in=names)

    with pytest.raises(UnknownKind, match="names"):
        statement(by_several)


def test_nothing_in_the_place_of_a_value_is_refused_rather_than_found_to_equal_nothing(db) -> None:
    with pytest.raises(UnknownKind, match="email is None"):
        _by_email(email=None)  # type: ignore[arg-type]


def test_shapes_do_not_pile_up(db) -> None:
    agency = UserFactory().agency_id
    for most in range(1, MOST_SHAPES + 10):
        _names(agency=agency, most=most)
    assert len(_names._ready) <= MOST_SHAPES


def test_a_statement_that_locks_belongs_in_a_transaction(real_database) -> None:
    @statement
    def locks(*, email: str) -> QuerySet[User]:
        return User.objects.select_for_update().filter(email=email)

    user = UserFactory()
    with transaction.atomic():
        assert locks(email=user.email) == [user]
    with pytest.raises(TransactionManagementError):
        locks(email=user.email)


def test_each_thread_asks_by_its_own_connection(real_database) -> None:
    users = UserFactory.create_batch(4)
    found = real_database.at_once(4, lambda number: _by_email(email=users[number].email))
    assert found == [[user] for user in users]
