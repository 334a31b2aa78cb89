"""What the pages about possible duplicates ask: the work list, and one pair, for those whose duty it is.

Both looks give sight of two records to somebody who may see neither by themselves: `access.settles` says to
whom, and each look at a pair is written to the audit trail of both children.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.matching import Described
from cre_toolkit.children.models import Child, Merge, PossibleDuplicate
from cre_toolkit.children.queries import SHOWN, described_row
from cre_toolkit.children.weighing import Weighed, compare

UNDECIDED = (PossibleDuplicate.State.OPEN, PossibleDuplicate.State.LATER)
PAGE = 25


@dataclass(frozen=True, slots=True)
class Page:
    """Some pairs of the work list, and the reference to go on after; blank where there are no more."""

    pairs: list[PossibleDuplicate]
    after: str


def _of_their_authorities(standing: access.Standing) -> QuerySet[PossibleDuplicate]:
    """Pairs within one authority whose duplicates are this person's to settle, neither closed to them."""
    return PossibleDuplicate.objects.filter(
        access.settles(standing, "child__"),
        access.open_to(standing.user, "other__"),
        other__authority=F("child__authority"),
    )


def _in_state(standing: access.Standing, state: str) -> QuerySet[PossibleDuplicate]:
    pairs = _of_their_authorities(standing).filter(state=state)
    if state in UNDECIDED:
        # Once a record is merged, its pairs are asked about the one that was kept.
        pairs = pairs.filter(child__merged_into=None, other__merged_into=None)
    return pairs


def count(standing: access.Standing, state: str = PossibleDuplicate.State.OPEN) -> int:
    """How many pairs wait in this state. One query; none for somebody whose duty it is not."""
    return _in_state(standing, state).count()


def open_pairs(standing: access.Standing) -> QuerySet[PossibleDuplicate] | None:
    """The pairs that nobody has settled yet; None for somebody whose duty it is not."""
    if not access.may(standing, access.Act.SETTLE_DUPLICATES):
        return None
    return _in_state(standing, PossibleDuplicate.State.OPEN)


def page_of(standing: access.Standing, state: str, after: str = "") -> Page:
    """The pairs in a state, the most telling first. Two queries at the most, however long the list is.

    Args:
        standing: who asks.
        state: one of `PossibleDuplicate.State`.
        after: the reference of the last pair of the page before.
    """
    pairs = _in_state(standing, state)
    last = _of_their_authorities(standing).filter(reference=after).first() if after else None
    if last:
        pairs = pairs.filter(Q(points__lt=last.points) | Q(points=last.points, pk__gt=last.pk))
    rows = list(pairs.select_related("child", "other", "decided_by").order_by("-points", "pk")[: PAGE + 1])
    return Page(rows[:PAGE], rows[PAGE - 1].reference if len(rows) > PAGE else "")


def find_pair(*, by: User, reference: str, kind: str = "duplicate.viewed") -> PossibleDuplicate:
    """One pair with both records, for somebody whose duty it is; the look is on both children's audit trail.

    Must run in a transaction.

    Args:
        by: the person who looks.
        reference: the pair's opaque reference.
        kind: the audit event's kind.

    Raises:
        NotVisible: no such pair, or not for this person.
    """
    pairs = _of_their_authorities(access.standing_of(by)).filter(reference=reference)
    pair = pairs.select_related(
        "child__allocated_worker", "other__allocated_worker", "child__created_by", "other__created_by",
        "decided_by",
    ).first()  # fmt: skip
    if pair is None:
        raise access.NotVisible(reference)
    audit.record(
        by=by,
        kind=kind,
        authority=pair.child.authority,
        children=[pair.child_id, pair.other_id],
        subject_kind="possible-duplicate",
        subject=pair.pk,
    )
    return pair


def named(standing: access.Standing, references: Collection[str]) -> list[Child]:
    """The children whom these references lead to, of those whom this person may pair. One query."""
    kept = Child.objects.filter(reference__in=references).values("stands_for")
    return list(Child.objects.filter(access.settles(standing), pk__in=kept))


def children_of(reference: str) -> list[uuid.UUID]:
    """Whose records a pair names: for the audit of a refusal alone, never for who was refused."""
    named = PossibleDuplicate.objects.filter(reference=reference).values_list("child", "other")
    return [child for pair in named for child in pair]


def standing_merge(pair: PossibleDuplicate) -> Merge | None:
    """The merge of a pair that has not been undone. One query."""
    merges = Merge.objects.filter(pair=pair, undone_at=None)
    return merges.select_related("kept", "merged", "by").first()


def merges_into(child: Child) -> QuerySet[Merge]:
    """The merges by which other records became part of this one, and stand; the newest first. One query."""
    return (
        Merge.objects.filter(merged__stands_for=child.pk, undone_at=None)
        .select_related("merged__allocated_worker", "kept", "by", "pair")
        .order_by("-at")
    )


# --- How alike two children are, by every record of theirs --------------------------------------------------


def records_of(children: Collection[object]) -> dict[object, list[Described]]:
    """Every record that stands for one of these children, by the child's id. One query."""
    today = timezone.localdate()
    found: dict[object, list[Described]] = {child: [] for child in children}
    for row in Child.objects.filter(stands_for__in=list(children)).values(*SHOWN):
        found[row["stands_for"]].append(described_row(row, today))
    return found


def alike(ones: Collection[Described], others: Collection[Described]) -> Weighed:
    """How likely two children are one, by those two of their records that are most alike."""
    weighed = (compare(one, other) for one in ones for other in others)
    return max(weighed, key=lambda each: (each.likely, each.points))
