"""Break-glass: to open a record at once without having been given access, for a day and on one's own word.

It is for whoever cannot wait (docs/adr/0008): they say why, the allocated worker and
their manager are told at once, and somebody else says afterwards whether it was right. Until they have, it
is overdue work of theirs.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, RoleHeld, User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.children import access, unseen
from cre_toolkit.children.access import Act, NotAllowed, NotVisible, Standing
from cre_toolkit.children.break_glass_models import BreakGlass, BreakGlassReview
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.permissions import ROLES_FOR
from cre_toolkit.jobs.actions import mail_each

# How long the access lasts, and by when somebody is to have reviewed it.
LASTS = datetime.timedelta(hours=24)


class SaysNothing(ValueError):
    """There are no words: nothing was written. Say why."""


class ReviewedAlready(Exception):
    """Somebody else has reviewed it meanwhile; nothing was written. `review` is theirs."""

    def __init__(self, review: BreakGlassReview) -> None:
        super().__init__(str(review.pk))
        self.review = review


# --- Breaking it --------------------------------------------------------------------------------------------


@transaction.atomic
@together()
def break_glass(*, by: User, child: Child, category: BreakGlass.Category, why: str) -> BreakGlass:
    """Let somebody see a record for a day from now on. Pressed twice, it gives back the first.

    The allocated worker, their managers, and whoever is asked to review it are told by mail, with the
    reference alone.

    Args:
        by: who breaks it.
        child: as `unseen.find` gave it.
        category, why: their reason, and in words.

    Raises:
        NotVisible: there is no such record for this person, or they see it without this.
        SaysNothing: there are no words.
    """
    if not why.strip():
        raise SaysNothing
    # Two presses at once queue here; the second finds what the first has made.
    child = hold(child)
    now = timezone.now()
    running = BreakGlass.objects.filter(child__stands_for=child.pk, by=by, until__gt=now, review=None).first()
    if running:
        return running
    if not unseen.may_be_told(access.standing_of(by), child):
        raise NotVisible(child.reference)
    worker, managers = _of_case(child, but=by)
    asked = next(iter([*managers, *_in_charge_of(child, but=by)]), None)
    broken = BreakGlass.objects.create(
        child=child, by=by, category=category, why=why.strip(), at=now, until=now + LASTS, asked=asked
    )
    AccessGrant.objects.create(
        child=child,
        user=by,
        reason=AccessGrant.Reason.BREAK_GLASS,
        source=broken.pk,
        since=now,
        until=broken.until,
    )
    audit.record(
        by=by,
        kind="break-glass.broken",
        authority=child.authority,
        child=child.pk,
        subject_kind="break-glass",
        subject=broken.pk,
        detail={"category": category, "users": [str(asked.pk)] if asked else []},
    )
    _tell_of(by=by, broken=broken, people=[*worker, *managers, asked])
    return broken


def _of_case(child: Child, *, but: User) -> tuple[list[User], list[User]]:
    """The allocated worker, and who manages a team of theirs with the role for it, by name. Two queries.

    Nobody where there is no worker.
    """
    if child.allocated_worker_id is None:
        return [], []
    teams = Membership.objects.filter(access.current(), user=child.allocated_worker_id).values("team")
    with_the_role = RoleHeld.objects.filter(
        access.current(),
        user=OuterRef("user"),
        authority=OuterRef("team__authority"),
        role__in=ROLES_FOR[Act.REVIEW_BREAK_GLASS_OF_TEAM],
    )
    managers = Membership.objects.filter(
        access.current(), Exists(with_the_role), team__in=teams, manages=True
    )
    worker = _people(child, Q(pk=child.allocated_worker_id), but=but)
    return list(worker), list(_people(child, Q(pk__in=managers.values("user")), but=but))


def _in_charge_of(child: Child, *, but: User) -> QuerySet[User]:
    """The child protection managers of the child's authority, by name."""
    held = access.roles_held(child.authority, ROLES_FOR[Act.REVIEW_BREAK_GLASS])
    return _people(child, Q(pk__in=held.values("user")), but=but)


def _people(child: Child, which: Q, *, but: User) -> QuerySet[User]:
    """Those of these people who may hear of the child, by name."""
    admitted = User.objects.filter(which, access.admitted(child), is_active=True)
    return admitted.exclude(pk=but.pk).order_by("name", "pk")


@transaction.atomic(savepoint=False)
def _tell_of(*, by: User, broken: BreakGlass, people: Iterable[User | None]) -> None:
    """Mail with a reference and nothing else."""
    reference = broken.child.reference
    mail_each(
        by=by,
        to=sorted({person.email for person in people if person}),
        subject=f"The record {reference} was opened by break-glass",
        body=(
            f"Somebody without access has opened the record with the reference {reference} by break-glass, "
            "for 24 hours.\n\n"
            "Sign in to CRE Toolkit: your home page leads to who it was, why, and what to do. For safety "
            "this message says nothing more."
        ),
        cause=broken.pk,
    )


# --- Reviewing it -------------------------------------------------------------------------------------------


@transaction.atomic
@together()
def review(
    *, by: User, broken: BreakGlass, outcome: BreakGlassReview.Outcome, words: str
) -> BreakGlassReview:
    """Say whether it was right. Where it was not, the access ends at once. Said twice, the first stands.

    Whoever broke the glass is told by mail that there is an answer.

    Args:
        by: who says it.
        broken: as `find` gave it.
        outcome, words: whether it was justified, and why.

    Raises:
        NotAllowed: it is not theirs to review; the message says whose it is.
        SaysNothing: there are no words.
        ReviewedAlready: somebody else said something else before; carries what stands.
    """
    if not words.strip():
        raise SaysNothing
    hold(broken.child)
    if not may_review(access.standing_of(by), broken):
        raise NotAllowed(WHOSE)
    stands = BreakGlassReview.objects.filter(pk=broken.pk).select_related("by").first()
    if stands:
        if (stands.by_id, stands.outcome, stands.words) == (by.pk, outcome, words.strip()):
            return stands
        raise ReviewedAlready(stands)
    said = BreakGlassReview.objects.create(
        break_glass=broken, by=by, at=timezone.now(), outcome=outcome, words=words.strip()
    )
    audit.record(
        by=by,
        kind="break-glass.reviewed",
        authority=broken.child.authority,
        child=broken.child_id,
        subject_kind="break-glass",
        subject=broken.pk,
        detail={"outcome": outcome, "users": [str(broken.by_id)]},
    )
    if outcome == BreakGlassReview.Outcome.NOT_JUSTIFIED:
        _end_access(by=by, broken=broken)
    mail_each(
        by=by,
        to=[broken.by.email] if broken.by.is_active else [],
        subject=f"Your break-glass {broken.reference} was reviewed",
        body=(
            f"The break-glass with the reference {broken.reference} was reviewed.\n\n"
            "Sign in to CRE Toolkit and search for the reference to read what was said."
        ),
        cause=broken.pk,
    )
    return said


WHOSE = (
    "Somebody else reviews this: the person who was asked to, or a child protection manager of the child’s "
    "authority; never whoever broke the glass."
)


@transaction.atomic(savepoint=False)
def _end_access(*, by: User, broken: BreakGlass) -> None:
    """Whoever broke the glass sees the record by it no longer, whichever record that has become since."""
    now = timezone.now()
    given = AccessGrant.objects.filter(source=broken.pk, until__gt=now)
    if given.update(until=now):
        audit.record(
            by=by,
            kind="access.ended",
            authority=broken.child.authority,
            child=broken.child_id,
            subject_kind="user",
            subject=broken.by_id,
            detail={"reason": AccessGrant.Reason.BREAK_GLASS},
        )


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


# --- Asking about it ----------------------------------------------------------------------------------------


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
    found = _whole().filter(_theirs(standing), review=None).exclude(by=standing.user).order_by("until", "pk")
    now = timezone.now()
    return [Waiting(one, one.until <= now, may_review(standing, one)) for one in found[:most]]


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
