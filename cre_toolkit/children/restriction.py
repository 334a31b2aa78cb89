"""Restricted records: for the people named on them, and for nobody else whatever their role (docs/adr/0007).

A restriction holds on every record that stands for the child, so that it outlives the undoing of a merge.
Whoever is allocated to the child is always named, and so is somebody who may lift it again.
"""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.children import access, granting, notices
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import AccessGrant, Child, Restriction
from cre_toolkit.children.permissions import ROLES_FOR

NAMED = AccessGrant.Reason.NAMED
# With fewer, a leave or an illness would leave the child to nobody.
FEWEST = 2


class Refused(ValueError):
    """It would leave the child without somebody who is needed; the message says who, and what to do."""


def standing_restriction(child: Child) -> Restriction | None:
    """The restriction that holds, with who made it. One query."""
    return Restriction.objects.filter(child__stands_for=child.pk, until=None).select_related("by").first()


def named_on(child: Child) -> QuerySet[AccessGrant]:
    """Who is named on a record, by name. One query."""
    named = AccessGrant.objects.filter(access.current(), child=child, reason=NAMED)
    return named.select_related("user__agency").order_by("user__name", "user")


@transaction.atomic
@together()
def restrict(*, by: User, child: Child, named: Collection[User], why: str) -> None:
    """From now on the record is for the people named, whoever else could see it before.

    Args:
        by: who restricts; they see the child, which the caller has made sure of, and are named themselves.
        child: the record that stands for the child.
        named: for whom it is; the allocated worker among them.
        why: the reason.

    Raises:
        NotAllowed: the user's roles do not include this.
        Refused: somebody is missing among the named, or cannot be one of them.
    """
    access.check(access.standing_of(by), Act.RESTRICT)
    held = hold(child)
    if held.restricted:
        return
    people = {by.pk, *(user.pk for user in named)}
    _check(held, people, new=people)
    for record in _records(held):
        Restriction.objects.create(child=record, why=why, since=timezone.now(), by=by)
        granting.grant_each(by=by, child=record, reason=NAMED, users=sorted(people))
    Child.objects.filter(stands_for=held.pk).update(restricted=True)
    child.restricted = held.restricted = True
    audit.record(by=by, kind="child.restricted", authority=held.authority, child=held.pk)
    notices.put_away(by=by, child=held)


@transaction.atomic
@together()
def name(*, by: User, child: Child, user: User, why: str) -> None:
    """One more person for whom a restricted record is. `why`: what they do with the child.

    Raises as `restrict`.
    """
    access.check(access.standing_of(by), Act.RESTRICT)
    held = hold(child)
    if not held.restricted:
        raise Refused("The restriction has been lifted meanwhile. Let them into the network instead.")
    _check(held, {user.pk, *_named(held)}, new={user.pk})
    for record in _records(held):
        granting.grant(by=by, child=record, reason=NAMED, user=user, why=why)


@transaction.atomic
@together()
def take_off(*, by: User, child: Child, user: User) -> None:
    """A restricted record is for this person no longer. Raises as `restrict`."""
    access.check(access.standing_of(by), Act.RESTRICT)
    held = hold(child)
    check_without(held, user)
    for record in _records(held):
        granting.end_grant(by=by, child=record, reason=NAMED, user=user)
    notices.put_away(by=by, child=held)


@transaction.atomic
@together()
def lift(*, by: User, child: Child) -> None:
    """From now on everybody sees the record who would without its restriction.

    Args:
        by: who lifts it; they are named on it, which the caller has made sure of.
        child: the record that stands for the child.

    Raises:
        NotAllowed: the user's roles do not include this.
    """
    access.check(access.standing_of(by), Act.RESTRICT)
    held = hold(child)
    restrictions = Restriction.objects.filter(child__stands_for=held.pk, until=None)
    if not restrictions.update(until=timezone.now()):
        return
    for record in _records(held):
        for grant in named_on(record):
            if grant.user:
                granting.end_grant(by=by, child=record, reason=NAMED, user=grant.user)
    Child.objects.filter(stands_for=held.pk).update(restricted=False)
    child.restricted = False
    audit.record(by=by, kind="child.restriction-lifted", authority=held.authority, child=held.pk)


def check_without(child: Child, user: User) -> None:
    """Raise `Refused` where a restricted record cannot do without this person, who is named on it."""
    named = _named(child)
    if user.pk in named and access.practising().filter(pk=user.pk).exists():
        _check(child, named - {user.pk})


def check_merged(kept: Child, merged: Child) -> None:
    """Raise `Refused` where two records that were just made one are not closed to the same people.

    Args:
        kept: the record that stands for both.
        merged: the other, which points to it.
    """
    if kept.restricted != merged.restricted:
        raise Refused(
            "One of the two records is restricted. Restrict the other one to the same people first."
        )
    worker = kept.allocated_worker
    if worker and User.objects.filter(access.locked_out_of(kept), pk=worker.pk).exists():
        raise Refused(
            "The allocated worker of one record cannot be given the other. Name another worker first."
        )


def _records(child: Child) -> QuerySet[Child]:
    return Child.objects.filter(stands_for=child.pk).order_by("pk")


def _named(child: Child) -> set[uuid.UUID]:
    named = AccessGrant.objects.filter(access.current(), child__stands_for=child.pk, reason=NAMED)
    return set(named.values_list("user", flat=True))


def _check(child: Child, people: set[uuid.UUID], new: Collection[uuid.UUID] = ()) -> None:
    """Raise `Refused` unless these people can have the record to themselves; `new`: who is not named yet."""
    who_can = access.practising().filter(~access.locked_out_of(child), pk__in=people)
    able = set(who_can.values_list("pk", flat=True))
    if unable := set(new) - able:
        names = ", ".join(User.objects.filter(pk__in=unable).values_list("name", flat=True))
        raise Refused(f"This record cannot be for {names}. Leave them out.")
    if len(able) < FEWEST:
        raise Refused("Name at least two people, so that the child is not left to nobody when one is away.")
    if child.allocated_worker_id and child.allocated_worker_id not in able:
        raise Refused("The allocated worker has to be named. Name another worker on the record first.")
    if not access.roles_held(child.authority, ROLES_FOR[Act.RESTRICT]).filter(user__in=able).exists():
        raise Refused(
            "Name a team manager or a child protection manager of the authority too, who can change this."
        )
