"""Withdrawing a sent assessment: said on the record, taken out of the case, told to whom it went. At once.

Source: case.md, `withdrawn`; architecture.md, decision 3. What people did because of it stays on the record
as what they did; access that they were given stays, so that they can read that it was an error.
"""

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, User
from cre_toolkit.assessments.models import Assessment, Record, Withdrawal
from cre_toolkit.assessments.withdrawal import record_withdrawal
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.calls import danger_said_in
from cre_toolkit.casework.events import event, record_events
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.casework.state import hold, refresh
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, NotAllowed, Standing
from cre_toolkit.jobs.actions import mail_each
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
    if record.author_id == standing.user.pk and access.may(standing, Act.WITHDRAW_OWN):
        return True
    if record.authority in standing.authorities(Act.WITHDRAW_ANY):
        return True
    if not (standing.managed and access.may(standing, Act.WITHDRAW_OF_TEAM)):
        return False
    return Membership.objects.filter(
        access.current(), team__in=standing.managed, user=record.author_id
    ).exists()


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
    in_error = list(CaseEvent.objects.filter(record=record))
    if danger_too and (danger := danger_standing(record)):
        in_error.append(danger)
    record_events(
        by=by,
        events=[
            event(by=by, child=child, kind=CaseEvent.Kind.WITHDRAWN, at=now, keys={"event": str(wrong.pk)})
            for wrong in in_error
        ],
    )
    refresh(child=child, held=True)
    _tell(by, record)
    return withdrawal


def danger_standing(record: Record) -> CaseEvent | None:
    """The immediate danger that was said in the draft of this record and still stands. Two queries."""
    said = danger_said_in(record.assessment)
    if said is None:
        return None
    withdrawn = CaseEvent.objects.filter(
        kind=CaseEvent.Kind.WITHDRAWN, child__stands_for=said.child.stands_for
    )
    return None if str(said.pk) in {each.keys["event"] for each in withdrawn} else said


def people_told_of(record: Record) -> list[User]:
    """Everybody who was told of a record by mail, with their agencies. One query."""
    addresses = Message.objects.filter(cause=record.pk).values("to")
    return list(User.objects.filter(email__in=addresses).select_related("agency").order_by("name"))


def _tell(by: User, record: Record) -> None:
    """Mail with a reference and nothing else, to the author and everybody who was told when it was sent."""
    reference = record.assessment.reference
    people = {person.email for person in (*people_told_of(record), record.author) if person.is_active}
    mail_each(
        by=by,
        to=sorted(people - {by.email}),
        subject=f"Assessment {reference} has been withdrawn",
        body=(
            f"The assessment with the reference {reference} has been withdrawn: it was recorded in error.\n\n"
            "Sign in to CRE Toolkit and search for the reference to read why. If you acted on it, look at "
            "that again. For safety this message says nothing more."
        ),
        cause=record.pk,
    )
