"""Withdrawing a sent assessment: said on the record, taken out of the case, told to whom it went. At once.

Source: case.md, `withdrawn`; architecture.md, decision 3. What people did because of it stays on the record
as what they did; access that they were given stays, so that they can read that it was an error.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment, Record, Withdrawal
from cre_toolkit.assessments.withdrawal import record_withdrawal
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.assessment.calls import dangers_said_in
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.case.events import event, record_events
from cre_toolkit.casework.case.state import refresh
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.casework.referral.referring import end_for_withdrawn
from cre_toolkit.children import access
from cre_toolkit.children.access import NotAllowed, Standing
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell
from cre_toolkit.jobs.models import Message

WHOSE = (
    "An assessment is withdrawn by its author, by their manager, or by a child protection manager. Ask one."
)


def may_withdraw(standing: Standing, record: Record) -> bool:
    """Whether it is this person's to withdraw: the author's, their manager's, the child protection manager's.

    One query where it is the manager's; none otherwise.

    Args:
        standing: whose; they see the child, as the caller has made sure.
        record: which.
    """
    return in_error.is_theirs(standing, entered_by=record.author_id, authority=record.authority)


@transaction.atomic
@together()
def withdraw(
    *,
    by: User,
    record: Record,
    category: Withdrawal.Category,
    words: str,
    danger_too: bool = False,
) -> Withdrawal:
    """Withdraw a sent assessment. Withdrawn again, it gives back the first withdrawal and does nothing more.

    Its level, its actions and its reviews no longer count; the copies of the state follow. Everybody who was
    told of it when it was sent is told of this, by mail with the reference alone.

    Args:
        by: who withdraws it.
        record: one that they may see.
        category: what kind of error it was.
        words: what happened.
        danger_too: also that the child was in immediate danger, where its draft said so. A danger stands by
            itself: it is withdrawn only where it, too, was said in error.

    Raises:
        NotAllowed: it is not theirs to withdraw; the message says whose it is.
        SaysNoReason: there are no words.
    """
    # The assessment first and then its child, as everywhere.
    Assessment.objects.select_for_update(no_key=True).get(pk=record.assessment_id)
    child = hold(record.child)
    if not may_withdraw(access.standing_of(by), record):
        raise NotAllowed(WHOSE)
    stands = Withdrawal.objects.filter(record=record).first()
    if stands:
        return stands
    now = timezone.now().replace(microsecond=0)
    withdrawal = record_withdrawal(by=by, record=record, category=category, words=words, at=now)
    in_error = list(CaseEvent.objects.filter(record=record).select_related("child"))
    if danger_too:
        in_error += dangers_standing(record)
    record_events(
        by=by,
        events=[
            # On the record of what it withdraws: should two merged records be parted, it goes with that.
            event(
                by=by, child=wrong.child, kind=CaseEvent.Kind.WITHDRAWN, at=now, keys={"event": str(wrong.pk)}
            )
            for wrong in in_error
        ],
    )
    refresh(child=child, held=True)
    end_for_withdrawn(by=by, record=record)
    _tell(by, record, child)
    return withdrawal


def dangers_standing(record: Record) -> list[CaseEvent]:
    """The times that immediate danger was said in the draft of this record, and still stands. Two queries."""
    said = list(dangers_said_in(record.assessment))
    if not said:
        return []
    withdrawn = CaseEvent.objects.filter(
        kind=CaseEvent.Kind.WITHDRAWN, child__stands_for=said[0].child.stands_for
    )
    in_error = {each.keys["event"] for each in withdrawn}
    return [danger for danger in said if str(danger.pk) not in in_error]


@dataclass(frozen=True, slots=True)
class Told:
    """Who knows of a record that was withdrawn.

    Attributes:
        by_mail: to whom a mail about the withdrawal went, or is on its way.
        not_reached: who knows of the record, and whom no mail about the withdrawal reaches: it was refused or
            failed, or their account is closed. Not whoever withdrew it.
    """

    by_mail: list[User]
    not_reached: list[User]


def told_of(withdrawal: Withdrawal) -> Told:
    """Who is told of a withdrawal, with their agencies. Two queries."""
    record = withdrawal.record
    subject = _subject(record)
    sent = list(Message.objects.filter(cause=record.pk))
    lost = (Message.Status.REFUSED, Message.Status.FAILED)
    reached = {mail.to for mail in sent if mail.subject == subject and mail.status not in lost}
    people = _people({mail.to for mail in sent})
    return Told(
        by_mail=[person for person in people if person.email in reached],
        not_reached=[
            person for person in people if person.email not in reached and person.pk != withdrawal.by_id
        ],
    )


def _people(addresses: Iterable[str]) -> list[User]:
    return list(User.objects.filter(email__in=addresses).select_related("agency").order_by("name"))


def _subject(record: Record) -> str:
    return f"Assessment {record.assessment.reference} has been withdrawn"


def _tell(by: User, record: Record, child: Child) -> None:
    """A reference and nothing else, to the author and everybody who was told when it was sent.

    Args:
        by: who withdraws.
        record: what is withdrawn.
        child: as it stands now: since then the record may have been closed to some of them.
    """
    reference = record.assessment.reference
    told = Message.objects.filter(cause=record.pk).values_list("to", flat=True)
    people = User.objects.filter(
        access.admitted(child), Q(email__in=told) | Q(pk=record.author_id), is_active=True
    )
    tell(
        by=by,
        child=child,
        people={person.pk: person.email for person in people},
        subject=_subject(record),
        body=(
            f"The assessment with the reference {reference} has been withdrawn: it was recorded in error.\n\n"
            "Sign in to CRE Toolkit and search for the reference to read why. If you acted on it, look at "
            "that again. For safety this message says nothing more."
        ),
        cause=record.pk,
        page="assessment-record",
        page_of=reference,
    )
