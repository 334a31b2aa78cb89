"""Giving people an account, a team and roles. Each act is an audit event; nothing is ever deleted."""

import uuid

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cre_toolkit.accounts.models import Agency, Membership, Role, RoleHeld, Team, User
from cre_toolkit.audit import actions as audit


class StandsAlone(ValueError):
    """Whoever keeps the accounts sees no child, and nobody who reads records keeps the accounts."""

    def __init__(self, role: str) -> None:
        super().__init__(
            "An administrator sees no child, so the role stands alone. End the roles that they hold first, or"
            " give them an account of its own for administering."
            if role == Role.ADMINISTRATOR
            else "They are an administrator, who sees no child. End that role first."
        )


class LastAdministrator(ValueError):
    """An authority would be left with nobody to give anybody an account."""

    def __init__(self, authority: str) -> None:
        super().__init__(
            f"They are the last administrator of {authority}. Give the role to somebody else first."
        )


def other_administrators(user: User, authority: str) -> set[uuid.UUID]:
    """Who else administers an authority, their roles locked: two who end each other's come one by one."""
    held = RoleHeld.objects.select_for_update(no_key=True).filter(
        role=Role.ADMINISTRATOR, authority=authority, until=None
    )
    # In one order for everybody, so that nobody waits for somebody who waits for them.
    return {one.user_id for one in held.filter(user__is_active=True).order_by("pk")} - {user.pk}


@transaction.atomic
def add_agency(*, by: User | None, name: str, kind: Agency.Kind) -> Agency:
    """The agency of that name; made where there is none."""
    agency, made = Agency.objects.get_or_create(name=name, defaults={"kind": kind})
    if made:
        audit.record(by=by, kind="agency.added", subject_kind="agency", subject=agency.pk)
    return agency


@transaction.atomic
def add_team(
    *, by: User | None, agency: Agency, name: str, authority: str, kind: Team.Kind = Team.Kind.TEAM
) -> Team:
    """The agency's team of that name within an authority; made where there is none."""
    team, made = Team.objects.get_or_create(
        agency=agency, name=name, authority=authority, defaults={"kind": kind}
    )
    if made:
        audit.record(by=by, kind="team.added", authority=authority, subject_kind="team", subject=team.pk)
    return team


@transaction.atomic
def add_user(
    *,
    by: User | None,
    email: str,
    name: str,
    password: str,
    agency: Agency | None = None,
    job_title: str = "",
    telephone: str = "",
) -> User:
    """Give a person an account.

    Args:
        by: the administrator; None for the command line.
        email: what they sign in with; one account for each.
        password: a first one, held to the rules of `AUTH_PASSWORD_VALIDATORS`.

    Raises:
        django.core.exceptions.ValidationError: the password does not keep the rules; says which.
        django.db.IntegrityError: there is an account with that e-mail address.
    """
    user = User(email=email.lower(), name=name, agency=agency, job_title=job_title, telephone=telephone)
    validate_password(password, user)
    user.set_password(password)
    user.save(force_insert=True)
    audit.record(by=by, kind="user.added", subject_kind="user", subject=user.pk)
    return user


@transaction.atomic
def join_team(*, by: User | None, user: User, team: Team, manages: bool = False) -> Membership:
    """Put a user into a team from now on, as its manager or not; what is so already stays."""
    membership, made = Membership.objects.get_or_create(
        user=user, team=team, until=None, defaults={"manages": manages, "since": timezone.now()}
    )
    if made:
        audit.record(
            by=by,
            kind="team.joined",
            authority=team.authority,
            subject_kind="user",
            subject=user.pk,
            detail={"team": str(team.pk), "manages": manages},
        )
    return membership


@transaction.atomic
def leave_team(*, by: User | None, user: User, team: Team) -> None:
    """Take a user out of a team from now on: what they saw through it is gone with their next request."""
    left = Membership.objects.filter(user=user, team=team, until=None).update(until=timezone.now())
    if left:
        audit.record(
            by=by,
            kind="team.left",
            authority=team.authority,
            subject_kind="user",
            subject=user.pk,
            detail={"team": str(team.pk)},
        )


@transaction.atomic
def give_role(*, by: User | None, user: User, role: Role, authority: str) -> RoleHeld:
    """Give a user a role within an authority from now on; one that is held already stays.

    Raises:
        StandsAlone: of an administrator's role and any other, one person holds one.
    """
    # Two roles at once, given by two people: the second waits here, and finds the first.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    is_administrator = Q(role=Role.ADMINISTRATOR)
    others = ~is_administrator if role == Role.ADMINISTRATOR else is_administrator
    if RoleHeld.objects.filter(others, user=user, until=None).exists():
        raise StandsAlone(role)
    held, made = RoleHeld.objects.get_or_create(
        user=user, role=role, authority=authority, until=None, defaults={"since": timezone.now()}
    )
    if made:
        audit.record(
            by=by,
            kind="role.given",
            authority=authority,
            subject_kind="user",
            subject=user.pk,
            detail={"role": role},
        )
    return held


@transaction.atomic
def end_role(*, by: User | None, user: User, role: Role, authority: str) -> None:
    """Take a role away from now on: what it let the user see is gone with their next request.

    Raises:
        LastAdministrator: the authority would be left without one.
    """
    if role == Role.ADMINISTRATOR and not other_administrators(user, authority):
        raise LastAdministrator(authority)
    ended = RoleHeld.objects.filter(user=user, role=role, authority=authority, until=None).update(
        until=timezone.now()
    )
    if ended:
        audit.record(
            by=by,
            kind="role.ended",
            authority=authority,
            subject_kind="user",
            subject=user.pk,
            detail={"role": role},
        )
