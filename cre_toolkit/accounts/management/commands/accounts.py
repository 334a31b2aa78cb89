"""`manage.py accounts`: people, teams and roles, as an operator keeps them (docs/how-to/accounts.md)."""

import getpass
import os
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from cre_toolkit.accounts import actions, factors, leaving
from cre_toolkit.accounts.models import Agency, Role, RoleHeld, Team, User
from cre_toolkit.rules.loading import authority_ids


class Command(BaseCommand):
    help = "Give people accounts, teams and roles, and end them. Every act is an event of the audit trail."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, parser_class=ArgumentParser)

        def act(name: str, do: Callable[..., str], said: str, *, of_person: bool = True) -> ArgumentParser:
            sub: ArgumentParser = acts.add_parser(name, help=said, description=said)
            sub.set_defaults(do=do)
            if of_person:
                sub.add_argument("--email", required=True)
            return sub

        first = act(
            "first-administrator", first_administrator, "Give the first person an account and the role."
        )
        first.add_argument("--name", required=True)
        first.add_argument("--authority", required=True, choices=authority_ids())

        agency = act("add-agency", add_agency, "Add an agency.", of_person=False)
        agency.add_argument("--name", required=True)
        agency.add_argument("--kind", required=True, choices=Agency.Kind.values)

        team = act("add-team", add_team, "Add a team of an agency within an authority.", of_person=False)
        team.add_argument("--name", required=True)
        team.add_argument("--kind", default=Team.Kind.TEAM, choices=Team.Kind.values)
        _of_a_team(team)

        user = act("add-user", add_user, "Give a person an account. Their first password is asked for.")
        user.add_argument("--name", required=True)
        user.add_argument("--agency", required=True)
        user.add_argument("--job-title", default="")
        user.add_argument("--telephone", default="")

        for name, join_or_leave, said in (
            ("join-team", join_team, "Put a person into a team."),
            ("leave-team", leave_team, "Take a person out of a team."),
        ):
            sub = act(name, join_or_leave, said)
            sub.add_argument("--team", required=True)
            _of_a_team(sub)
            if join_or_leave is join_team:
                sub.add_argument("--manages", action="store_true", help="as its manager")

        for name, give_or_end, said in (
            ("give-role", give_role, "Give a person a role within an authority."),
            ("end-role", end_role, "Take a role from a person: what it let them see is gone at once."),
        ):
            sub = act(name, give_or_end, said)
            sub.add_argument("--role", required=True, choices=Role.values)
            sub.add_argument("--authority", required=True, choices=authority_ids())

        act(
            "deactivate",
            deactivate,
            "Close an account: its sessions and roles end at once. Nothing is lost.",
        )
        act("reactivate", reactivate, "Open a closed account again. It holds no role.")
        act(
            "reset-second-step",
            reset_second_step,
            "Take away the second step of signing in of somebody who has lost theirs.",
        )

    def handle(self, *args: Any, do: Callable[..., str], **given: Any) -> None:
        try:
            self.stdout.write(do(**given))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except (actions.StandsAlone, actions.LastAdministrator) as error:
            raise CommandError(str(error)) from error


def _of_a_team(parser: ArgumentParser) -> None:
    parser.add_argument("--agency", required=True)
    parser.add_argument("--authority", required=True, choices=authority_ids())


# --- What each does; it gives back what is said of it ------------------------------------------------------


@transaction.atomic
def first_administrator(*, email: str, name: str, authority: str, **_: Any) -> str:
    holders = RoleHeld.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True, until=None)
    if holders.exists():
        raise CommandError("There is an administrator already. For another: add-user, then give-role.")
    _add_user(email=email, name=name)
    actions.give_role(by=None, user=_user(email), role=Role.ADMINISTRATOR, authority=authority)
    return f"{email} can sign in, and is administrator in {authority}."


def add_agency(*, name: str, kind: str, **_: Any) -> str:
    actions.add_agency(by=None, name=name, kind=Agency.Kind(kind))
    return f"{name} is an agency."


def add_team(*, name: str, kind: str, agency: str, authority: str, **_: Any) -> str:
    actions.add_team(by=None, agency=_agency(agency), name=name, authority=authority, kind=Team.Kind(kind))
    return f"{name} is a team of {agency} in {authority}."


def add_user(*, email: str, name: str, agency: str, job_title: str, telephone: str, **_: Any) -> str:
    _add_user(email=email, name=name, agency=_agency(agency), job_title=job_title, telephone=telephone)
    return f"{email} can sign in, and holds no role yet: manage.py accounts give-role."


def join_team(*, email: str, team: str, agency: str, authority: str, manages: bool, **_: Any) -> str:
    actions.join_team(by=None, user=_user(email), team=_team(team, agency, authority), manages=manages)
    return f"{email} is in {team}."


def leave_team(*, email: str, team: str, agency: str, authority: str, **_: Any) -> str:
    actions.leave_team(by=None, user=_user(email), team=_team(team, agency, authority))
    return f"{email} is not in {team}."


def give_role(*, email: str, role: str, authority: str, **_: Any) -> str:
    actions.give_role(by=None, user=_user(email), role=Role(role), authority=authority)
    return f"{email} is {role} in {authority}."


def end_role(*, email: str, role: str, authority: str, **_: Any) -> str:
    actions.end_role(by=None, user=_user(email), role=Role(role), authority=authority)
    return f"{email} is not {role} in {authority}."


def deactivate(*, email: str, **_: Any) -> str:
    leaving.close_account(by=None, user=_user(email))
    return f"{email} cannot sign in."


def reactivate(*, email: str, **_: Any) -> str:
    leaving.reopen_account(by=None, user=_user(email))
    return f"{email} can sign in."


def reset_second_step(*, email: str, **_: Any) -> str:
    factors.reset(by=None, user=_user(email))
    return f"{email} signs in by password, and sets up another second step."


def _add_user(*, email: str, **about: Any) -> None:
    if User.objects.filter(email__iexact=email).exists():
        raise CommandError(f"There is an account for {email} already.")
    validate_email(email)
    password = os.environ.get("CRE_FIRST_PASSWORD") or getpass.getpass("First password: ")
    actions.add_user(by=None, email=email, password=password, **about)


def _user(email: str) -> User:
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"There is no account for {email}. To make one: manage.py accounts add-user")
    return user


def _agency(name: str) -> Agency:
    agency = Agency.objects.filter(name=name).first()
    if agency is None:
        known = ", ".join(Agency.objects.order_by("name").values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no agency {name}. There are: {known}.")
    return agency


def _team(name: str, agency: str, authority: str) -> Team:
    team = Team.objects.filter(agency=_agency(agency), name=name, authority=authority).first()
    if team is None:
        raise CommandError(
            f"{agency} has no team {name} in {authority}. To make it: manage.py accounts add-team"
        )
    return team
