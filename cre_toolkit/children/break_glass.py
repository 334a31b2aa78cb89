"""Break-glass: to open a record at once without having been given access, for a day and on one's own word.

It is for whoever cannot wait (docs/adr/0008): they say why, the allocated worker and
their manager are told at once, and somebody else says afterwards whether it was right. Until they have, it
is overdue work of theirs.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, RoleHeld, User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.children import access, break_glass_queries, unseen
from cre_toolkit.children.access import Act, NotAllowed, NotVisible
from cre_toolkit.children.break_glass_models import BreakGlass, BreakGlassReview
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.permissions import ROLES_FOR
from cre_toolkit.children.telling import tell

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
    """A reference and nothing else."""
    reference = broken.child.reference
    tell(
        by=by,
        child=broken.child,
        people={person.pk: person.email for person in people if person},
        subject=f"The record {reference} was opened by break-glass",
        body=(
            f"Somebody without access has opened the record with the reference {reference} by break-glass, "
            "for 24 hours.\n\n"
            "Sign in to CRE Toolkit: your home page leads to who it was, why, and what to do. For safety "
            "this message says nothing more."
        ),
        cause=broken.pk,
        page="home",
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
    if not break_glass_queries.may_review(access.standing_of(by), broken):
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
    tell(
        by=by,
        child=broken.child,
        people={broken.by_id: broken.by.email} if broken.by.is_active else {},
        subject=f"Your break-glass {broken.reference} was reviewed",
        body=(
            f"The break-glass with the reference {broken.reference} was reviewed.\n\n"
            "Sign in to CRE Toolkit and search for the reference to read what was said."
        ),
        cause=broken.pk,
        page="break-glass",
        page_of=broken.reference,
    )
    return said


WHOSE = (
    "Somebody else reviews this: the person who was asked to, or a child protection manager of the child’s "
    "authority; never whoever broke the glass."
)


@transaction.atomic(savepoint=False)
def _end_access(*, by: User, broken: BreakGlass) -> None:
    """Whoever broke the glass sees the record by it no longer, whichever record that has become since."""
    end(by=by, grants=AccessGrant.objects.filter(access.current(), source=broken.pk))


@transaction.atomic(savepoint=False)
def end(*, by: User, grants: QuerySet[AccessGrant]) -> None:
    """End access that was taken by break-glass from now on. Two queries and the audit.

    Args:
        by: who ends it.
        grants: which, of those that hold.
    """
    for grant in grants.select_related("child"):
        _record(by, "access.ended", grant)
    grants.update(until=timezone.now())


@transaction.atomic(savepoint=False)
def carry_over(*, by: User, merged: Child, kept: Child) -> None:
    """Whoever has opened a record by break-glass sees the one that it is merged into, until the same moment.

    It stays break-glass: for them alone, and ended with the rest of it by its review.

    Args:
        by: who merges the two.
        merged, kept: the record that was opened, and the one that stands for both from now on.
    """
    reason = AccessGrant.Reason.BREAK_GLASS
    for grant in AccessGrant.objects.filter(access.current(), child=merged, reason=reason):
        copy = AccessGrant(child=kept, user_id=grant.user_id, reason=reason, source=grant.source)
        copy.since, copy.until = timezone.now(), grant.until
        copy.save(force_insert=True)
        _record(by, "access.granted", copy)


@transaction.atomic(savepoint=False)
def take_back(*, by: User, merged: Child, kept: Child) -> None:
    """The two were two children: whoever opened one of them by break-glass sees the other no longer.

    Args:
        by: who parts the two.
        merged, kept: as in `carry_over`.
    """
    of_merged = BreakGlass.objects.filter(child=merged).values("pk")
    end(by=by, grants=AccessGrant.objects.filter(access.current(), child=kept, source__in=of_merged))


def _record(by: User, kind: str, grant: AccessGrant) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=grant.child.authority,
        child=grant.child_id,
        subject_kind="user",
        subject=grant.user_id,
        detail={"reason": grant.reason},
    )
