"""What the pages about keeping records ask. Each look is on the audit trail of the children it was at."""

import datetime
import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.records.models import Destruction, LegalHold, RetentionReview, SubjectAccess

PAGE = 50


class List(StrEnum):
    """The lists of those who keep records."""

    OVER = "over"
    UNKNOWN = "unknown"
    HELD = "held"
    PROPOSED = "proposed"
    DONE = "done"


# How a record of these lists stands.
STANDS = {
    List.OVER: "Waits for a review",
    List.UNKNOWN: "Waits for a date of birth",
    List.HELD: "On legal hold",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: a record by its reference, to which day it is kept, and what it waits for."""

    reference: str
    until: datetime.date | None
    certificate: str
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of a list, and whether there are more."""

    rows: list[Row]
    more: bool


def keepers_page(*, by: User, which: List, page: int) -> Page:
    """One page of one list, for somebody whose duty it is. Must run in a transaction.

    Args:
        by: who asks.
        which: the list.
        page: from 1.

    Raises:
        NotAllowed: keeping records is not within their roles.
    """
    standing = access.standing_of(by)
    access.check(standing, access.Act.KEEP_RECORDS)
    first = (page - 1) * PAGE
    if which in (List.PROPOSED, List.DONE):
        found = list(_destructions(standing, which)[first : first + PAGE + 1])
        rows = [
            Row(
                reference=each.child_reference,
                until=each.kept_until,
                certificate=each.reference,
                words=_state(each),
            )
            for each in found
        ]
        seen = {each.child for each in found[:PAGE]}
    else:
        columns = _children(standing, which).values_list("pk", "reference", "keptuntil__until")
        kept = list(columns[first : first + PAGE + 1])
        rows = [Row(child_reference, until, "", STANDS[which]) for _, child_reference, until in kept]
        seen = {child for child, *_ in kept[:PAGE]}
    audit.record(by=by, kind="records.listed", children=seen, detail={"list": which})
    return Page(rows[:PAGE], more=len(rows) > PAGE)


def _children(standing: access.Standing, which: List) -> QuerySet[Child]:
    """Records by the day to which they are kept: those whose time is over, cannot be told, or on hold."""
    held = LegalHold.objects.filter(child__stands_for=OuterRef("pk"), ended_at=None)
    children = Child.objects.filter(access.keeps(standing))
    if which is List.HELD:
        return children.filter(Exists(held)).order_by("keptuntil__until", "pk")
    children = children.filter(~Exists(held), ~Exists(_open_destruction()))
    if which is List.UNKNOWN:
        return children.filter(keptuntil__isnull=False, keptuntil__until=None).order_by("pk")
    return children.filter(keptuntil__until__lte=timezone.localdate()).order_by("keptuntil__until", "pk")


def _open_destruction() -> QuerySet[Destruction]:
    return Destruction.objects.filter(child_reference=OuterRef("reference"), refused_at=None, done_at=None)


def _destructions(standing: access.Standing, which: List) -> QuerySet[Destruction]:
    theirs = Destruction.objects.filter(
        authority__in=standing.authorities(access.Act.KEEP_RECORDS), refused_at=None
    )
    if which is List.DONE:
        return theirs.exclude(done_at=None).order_by("-done_at")
    seen = Child.objects.filter(access.keeps(standing), reference=OuterRef("child_reference"))
    return theirs.filter(Exists(seen), done_at=None).order_by("proposed_at")


def _state(destruction: Destruction) -> str:
    if destruction.done_at:
        return f"Destroyed on {timezone.localdate(destruction.done_at):%-d %B %Y}"
    if destruction.approved_at:
        return "Approved: it goes at the next run"
    return "Waits for a second person"


def find_kept(*, by: User, reference: str) -> Child:
    """One record, by its reference, for somebody who keeps it; the look is written down. In a transaction.

    Raises:
        NotVisible: no such record, or not theirs to keep.
    """
    child = Child.objects.filter(access.keeps(access.standing_of(by)), reference=reference).first()
    if child is None:
        raise access.NotVisible(reference)
    _looked(by, child.pk, child.authority)
    return child


def hold_of(child: Child) -> LegalHold | None:
    """The legal hold that a record is on, whichever of the child's records it was put on."""
    holds = LegalHold.objects.filter(child__stands_for=child.pk, ended_at=None)
    return holds.select_related("by").first()


def reviews_of(child: Child) -> list[RetentionReview]:
    """The reviews of a record, the newest first."""
    reviews = RetentionReview.objects.filter(child__stands_for=child.pk)
    return list(reviews.select_related("by").order_by("-at"))


def find_destruction(*, by: User, reference: str) -> Destruction:
    """What was proposed, or the certificate, for somebody who keeps the record it is about. In a transaction.

    Raises:
        NotVisible: no such certificate, or not theirs.
    """
    standing = access.standing_of(by)
    of_theirs = Destruction.objects.filter(authority__in=standing.authorities(access.Act.KEEP_RECORDS))
    found = (
        of_theirs.filter(reference=reference)
        .select_related("proposed_by", "approved_by", "refused_by")
        .first()
    )
    if found is None or not _open_or_gone(standing, found):
        raise access.NotVisible(reference)
    _looked(by, found.child, found.authority)
    return found


def child_of(reference: str) -> uuid.UUID | None:
    """Whose the end or the request of that reference is: for the audit of a refusal alone."""
    of_end = Destruction.objects.filter(reference=reference).values_list("child", flat=True).first()
    requests = SubjectAccess.objects.filter(reference=reference)
    return of_end or requests.values_list("child", flat=True).first()


def _open_or_gone(standing: access.Standing, destruction: Destruction) -> bool:
    """A certificate is for every keeper of the authority; what is still there, for those it is open to."""
    return bool(destruction.done_at) or (
        Child.objects.filter(access.keeps(standing), pk=destruction.child).exists()
    )


def _looked(by: User, child: uuid.UUID, authority: str) -> None:
    audit.record(by=by, kind="records.viewed", authority=authority, child=child)
