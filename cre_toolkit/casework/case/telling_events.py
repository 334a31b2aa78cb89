"""The dated events of a case as lines of a timeline: what an event says by itself.

An assessment, a danger, and what was done are told from here. Where a noun has more to say of its events (a
meeting its minutes, an episode its places), its own module tells them on the timeline; the child's page,
which has all events at hand, shows them in the short words that stand here.
"""

import uuid
from collections.abc import Collection, Iterable

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.case.counting import count_no_longer
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.in_error import CAN_BE as CAN_BE_WITHDRAWN
from cre_toolkit.casework.case.queries import meeting_title, pack_of
from cre_toolkit.casework.case.state import described_events
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children.models import Child
from cre_toolkit.rules.authority import AuthorityPack
from cre_toolkit.rules.loading import load_instrument

Kind = CaseEvent.Kind

# What was done, in short, by the id of what was due.
DONE: dict[str, str] = {
    "telephone-social-care": "Social care was telephoned",
    "telephone-police": "The police were telephoned",
    "refer-front-door": "The child was referred to the front door",
    "refer-police": "The child was referred to the Police Referral Unit",
    "refer-social-care": "The child was referred to social care",
    "send-to-social-care": "The assessment was sent to social care",
    "tell-manager": "The manager was told",
    "threshold-discussion": "The threshold was discussed",
    "contact-cpm-vc": "The CPM-VC was contacted",
    "discuss-team-manager": "The assessment was discussed with a Team Manager",
    "tell-cpm-vc": "The CPM-VC was told",
    "high-risk-strategy-meeting": "The high risk strategy meeting was held",
    "medium-risk-strategy-meeting": "The medium risk strategy meeting was held",
    "child-protection-plan": "The conference chair was asked to take the concerns up",
    "looked-after-discussion": "Whether a meeting is needed was discussed, since the child is looked after",
    "information-report": "An information report was sent to the police",
    "adult-safeguarding-transfer": "The transfer to Adult Safeguarding was agreed",
    "bring-meeting-forward": "The chair was asked to bring the meeting forward",
    "reassess": "The new assessment that was asked for was answered",
    "missing-strategy-meeting": "The missing strategy meeting was held",
    "return-interview": "The return interview was answered",
    "missing-plan": "A plan against further missing episodes was agreed",
    "adult-transition": "The transfer to Adult Safeguarding was agreed",
    "scope-ends": "What follows the 25th birthday was agreed",
}
# What is otherwise to be said where a manager's other level asked for it.
DONE_OF_AN_ANSWER = {"send-to-social-care": "The level that a manager set was sent to social care"}

_INTERVIEW = {"held": "held", "declined": "declined", "not-possible": "not possible"}
_ANSWER = {"agreed": "agreed", "returned": "returned", "set-level": "set another level"}
_WHAT: dict[str, What] = {
    Kind.ASSESSMENT: What.ASSESSMENT,
    Kind.COUNTERSIGN: What.DECISION,
    Kind.MEETING: What.MEETING,
    Kind.SIGNIFICANT_INCIDENT: What.INCIDENT,
    Kind.IMMEDIATE_RISK: What.INCIDENT,
    Kind.MISSING: What.MISSING,
    Kind.RETURNED: What.MISSING,
    Kind.RETURN_INTERVIEW: What.MISSING,
    Kind.TRANSFER: What.CASE,
    Kind.CLOSED: What.CASE,
    Kind.REOPENED: What.CASE,
    Kind.DONE: What.DONE,
}
_TOLD_HERE = (Kind.ASSESSMENT, Kind.IMMEDIATE_RISK, Kind.DONE)


def happened(child: Child) -> list[Happened]:
    """Assessments, dangers and what was done, for the timeline. One query."""
    return told(described_events(child), pack_of(child), kinds=_TOLD_HERE)


def told(
    events: Iterable[CaseEvent], pack: AuthorityPack, *, kinds: Collection[Kind] = tuple(Kind)
) -> list[Happened]:
    """Events of one case as lines; none for a withdrawal, which is said on what it withdraws.

    What one act did for several that asked for it is one line.

    Args:
        events: all of the case's, with who entered them, their records and the records' assessments.
        pack: of the child's authority, in whose words meetings are named.
        kinds: which of them are told.
    """
    every = list(events)
    withdrawn = {event.keys["event"] for event in every if event.kind == Kind.WITHDRAWN}
    gone = count_no_longer(every) - withdrawn
    wanted = set(kinds) - {Kind.WITHDRAWN}
    answers = {str(event.pk) for event in every if event.kind == Kind.COUNTERSIGN}
    again = _done_again(every, answers, withdrawn | gone)
    return [
        Happened(
            at=event.at,
            entered_at=event.entered_at,
            what=_WHAT[event.kind],
            title=_title(event, pack, answers),
            by=event.by.name,
            page="assessment-record" if event.record else "",
            page_of=(event.record.assessment.reference,) if event.record else (),
            event=event.pk if event.kind in CAN_BE_WITHDRAWN else None,
            in_error=str(event.pk) in withdrawn,
            gone=str(event.pk) in gone,
        )
        for event in every
        if event.kind in wanted and event.pk not in again
    ]


def _done_again(
    every: Iterable[CaseEvent], answers: Collection[str], lost: Collection[str]
) -> set[uuid.UUID]:
    """What was done by an act that is told already: as another `done`, with which it counts or does not.

    Args:
        every: the events that are told.
        answers: the managers' among them: what they ask for may have been done long before (`passing_on`).
        lost: those that do not count.
    """
    done = {event.pk: event for event in every if event.kind == Kind.DONE}
    again = set()
    for event in done.values():
        first = done.get(event.entered_with_id) if event.entered_with_id else None
        told = (str(first.pk) in lost) == (str(event.pk) in lost) if first else event.keys["event"] in answers
        if event.entered_with_id and told:
            again.add(event.pk)
    return again


def _title(event: CaseEvent, pack: AuthorityPack, answers: Collection[str]) -> str:
    keys = event.keys
    match event.kind:
        case Kind.ASSESSMENT:
            return _assessment(event.record)
        case Kind.DONE:
            words = DONE | DONE_OF_AN_ANSWER if keys["event"] in answers else DONE
            return words[keys["action"]]
        case Kind.MEETING:
            agreed = f": {keys['level']} agreed" if keys.get("level") else ""
            return f"{meeting_title(keys['type'], pack.id, event.at)}{agreed}"
        case Kind.COUNTERSIGN:
            level = f": {keys['level']}" if keys.get("level") else ""
            return f"Manager’s answer to an assessment: {_ANSWER[keys['outcome']]}{level}"
        case Kind.RETURN_INTERVIEW:
            return f"Return interview {_INTERVIEW[keys['outcome']]}"
        case Kind.IMMEDIATE_RISK:
            return "Said to be in immediate danger"
        case kind:
            return str(Kind(kind).label)


def _assessment(record: Record | None) -> str:
    """What was assessed on which form; of a record of another instrument the form is named."""
    assert record is not None  # noqa: S101 - an assessment event names its record
    level = f"assessed as {record.recorded_level}" if record.recorded_level else "assessed, without a level"
    form = load_instrument(record.instrument).short_title
    return f"{form}{' from paper' if record.assessment.transcribed else ''}: {level}"
