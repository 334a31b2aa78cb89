"""What is asked about break-glass: what waits for its review, who may read of it, and who reviews it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, NotVisible, Standing
from cre_toolkit.children.break_glass_models import BreakGlass
from cre_toolkit.children.models import Child
from cre_toolkit.statements import statement


def may_review(standing: Standing, broken: BreakGlass) -> bool:
    """Whether it is this person's to review. No query.

    Args:
        standing: whose.
        broken: with its child.
    """
    if broken.by_id == standing.user.pk:
        return False
    asked = broken.asked_id == standing.user.pk and (
        access.may(standing, Act.REVIEW_BREAK_GLASS_OF_TEAM) or access.may(standing, Act.REVIEW_BREAK_GLASS)
    )
    return asked or broken.child.authority in standing.authorities(Act.REVIEW_BREAK_GLASS)


def _whole() -> QuerySet[BreakGlass]:
    """With everybody whom a page names."""
    return BreakGlass.objects.select_related("child", "by__agency", "asked", "review__by")


def _theirs(standing: Standing) -> Q:
    """What somebody is told of: what they review, and what happened on the records allocated to them."""
    user = standing.user
    told = (
        Q(asked=user)
        | Q(child__authority__in=standing.authorities(Act.REVIEW_BREAK_GLASS))
        | Q(child__allocated_worker=user)
    )
    return told & access.open_to(user, "child__")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that nobody has reviewed yet, as a list shows it."""

    broken: BreakGlass
    overdue: bool
    to_review: bool
    """Whether it is for whoever looks at the list to review; they are only told of it otherwise."""


def waiting(standing: Standing, most: int = 20) -> list[Waiting]:
    """What was not reviewed yet and concerns this person, the oldest first. One query.

    Args:
        standing: whose list.
        most: how many at the most.
    """
    if not standing.practises:
        return []
    now = timezone.now()
    return [
        Waiting(one, one.until <= now, may_review(standing, one))
        for one in _waiting(standing=standing, most=most)
    ]


@statement
def _waiting(*, standing: Standing, most: int) -> QuerySet[BreakGlass]:
    found = _whole().filter(_theirs(standing), review=None).exclude(by=standing.user)
    return found.order_by("until", "pk")[:most]


def unreviewed(standing: Standing) -> QuerySet[BreakGlass] | None:
    """All of `waiting`, to be counted; None for whoever works with no children."""
    if not standing.practises:
        return None
    return BreakGlass.objects.filter(_theirs(standing), review=None).exclude(by=standing.user)


def _concerning(user: User) -> QuerySet[BreakGlass]:
    """What somebody may read of: what they are told of, and what they did themselves."""
    standing = access.standing_of(user)
    if not standing.practises:
        return BreakGlass.objects.none()
    return _whole().filter(_theirs(standing) | Q(by=user), ~access.locked_out(user, "child__"))


def may_read(standing: Standing, broken: BreakGlass) -> bool:
    """Whether somebody who sees the child may read of this one. No query.

    Args:
        standing: whose.
        broken: with its child.
    """
    user = standing.user.pk
    return user in (broken.by_id, broken.asked_id, broken.child.allocated_worker_id) or may_review(
        standing, broken
    )


def concerns(user: User, reference: str) -> bool:
    """Whether there is a break-glass of this reference of which somebody may read. Two queries."""
    return _concerning(user).filter(reference=reference).exists()


def find(*, by: User, reference: str, kind: str = "break-glass.viewed") -> BreakGlass:
    """One, for whoever is concerned: who broke it, who reviews it, the allocated worker. On the trail.

    Must run in a transaction.

    Args:
        by: the person who looks.
        reference: its own opaque reference.
        kind: the audit event's kind.

    Raises:
        NotVisible: there is none, or not for this person.
    """
    broken = _concerning(by).filter(reference=reference).first()
    if broken is None:
        raise NotVisible(reference)
    audit.record(
        by=by,
        kind=kind,
        authority=broken.child.authority,
        child=broken.child_id,
        subject_kind="break-glass",
        subject=broken.pk,
    )
    return broken


def of_child(child: Child) -> list[BreakGlass]:
    """Each time the glass was broken on any record of a child whom the caller may see, the newest first."""
    return list(_whole().filter(child__stands_for=child.stands_for).order_by("-at"))


def in_authorities(standing: Standing, authorities: Collection[str]) -> QuerySet[BreakGlass]:
    """All in these authorities, to filter further; but of a record from which one is locked out."""
    found = _whole().filter(child__authority__in=authorities)
    return found.exclude(access.locked_out(standing.user, "child__"))


def child_of(reference: str) -> uuid.UUID | None:
    """Whose record one is about: for the audit of a refusal alone, never for who was refused."""
    return BreakGlass.objects.filter(reference=reference).values_list("child", flat=True).first()
