"""How well matching tells one child from two (toolkit.md, row F3): pairs as they come up in Derbyshire."""

import datetime

import pytest

from cre_toolkit.children.matching import Described, Why, keys_for, keys_of
from cre_toolkit.children.weighing import Weighed, compare

BORN = datetime.date(2011, 5, 14)


def record(given: str, family: str = "", **more) -> Described:
    return Described(given, family, **({"date_of_birth": BORN} | more))


def meet(one: Described, other: Described) -> bool:
    """Whether a search for either brings up the other by a key."""
    return any(
        (kind, value) in keys_of(there)
        for here, there in ((one, other), (other, one))
        for kind, values in keys_for(here.as_sought()).values.items()
        for value in values
    )


def compared(one: Described, other: Described) -> Weighed:
    assert meet(one, other), "no key brings the two together"
    return compare(one, other)


ONE_CHILD = [
    (record("Siân", "Ŵyn"), record("Sian", "Wyn")),
    (record("Siân", "Ŵyn"), record("Shaun", "Wynn")),
    (record("Thị Mai", "Nguyễn"), record("Thi Mai", "Nguyen")),
    (record("Mai", "Nguyễn"), record("Mai", "Ngyuen")),
    (record("Mary", "O'Neill"), record("Mary", "ONeill")),
    (record("Mary", "O’Neill"), record("Mary", "O Neill")),
    (record("Mary", "O'Neill"), record("Mary", "Neill")),
    (record("Mohammed", "Khan"), record("Muhammad", "Khan")),
    (record("Mohammed", "Khan"), record("Mohamad", "Kahn")),
    (record("Chen", "Wei"), record("Wei", "Chen")),
    (record("李", "小龙"), record("小龙", "李")),
    (record("عائشة", "الخيالية"), record("عائشه", "الخياليه")),
    (record("Jo Anne", "Smith-Jones"), record("Joanne", "Smith Jones")),
    (record("Mohammed", "Khan", known_as="Mo"), record("Mo", "Khan")),
    (record("Oleksandra", "Шевченко"), record("Oleksandra", "шевченко")),
    (record("Amy", "Jones"), record("Amy", "Jones", date_of_birth=datetime.date(2011, 5, 24))),
    (record("Amy", "Jones", date_of_birth=datetime.date(2011, 5, 4)),
     record("Amy", "Jones", date_of_birth=datetime.date(2011, 4, 5))),
    (record("Amy", "Jones"), record("Amy", "Jones", date_of_birth=None)),
    (record("Amy", "Jones", nhs_number="9990000018"),
     record("Zoe", "Other", nhs_number="9990000018", date_of_birth=datetime.date(2009, 1, 1))),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ONE_CHILD, ids=lambda child: child.shown_name)
def test_two_ways_to_write_one_child_are_proposed_and_are_no_siblings(one: Described, other: Described):
    found = compared(one, other)
    assert found.likely
    assert Why.SIBLINGS not in found.why
    assert compare(other, one) == found, "whichever is looked at first"


TWO_CHILDREN = [
    (record("Amy", "Jones"), record("Amy", "Jones", date_of_birth=datetime.date(2014, 8, 30))),
    (record("Amy", "Jones"), record("Amy", "Patel", date_of_birth=datetime.date(2014, 8, 30))),
    (record("Mohammed", "Khan"), record("Mohammed", "Hussain", date_of_birth=None)),
    (record("Amy", "Jones", date_of_birth=None, age=9), record("Amy", "Jones", date_of_birth=None, age=15)),
]


@pytest.mark.parametrize(("one", "other"), TWO_CHILDREN)
def test_two_children_of_one_name_or_part_of_it_are_not_proposed(one: Described, other: Described):
    assert not compare(one, other).likely


TWINS = [
    (record("Amy", "Invented"), record("Zoe", "Invented")),
    (record("Siân", "Ŵyn"), record("Dafydd", "Wyn")),
    (record("Mohammed", "Khan"), record("Aisha", "Kahn")),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_twins_are_named_as_such_and_stand_below_what_is_more_telling(one: Described, other: Described):
    found = compared(one, other)
    assert Why.SIBLINGS in found.why
    assert found.points < min(compare(*pair).points for pair in ONE_CHILD)


def test_siblings_of_one_address_and_different_birthdays_are_not_proposed():
    older = record("Amy", "Invented", postcode="DE1 2QY")
    younger = record("Zoe", "Invented", postcode="DE1 2QY", date_of_birth=datetime.date(2014, 8, 30))
    assert not compare(older, younger).likely


def test_a_first_name_that_is_one_of_the_twins_is_no_twin():
    """The same first name on both records: one child, however the last name is written."""
    assert Why.SIBLINGS not in compare(record("Amy", "Jones"), record("Amy", "Joens")).why
