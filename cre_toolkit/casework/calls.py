"""Immediate danger: said at once, the telephone first, and each call logged (CRE 2020, page 11)."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.events import event, record_event, record_events
from cre_toolkit.casework.models import Call, CaseEvent
from cre_toolkit.casework.state import hold, refresh, state_of
from cre_toolkit.children import access
from cre_toolkit.children.models import Child


class InTheFuture(ValueError):
    """A call cannot have been made later than now."""


@transaction.atomic
def declare_danger(*, by: User, child: Child, assessment: Assessment, at: datetime.datetime) -> CaseEvent:
    """Record that the child is in immediate danger, before anything else is finished. Once for each draft.

    The calls to social care and to the police are due from this moment (`case.md`, `immediate-risk`).
    """
    # Two presses at once wait for each other here, so that the second finds the event of the first.
    Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    said = danger_said_in(assessment)
    if said is None:
        said = record_event(by=by, child=child, kind=CaseEvent.Kind.IMMEDIATE_RISK, at=at, draft=assessment)
        refresh(child=child)
    return said


def danger_said_in(assessment: Assessment) -> CaseEvent | None:
    """The event by which danger was said in this draft, if it was."""
    return CaseEvent.objects.filter(kind=CaseEvent.Kind.IMMEDIATE_RISK, draft=assessment).first()


@transaction.atomic
def log_call(
    *,
    by: User,
    child: Child,
    to: Call.To,
    at: datetime.datetime,
    outcome: Call.Outcome,
    spoke_to: str = "",
    their_reference: str = "",
    note: str = "",
    assessment: Assessment | None = None,
    form_id: uuid.UUID,
) -> Call:
    """Log one telephone call, and mark what it did as done. The same form sent twice logs one call.

    A call that reached somebody does the open telephone actions of its kind that were due by then; one that
    nobody answered is on the record and does nothing: the call is still due.

    Raises:
        NotAllowed: logging calls is not within the user's roles.
        InTheFuture: the call is later than now.
        NotVisible: the form's number belongs to a call about another child.
    """
    access.check(access.standing_of(by), access.Act.LOG_CALL)
    if at > timezone.now():
        raise InTheFuture
    # Held before anything is read: another call, or a sending, would otherwise do the same entries again.
    held = hold(child)
    logged = Call.objects.filter(form_id=form_id).first()
    if logged:
        if logged.child_id != child.pk:
            raise access.NotVisible(child.reference)
        return logged
    call = Call.objects.create(
        form_id=form_id,
        child=child,
        assessment=assessment,
        to=to,
        at=at,
        outcome=outcome,
        spoke_to=spoke_to,
        their_reference=their_reference,
        note=note,
        by=by,
        entered_at=timezone.now(),
    )
    audit.record(
        by=by,
        kind="call.logged",
        authority=child.authority,
        child=child.pk,
        subject_kind="call",
        subject=call.pk,
        detail={"to": to, "outcome": outcome},
    )
    if outcome == Call.Outcome.SPOKE:
        _mark_done(by=by, child=held, call=call)
    return call


def _mark_done(*, by: User, child: Child, call: Call) -> None:
    """What the call did: every open telephone action of its kind, on every event that asks for it."""
    done = [
        event(
            by=by,
            child=child,
            kind=CaseEvent.Kind.DONE,
            # A call made before the danger was written down still counts: it is done at the writing.
            at=max(call.at, entry.event.at),
            keys={"action": entry.id, "event": entry.event_id},
        )
        for entry in state_of(child).due
        if entry.id == call.to and entry.event
    ]
    if done:
        record_events(by=by, events=done)
        refresh(child=child, held=True)
