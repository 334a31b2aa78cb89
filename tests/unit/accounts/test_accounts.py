"""Accounts, teams and roles: given by acts that the audit trail shows."""

import os

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from cre_toolkit.accounts import actions, factors
from cre_toolkit.accounts.models import Agency, Membership, Role, RoleHeld, User
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access

pytestmark = pytest.mark.django_db
GOOD = "correct horse battery"


def add_user(email="sam@example.org", password=GOOD):
    return actions.add_user(by=None, email=email, name="Sam Pretend", password=password)


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


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


AUTHORITY = ("--authority", "derby")
COUNCIL = ("--agency", "Invented City Council")


@pytest.fixture
def accounts(monkeypatch, capsys):
    """`manage.py accounts ...`; gives what it said."""
    monkeypatch.setitem(os.environ, "CRE_FIRST_PASSWORD", GOOD)

    def run(*words):
        call_command("accounts", *words)
        return capsys.readouterr().out

    run("add-agency", "--name", "Invented City Council", "--kind", "social-care")
    return run


def add_ada(accounts):
    accounts("add-user", "--email", "ada@example.org", "--name", "Ada Pretend", *COUNCIL)
    return User.objects.get()


def test_a_service_is_set_up_from_the_command_line(accounts):
    accounts("add-team", "--name", "First Contact", "--kind", "front-door", *COUNCIL, *AUTHORITY)
    user = add_ada(accounts)
    assert user.check_password(GOOD)
    assert access.standing_of(user).roles == frozenset()
    accounts("join-team", "--email", "ADA@example.org", "--team", "First Contact", *COUNCIL, *AUTHORITY)
    said = accounts("give-role", "--email", "ada@example.org", "--role", "front-door", *AUTHORITY)
    assert said == "ada@example.org is front-door in derby.\n"
    standing = access.standing_of(user)
    assert standing.roles == {("front-door", "derby")}
    assert len(standing.teams) == 1
    assert {event.actor for event in Event.objects.all()} == {None}, "the command line is nobody's account"


def test_whoever_leaves_loses_teams_roles_and_account_and_nothing_is_deleted(accounts):
    accounts("add-team", "--name", "Leads", *COUNCIL, *AUTHORITY)
    user = add_ada(accounts)
    of_ada = ("--email", "ada@example.org")
    accounts("join-team", *of_ada, "--team", "Leads", "--manages", *COUNCIL, *AUTHORITY)
    accounts("give-role", *of_ada, "--role", "team-manager", *AUTHORITY)
    assert access.standing_of(user).managed
    for _ in range(2):
        accounts("leave-team", *of_ada, "--team", "Leads", *COUNCIL, *AUTHORITY)
        accounts("end-role", *of_ada, "--role", "team-manager", *AUTHORITY)
        accounts("deactivate", *of_ada)
    user.refresh_from_db()
    assert not user.is_active
    assert access.standing_of(user) == access.Standing(user, frozenset())
    assert (Membership.objects.count(), RoleHeld.objects.count()) == (1, 1)
    assert kinds()[-3:] == ["team.left", "role.ended", "user.deactivated"]
    accounts("reactivate", *of_ada)
    user.refresh_from_db()
    assert user.is_active


def test_the_only_administrator_who_lost_their_second_step_is_let_in_again(accounts):
    user = add_ada(accounts)
    factors.add_app(by=user, secret="JBSWY3DPEHPK3PXP", code="000000")
    accounts("reset-second-step", "--email", "ada@example.org")
    assert not factors.of(user).exists()
    assert kinds()[-1] == "account.factors-reset"


def test_the_command_says_what_is_wrong(accounts, monkeypatch):
    add_ada(accounts)
    with pytest.raises(CommandError, match=r"There is an account for ada@example\.org already"):
        add_ada(accounts)
    with pytest.raises(CommandError, match="valid email"):
        accounts("add-user", "--email", "nobody", "--name", "Nobody", *COUNCIL)
    with pytest.raises(CommandError, match=r"no agency Elsewhere\. There are: Invented City Council"):
        accounts("add-user", "--email", "bob@example.org", "--name", "Bob", "--agency", "Elsewhere")
    with pytest.raises(CommandError, match="no account for bob@example"):
        accounts("deactivate", "--email", "bob@example.org")
    with pytest.raises(CommandError, match="has no team Leads in derby"):
        accounts("join-team", "--email", "ada@example.org", "--team", "Leads", *COUNCIL, *AUTHORITY)
    monkeypatch.setitem(os.environ, "CRE_FIRST_PASSWORD", "short")
    with pytest.raises(CommandError, match="too short"):
        accounts("add-user", "--email", "bob@example.org", "--name", "Bob", *COUNCIL)
    assert User.objects.count() == 1


class TestTheFirstAdministrator:
    WORDS = ("first-administrator", "--email", "alex@example.org", "--name", "Alex Pretend", *AUTHORITY)

    def test_is_made_by_one_command(self, accounts):
        assert accounts(*self.WORDS) == "alex@example.org can sign in, and is administrator in derby.\n"
        user = User.objects.get()
        assert user.check_password(GOOD)
        assert access.standing_of(user).roles == {("administrator", "derby")}

    def test_is_made_once(self, accounts):
        accounts(*self.WORDS)
        with pytest.raises(CommandError, match="There is an administrator already"):
            accounts(*self.WORDS)
        assert User.objects.count() == 1

    def test_with_a_weak_password_is_not_made_at_all(self, accounts, monkeypatch):
        monkeypatch.setenv("CRE_FIRST_PASSWORD", "short")
        with pytest.raises(CommandError):
            accounts(*self.WORDS)
        assert not User.objects.exists()
