"""The state of a case: `case_state` over the dated events of the record, and the copies kept of it.

The copies (`Due`, `Child.working_level`, and after a transfer `Child.authority`) exist so that lists and
access can ask the database. They are written here alone, whole, in the transaction of the event that changes
them.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.case import awaiting, rows
from cre_toolkit.casework.case.awaiting import needs_manager
from cre_toolkit.casework.case.copies import CALLS as CALLS
from cre_toolkit.casework.case.copies import MISSING as MISSING
from cre_toolkit.casework.case.copies import due_rows, each_once
from cre_toolkit.casework.case.copies import overdue_after as overdue_after
from cre_toolkit.casework.case.looking_again import look_again
from cre_toolkit.casework.case.one_case import told_once
from cre_toolkit.casework.case.own_authority import each_under_its_own, first_authority
from cre_toolkit.casework.case.rows import AnyEvent, EventRow
from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.children.facts import facts
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.rules import record as case_record
from cre_toolkit.rules.casestate import CaseState, case_state
from cre_toolkit.rules.entries import Entry
from cre_toolkit.rules.loading import authority_ids, load_authority
from cre_toolkit.statements import statement


@dataclass(frozen=True, slots=True)
class Heard:
    """An assessment as the case heard of it."""

    record: Record
    event: str
    """The id of its event, to which what is due and done refers."""
    withdrawn: bool
    historic: bool = False
    """It was entered afterwards from paper."""
    answer: CaseEvent | None = None
    """The manager's answer that stands, a `countersign` event; with who gave it, where the case was read."""

    @property
    def awaits_manager(self) -> bool:
        """Whether it needs a manager's answer and has none."""
        return self.needs_manager and self.answer is None

    @property
    def needs_manager(self) -> bool:
        """Whether it stands and goes to a manager, who countersigns, returns it or sets another level."""
        return not self.withdrawn and not self.historic and needs_manager(self.record)


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands at a moment, with the assessments from which that was worked out."""

    state: CaseState
    heard: tuple[Heard, ...]
    """The newest first, by when each was completed; those that were withdrawn, too."""
    events: tuple[CaseEvent, ...] = ()
    """All that it was worked out from, in the order in which it was entered, with who entered each."""
    died: bool = False
    """The child has died: whatever the state says, nobody is asked to do anything any more."""

    @property
    def due(self) -> list[Entry]:
        """What is due: by the toolkit, the same thing once; and the day to look at a low level again."""
        if self.died:
            return []
        assessed = ((one.event, one.record) for one in self.heard)
        return [*each_once(self.state.due), *look_again(self.state, assessed)]

    def done_by(self, record: Record) -> dict[str, datetime.datetime]:
        """What has been done of what an assessment asks for, and when."""
        events = {one.event for one in self.heard if one.record == record}
        return {done.entry.id: done.by.at for done in self.state.done if done.entry.event_id in events}


def read(child: Child, at: datetime.datetime | None = None) -> Case:
    """What is known of a case at a moment, worked out afresh from its events. One query.

    Args:
        child: whose case.
        at: the moment; now where it is left out.
    """
    moment = _moment(at)
    # A record that has been merged into another has no case of its own.
    child = child.kept
    events = _described(child=child.pk)
    state, died = _state(_parsed(child, events, moment), moment), child.died_on is not None
    return Case(state, heard_in(events), tuple(events), died)


def heard_in(events: Iterable[AnyEvent]) -> tuple[Heard, ...]:
    """The assessments among these events of one case, the newest first."""
    every = list(events)
    withdrawn = {event.keys["event"] for event in every if event.kind == CaseEvent.Kind.WITHDRAWN}
    answers = {
        event.keys["event"]: event
        for event in every
        if event.kind == CaseEvent.Kind.COUNTERSIGN and str(event.pk) not in withdrawn
    }
    heard = [
        Heard(
            event.record,
            str(event.pk),
            str(event.pk) in withdrawn,
            historic=bool(event.keys.get("historic")),
            # Who gave it is asked of a case that was read, which has all of each event.
            answer=cast(CaseEvent | None, answers.get(str(event.pk))),
        )
        for event in every
        if event.record
    ]
    return tuple(sorted(heard, key=lambda one: one.record.completed_at, reverse=True))


def events_of(child: Child) -> list[EventRow]:
    """The events of a case with their records, in the order in which they were entered. One query."""
    return rows.of_one(child.pk)


def events_of_many(children: Collection[uuid.UUID]) -> dict[uuid.UUID, list[EventRow]]:
    """The same of many cases, by the record that stands for each. One query."""
    return rows.of_many(children)


def described_events(child: Child) -> list[CaseEvent]:
    """The events of a case, with who entered each, and the author and reference of each record. One query."""
    return _described(child=child.kept.pk)


def state_of(child: Child, at: datetime.datetime | None = None) -> CaseState:
    """The state alone, as `read` gives it. One query."""
    return read(child, at).state


def state_with(child: Child, more: Sequence[CaseEvent], at: datetime.datetime | None = None) -> CaseState:
    """The state as it would be with these events besides. Writes nothing. One query.

    Args:
        child: whose case.
        more: events that are not written, as `events.event` makes them.
        at: the moment; now where it is left out.

    Raises:
        CaseFileError: the contract does not allow them; says why.
    """
    stands, moment = child.kept, _moment(at)
    return _state(_parsed(stands, [*events_of(stands), *more], moment), moment)


@transaction.atomic(savepoint=False)
def refresh(*, child: Child, held: bool = False, events: Sequence[AnyEvent] | None = None) -> CaseState:
    """Work the state out afresh and write the copies. Called after every event, in its transaction.

    Args:
        child: whose case; its `working_level` and `authority` are right afterwards.
        held: whether it is the row that the caller has locked, as `hold` gives it.
        events: all of its events, in the order in which they were entered, where the caller has them at hand.
    """
    stands = child if held else hold(child)
    worked = work_out(stands, events_of(stands) if events is None else events)
    # Every record that was merged into this one stands in the copies as it does.
    Due.objects.filter(child__stands_for=stands.pk).delete()
    Due.objects.bulk_create(worked.due)
    awaiting.follow(begin=worked.begin_to_wait, end=worked.wait_no_longer)
    child.working_level, child.authority = worked.levels
    copied = {"working_level": child.working_level, "authority": child.authority}
    Child.objects.filter(stands_for=stands.pk).exclude(**copied).update(**copied)
    return worked.state


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A case with everything that is stored of it."""

    state: CaseState
    due: list[Due]
    """Not written."""
    waiting: list[Record]
    """The assessments that wait for a manager's answer."""
    queued: frozenset[uuid.UUID]
    """Those that are stored as waiting."""
    settled: list[Record]
    """Those that were answered or withdrawn."""

    @property
    def levels(self) -> tuple[str, str]:
        """The working level and the authority, as they stand in the child's row."""
        return self.state.working_level or "", self.state.authority

    @property
    def begin_to_wait(self) -> list[Record]:
        """Those that wait, and are not stored so yet."""
        return [record for record in self.waiting if record.pk not in self.queued]

    @property
    def wait_no_longer(self) -> list[Record]:
        """Those that are stored as waiting, and were answered or withdrawn."""
        return [record for record in self.settled if record.pk in self.queued]


def work_out(child: Child, events: Sequence[AnyEvent]) -> WorkedOut:
    """A case now, and what is stored of it. Asks the database nothing.

    Args:
        child: whose case; the record that stands for all that were merged.
        events: all of its events, in the order in which they were entered.

    Raises:
        CaseFileError: the contract does not allow them; says why.
    """
    moment = _moment()
    record = _parsed(child, events, moment)
    state, heard = _state(record, moment), heard_in(events)
    return WorkedOut(
        state=state,
        due=list(due_rows(child, record.child, state, Case(state, heard).due)),
        waiting=[one.record for one in heard if one.awaits_manager],
        queued=frozenset(
            one.record.pk for one in events if isinstance(one, EventRow) and one.record and one.queued
        ),
        settled=[one.record for one in heard if one.answer or one.withdrawn],
    )


def _moment(at: datetime.datetime | None = None) -> datetime.datetime:
    """The moment as the contract counts it, in whole seconds."""
    return (at or timezone.now()).astimezone(datetime.UTC).replace(microsecond=0)


@statement
def _described(*, child: uuid.UUID) -> QuerySet[CaseEvent]:
    events = CaseEvent.objects.filter(child__stands_for=child).order_by("entered_at", "id")
    return events.select_related("record__assessment", "record__author", "by")


def _parsed(child: Child, events: Sequence[AnyEvent], at: datetime.datetime) -> case_record.Record:
    """The case record (`case.md`, "In") as the database holds it."""
    return case_record.parse_record(
        {
            "authority": first_authority(events, child.authority),
            "child": facts(child, timezone.localdate(at)),
            "at": at.isoformat(timespec="seconds"),
            "events": [
                _as_contract(event) for event in each_under_its_own(told_once(events), child.authority)
            ],
        }
    )


def _as_contract(event: AnyEvent) -> dict[str, Any]:
    written = {
        "id": str(event.pk),
        "kind": event.kind,
        "at": event.at.isoformat(timespec="seconds"),
        **event.keys,
    }
    if event.record:
        case_file = event.record.content["case_file"]
        written["assessment"] = {
            key: value for key, value in case_file.items() if key not in ("authority", "completed_at")
        }
    return written


def _state(record: case_record.Record, at: datetime.datetime) -> CaseState:
    return case_state({id_: load_authority(id_) for id_ in authority_ids()}, record, at)
