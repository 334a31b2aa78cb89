"""Immediate danger: said at once, the telephone first, and each call logged (CRE 2020, page 11)."""

import datetime
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.entering import check_not_in_the_future, enter
from cre_toolkit.casework.case.events import event, record_event
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.rows import AnyEvent
from cre_toolkit.casework.case.state import refresh, state_of
from cre_toolkit.casework.models import Call, CaseEvent
from cre_toolkit.children import access
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child

PRESSED_AGAIN = datetime.timedelta(minutes=1)
"""So soon the same answer is the same danger: pressed twice, or sent again after a page refused it."""

MADE_BEFORE = datetime.timedelta(hours=24)
"""So long before a danger was written down a call about it may have been made: who telephones first, writes
later. Our reading; an older call was about something else, and the call is still due."""


TOLD_BY = {Call.To.SOCIAL_CARE: "social_care", Call.To.POLICE: "police"}
"""Whom a record says to have been told of the child (`referred`), by the call that told them."""


@transaction.atomic
def declare_danger(*, by: User, assessment: Assessment, at: datetime.datetime) -> CaseEvent:
    """Record that the child is in immediate danger, before anything else is finished.

    The calls to social care and to the police are due from this moment (`case.md`, `immediate-risk`). Danger
    that stands in the draft already is not said again by saving its page; said after another answer, or by
    somebody whose draft it is no longer, it is a new one, and the calls are due anew.

    Args:
        by: who says so, on a page of the draft; they see the child, as the caller has made sure.
        assessment: the draft, or what was a draft when the page was opened.
        at: when.

    Returns:
        The event, or the one that stands.
    """
    # Two presses at once wait for each other here, so that the second finds the event of the first.
    draft = Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
    said = danger_said_in(draft)
    if said and (at - said.at < PRESSED_AGAIN or (by.pk == draft.author_id and _stands_in(draft))):
        return said
    child = draft.begun_on
    said = record_event(by=by, child=child, kind=CaseEvent.Kind.IMMEDIATE_RISK, at=at, draft=draft)
    refresh(child=child)
    return said


def _stands_in(draft: Assessment) -> bool:
    """Whether danger is what a draft answers now. One query."""
    return draft.sections.filter(section="danger", answers__immediate_risk="yes").exists()


def dangers_said_in(assessment: Assessment) -> QuerySet[CaseEvent]:
    """The events by which danger was said in this draft, the newest first."""
    said = CaseEvent.objects.filter(kind=CaseEvent.Kind.IMMEDIATE_RISK, draft=assessment)
    return said.select_related("child").order_by("-entered_at", "-pk")


def danger_said_in(assessment: Assessment) -> CaseEvent | None:
    """The event by which danger was last said in this draft, if it was. One query."""
    return dangers_said_in(assessment).first()


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

    A form that says something else the second time (Back, another answer) logs another call: what was logged
    stays as it was.

    A call that reached somebody does the open telephone actions of its kind that were due by then, or were
    written down soon after (`MADE_BEFORE`); an older one, and one that nobody answered, is on the record and
    does nothing: the call is still due. Of two records that were merged
    it stands on the one that it is about: on which the assessment was begun, or the danger said.

    Raises:
        NotAllowed: logging calls is not within the user's roles.
        entering.InTheFuture: the call is later than now.
        NotVisible: the form's number belongs to a call about another child.
    """
    access.check(access.standing_of(by), access.Act.LOG_CALL)
    check_not_in_the_future(at)
    # Held before anything is read: another call, or a sending, would otherwise do the same entries again.
    held = hold(assessment.begun_on if assessment else child)
    said = {
        "to": to,
        "at": at,
        "outcome": outcome,
        "spoke_to": spoke_to,
        "their_reference": their_reference,
        "note": note,
    }
    logged = Call.objects.filter(form_id=form_id).first()
    if logged and logged.child.stands_for != held.pk:
        raise access.NotVisible(child.reference)
    if logged and any(getattr(logged, name) != value for name, value in said.items()):
        # Pressed again, this one too is the same call.
        form_id = uuid.uuid5(form_id, repr([str(value) for value in said.values()]))
        logged = Call.objects.filter(form_id=form_id).first()
    if logged:
        return logged
    asking = _events_asking_for(held, to)
    asked_on = asking[0].child if asking else held
    about = assessment.begun_on if assessment else asked_on
    call = Call.objects.create(
        form_id=form_id,
        child=about,
        assessment=assessment,
        by=by,
        entered_at=timezone.now(),
        **said,
    )
    audit.record(
        by=by,
        kind="call.logged",
        authority=held.authority,
        child=call.child_id,
        subject_kind="call",
        subject=call.pk,
        detail={"to": to, "outcome": outcome},
    )
    does = [one for one in asking if counts_for(call, one)]
    if outcome == Call.Outcome.SPOKE and does:
        # Each on the record of what it does: should two merged records be parted, it goes with that.
        enter(
            by=by,
            child=held,
            events=[
                event(
                    by=by,
                    child=one.child,
                    kind=CaseEvent.Kind.DONE,
                    # A call made before the danger was written down still counts: it is done at the writing.
                    at=max(call.at, one.at),
                    keys={"action": to, "event": str(one.pk)},
                )
                for one in does
            ],
        )
    return call


def _events_asking_for(child: Child, to: Call.To) -> list[CaseEvent]:
    """The events for which that call is still due, in their order: it does what all of them ask for."""
    due = state_of(child).due
    ids = [entry.event_id for entry in due if entry.id == to and entry.event_id]
    return list(
        CaseEvent.objects.filter(pk__in=ids).select_related("child", "record").order_by("entered_at", "pk")
    )


def counts_for(call: Call, asking: AnyEvent) -> bool:
    """Whether a call was about the danger that an event of the case tells of, by when it was made.

    An assessment tells of the danger that was said while it was written. One query, for an assessment alone.

    Args:
        call: the call.
        asking: the danger, or the assessment that was sent; with its record.
    """
    said = danger_said_in(asking.record.assessment) if asking.record else asking
    return call.at >= (said or asking).at - MADE_BEFORE


def happened(child: Child) -> list[Happened]:
    """The telephone calls about a child, for the timeline. One query."""
    made = Call.objects.filter(child__stands_for=child.stands_for).select_related("by")
    return [
        Happened(
            at=call.at,
            entered_at=call.entered_at,
            what=What.CALL,
            title=f"Telephone call to {_CALLED[Call.To(call.to)]}: {_BECAME[Call.Outcome(call.outcome)]}",
            by=call.by.name,
            text="\n\n".join(filter(None, (_spoke_to(call), call.note))),
        )
        for call in made
    ]


_CALLED = {Call.To.SOCIAL_CARE: "children’s social care", Call.To.POLICE: "the police"}
_BECAME = {Call.Outcome.SPOKE: "spoke to somebody", Call.Outcome.NO_ANSWER: "no answer"}


def _spoke_to(call: Call) -> str:
    reference = f"their reference: {call.their_reference}" if call.their_reference else ""
    said = ", ".join(filter(None, (call.spoke_to, reference)))
    return f"With: {said}" if said else ""
