"""Closing a case with a reason, and opening it again with one.

Closing ends the reviews and what waits without a date; what has a time stays due until it is done (case.md,
`closed`). The record stays as it is, to be read by whoever may see it.
"""

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.entering import NotPossible, enter
from cre_toolkit.casework.events import event
from cre_toolkit.casework.happened import Happened, What
from cre_toolkit.casework.models import CaseEvent, Closing, Reopening
from cre_toolkit.casework.state import CALLS
from cre_toolkit.children import access, network
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.rules.entries import Entry

Reason = Closing.Reason
# What somebody may choose; the others come with the act that they name.
CHOSEN = (Reason.SAFER, Reason.ENDED, Reason.ADULT, Reason.IN_ERROR, Reason.OTHER)


class Refused(ValueError):
    """The case cannot be closed or opened again as it stands; the message says why, and what to do."""


def stays_due(state: CaseState) -> list[Entry]:
    """What would be due all the same if the case were closed: what has a time of its own."""
    return [entry for entry in state.due if not entry.hidden_by_closing]


def goes(state: CaseState) -> list[Entry]:
    """What closing takes off the lists: reviews, and what waits without a date."""
    return [entry for entry in state.due if entry.hidden_by_closing]


def last_closing(child: Child) -> Closing | None:
    """How the case was closed the last time, with who closed it. One query."""
    return _closings(child).order_by("-at", "-id").first()


@transaction.atomic
@together()
def close(*, by: User, child: Child, reason: Closing.Reason, words: str, form_id: uuid.UUID) -> Closing:
    """Close a case. The same form sent twice closes it once. Everybody who works with the child is told.

    Args:
        by: a manager who sees the child, which the caller has made sure of.
        child: whose case.
        reason: one of `CHOSEN`.
        words: in the manager's own words.
        form_id: minted with the form.

    Raises:
        NotAllowed: the user's roles do not include this.
        Refused: a telephone call is due, or the case is closed already; says what to do.
    """
    access.check(access.standing_of(by), Act.CLOSE)
    held = hold(child)
    earlier = _closings(held).filter(form_id=form_id).first()
    return earlier or close_held(by=by, child=held, reason=reason, words=words, form_id=form_id)


@transaction.atomic(savepoint=False)
def close_held(*, by: User, child: Child, reason: Closing.Reason, words: str, form_id: uuid.UUID) -> Closing:
    """Close the case of a child who is held, and tell those who work with them; raises as `close`."""
    now = timezone.now()
    closed = event(by=by, child=child, kind=CaseEvent.Kind.CLOSED, at=now)
    state = _entered(by, child, closed, "The case is closed already.")
    if reason != Reason.DIED and any(entry.id in CALLS for entry in state.due):
        raise Refused("Telephone first, and log the call: the child is said to be in immediate danger.")
    closing = Closing.objects.create(
        child=child, event=closed, reason=reason, words=words, by=by, at=closed.at, form_id=form_id
    )
    audit.record(
        by=by,
        kind="case.closing-recorded",
        authority=child.authority,
        child=child.pk,
        subject_kind="closing",
        subject=closing.pk,
        detail={"reason": reason},
    )
    if reason != Reason.DIED:
        _tell(by, child, closing.pk, "has been closed")
    return closing


@transaction.atomic
@together()
def reopen(*, by: User, child: Child, words: str, form_id: uuid.UUID) -> Reopening:
    """Open a closed case again. The same form sent twice opens it once.

    Args:
        by: somebody who works with children and sees this one, which the caller has made sure of.
        child: whose case.
        words: why.
        form_id: minted with the form.

    Raises:
        NotAllowed: the user's roles do not include this.
        Refused: the child has died, or the case is open.
    """
    access.check(access.standing_of(by), Act.REOPEN)
    held = hold(child)
    earlier = Reopening.objects.filter(form_id=form_id, child__stands_for=held.pk).first()
    if earlier:
        return earlier
    if held.died_on:
        raise Refused(
            "This record says that the child has died. Where that is wrong, say so first, on the page of the"
            " death."
        )
    return reopen_held(by=by, child=held, words=words, form_id=form_id)


@transaction.atomic(savepoint=False)
def reopen_held(*, by: User, child: Child, words: str, form_id: uuid.UUID) -> Reopening:
    """Open the case of a child who is held; raises as `reopen`."""
    opened = event(by=by, child=child, kind=CaseEvent.Kind.REOPENED, at=timezone.now())
    _entered(by, child, opened, "The case is open.")
    reopening = Reopening.objects.create(
        child=child, event=opened, words=words, by=by, at=opened.at, form_id=form_id
    )
    audit.record(
        by=by,
        kind="case.reopening-recorded",
        authority=child.authority,
        child=child.pk,
        subject_kind="reopening",
        subject=reopening.pk,
    )
    _tell(by, child, reopening.pk, "has been opened again")
    return reopening


@transaction.atomic(savepoint=False)
def reopen_for(*, by: User, record: Record, child: Child, state: CaseState) -> CaseState:
    """An assessment that is sent opens a closed case again: a level that nobody acts on protects no one.

    Args:
        by: who sent it.
        record: what was sent.
        child: whose, held.
        state: of the case with it.

    Returns:
        The state afterwards.
    """
    if not state.closed or child.died_on:
        return state
    opened = event(by=by, child=child, kind=CaseEvent.Kind.REOPENED, at=record.completed_at)
    state = enter(by=by, child=child, events=[opened])
    reopening = Reopening.objects.create(
        child=child, event=opened, words="A new assessment was sent.", by=by, at=opened.at
    )
    audit.record(
        by=by,
        kind="case.reopening-recorded",
        authority=child.authority,
        child=child.pk,
        subject_kind="reopening",
        subject=reopening.pk,
    )
    return state


def happened(child: Child) -> list[Happened]:
    """When the case was closed and opened again, and why. Two queries."""
    opened = Reopening.objects.filter(child__stands_for=child.stands_for).select_related("by")
    return [
        *(
            Happened(
                at=one.at,
                entered_at=one.at,
                what=What.CASE,
                title=f"Case closed: {one.get_reason_display()}",
                by=str(one.by),
                text=one.words,
            )
            for one in _closings(child)
        ),
        *(
            Happened(
                at=one.at,
                entered_at=one.at,
                what=What.CASE,
                title="Case opened again",
                by=str(one.by),
                text=one.words,
            )
            for one in opened
        ),
    ]


def _closings(child: Child) -> QuerySet[Closing]:
    return Closing.objects.filter(child__stands_for=child.stands_for).select_related("by")


def _entered(by: User, child: Child, one: CaseEvent, already: str) -> CaseState:
    """Enter it, or say in words that the case stands so already."""
    try:
        return enter(by=by, child=child, events=[one])
    except NotPossible as problem:
        raise Refused(already) from problem


def _tell(by: User, child: Child, cause: uuid.UUID, what: str) -> None:
    tell(
        by=by,
        child=child,
        people=network.around(child),
        subject=f"A case with which you work {what}: {child.reference}",
        body=(
            f"The case with the reference {child.reference} in CRE Toolkit {what}.\n\n"
            "Sign in and search for the reference to read why. For safety this message says nothing more."
        ),
        cause=cause,
    )
