"""Whom a search finds, within what the user may see; who may be the same child; what stands on one record."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cre_toolkit.accounts.models import Role
from cre_toolkit.children import access, queries
from cre_toolkit.children.matching import Sought, Why
from cre_toolkit.children.models import Child
from tests.factories.people import (
    ChildFactory,
    administrator,
    child_protection_manager,
    front_door,
    give_access,
    make_user,
    practitioner,
)

pytestmark = pytest.mark.django_db
BORN = datetime.date(2011, 5, 14)


def names(user, name="", **more):
    result = queries.search(user, Sought(names=(name,) if name else (), **more))
    return [found.child.shown_name for found in result.found]


@pytest.fixture
def user():
    return practitioner()


@pytest.fixture
def children(user):
    named = [
        ("Siân", "Ŵyn", ""), ("Minh", "Nguyễn", ""), ("Caitlin", "O'Neill", "Cait"), ("小龙", "李", ""),
        ("عائشة", "الخيالية", ""), ("Samuel", "Smith", ""), ("Amy", "Smith-Jones", ""),
        ("Mohammed", "Khan", "Mo"),
    ]  # fmt: skip
    return [
        ChildFactory(created_by=user, given_names=given, family_name=family, known_as=known)
        for given, family, known in named
    ]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("sian wyn", "Siân Ŵyn"), ("Wynn Shaun", "Siân Ŵyn"), ("nguyen", "Minh Nguyễn"),
        ("Nuyen", "Minh Nguyễn"),
        ("oneil", "Caitlin O'Neill"), ("O Neill Caitlin", "Caitlin O'Neill"), ("Cait", "Caitlin O'Neill"),
        ("李小龙", "李小龙"), ("小龙", "李小龙"), ("عائشه", "عائشة الخيالية"), ("sam smi", "Samuel Smith"),
        ("Smithjones", "Amy Smith-Jones"), ("Muhammad Kahn", "Mohammed Khan"), ("mo khan", "Mohammed Khan"),
        ("Xmith Samuel", "Samuel Smith"),
    ],
)  # fmt: skip
def test_a_child_is_found_however_the_name_is_written(user, children, typed: str, first: str):
    assert names(user, typed)[0] == first


def test_numbers_dates_and_references(user):
    child = ChildFactory(created_by=user, nhs_number="9990000018", date_of_birth=BORN, postcode="DE1 2QY")
    ChildFactory(created_by=user, date_of_birth=datetime.date(2009, 1, 2), postcode="S1 1AA")
    for sought in (
        {"nhs_number": "9990000018"},
        {"date_of_birth": BORN},
        {"date_of_birth": datetime.date(2011, 5, 15)},
        {"postcode": "de12qy"},
        {"reference": child.reference},
    ):
        assert names(user, **sought) == [child.name], sought


def test_only_what_the_user_may_see_is_found(user, children):
    stranger = practitioner()
    assert names(stranger, "Sian Wyn") == []
    assert names(stranger, reference=children[0].reference) == []
    give_access(children[0], user=stranger)
    assert names(stranger, "Sian Wyn") == ["Siân Ŵyn"]
    assert names(stranger, reference=children[0].reference) == ["Siân Ŵyn"]
    assert names(administrator(), "Sian Wyn") == []


def test_a_child_protection_manager_finds_those_at_medium_and_high(children):
    manager = child_protection_manager()
    assert names(manager, "Sian Wyn") == []
    Child.objects.filter(pk=children[0].pk).update(working_level="medium")
    assert names(manager, "Sian Wyn") == ["Siân Ŵyn"]


def test_hidden_children_never_crowd_out_one_who_may_be_seen(monkeypatch, user):
    monkeypatch.setattr(queries, "MOST", 3)
    for _ in range(6):
        ChildFactory(given_names="Mohammed", family_name="Khan")
    ChildFactory(created_by=user, given_names="Mohamed", family_name="Khan")
    assert names(user, "Mohammed Khan") == ["Mohamed Khan"]


def test_too_many_are_not_all_weighed_and_it_is_said(monkeypatch, user):
    monkeypatch.setattr(queries, "MOST", 3)
    for _ in range(4):
        ChildFactory(created_by=user, given_names="Mohammed", family_name="Khan")
    result = queries.search(user, Sought(names=("Mohammed Khan",)))
    assert (len(result.found), result.more) == (3, True)


def test_the_best_comes_first(user):
    near = ChildFactory(created_by=user, given_names="Amy", family_name="Smyth", date_of_birth=BORN)
    same = ChildFactory(
        created_by=user, given_names="Amy", family_name="Smith", date_of_birth=datetime.date(2009, 1, 2)
    )
    assert names(user, "Amy Smith") == [same.name, near.name]
    assert names(user, "Amy Smith", date_of_birth=BORN) == [near.name, same.name]


@pytest.mark.parametrize("who", ["practitioner", "front door", "child protection manager"])
@pytest.mark.parametrize(("typed", "most"), [("Sian Wynn", 1), ("Smith", 1), ("Xwert Yuiop", 2)])
def test_a_search_costs_few_queries_whoever_searches(who: str, typed: str, most: int, user, children):
    searching = {
        "practitioner": user,
        "front door": front_door(),
        "child protection manager": child_protection_manager(),
    }[who]
    for child in children:
        give_access(child, user=searching)
    standing = access.standing_of(searching)
    with CaptureQueriesContext(connection) as asked:
        queries.search(searching, Sought(names=(typed,)), standing)
    assert len(asked) <= most


def test_who_may_be_the_same_child_is_asked_of_the_whole_service_and_says_who_is_seen(user):
    seen = ChildFactory(created_by=user, given_names="Sian", family_name="Wyn", date_of_birth=BORN)
    hidden = ChildFactory(given_names="Siân", family_name="Ŵyn", date_of_birth=BORN)
    ChildFactory(given_names="Amy", family_name="Patel", date_of_birth=BORN)
    sought = Sought(names=("Shaun Wynn",), date_of_birth=BORN)
    with CaptureQueriesContext(connection) as asked:
        likely = queries.likely_duplicates(sought, access.standing_of(user), but=user.pk)
    assert {(one.found.pk, one.seen) for one in likely} == {(seen.pk, True), (hidden.pk, False)}
    assert likely[0].found.weighed.why == (Why.SOUNDS_LIKE, Why.BORN)
    assert len(asked) == 3  # what the user holds, the children, and which of those they see
    assert [one.found.pk for one in queries.likely_duplicates(
        sought, access.standing_of(user), but=hidden.form_id
    )] == [seen.pk]  # fmt: skip


def test_who_does_not_practise_is_shown_no_likeness():
    ChildFactory(given_names="Sian", family_name="Wyn", date_of_birth=BORN)
    sought = Sought(names=("Sian Wyn",), date_of_birth=BORN)
    likely = queries.likely_duplicates(sought, access.standing_of(administrator()), but=administrator().pk)
    assert [one.seen for one in likely] == [False]


def test_workers_are_those_who_practise_in_the_authority_now():
    child = ChildFactory(created_by=practitioner(name="A"))
    practitioner(name="Gone", is_active=False)
    practitioner(name="County", authority="derbyshire")
    administrator(name="Admin")
    make_user(Role.TEAM_MANAGER, name="B")
    assert [worker.name for worker in queries.possible_workers(child)] == ["A", "B"]


def test_every_ethnic_group_has_the_group_above_it():
    labels = dict(queries.ETHNICITIES)
    assert labels["white-irish"] == "White: Irish"
    assert labels["not-recorded"] == "Not recorded"
    assert set(labels) == set(Child.Ethnicity.values)
