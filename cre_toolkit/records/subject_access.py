"""Answering a subject access request: collect, leave out with a reason, have it checked by a second person.

One month from the day on which it was received, and two more where it is complex (UK GDPR, article 12(3)).
"""

import calendar
import datetime
import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.models import Child, Merge
from cre_toolkit.records.collecting import Line, collect, stored
from cre_toolkit.records.models import Redaction, SubjectAccess
from cre_toolkit.records.redacting import spellings

MONTHS, EXTENDED = 1, 3


class NotNow(RuntimeError):
    """The request's state does not allow the act; the message says why, to whoever tried."""


CHECKED = "A second person has approved this answer: nothing of it changes any more."
PARTED = (
    "A record from which this was collected was found to be another child’s since. It cannot be handed out:"
    " enter the request anew."
)
NOT_THERE = "These words do not stand in this line. Copy them from it as they stand."


def due_on(request: SubjectAccess) -> datetime.date:
    """The last day for the answer: the same day of the month, or its last day where there is none."""
    received = request.received_on
    months = received.month - 1 + (EXTENDED if request.extended_why else MONTHS)
    year, month = received.year + months // 12, months % 12 + 1
    return datetime.date(year, month, min(received.day, calendar.monthrange(year, month)[1]))


def _theirs(standing: access.Standing) -> QuerySet[Child]:
    """The children about whom somebody may answer a request."""
    return Child.objects.filter(access.answers_for(standing))


@transaction.atomic
def open_request(
    *, by: User, reference: str, received_on: datetime.date, asked_by: str, form_id: uuid.UUID
) -> SubjectAccess:
    """Enter a request and collect all that is held about the child.

    Args:
        by: who answers it.
        reference: of the child's record.
        received_on: the day on which the request came.
        asked_by: who asks, and how it was made sure that they may.
        form_id: as the form minted it; the same again gives the same request.

    Raises:
        NotVisible: no such record, or not theirs to answer for.
    """
    child = _theirs(access.standing_of(by)).filter(reference=reference).first()
    if child is None:
        raise access.NotVisible(reference)
    made, is_new = SubjectAccess.objects.get_or_create(
        form_id=form_id,
        defaults={
            "child": child,
            "received_on": received_on,
            "asked_by": asked_by,
            "by": by,
            "at": timezone.now(),
            "lines": [line.as_data() for line in collect(child)],
        },
    )
    if is_new:
        _record(by, "subject-access.opened", made)
    elif made.child_id != child.pk or made.by_id != by.pk:
        raise access.NotVisible(reference)
    return made


@transaction.atomic
def extend(*, by: User, request: SubjectAccess, why: str) -> None:
    """Take two more months, because the request is complex.

    Args:
        by: who answers it.
        request: not yet approved.
        why: what is said to whoever asked.

    Raises:
        NotNow: it has been approved.
    """
    if not _open(request).update(extended_why=why):
        raise NotNow(CHECKED)
    _record(by, "subject-access.extended", request)


@transaction.atomic
def leave_out(
    *,
    by: User,
    request: SubjectAccess,
    line: int,
    words: str,
    reason: Redaction.Reason,
    why: str,
    everywhere: bool = False,
) -> list[Redaction]:
    """Leave words of one line out of the answer, or wherever they stand in it.

    Args:
        by: who leaves them out.
        request: not yet approved.
        line: its number, from 0.
        words: as they stand there; blank for the whole line.
        reason: the exemption.
        why: in words, for the second person.
        everywhere: out of every other line too in which they stand, in whatever capitals.

    Raises:
        NotNow: it has been approved, or the words do not stand in the line.
    """
    held = _held(request)
    lines = stored(held.lines)
    if not 0 <= line < len(lines) or not _stands_in(lines[line], words):
        raise NotNow(NOT_THERE)
    left = [(line, words)]
    if everywhere and words.strip():
        left = [(number, spelled) for number, each in enumerate(lines) for spelled in spellings(each, words)]
    made = Redaction.objects.bulk_create(
        Redaction(request=held, line=number, words=spelled, reason=reason, why=why, by=by, at=timezone.now())
        for number, spelled in left
    )
    of_lines = list(dict.fromkeys(number for number, _ in left))
    _record(by, "subject-access.left-out", request, lines=of_lines, reason=str(reason))
    return made


@transaction.atomic
def put_back(*, by: User, redaction: Redaction) -> None:
    """Hand the words out after all. That they were to be left out, and by whom, stays.

    Args:
        by: who puts them back.
        redaction: of a request that is not yet approved; twice does no harm.

    Raises:
        NotNow: it has been approved.
    """
    _held(redaction.request)
    still = Redaction.objects.filter(pk=redaction.pk, taken_back_at=None)
    if still.update(taken_back_at=timezone.now(), taken_back_by=by):
        _record(by, "subject-access.put-back", redaction.request, line=redaction.line)


@transaction.atomic
def approve(*, by: User, request: SubjectAccess) -> None:
    """Agree, as the second person, that the answer goes out as it stands.

    Args:
        by: somebody who neither entered the request, nor left anything out of it or put it back.
        request: not yet approved.

    Raises:
        NotAllowed: they had a part in it.
        NotNow: it has been approved, or is not of one child alone.
    """
    held = _held(request)
    check_is_of_one_child(held)
    if by.pk == held.by_id or held.redactions.filter(Q(by=by) | Q(taken_back_by=by)).exists():
        raise access.NotAllowed("You worked on this answer yourself: somebody else checks it.")
    SubjectAccess.objects.filter(pk=held.pk).update(approved_by=by, approved_at=timezone.now())
    _record(by, "subject-access.approved", request)


def check_is_of_one_child(request: SubjectAccess) -> None:
    """Raise `NotNow` where what was collected is partly another child's: a merge was undone since."""
    child = Child.objects.get(pk=request.child_id)
    if Merge.objects.filter(kept__stands_for=child.stands_for, undone_at__gte=request.at).exists():
        raise NotNow(PARTED)


def requests_of(*, by: User, answered: bool, most: int = 100) -> list[SubjectAccess]:
    """The requests that somebody may answer, the oldest first; or those answered, the newest first.

    Must run in a transaction: a list of children is a look at each of them.

    Raises:
        NotAllowed: answering requests is not within their roles.
    """
    standing = access.standing_of(by)
    access.check(standing, access.Act.ANSWER_SUBJECT_ACCESS)
    theirs = SubjectAccess.objects.filter(
        Exists(_theirs(standing).filter(pk=OuterRef("child__stands_for"))), approved_at__isnull=not answered
    )
    order = "-approved_at" if answered else "received_on"
    found = list(theirs.defer("lines").select_related("child", "by", "approved_by").order_by(order)[:most])
    audit.record(by=by, kind="subject-access.listed", children={each.child_id for each in found})
    return found


def find_request(*, by: User, reference: str, kind: str = "subject-access.viewed") -> SubjectAccess:
    """One request, for somebody who may answer it; the look is written down. In a transaction.

    Raises:
        NotVisible: no such request, or not theirs.
    """
    theirs = _theirs(access.standing_of(by))
    found = (
        SubjectAccess.objects.filter(Exists(theirs.filter(pk=OuterRef("child__stands_for"))))
        .select_related("child", "by", "approved_by")
        .filter(reference=reference)
        .first()
    )
    if found is None:
        raise access.NotVisible(reference)
    _record(by, kind, found)
    return found


def _stands_in(line: Line, words: str) -> bool:
    return words in line.text or words in line.label


def _open(request: SubjectAccess) -> QuerySet[SubjectAccess]:
    return SubjectAccess.objects.filter(pk=request.pk, approved_at=None)


def _held(request: SubjectAccess) -> SubjectAccess:
    """The request, held until the transaction ends, so that nothing changes while somebody approves it."""
    held = _open(request).select_for_update(no_key=True).first()
    if held is None:
        raise NotNow(CHECKED)
    return held


def _record(by: User, kind: str, request: SubjectAccess, **detail: object) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=request.child.authority,
        child=request.child_id,
        subject_kind="subject-access",
        subject=request.pk,
        detail=detail,
    )
