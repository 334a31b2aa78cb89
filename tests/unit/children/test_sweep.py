"""All children of an authority looked through for records of one child: once found, and again and again."""

import datetime
import io
import random
import uuid
from itertools import combinations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.models import Event
from cre_toolkit.children import duplicates, sweep
from cre_toolkit.children.matching import Key, swapped
from cre_toolkit.children.models import Child, PossibleDuplicate
from tests.factories.people import ChildFactory, front_door, noted_pair

pytestmark = pytest.mark.django_db
BORN = datetime.date(2011, 5, 14)


def find(authority: str = "derby") -> str:
    told = io.StringIO()
    call_command("find_duplicates", authority=authority, stdout=told, stderr=io.StringIO())
    return told.getvalue()


def found() -> set[frozenset[Child]]:
    return {frozenset((pair.child, pair.other)) for pair in PossibleDuplicate.objects.all()}


def sian(**more) -> Child:
    return ChildFactory(**({"given_names": "Siân", "family_name": "Ŵyn", "date_of_birth": BORN} | more))


def test_finds_what_is_alike_and_nothing_else():
    one, other = sian(), sian(given_names="Shaun", family_name="Wynn")
    swapped = sian(date_of_birth=datetime.date(2011, 3, 4), given_names="Zoe", family_name="Other")
    over = sian(date_of_birth=datetime.date(2011, 4, 3), given_names="Zo", family_name="Otter")
    by_number = sian(given_names="Ann", nhs_number="9990000018", date_of_birth=datetime.date(2009, 1, 1))
    same = sian(given_names="Bea", family_name="Q", nhs_number="9990000018", date_of_birth=None)
    ChildFactory(given_names="Siân", family_name="Ŵyn", date_of_birth=datetime.date(2015, 9, 9))
    assert "3 possible duplicates in derby, 3 of them new" in find()
    assert found() == {frozenset(pair) for pair in ((one, other), (swapped, over), (by_number, same))}


def test_again_finds_nothing_new_and_does_not_propose_what_was_decided():
    sian(), sian()
    find()
    pair = PossibleDuplicate.objects.get()
    duplicates.say_different(by=front_door(), pair=pair, why="Seen together.")
    assert "1 possible duplicates in derby, 0 of them new" in find()
    assert PossibleDuplicate.objects.get().state == "different"


def test_one_authority_at_a_time():
    sian(), sian(authority="derbyshire")
    sian(authority="derbyshire")
    find("derby")
    assert not found()
    find("derbyshire")
    assert len(found()) == 1
    with pytest.raises(CommandError):
        find("atlantis")


def test_a_record_that_was_merged_is_met_as_the_one_that_was_kept():
    kept, merged, third = ChildFactory(given_names="Zoe"), sian(), sian()
    Child.objects.filter(pk=merged.pk).update(merged_into=kept)
    find()
    assert found() == {frozenset((kept, third))}


def test_each_child_of_a_pair_can_ask_who_noted_it():
    one, other = sian(), sian()
    find()
    event = Event.objects.get(kind="child.duplicates-noted")
    assert event.actor is None
    for child in (one, other):
        assert event in audit.of_child(child.pk)


def test_the_pages_of_keys_join_without_a_gap(monkeypatch):
    """Whatever the size of a page: pairs whose keys stand on two pages are found, and none is missed."""
    for _ in range(3):
        sian()
    expected = len(sweep.weighed(set.union(*(pairs for _, pairs in sweep.possible("derby")))))
    assert expected == 3
    for size in (1, 2, 5):
        monkeypatch.setattr(sweep, "ROWS", size)
        met = set.union(*(pairs for _, pairs in sweep.possible("derby")))
        assert len(sweep.weighed(met)) == expected, size


def test_children_born_apart_cost_no_queries():
    def queries(children: int) -> int:
        for number in range(children):
            ChildFactory(date_of_birth=BORN + datetime.timedelta(days=31 * number))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            find()
        return len(asked)

    assert queries(5) == queries(40)


def test_keys_to_read_is_what_is_read():
    for _ in range(4):
        sian()
    *_, (read, _) = sweep.possible("derby")
    assert read == sweep.keys_to_read("derby")


def test_a_pair_noted_by_hand_stays_as_it_is():
    pair = noted_pair(sian(), sian(), points=12)
    find()
    assert PossibleDuplicate.objects.get() == pair
    assert PossibleDuplicate.objects.get().points == 12


def test_of_two_with_a_common_name_the_birthday_has_to_say_that_they_may_be_one(monkeypatch):
    """Else the work list of a city would be full of children who are only called alike."""
    monkeypatch.setattr(sweep, "COMMON", 3)
    one, other = sian(), sian(date_of_birth=None)
    find()
    assert found() == {frozenset((one, other))}, "a rare name says enough"
    slip = sian(date_of_birth=BORN.replace(year=2012))
    sian(date_of_birth=BORN.replace(year=2015, month=12))
    sian(date_of_birth=None)
    find()
    assert found() == {frozenset((one, other)), frozenset((one, slip))}


def test_of_those_with_a_name_in_common_it_meets_every_two_whose_birthdays_differ_by_a_slip():
    chance = random.Random(7)
    days = [datetime.date(2008 + chance.randrange(12), 1 + chance.randrange(12), 1 + chance.randrange(28))
            for _ in range(150)]  # fmt: skip
    rows = [("sian+w", uuid.UUID(int=number), day) for number, day in enumerate(days)]
    met = {duplicates.in_order(*pair) for pair in sweep._meeting(Key.PAIR, rows)}
    assert met == {
        (one, other)
        for (_, one, born), (_, other, other_born) in combinations(rows, 2)
        if other_born == swapped(born) or differing_digits(born, other_born) <= 1
    }
    assert len(met) > 50


def differing_digits(one: datetime.date, other: datetime.date) -> int:
    return sum(a != b for a, b in zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True))
