"""The monthly tasking meeting: recording that it was held, what it asked for, and the answers.

Source: CRE 2020, page 9 (medium and high cases are monitored through monthly police and partner agency
tasking meetings, and there may be requests through that forum); toolkit.md, B9.
"""

import datetime
import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.entering import InTheFuture, check_not_in_the_future, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.said_twice import recorded_before
from cre_toolkit.casework.models import CaseEvent, TaskingAnswer, TaskingCase, TaskingMeeting, TaskingRequest
from cre_toolkit.casework.tasking.listing import on_the_list, requests_of
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell
from cre_toolkit.documents.dates import day_in_words

PAGE = "child-tasking"


@transaction.atomic
@together()
def record_meeting(
    *,
    by: User,
    authority: str,
    at: datetime.datetime,
    not_discussed: Collection[str],
    form_id: uuid.UUID,
) -> TaskingMeeting:
    """Record that the meeting was held: it is the tasking of each case on the list that was discussed.

    The whole list is kept as it stood, so that the next one can say what has changed. The same form twice
    records one meeting.

    Args:
        by: who records it; the cases are those on the list as they see it.
        authority: whose meeting it was.
        at: when it was held.
        not_discussed: the references of cases on the list that the meeting did not come to.
        form_id: of the form.

    Raises:
        NotAllowed: it is not within the user's roles in that authority.
        entering.InTheFuture: it is later than now.
    """
    standing = access.standing_of(by)
    if authority not in standing.authorities(Act.RUN_TASKING):
        access.check(standing, Act.RUN_TASKING)
        raise access.NotVisible(authority)
    check_not_in_the_future(at)
    meeting, is_new = TaskingMeeting.objects.get_or_create(
        form_id=form_id,
        defaults={"authority": authority, "at": at, "by": by, "entered_at": timezone.now()},
    )
    if not is_new:
        return meeting
    # Held in one order by everybody, so that two who do this at once do not wait for each other for ever.
    children = sorted(on_the_list(standing, authority), key=lambda child: child.pk)
    cases = [
        _case(by=by, meeting=meeting, child=child, discussed=child.reference not in not_discussed)
        for child in children
    ]
    TaskingCase.objects.bulk_create(cases)
    audit.record(
        by=by,
        kind="tasking.held",
        authority=authority,
        subject_kind="tasking-meeting",
        subject=meeting.pk,
        children={case.child_id for case in cases},
        detail={"cases": sum(case.event_id is not None for case in cases)},
    )
    return meeting


@transaction.atomic(savepoint=False)
def _case(*, by: User, meeting: TaskingMeeting, child: Child, discussed: bool) -> TaskingCase:
    case = TaskingCase(meeting=meeting, child=child, level=child.working_level)
    if discussed:
        held = hold(child)
        case.event = event(
            by=by, child=held, kind=CaseEvent.Kind.MEETING, at=meeting.at, keys={"type": "tasking"}
        )
        enter(by=by, child=held, events=[case.event])
    return case


@transaction.atomic
def ask(
    *,
    by: User,
    child: Child,
    asked: str,
    of_whom: str,
    asked_on: datetime.date,
    by_when: datetime.date | None,
    form_id: uuid.UUID,
) -> TaskingRequest:
    """Record what the tasking meeting asked for a child. The allocated worker is told, by reference alone.

    Args:
        by: who records it; they see the child, as the caller has made sure.
        child: for whom.
        asked: what is asked.
        of_whom: who is to do it.
        asked_on: the day of the meeting.
        by_when: the day by which, if one was set.
        form_id: of the form; the same twice records one request.

    Raises:
        NotAllowed: it is not within the user's roles.
        entering.InTheFuture: the meeting is later than today.
    """
    access.check(access.standing_of(by), Act.RUN_TASKING)
    if asked_on > timezone.localdate():
        raise InTheFuture
    held = hold(child)
    said = {"asked": asked, "of_whom": of_whom, "asked_on": asked_on, "by_when": by_when}
    recorded, form_id = recorded_before(TaskingRequest, child=held, said=said, form_id=form_id)
    if recorded:
        return recorded
    request = TaskingRequest.objects.create(
        child=held, by=by, entered_at=timezone.now(), form_id=form_id, **said
    )
    _audit(by, held, request, "tasking.asked")
    _tell(by, held, held.allocated_worker_id, request, "The tasking meeting asks for something")
    return request


@transaction.atomic
def answer(
    *,
    by: User,
    request: TaskingRequest,
    outcome: TaskingAnswer.Outcome,
    words: str,
    form_id: uuid.UUID,
) -> TaskingAnswer:
    """Answer what the meeting asked: so far, or at its end. Who recorded the request is told.

    Args:
        by: who answers; they see the child, as the caller has made sure.
        request: which.
        outcome: how far it is.
        words: what was done, or why it is not.
        form_id: of the form; the same twice records one answer.

    Raises:
        NotAllowed: it is not within the user's roles.
    """
    access.check(access.standing_of(by), Act.ANSWER_TASKING)
    held = hold(request.child)
    said = {"request": request.pk, "outcome": outcome, "words": words}
    recorded, form_id = recorded_before(TaskingAnswer, child=held, said=said, form_id=form_id)
    if recorded:
        return recorded
    answered = TaskingAnswer.objects.create(
        request=request, outcome=outcome, words=words, by=by, entered_at=timezone.now(), form_id=form_id
    )
    _audit(by, held, request, "tasking.answered", outcome=str(outcome))
    _tell(by, held, request.by_id, request, "A request of the tasking meeting is answered")
    return answered


def _audit(by: User, child: Child, request: TaskingRequest, kind: str, **detail: str) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=child.authority,
        child=child.pk,
        subject_kind="tasking-request",
        subject=request.pk,
        detail=detail,
    )


def _tell(by: User, child: Child, whom: uuid.UUID | None, request: TaskingRequest, what: str) -> None:
    """A message with a reference and nothing else to one person, to whom the record is open."""
    people = User.objects.filter(access.admitted(child), pk__in=[whom] if whom else [], is_active=True)
    reference = child.reference
    tell(
        by=by,
        child=child,
        people={person.pk: person.email for person in people},
        subject=f"{what}, on the record {reference}",
        body=(
            f"{what}, on the record with the reference {reference}.\n\nSign in to CRE Toolkit and search for"
            " the reference to read it. For safety this message says nothing more."
        ),
        cause=request.pk,
    )


# --- On the timeline ----------------------------------------------------------------------------------------


def discussed(child: Child) -> list[Happened]:
    """The tasking meetings in which a child's case was discussed. One query."""
    cases = TaskingCase.objects.filter(child__stands_for=child.stands_for).exclude(event=None)
    return [
        Happened(
            at=case.meeting.at,
            entered_at=case.meeting.entered_at,
            what=What.MEETING,
            title="Monthly tasking meeting",
            by=case.meeting.by.name,
            page=PAGE,
            page_of=(child.reference,),
            event=case.event_id,
            in_error=hasattr(case.event, "in_error"),
        )
        for case in cases.select_related("meeting__by", "event__in_error")
    ]


def asked_and_answered(child: Child) -> list[Happened]:
    """What the meeting asked for a child, and the answers. Two queries."""
    told = []
    for request in requests_of(child):
        by_when = f", by {day_in_words(request.by_when)}" if request.by_when else ""
        asked = f"{request.asked}\n{request.of_whom}{by_when}"
        told.append(_line(child, request, "Asked by the tasking meeting", asked))
        for answered in request.answers.all():
            how_far = answered.get_outcome_display()
            told.append(_line(child, answered, f"Answer to the tasking meeting: {how_far}", answered.words))
    return told


def _line(child: Child, said: TaskingRequest | TaskingAnswer, title: str, text: str) -> Happened:
    return Happened(
        at=said.entered_at,
        entered_at=said.entered_at,
        what=What.DISCUSSION,
        title=title,
        by=said.by.name,
        text=text,
        page=PAGE,
        page_of=(child.reference,),
    )
