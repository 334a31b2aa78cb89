"""What the monthly tasking meeting asks for a child, and the answers.

Source: CRE 2020, page 9 (there may be requests through that forum); toolkit.md, B9.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.entering import InTheFuture
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.said_twice import recorded_before
from cre_toolkit.casework.models import TaskingAnswer, TaskingRequest
from cre_toolkit.casework.tasking.listing import requests_of
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell
from cre_toolkit.documents.dates import day_in_words

PAGE = "child-tasking"


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
