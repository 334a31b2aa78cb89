"""Locking somebody out of a child's record, for a conflict of interest: nothing lets them see it after that.

They are not told, by any page, list, count or mail: to them there is no such child (docs/adr/0007).
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.children import access, granting, notices, restriction
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import AccessGrant, Child, LockOut


class CannotLockOut(ValueError):
    """This person is needed on the record; the message says for what, and what to do first."""


def lock_outs_of(child: Child) -> QuerySet[LockOut]:
    """Who is locked out of a record now, by name. One query."""
    held = LockOut.objects.filter(access.current(), child__stands_for=child.pk)
    return held.select_related("user__agency", "by").order_by("user__name", "user")


@transaction.atomic
@together()
def lock_out(*, by: User, child: Child, user: User, conflict: LockOut.Conflict, why: str) -> None:
    """From now on this person does not see the record, whatever their role, team or network.

    Args:
        by: who says so; they see the child, which the caller has made sure of.
        child: the record that stands for the child.
        user: who is locked out.
        conflict: what stands between them and the child.
        why: more of it, in words.

    Raises:
        NotAllowed: the user's roles do not include this.
        CannotLockOut: they are the allocated worker.
        restriction.Refused: a restricted record cannot do without them.
    """
    access.check(access.standing_of(by), Act.RESTRICT)
    held = hold(child)
    access.check_says_who_sees(access.standing_of(by), held)
    if lock_outs_of(held).filter(user=user).exists():
        return
    if held.allocated_worker_id == user.pk:
        raise CannotLockOut("This is the allocated worker. Name another worker on the record first.")
    restriction.check_without(held, user)
    named = AccessGrant.objects.filter(
        access.current(), child__stands_for=held.pk, user=user, reason=restriction.NAMED
    )
    for grant in named.select_related("child"):
        granting.end_grant(by=by, child=grant.child, reason=restriction.NAMED, user=user)
    LockOut.objects.create(child=held, user=user, conflict=conflict, why=why, since=timezone.now(), by=by)
    audit.record(
        by=by,
        kind="access.locked-out",
        authority=held.authority,
        child=held.pk,
        subject_kind="user",
        subject=user.pk,
        detail={"conflict": conflict},
    )
    notices.put_away(by=by, child=held)


@transaction.atomic
def let_in_again(*, by: User, child: Child, user: User) -> None:
    """Whoever was locked out sees the record again, as far as anything else lets them.

    Args:
        by: who says so; they see the child, which the caller has made sure of.
        child: the record that stands for the child.
        user: who was locked out.

    Raises:
        NotAllowed: the user's roles do not include this.
    """
    access.check(access.standing_of(by), Act.RESTRICT)
    held = hold(child)
    access.check_says_who_sees(access.standing_of(by), held)
    if lock_outs_of(held).filter(user=user).update(until=timezone.now()):
        audit.record(
            by=by,
            kind="access.let-in-again",
            authority=held.authority,
            child=held.pk,
            subject_kind="user",
            subject=user.pk,
        )
