"""Keeping agencies, teams, people and roles: what an administrator may do, to whom, and doing it.

An administrator administers the authorities in which they hold the role, sees no child, and does nothing to
their own account. Each act here asks for that, holds the administrators' roles of the authority meanwhile, so
that nobody acts by a role that is being taken from them, and then does what `actions.py` says.
"""

import uuid
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from cre_toolkit.accounts import actions, factors, inviting, leaving
from cre_toolkit.accounts.dated import current
from cre_toolkit.accounts.models import Agency, Membership, Role, RoleHeld, Team, User
from cre_toolkit.accounts.refusals import NotAllowed, NotVisible
from cre_toolkit.audit import actions as audit

# What an administrator may say of a person; everything else about an account is the service's own.
DETAILS = frozenset({"name", "job_title", "telephone", "agency"})


class WorksElsewhereToo(ValueError):
    """The person works in an authority that this administrator does not administer."""


def administered(user: User) -> frozenset[str]:
    """The authorities that somebody administers."""
    if not user.is_active:
        return frozenset()
    held = RoleHeld.objects.filter(current(), user=user, role=Role.ADMINISTRATOR)
    return frozenset(held.values_list("authority", flat=True))


def people(authorities: Iterable[str]) -> QuerySet[User]:
    """Those who have or had a role or a team in one of these authorities."""
    roles = RoleHeld.objects.filter(user=OuterRef("pk"), authority__in=authorities)
    teams = Membership.objects.filter(user=OuterRef("pk"), team__authority__in=authorities)
    return User.objects.filter(Exists(roles) | Exists(teams))


def teams(authorities: Iterable[str]) -> QuerySet[Team]:
    """The teams of these authorities."""
    return Team.objects.filter(authority__in=authorities).select_related("agency")


def find_person(*, by: User, person: uuid.UUID) -> User:
    """One of the people whom somebody administers.

    Raises:
        NotAllowed: whoever asks administers nothing.
        NotVisible: there is no such person, or not in their authorities.
    """
    found = people(check(by)).select_related("agency").filter(pk=person).first()
    if found is None:
        raise NotVisible(str(person))
    return found


def find_team(*, by: User, team: uuid.UUID) -> Team:
    """One of the teams that somebody administers; refused as `find_person` does."""
    found = teams(check(by)).filter(pk=team).first()
    if found is None:
        raise NotVisible(str(team))
    return found


def check(user: User) -> frozenset[str]:
    """The authorities that somebody administers.

    Raises:
        NotAllowed: there is none.
    """
    authorities = administered(user)
    if not authorities:
        raise NotAllowed("Only an administrator keeps agencies, teams, people and roles.")
    return authorities


def works_elsewhere(by: User, user: User) -> set[str]:
    """Where somebody works now that this administrator does not administer."""
    return leaving.authorities_of(user) - administered(by)


# --- People -------------------------------------------------------------------------------------------------


@transaction.atomic
def add_person(
    *, by: User, email: str, name: str, agency: Agency, role: Role, authority: str, **about: str
) -> User:
    """Make an account that waits for its owner to set a password, with its first role.

    Args:
        by: an administrator of the authority.
        email: what they will sign in with.
        name: as colleagues will read it.
        agency: where they work.
        role, authority: by which they are among this administrator's people.
        about: `job_title`, `telephone`.

    Raises:
        NotAllowed: the authority is not theirs to administer.
        django.db.IntegrityError: there is an account with that e-mail address.
    """
    _hold(by, authority)
    user = inviting.add_invited(by=by, email=email, name=name, agency=agency, **about)
    actions.give_role(by=by, user=user, role=role, authority=authority)
    return user


@transaction.atomic
def change_details(*, by: User, user: User, changes: Mapping[str, object]) -> None:
    """Change what stands about a person, any of `DETAILS`; the audit names the fields that changed.

    Raises:
        NotAllowed: it is their own account.
        NotVisible: not one of their people.
        WorksElsewhereToo: the account is another administrator's as well.
        TypeError: something else was to be changed.
    """
    check_whole(by, user)
    if unknown := sorted(changes.keys() - DETAILS):
        raise TypeError(f"not a detail of a person: {', '.join(unknown)}")
    stands = User.objects.get(pk=user.pk)
    changed = {name: value for name, value in changes.items() if getattr(stands, name) != value}
    if changed:
        User.objects.filter(pk=user.pk).update(**changed)
        audit.record(
            by=by,
            kind="user.changed",
            subject_kind="user",
            subject=user.pk,
            detail={"fields": sorted(changed)},
        )


@transaction.atomic
def close_account(*, by: User, user: User) -> None:
    """Close the account of somebody who leaves: `leaving.close_account`, by their administrator.

    Raises:
        NotAllowed: it is their own account.
        NotVisible: not one of their people.
        WorksElsewhereToo: they go on working elsewhere. End their roles here instead.
        actions.LastAdministrator: an authority would be left without one.
    """
    check_whole(by, user)
    leaving.close_account(by=by, user=user)


@transaction.atomic
def reopen_account(*, by: User, user: User) -> None:
    """Open the account of somebody who has come back, without roles. Raises as `close_account`."""
    check_whole(by, user)
    leaving.reopen_account(by=by, user=user)


@transaction.atomic
def reset_factors(*, by: User, user: User) -> None:
    """Take away the second steps of somebody who has lost theirs: `factors.reset`. Raises as above."""
    check_whole(by, user)
    factors.reset(by=by, user=user)


# --- Roles and teams ----------------------------------------------------------------------------------------


@transaction.atomic
def give_role(*, by: User, user: User, role: Role, authority: str) -> None:
    """Give a role within an authority that somebody administers.

    The person need not have been one of theirs: by this they are.

    Raises:
        NotAllowed: the authority is not theirs, it is themselves, or the account is closed.
        actions.StandsAlone: an administrator holds no other role.
    """
    _hold(by, authority)
    _somebody_else(by, user)
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise NotAllowed("The account is closed. Open it again first.")
    actions.give_role(by=by, user=user, role=role, authority=authority)


@transaction.atomic
def end_role(*, by: User, held: RoleHeld) -> None:
    """Take a role from somebody. Raises as `give_role`, and `actions.LastAdministrator`."""
    _hold(by, held.authority)
    _somebody_else(by, held.user)
    actions.end_role(by=by, user=held.user, role=Role(held.role), authority=held.authority)


@transaction.atomic
def join_team(*, by: User, user: User, team: Team, manages: bool = False) -> None:
    """Put somebody into a team, as its manager or not. Who is in it already changes to what is said.

    Also somebody whose account is closed: by the team its manager sees the children whom they left.

    Raises:
        NotAllowed: the team is not theirs to administer, or it is themselves.
    """
    _hold(by, team.authority)
    _somebody_else(by, user)
    other = Membership.objects.filter(user=user, team=team, until=None).exclude(manages=manages)
    if other.exists():
        actions.leave_team(by=by, user=user, team=team)
    actions.join_team(by=by, user=user, team=team, manages=manages)


@transaction.atomic
def leave_team(*, by: User, membership: Membership) -> None:
    """Take somebody out of a team. Raises as `join_team`."""
    _hold(by, membership.team.authority)
    _somebody_else(by, membership.user)
    actions.leave_team(by=by, user=membership.user, team=membership.team)


@transaction.atomic
def add_agency(*, by: User, name: str, kind: Agency.Kind) -> Agency:
    """Add an agency, for every authority. Raises `NotAllowed` for whoever administers nothing."""
    check(by)
    return actions.add_agency(by=by, name=name, kind=kind)


@transaction.atomic
def add_team(*, by: User, agency: Agency, name: str, authority: str, kind: Team.Kind) -> Team:
    """Add a team of an agency within an authority that somebody administers; else `NotAllowed`."""
    _hold(by, authority)
    return actions.add_team(by=by, agency=agency, name=name, authority=authority, kind=kind)


@transaction.atomic
def rename_team(*, by: User, team: Team, name: str) -> None:
    """Give a team another name; else `NotAllowed`.

    Raises:
        django.db.IntegrityError: the agency has a team of that name in the authority.
    """
    _hold(by, team.authority)
    if Team.objects.filter(pk=team.pk).exclude(name=name).update(name=name):
        audit.record(
            by=by, kind="team.renamed", authority=team.authority, subject_kind="team", subject=team.pk
        )


# --- Whether they may ---------------------------------------------------------------------------------------


def _hold(by: User, authority: str) -> None:
    """Make sure that somebody administers an authority, and that they still do when their act is done."""
    # Not `current`: a role that was ended while we waited for it ended after this moment began.
    held = RoleHeld.objects.select_for_update(no_key=True).filter(
        role=Role.ADMINISTRATOR, authority=authority, until=None
    )
    if by.pk not in {one.user_id for one in held.order_by("pk")}:
        raise NotAllowed("You do not administer this authority.")


def check_whole(by: User, user: User) -> None:
    """Make sure, in the transaction of a change, that a whole account is this administrator's to change.

    Raises:
        NotAllowed: they administer nothing, or it is their own account.
        NotVisible: not one of their people.
        WorksElsewhereToo: the account is another administrator's as well.
    """
    for authority in sorted(check(by)):
        _hold(by, authority)
    _somebody_else(by, user)
    find_person(by=by, person=user.pk)
    if works_elsewhere(by, user):
        raise WorksElsewhereToo(str(user.pk))


def _somebody_else(by: User, user: User) -> None:
    if by.pk == user.pk:
        raise NotAllowed("Nobody changes their own account here. Ask another administrator.")
