"""Accounts, teams and roles: given by acts that the audit trail shows."""

import os

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from cre_toolkit.accounts import actions
from cre_toolkit.accounts.models import Agency, Membership, Role, RoleHeld, User
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access

pytestmark = pytest.mark.django_db
GOOD = "correct horse battery"


def add_user(email="sam@example.org", password=GOOD):
    return actions.add_user(by=None, email=email, name="Sam Pretend", password=password)


def kinds():
    return list(Event.objects.order_by("at", "pk").values_list("kind", flat=True))


@pytest.mark.parametrize("password", ["short", "password1234", "samsampretend"])
def test_a_weak_password_is_refused_and_nothing_is_made(password):
    with pytest.raises(ValidationError):
        add_user(password=password)
    assert not User.objects.exists()


def test_one_account_for_an_address_whatever_its_capitals():
    add_user()
    with pytest.raises(IntegrityError), transaction.atomic():
        add_user("SAM@example.org")


def test_the_password_is_not_stored():
    assert GOOD not in add_user().password


def test_a_role_given_twice_is_held_once_and_ended_for_good():
    user = add_user()
    for _ in range(2):
        actions.give_role(by=None, user=user, role=Role.PRACTITIONER, authority="derby")
    assert access.standing_of(user).roles == {("practitioner", "derby")}
    actions.end_role(by=None, user=user, role=Role.PRACTITIONER, authority="derby")
    actions.end_role(by=None, user=user, role=Role.PRACTITIONER, authority="derby")
    assert access.standing_of(user).roles == frozenset()
    assert RoleHeld.objects.count() == 1
    assert kinds() == ["user.added", "role.given", "role.ended"]


def test_teams_and_agencies_are_made_once():
    agencies = [
        actions.add_agency(by=None, name="Example Academy", kind=Agency.Kind.EDUCATION) for _ in range(2)
    ]
    teams = [actions.add_team(by=None, agency=agencies[0], name="Leads", authority="derby") for _ in range(2)]
    user = add_user()
    for team in teams:
        actions.join_team(by=None, user=user, team=team)
    assert agencies[0] == agencies[1]
    assert teams[0] == teams[1]
    assert Membership.objects.count() == 1
    assert kinds() == ["agency.added", "team.added", "user.added", "team.joined"]


def make_administrator(monkeypatch, password=GOOD, email="ada@example.org"):
    monkeypatch.setitem(os.environ, "CRE_ADMINISTRATOR_PASSWORD", password)
    call_command("create_administrator", email=email, name="Ada Pretend", authority="derby")


def test_the_first_administrator_is_made_by_one_command_and_sees_no_child(monkeypatch):
    make_administrator(monkeypatch)
    user = User.objects.get()
    assert user.check_password(GOOD)
    assert access.standing_of(user).roles == {("administrator", "derby")}
    assert not access.visible_to(user).exists()


def test_the_command_says_what_is_wrong(monkeypatch):
    make_administrator(monkeypatch)
    with pytest.raises(CommandError, match=r"There is an account for ada@example\.org already"):
        make_administrator(monkeypatch)
    with pytest.raises(CommandError, match="too short"):
        make_administrator(monkeypatch, password="short", email="bob@example.org")
    with pytest.raises(CommandError, match="valid email"):
        make_administrator(monkeypatch, email="nobody")
    assert User.objects.count() == 1
