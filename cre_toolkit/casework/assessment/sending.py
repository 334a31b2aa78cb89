"""Sending an assessment: recorded, received into the case, shown to those it goes to, in one transaction.

Either all of it is there afterwards, with its audit events and its mail in the outbox, or it is a draft.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import recording
from cre_toolkit.assessments.actions import Discarded
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.assessments.record import Earlier
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.assessment.calls import TOLD_BY, counts_for
from cre_toolkit.casework.assessment.recipients import Recipients, recipients_of
from cre_toolkit.casework.case.awaiting import needs_manager
from cre_toolkit.casework.case.events import event, record_events
from cre_toolkit.casework.case.rows import AnyEvent
from cre_toolkit.casework.case.state import events_of, heard_in, refresh
from cre_toolkit.casework.countersigning.asking import ask_in_charge
from cre_toolkit.casework.countersigning.leave import ask_stand_ins
from cre_toolkit.casework.ends.closing import reopen_for
from cre_toolkit.casework.models import Call, CaseEvent, Referral
from cre_toolkit.casework.referral.models import How, To
from cre_toolkit.casework.referral.no_route import tell_finders
from cre_toolkit.casework.referral.reaching import SENDING, acknowledged_within
from cre_toolkit.casework.referral.referring import begin
from cre_toolkit.casework.referral.states import State
from cre_toolkit.children import access, granting
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.children.telling import tell
from cre_toolkit.statements import statement


@transaction.atomic
@together()
def send(*, by: User, assessment: Assessment) -> Record:
    """Send an assessment. Sent again, it gives back what was sent and does nothing more.

    Args:
        by: its author.
        assessment: the draft.

    Raises:
        NotVisible: it is somebody else's, or a form from paper, which is sent to nobody.
        Discarded: it was discarded, and not restored.
        assessments.recording.NotAccepted: what the toolkit asks for is not all there; carries the outcome.
    """
    now = timezone.now().replace(microsecond=0)
    # Eight presses at once queue here; the first sends, the others find the record. A call that is being
    # logged comes before, and is known below, or after, and does what this makes due.
    draft = recording.hold(by, assessment)
    if draft.transcribed:
        raise access.NotVisible(draft.reference)
    if draft.status == Assessment.Status.SENT:
        return Record.objects.select_related("assessment", "child").get(assessment=draft)
    if draft.status == Assessment.Status.DISCARDED:
        raise Discarded(draft.reference)
    child = draft.child
    events, recipients = events_of(child), recipients_of(child, by)
    made = _calls_made(draft, events)
    referred = {"social_care": now} if recipients.reach_social_care else {}
    for to, agency in TOLD_BY.items():
        if to in made.known:
            referred[agency] = made.answering.get(to) or made.known[to]
    record = recording.record_held(
        by=by, draft=draft, completed_at=now, earlier=_earlier(events), referred=referred
    )
    received = _received(by=by, record=record, done={*made.answering, *_done_by_sending(recipients)})
    state = refresh(child=child, held=True, events=[*events, *received])
    if state.closed:
        reopen_for(by=by, child=child, words="A new assessment was sent.")
    referrals = _referrals(by, record, recipients, received)
    begin(by=by, referrals=referrals)
    for referral in referrals:
        if referral.state == State.NO_ROUTE:
            tell_finders(by=by, referral=referral)
    granting.grant_each(
        by=by,
        child=record.child,
        reason=AccessGrant.Reason.SENT,
        users=[recipients.worker.pk] if recipients.worker and recipients.worker != by else [],
        teams=recipients.front_door,
        source=record.pk,
    )
    _tell(by, record, recipients)
    # A manager who had the draft themselves cannot answer.
    if needs_manager(record) and (draft.begun_by_id or not recipients.has_manager):
        ask_in_charge(by=by, record=record)
    if needs_manager(record) and recipients.covers:
        ask_stand_ins(by=by, record=record, covers=recipients.covers)
    audit.record(
        by=by,
        kind="assessment.sent",
        authority=child.authority,
        child=child.pk,
        subject_kind="record",
        subject=record.pk,
        detail={
            "level": record.recorded_level,
            "users": [str(recipients.worker.pk)] if recipients.worker else [],
            "teams": sorted(map(str, recipients.front_door)),
        },
    )
    return record


def _earlier(events: Iterable[AnyEvent]) -> Earlier | None:
    """The child's newest assessment that stands: it answers "previously assessed?"."""
    found = next((heard.record for heard in heard_in(events) if not heard.withdrawn), None)
    return Earlier(found.completed_at, found.recorded_level, found.instrument) if found else None


@dataclass(frozen=True, slots=True)
class _CallsMade:
    """When somebody was first reached by telephone from a draft, by whom the call was to."""

    known: dict[str, datetime.datetime]
    """About any danger that was said in it: since when they know of the child."""
    answering: dict[str, datetime.datetime]
    """Since the danger was said last: they need not be called again."""


def _calls_made(draft: Assessment, events: Iterable[AnyEvent]) -> _CallsMade:
    """The calls that reached somebody, from a draft with these events of its case. One query."""
    kind = CaseEvent.Kind.IMMEDIATE_RISK
    dangers = [one for one in events if one.kind == kind and one.draft_id == draft.pk]
    made = _CallsMade({}, {})
    for call in _spoken(draft=draft.pk):
        about = [danger for danger in dangers if counts_for(call, danger)]
        if about or not dangers:
            made.known.setdefault(call.to, call.at)
        if not dangers or (dangers[-1] in about and call.entered_at >= dangers[-1].entered_at):
            made.answering.setdefault(call.to, call.at)
    return made


@statement
def _spoken(*, draft: uuid.UUID) -> QuerySet[Call]:
    """The calls that were made from a draft and reached somebody, in their order."""
    return Call.objects.filter(assessment=draft, outcome=Call.Outcome.SPOKE).order_by("at")


def _done_by_sending(recipients: Recipients) -> Iterable[str]:
    """What is done the moment it is sent: the sending itself, where somebody in social care has it now."""
    return [SENDING] if recipients.reach_social_care else []


def _received(*, by: User, record: Record, done: Iterable[str]) -> list[CaseEvent]:
    """Write the record into the child's case, with what it asks for that is done already, by action."""
    received = event(
        by=by, child=record.child, kind=CaseEvent.Kind.ASSESSMENT, at=record.completed_at, record=record
    )
    asked = {action["id"] for action in record.content["outcome"]["actions"]}
    ticks = [
        event(
            by=by,
            child=record.child,
            kind=CaseEvent.Kind.DONE,
            at=record.completed_at,
            keys={"action": action, "event": str(received.pk)},
        )
        for action in sorted(asked.intersection(done))
    ]
    record_events(by=by, events=[received, *ticks])
    return [received, *ticks]


def _referrals(
    by: User, record: Record, recipients: Recipients, received: Iterable[CaseEvent]
) -> list[Referral]:
    """One for each recipient, yet to be written: sent is not received, and each answers (toolkit.md, B1).

    What was to be sent to social care and reaches nobody there is one for the queue that somebody owns (B14).
    An author who is the allocated worker has it.
    """
    ticked = [str(event.pk) for event in received if event.keys.get("action") == SENDING]
    said: dict[str, Any] = {"child": record.child, "record": record, "authority": record.authority, "by": by}
    said |= {"at": record.sent_at, "how": How.SERVICE}
    if recipients.reach_social_care:
        chase_at = record.sent_at + acknowledged_within(record.authority)
        said |= {"state": State.SENT, "chase_at": chase_at, "ticked": ticked}
        if recipients.worker:
            return [Referral(to=To.WORKER, user=recipients.worker, **said)] if recipients.worker != by else []
        return [Referral(to=To.FRONT_DOOR, team_id=team, **said) for team in sorted(recipients.front_door)]
    asked = {action["id"] for action in record.content["outcome"]["actions"]}
    return [Referral(to=To.NOBODY, state=State.NO_ROUTE, **said)] if SENDING in asked else []


def _tell(by: User, record: Record, recipients: Recipients) -> None:
    """A reference and nothing else."""
    reference = record.assessment.reference
    tell(
        by=by,
        child=record.child.kept,
        people=recipients.told,
        subject=f"Assessment {reference} has been sent to you",
        body=(
            f"An assessment with the reference {reference} is waiting for you in CRE Toolkit.\n\n"
            "Sign in and search for the reference to read it. For safety this message says nothing more."
        ),
        cause=record.pk,
        page="assessment-record",
        page_of=reference,
    )
