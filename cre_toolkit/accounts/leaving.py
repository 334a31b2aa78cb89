"""Closing an account, and opening it again. Nothing is deleted: the audit speaks of all who were here."""

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts import actions, sessions
from cre_toolkit.accounts.dated import current
from cre_toolkit.accounts.models import Invitation, Role, RoleHeld, User
from cre_toolkit.audit import actions as audit


@transaction.atomic
def close_account(*, by: User | None, user: User) -> None:
    """Close an account: nobody signs in with it, its sessions end, its roles end.

    Teams are left as they are. By them the manager still sees the children of somebody who has left, and
    hands them on; after that the person is taken out of the team. Closed already, it stays as it is.

    Args:
        by: the administrator; None for the command line.
        user: whose account.

    Raises:
        actions.LastAdministrator: an authority would be left without one.
    """
    now = timezone.now()
    closed = User.objects.filter(pk=user.pk, is_active=True)
    for held in RoleHeld.objects.filter(user=user, until=None):
        actions.end_role(by=by, user=user, role=Role(held.role), authority=held.authority)
    if closed.update(is_active=False, closed_at=now):
        Invitation.objects.filter(user=user, until__gt=now).update(until=now)
        audit.record(by=by, kind="user.deactivated", subject_kind="user", subject=user.pk)
        sessions.end_all(by=by, user=user, why=sessions.Ended.ACCOUNT_CLOSED)


@transaction.atomic
def reopen_account(*, by: User | None, user: User) -> None:
    """Open a closed account again, with the password that it had and without any role."""
    closed = User.objects.filter(pk=user.pk, is_active=False)
    if closed.update(is_active=True, closed_at=None):
        audit.record(by=by, kind="user.reactivated", subject_kind="user", subject=user.pk)


def authorities_of(user: User) -> set[str]:
    """Where somebody has a role or a team now."""
    roles = RoleHeld.objects.filter(current(), user=user).values_list("authority", flat=True)
    return {*roles, *user.memberships.filter(current()).values_list("team__authority", flat=True)}
