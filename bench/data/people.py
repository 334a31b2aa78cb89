"""The people of an invented authority: workers in teams of ten, each with a caseload, and a front door."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from cre_toolkit.accounts.models import Agency, Membership, Role, RoleHeld, Team, User

AUTHORITY = "derby"
CASELOAD = 40
"""Children to a worker."""
TEAM = 10
"""Workers to a team, which has a manager."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Those who are behind one child: who assesses, whose case it is, who manages the two."""

    author: User
    worker: User
    manager: User

    @property
    def everybody(self) -> tuple[User, User, User]:
        return self.author, self.worker, self.manager


def staff_of_patterns() -> Staff:
    """The people of the cases that are copied: a team of their own, so that no caseload counts theirs."""
    found = User.objects.filter(email__startswith="pattern.").order_by("email")
    if not found:
        agency = _agency()
        _front_door(agency)
        _chair(agency)
        _team("Pattern team", agency, ["pattern.author", "pattern.worker"], "pattern.manager")
    people = {user.email.partition("@")[0].removeprefix("pattern."): user for user in found.all()}
    return Staff(people["author"], people["worker"], people["manager"])


def staff_for(children: int) -> list[Staff]:
    """So many children's workers and their managers, made where they are missing: one entry for a caseload.

    The worker of one caseload assesses the children of the next, so that everybody has both.
    """
    agency = _agency()
    wanted = max(2, -(-children // CASELOAD))
    teams = -(-wanted // TEAM)
    for number in range(Team.objects.filter(name__startswith="Team ").count(), teams):
        names = [f"worker{number * TEAM + place}" for place in range(TEAM)]
        _team(f"Team {number}", agency, names, f"manager{number}")
    users = {user.email.partition("@")[0]: user for user in User.objects.select_related("agency")}
    return [
        Staff(
            author=users[f"worker{(number + 1) % (teams * TEAM)}"],
            worker=users[f"worker{number}"],
            manager=users[f"manager{number // TEAM}"],
        )
        for number in range(wanted)
    ]


def _agency() -> Agency:
    return Agency.objects.get_or_create(
        name="Invented City Council", defaults={"kind": Agency.Kind.SOCIAL_CARE}
    )[0]


def _front_door(agency: Agency) -> None:
    door = Team.objects.create(
        name="Front door", agency=agency, authority=AUTHORITY, kind=Team.Kind.FRONT_DOOR
    )
    user = _user("frontdoor", agency)
    user.save(force_insert=True)
    RoleHeld.objects.create(user=user, role=Role.FRONT_DOOR, authority=AUTHORITY, since=_long_ago())
    Membership.objects.create(user=user, team=door, since=_long_ago())


def _chair(agency: Agency) -> None:
    """The child protection manager, who sees every child of the authority at medium or high."""
    user = _user("chair", agency)
    user.save(force_insert=True)
    RoleHeld.objects.create(
        user=user, role=Role.CHILD_PROTECTION_MANAGER, authority=AUTHORITY, since=_long_ago()
    )


def _team(name: str, agency: Agency, workers: list[str], manager: str) -> None:
    team = Team.objects.create(name=name, agency=agency, authority=AUTHORITY)
    users = [_user(email, agency) for email in (*workers, manager)]
    User.objects.bulk_create(users)
    roles = [Role.PRACTITIONER] * len(workers) + [Role.TEAM_MANAGER]
    RoleHeld.objects.bulk_create(
        RoleHeld(user=user, role=role, authority=AUTHORITY, since=_long_ago())
        for user, role in zip(users, roles, strict=True)
    )
    Membership.objects.bulk_create(
        Membership(user=user, team=team, since=_long_ago(), manages=user is users[-1]) for user in users
    )


def _user(email: str, agency: Agency) -> User:
    """Somebody with a name that no other has and no password: they are signed in by the benchmark."""
    return User(
        email=f"{email}@example.org",
        name=f"Invented {email.replace('.', ' ').title()}",
        job_title="Social worker",
        telephone="01632 960000",
        agency=agency,
        password="!",  # noqa: S106 - what Django writes for "none"
    )


def _long_ago() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=3650)
