"""Recorded in error: an event of the case that should not be there is withdrawn, and stays on the record.

Source: case.md, `withdrawn`; architecture.md, decision 3. A sent assessment is withdrawn by
`assessment/withdrawing.py`.
What the contract keeps in turn (missing and returned, closed and reopened) is not withdrawn: the next event
puts it right.
"""

import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, User
from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.case.counting import gone_from
from cre_toolkit.casework.case.entering import NotPossible, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.countersigning.queue import not_own
from cre_toolkit.casework.models import (
    CaseEvent,
    Countersignature,
    InError,
    Invited,
    MeetingAction,
    Transfer,
)
from cre_toolkit.casework.transfer import passing
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, NotAllowed, NotVisible, Standing
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.children.permissions import ROLES_FOR
from cre_toolkit.children.telling import tell

_KIND = CaseEvent.Kind
CAN_BE = frozenset(
    {
        _KIND.MEETING,
        _KIND.SIGNIFICANT_INCIDENT,
        _KIND.IMMEDIATE_RISK,
        _KIND.RETURN_INTERVIEW,
        _KIND.COUNTERSIGN,
        _KIND.TRANSFER,
        _KIND.DONE,
    }
)
"""What can be withdrawn here."""

WHOSE = (
    "What was recorded in error is withdrawn by whoever entered it, by their manager, or by a child"
    " protection manager; a manager’s answer never by whoever wrote the assessment. Ask one."
)


class SaysNoReason(ValueError):
    """Whoever withdraws something says why, in words: others acted on it."""


def is_theirs(standing: Standing, *, entered_by: uuid.UUID, authority: str) -> bool:
    """Whether it is this person's to withdraw: who entered it, their manager, the child protection manager.

    One query where it is the manager's; none otherwise.

    Args:
        standing: whose; they see the child, as the caller has made sure.
        entered_by: who entered it.
        authority: whose record it stands on.
    """
    if entered_by == standing.user.pk and access.may(standing, Act.WITHDRAW_OWN):
        return True
    if authority in standing.authorities(Act.WITHDRAW_ANY):
        return True
    if not (standing.managed and access.may(standing, Act.WITHDRAW_OF_TEAM)):
        return False
    theirs = Membership.objects.filter(access.current(), team__in=standing.managed, user=entered_by)
    return theirs.exists()


def withdraws(standing: Standing, entered: CaseEvent, authority: str) -> bool:
    """Whether this person withdraws an event: as `is_theirs`, but for the answer to what they wrote.

    Nobody answers their own assessment, so nobody takes back what a manager said of theirs. One query more,
    where it is an answer.

    Args:
        standing: whose; they see the child, as the caller has made sure.
        entered: which, as `find` gives it.
        authority: whose record it stands on.
    """
    if entered.kind == _KIND.COUNTERSIGN:
        by_others = Record.objects.filter(not_own(standing.user))
        if not Countersignature.objects.filter(event=entered, record__in=by_others).exists():
            return False
    return is_theirs(standing, entered_by=entered.by_id, authority=authority)


def find(child: Child, event_id: uuid.UUID) -> CaseEvent:
    """An event of a child that can be withdrawn, with who entered it. One query.

    Args:
        child: one that the reader sees.
        event_id: the event's id.

    Returns:
        The event; it has `in_error` where it has been withdrawn.

    Raises:
        NotVisible: there is no such event on this case, or it is not one to be withdrawn here.
    """
    found = CaseEvent.objects.filter(pk=event_id, child__stands_for=child.stands_for, kind__in=CAN_BE)
    entered = found.select_related("child", "by", "in_error__by", "incident").first()
    if entered is None:
        raise NotVisible(child.reference)
    return entered


@transaction.atomic
def withdraw(*, by: User, entered: CaseEvent, why: str) -> InError:
    """Withdraw an event that was recorded in error. Withdrawn again, it gives back what stands.

    It no longer counts for the levels nor for what is due. What was marked as done with it counts as done no
    longer; what names it goes with it by the contract. Where a transfer is withdrawn, the worker and the
    accesses that its receipt ended come back. Who entered it, and the allocated worker, are told.

    Args:
        by: who withdraws it.
        entered: as `find` gives it.
        why: what was wrong, as it will stand on the record.

    Raises:
        NotAllowed: it is not theirs to withdraw; the message says whose it is.
        SaysNoReason: there are no words.
        NotPossible: the case does not allow it as it stands; says why, and nothing was written.
    """
    child = hold(entered.child)
    if not withdraws(access.standing_of(by), entered, child.authority):
        raise NotAllowed(WHOSE)
    if not why.strip():
        raise SaysNoReason
    stands = InError.objects.filter(event=entered).select_related("by").first()
    if stands:
        return stands
    if str(entered.pk) in gone_from(child):
        raise NotPossible("it counts no longer, since what it belongs to was withdrawn")
    now, before = timezone.now().replace(microsecond=0), child.authority
    enter(
        by=by,
        child=child,
        events=[
            # On the record of what it withdraws: should two merged records be parted, it goes with that.
            event(by=by, child=wrong.child, kind=_KIND.WITHDRAWN, at=now, keys={"event": str(wrong.pk)})
            for wrong in [entered, *passing.passed_with(entered), *done_with(entered)]
        ],
    )
    if entered.kind == _KIND.TRANSFER:
        passing.come_back(by=by, child=child, passed=entered, before=before)
    withdrawn = InError.objects.create(child=entered.child, event=entered, by=by, at=now, why=why)
    _tell(by, child, withdrawn)
    return withdrawn


def done_with(entered: CaseEvent) -> list[CaseEvent]:
    """What was marked as done when an event was entered, and counts. Two queries where there is any."""
    # Not what stands on a record that has been parted from this one since.
    done = list(
        entered.done_with_it.filter(child__stands_for=entered.child.stands_for)
        .select_related("child")
        .order_by("pk")
    )
    if not done:
        return []
    gone = gone_from(entered.child)
    return [one for one in done if str(one.pk) not in gone]


def happened(child: Child) -> list[Happened]:
    """What was withdrawn, with the reasons, for the timeline. One query."""
    wrong = InError.objects.filter(child__stands_for=child.stands_for).select_related("event", "by")
    return [
        Happened(
            at=each.at,
            entered_at=each.at,
            what=What.DECISION,
            title=f"{CaseEvent.Kind(each.event.kind).label}: recorded in error",
            by=each.by.name,
            text=each.why,
        )
        for each in wrong
    ]


def _tell(by: User, child: Child, withdrawn: InError) -> None:
    """Mail with a reference and nothing else, to who entered it and to the allocated worker.

    Where a transfer was withdrawn, also to those who are responsible again.
    Where a meeting was, also to whoever was asked to come or was given something to do by it.
    """
    whose = Q(pk__in=[pk for pk in (withdrawn.event.by_id, child.allocated_worker_id) if pk])
    if withdrawn.event.kind == _KIND.MEETING:
        minutes = withdrawn.event.minutes.all()
        invited = Invited.objects.filter(meeting__minutes__in=minutes, user__isnull=False)
        given = MeetingAction.objects.filter(minutes__in=minutes, owner__isnull=False)
        whose |= Q(pk__in=invited.values("user")) | Q(pk__in=given.values("owner"))
    if withdrawn.event.kind == _KIND.TRANSFER:
        asked = Transfer.objects.filter(child__stands_for=child.pk, state=Transfer.State.RECEIVED)
        in_charge = access.roles_held(child.authority, ROLES_FOR[Act.SEE_AT_LEVEL])
        whose |= Q(pk__in=asked.values("by")) | Q(pk__in=in_charge.values("user"))
    people = User.objects.filter(access.admitted(child), whose, is_active=True)
    reference = child.reference
    tell(
        by=by,
        child=child,
        people={person.pk: person.email for person in people},
        subject=f"Something on the record {reference} was withdrawn",
        body=(
            f"Something that stood on the record with the reference {reference} was recorded in error and has"
            " been withdrawn.\n\nSign in to CRE Toolkit and search for the reference to read why, and what is"
            " due now. If you acted on it, look at that again. For safety this message says nothing more."
        ),
        cause=withdrawn.pk,
    )
