"""A manager's answer to an assessment: countersigned, returned, or another level set.

Source: CRE 2020, page 10; toolkit.md, B4; `case.md`, `countersign`.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Record, Withdrawal
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.countersigning.passing_on import pass_on, tell_author
from cre_toolkit.casework.countersigning.queue import WHOSE, may_countersign, stands_in_for
from cre_toolkit.casework.ends.closing import reopen_for
from cre_toolkit.casework.models import CaseEvent, Countersignature
from cre_toolkit.children import access
from cre_toolkit.children.access import NotAllowed
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child

Outcome = Countersignature.Outcome


class NotForAManager(ValueError):
    """Nobody answers this assessment: it was withdrawn, or entered from paper, where it was decided."""


class SaysNothing(ValueError):
    """There are no words: what is missing, or the reasons for another level. Nothing was written."""


class SameLevel(ValueError):
    """The level to be set is the one that was recorded. Agree with it instead; nothing was written."""


class TooOldForALevel(ValueError):
    """Since the assessment they have come of age, and the toolkit applies no more. Nothing was written."""


class AnsweredAlready(Exception):
    """Somebody else has answered meanwhile; nothing was written. `answer` is theirs."""

    def __init__(self, answer: Countersignature) -> None:
        super().__init__(str(answer.pk))
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a manager says: the outcome, the level where they set one, and their words."""

    outcome: Countersignature.Outcome
    level: str = ""
    words: str = ""


# --- Answering ----------------------------------------------------------------------------------------------


def answer_of(record: Record) -> Countersignature | None:
    """The answer to an assessment that stands, with who gave it. One query."""
    stands = Countersignature.objects.filter(record=record, event__in_error=None)
    return stands.select_related("by__agency", "event").first()


@transaction.atomic
@together()
def countersign(*, by: User, record: Record, answer: Answer, form_id: uuid.UUID) -> Countersignature:
    """Answer an assessment for good. The same form sent twice gives one answer.

    `agreed` puts aside what was assessed before; `returned` has it assessed again; `set-level` takes the
    place of the level that was recorded, and is told to everybody who was told of that one.

    Args:
        by: the manager.
        record: a sent assessment that they see.
        answer: what they say.
        form_id: minted by the form.

    Raises:
        NotAllowed: it is not theirs to answer; the message says whose it is.
        NotForAManager: it was withdrawn, or entered from paper.
        SaysNothing, SameLevel: the answer is not one; nothing was written.
        TooOldForALevel: another level would count for nothing any more.
        AnsweredAlready: it has an answer that stands; that one can be withdrawn by whoever gave it.
    """
    _check(record, answer)
    # Two managers at once queue here; the second finds the answer of the first.
    child = hold(record.child)
    standing = access.standing_of(by)
    if not may_countersign(standing, record):
        raise NotAllowed(WHOSE)
    if record.assessment.transcribed or Withdrawal.objects.filter(record=record).exists():
        raise NotForAManager
    stands = answer_of(record)
    if stands and stands.form_id == form_id:
        return stands
    if stands:
        raise AnsweredAlready(stands)
    if Countersignature.objects.filter(form_id=form_id).exists():
        # The form has answered another assessment, or this one until that was withdrawn.
        raise access.NotVisible(record.assessment.reference)
    answered = CaseEvent.objects.select_related("child").get(record=record)
    now = timezone.now().replace(microsecond=0)
    keys = {"event": str(answered.pk), "outcome": answer.outcome.value}
    said = event(
        by=by,
        # On the record of what it answers: should two merged records be parted, it goes with that.
        child=answered.child,
        kind=CaseEvent.Kind.COUNTERSIGN,
        at=max(now, answered.at),
        keys=keys | ({"level": answer.level} if answer.level else {}),
    )
    state = enter(by=by, child=child, events=[said])
    if answer.level and (state.assessed_level is None or state.assessed_level.event != str(said.pk)):
        raise TooOldForALevel
    given = Countersignature.objects.create(
        record=record,
        event=said,
        outcome=answer.outcome,
        level=answer.level,
        words=answer.words.strip(),
        by=by,
        at=said.at,
        form_id=form_id,
    )
    absent = stands_in_for(standing, record)
    if absent:
        audit.record(
            by=by,
            kind="countersign.stood-in",
            authority=child.authority,
            child=record.child_id,
            subject_kind="assessment",
            subject=record.assessment_id,
            detail={"users": [str(one.pk) for one in absent]},
        )
    tell_author(by=by, answer=given, child=child)
    if state.closed and answer.outcome != Outcome.AGREED:
        # What the answer asks for would be hidden.
        reopen_for(by=by, child=child, words="A manager has answered an assessment otherwise.")
        state = state_of(child)
    if answer.outcome == Outcome.SET_LEVEL:
        pass_on(by=by, answer=given, child=child, state=state)
    return given


def _check(record: Record, answer: Answer) -> None:
    if answer.outcome != Outcome.AGREED and not answer.words.strip():
        raise SaysNothing
    if (answer.outcome == Outcome.SET_LEVEL) != bool(answer.level):
        raise ValueError(f"{answer.outcome} with the level {answer.level!r}")
    if answer.level and answer.level == record.recorded_level:
        raise SameLevel


# --- What happened ------------------------------------------------------------------------------------------


def happened(child: Child) -> list[Happened]:
    """The managers' answers about a child, for the timeline. One query."""
    given = Countersignature.objects.filter(record__child__stands_for=child.stands_for)
    of_record = ("record__assessment", "record__withdrawal")
    read = given.select_related("by", "event__in_error", *of_record).defer("record__deflated")
    return [
        Happened(
            at=answer.at,
            entered_at=answer.event.entered_at,
            what=What.DECISION,
            title=f"{in_words(answer.outcome, answer.level)} by a manager",
            by=answer.by.name,
            text=answer.words,
            page="assessment-decision",
            page_of=(answer.record.assessment.reference,),
            event=answer.event_id,
            in_error=hasattr(answer.event, "in_error"),
            gone=hasattr(answer.record, "withdrawal"),
        )
        for answer in read
    ]


def in_words(outcome: str, level: str = "") -> str:
    """A manager's answer in few words: "Level set to high"."""
    if outcome == Outcome.SET_LEVEL:
        return f"Level set to {level}"
    return "Countersigned" if outcome == Outcome.AGREED else "Returned"
