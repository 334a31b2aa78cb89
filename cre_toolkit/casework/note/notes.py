"""Discussions, decisions and interventions are written onto a case, and some of them do what was due.

Source: toolkit.md, B8, B12 and B13; CRE 2020, pages 8 to 11.
"""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.entering import check_not_in_the_future, enter
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.said_twice import recorded_by
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.case.ticking import ticks
from cre_toolkit.casework.models import CaseEvent, Note
from cre_toolkit.children import access, network
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell

DONE_BY_A_NOTE = frozenset(
    {
        "adult-safeguarding-transfer",
        "bring-meeting-forward",
        "child-protection-plan",
        "contact-cpm-vc",
        "discuss-team-manager",
        "information-report",
        "looked-after-discussion",
        "refer-police",
        "tell-cpm-vc",
        "tell-manager",
        "threshold-discussion",
    }
)
"""What is due and done by speaking with somebody, or by sending something outside the service."""

DRAWN_IN = "drawn-in"
"""A discussion with the police or the CRE lead, since adults draw the child in (`leading.py`)."""

WHAT = {
    Note.Kind.DISCUSSION: What.DISCUSSION,
    Note.Kind.DECISION: What.DECISION,
    Note.Kind.INTERVENTION: What.INTERVENTION,
}


class NotDue(ValueError):
    """It is not due on this case any more: somebody has done it, or it went with what had asked for it."""


class NothingSaid(ValueError):
    """A note of its kind says more than this one: what was said, or what was decided, why and by whom."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What somebody writes down."""

    kind: Note.Kind
    at: datetime.datetime
    said: str = ""
    colleagues: tuple[User, ...] = ()
    """Those of the network who were there."""
    others: str = ""
    decision: str = ""
    reason: str = ""
    decided_by: str = ""
    service: str = ""

    def check(self) -> None:
        """Raise `NothingSaid` where its kind needs more; a decision has a reason and somebody who made it."""
        decided = bool(self.decision.strip())
        complete = {
            Note.Kind.DISCUSSION: bool(self.said.strip()),
            Note.Kind.DECISION: decided,
            Note.Kind.INTERVENTION: bool(self.said.strip() and self.service.strip()),
        }[self.kind]
        if not complete or (decided and not (self.reason.strip() and self.decided_by.strip())):
            raise NothingSaid


@transaction.atomic
def write_note(
    *, by: User, child: Child, said: Said, action: str = "", told: Iterable[User] = (), form_id: uuid.UUID
) -> Note:
    """Write a discussion, a decision or an intervention onto a case. The same form sent twice writes one.

    Args:
        by: who writes it; they see the child, which the caller has made sure of.
        child: whose case.
        said: what is written.
        action: what was due and is done by it (`DONE_BY_A_NOTE`), or `DRAWN_IN`; blank for neither.
        told: who is told that it is there, by mail and with the reference alone: people of the network.
        form_id: of the form.

    Raises:
        NotAllowed: writing onto cases is not within the user's roles.
        InTheFuture: what happened lies later than now.
        NothingSaid: its kind says more than this.
        NotDue: the action is not due (any more). Nothing was written.
        NotVisible: the form's number belongs to a note about another child.
    """
    access.check(access.standing_of(by), Act.WRITE_NOTE)
    check_not_in_the_future(said.at)
    said.check()
    held = hold(child)
    if written := recorded_by(Note, child=held, form_id=form_id):
        return written
    done = _does(by, held, action, said.at)
    note = Note.objects.create(
        child=held,
        kind=said.kind,
        at=said.at,
        said=said.said,
        colleagues=[colleague.name for colleague in said.colleagues],
        others=said.others,
        decision=said.decision,
        reason=said.reason,
        decided_by=said.decided_by,
        service=said.service,
        action=action,
        did=[str(one.pk) for one in done],
        by=by,
        entered_at=timezone.now(),
        form_id=form_id,
    )
    audit.record(
        by=by,
        kind="note.written",
        authority=held.authority,
        child=held.pk,
        subject_kind="note",
        subject=note.pk,
        detail={"kind": said.kind, "action": action},
    )
    if done:
        enter(by=by, child=held, events=done)
    _tell(by, held, note, told)
    return note


def _does(by: User, child: Child, action: str, at: datetime.datetime) -> list[CaseEvent]:
    """The events that say that what was due under an action is done, yet to be entered."""
    if not action or action == DRAWN_IN:
        return []
    done = ticks(by=by, child=child, state=state_of(child), actions=[action], at=at)
    if not done:
        raise NotDue(action)
    return done


def _tell(by: User, child: Child, note: Note, told: Iterable[User]) -> None:
    in_it = {place.user_id for place in network.places(child)} if (chosen := list(told)) else set()
    people = access.practising().filter(
        access.admitted(child), pk__in={person.pk for person in chosen} & in_it
    )
    if chosen:
        tell(
            by=by,
            child=child,
            people={person.pk: person.email for person in people},
            subject=f"There is a new note on record {child.reference}",
            body=(
                f"Somebody has written a note on the record with the reference {child.reference} and asks you"
                " to read it.\n\nSign in to CRE Toolkit and search for the reference. The note stands on its"
                " timeline. For safety this message says nothing more."
            ),
            cause=note.pk,
        )


def happened(child: Child) -> list[Happened]:
    """The notes of a case, for its timeline. One query."""
    notes = Note.objects.filter(child__stands_for=child.stands_for).select_related("by", "in_error__by")
    return [
        Happened(
            at=note.at,
            entered_at=note.entered_at,
            what=WHAT[Note.Kind(note.kind)],
            title=title(note),
            by=note.by.name,
            text=in_words(note),
            note=note.pk,
            in_error=hasattr(note, "in_error"),
        )
        for note in notes
    ]


def title(note: Note) -> str:
    """What a note is, in one line."""
    if note.kind == Note.Kind.INTERVENTION:
        return f"Intervention: {note.service}"
    if note.action == DRAWN_IN:
        return "Discussion with the police or the CRE lead"
    return Note.Kind(note.kind).label


def in_words(note: Note) -> str:
    """All that a note says, part by part, each as it was typed."""
    wrong = getattr(note, "in_error", None)
    present = ", ".join(filter(None, (*note.colleagues, note.others)))
    parts: Sequence[tuple[str, str]] = (
        ("With: ", present),
        ("", note.said),
        ("Decided: ", note.decision),
        ("Because: ", note.reason),
        ("Decided by: ", note.decided_by),
        ("Recorded in error: ", f"{wrong.why} ({wrong.by.name})" if wrong else ""),
    )
    return "\n\n".join(f"{called}{text}" for called, text in parts if text.strip())
