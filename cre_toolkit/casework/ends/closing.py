"""Closing a case with a reason, and opening it again with one.

Closing ends the reviews and what waits without a date; what has a time stays due until it is done (case.md,
`closed`). The record stays as it is, to be read by whoever may see it.
"""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.entering import NotPossible, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.said_twice import recorded_by
from cre_toolkit.casework.case.state import CALLS
from cre_toolkit.casework.models import CaseEvent, Closing, Reopening
from cre_toolkit.casework.transfer import queries as transfers
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
        Refused: a telephone call is due, another authority is to receive the child, or the case is closed
            already; says what to do.
    """
    access.check(access.standing_of(by), Act.CLOSE)
    held = hold(child)
    if earlier := recorded_by(Closing, child=held, form_id=form_id):
        return earlier
    if transfers.waiting_of(held):
        raise Refused(
            "Another authority has been asked to be responsible: what is due would be hidden from it. Wait"
            " for its answer, or take the transfer back first."
        )
    return close_held(by=by, child=held, reason=reason, words=words, form_id=form_id)


@transaction.atomic(savepoint=False)
def close_held(*, by: User, child: Child, reason: Closing.Reason, words: str, form_id: uuid.UUID) -> Closing:
    """Close the case of a child who is held, and tell those who work with them; raises as `close`."""
    now = timezone.now()
    closed = event(by=by, child=child, kind=CaseEvent.Kind.CLOSED, at=now)
    state = _entered(by, child, [closed], "The case is closed already.")
    if reason != Reason.DIED and any(entry.id in CALLS for entry in state.due):
        raise Refused("Telephone first, and log the call: the child is said to be in immediate danger.")
    closing = _record(by=by, closed=closed, reason=reason, words=words, form_id=form_id)
    if reason != Reason.DIED:
        _tell(by, child, closing.pk, "has been closed")
    return closing


@transaction.atomic(savepoint=False)
def _record(
    *, by: User, closed: CaseEvent, reason: Closing.Reason, words: str, form_id: uuid.UUID
) -> Closing:
    """The reason and the words beside the event of a closing."""
    child = closed.child
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
    if earlier := recorded_by(Reopening, child=held, form_id=form_id):
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
    reopening = _open(by=by, child=child, words=words, form_id=form_id)
    _tell(by, child, reopening.pk, "has been opened again")
    return reopening


@transaction.atomic(savepoint=False)
def reopen_for(*, by: User, child: Child, words: str, cause: uuid.UUID | None = None) -> None:
    """What asks for something opens a closed case again: what nobody sees to be due protects no one.

    Nobody is told of it but by what opens it. The case of a child who has died stays closed.

    Args:
        by: who did it.
        child: whose case, held; it is closed, or one of two records is that were merged into one.
        words: what was done, for whoever reads why the case is open.
        cause: what opens it, where that can be undone (`close_again`).
    """
    if not child.died_on:
        _open(by=by, child=child, words=words, form_id=cause or uuid.uuid4())


@transaction.atomic(savepoint=False)
def close_again(*, by: User, cause: uuid.UUID) -> None:
    """Close the case that was opened because of something that is undone, as it was closed before.

    It stays open where anything was entered on its record since.

    Args:
        by: who undoes it.
        cause: as `reopen_for` was given it. The record that it opened stands for itself, and is held.
    """
    reopening = Reopening.objects.select_related("child", "event").filter(form_id=cause).first()
    if reopening is None:
        return
    child = reopening.child.kept
    events = CaseEvent.objects.filter(child__stands_for=child.pk)
    opened = events.filter(kind=CaseEvent.Kind.REOPENED, at=reopening.at).select_related("child")
    since = events.filter(entered_at__gte=reopening.event.entered_at).exclude(pk__in=opened.values("pk"))
    before = last_closing(child)
    if before is None or since.exists():
        return
    now = timezone.now()
    closed = [event(by=by, child=one.child, kind=CaseEvent.Kind.CLOSED, at=now) for one in opened]
    enter(by=by, child=child, events=closed)
    _record(
        by=by,
        closed=closed[0],
        reason=Closing.Reason(before.reason),
        words=f"Closed again, as it was before the merge. {before.words}".strip(),
        form_id=cause,
    )


@transaction.atomic(savepoint=False)
def _open(*, by: User, child: Child, words: str, form_id: uuid.UUID) -> Reopening:
    """Enter it on each record of the child that is closed: parted again, neither is left as it was not."""
    now = timezone.now()
    opened = [
        event(by=by, child=on, kind=CaseEvent.Kind.REOPENED, at=now) for on in _closed_records(child)
    ] or [event(by=by, child=child, kind=CaseEvent.Kind.REOPENED, at=now)]
    _entered(by, child, opened, "The case is open.")
    first = opened[0]
    reopening = Reopening.objects.create(
        child=first.child, event=first, words=words, by=by, at=first.at, form_id=form_id
    )
    audit.record(
        by=by,
        kind="case.reopening-recorded",
        authority=child.authority,
        child=first.child_id,
        subject_kind="reopening",
        subject=reopening.pk,
    )
    return reopening


def _closed_records(child: Child) -> list[Child]:
    """The records of a child that are closed by themselves: one, or several that were merged. One query."""
    turns = CaseEvent.objects.filter(
        child__stands_for=child.pk, kind__in=(CaseEvent.Kind.CLOSED, CaseEvent.Kind.REOPENED)
    )
    last = {one.child_id: one for one in turns.select_related("child").order_by("at", "entered_at", "id")}
    return [one.child for one in last.values() if one.kind == CaseEvent.Kind.CLOSED]


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


def _entered(by: User, child: Child, turns: Sequence[CaseEvent], already: str) -> CaseState:
    """Enter them, or say in words that the case stands so already."""
    try:
        return enter(by=by, child=child, events=turns)
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
