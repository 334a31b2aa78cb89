"""The state of a case: `case_state` over the dated events of the record, and the copies kept of it.

The copies (`Due`, `Child.working_level`, and after a transfer `Child.authority`) exist so that lists and
access can ask the database. They are written here alone, whole, in the transaction of the event that changes
them.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework import awaiting
from cre_toolkit.casework.awaiting import needs_manager
from cre_toolkit.casework.clocks import clock_of
from cre_toolkit.casework.looking_again import look_again
from cre_toolkit.casework.models import Call, CaseEvent, Due
from cre_toolkit.children.facts import facts
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.rules import record as case_record
from cre_toolkit.rules.casestate import BIRTHDAYS, CaseState, case_state
from cre_toolkit.rules.deadlines import birthday, day_in_london, next_midnight
from cre_toolkit.rules.entries import Entry
from cre_toolkit.rules.levels import raises_protection
from cre_toolkit.rules.loading import authority_ids, load_authority
from cre_toolkit.statements import statement

CALLS = frozenset(Call.To.values)
"""The actions that are telephone calls."""

MISSING = "missing-now"
"""A child is missing: no task of the contract, but it stands on the lists after the telephone calls."""

# A list shows telephone calls before everything else.
_FIRST = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)
_DAY = datetime.timedelta(days=1)


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
    """The manager's answer that stands, a `countersign` event; with who gave it, where the case was `read`."""

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
        """What is due: by the toolkit, a telephone call once; and the day to look at a low level again."""
        if self.died:
            return []
        assessed = ((one.event, one.record) for one in self.heard)
        return [*calls_once(self.state.due), *look_again(self.state, assessed)]

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
    events = _events(child=child.pk, described=True)
    state, died = _state(_parsed(child, events, moment), moment), child.died_on is not None
    return Case(state, heard_in(events), tuple(events), died)


def heard_in(events: Iterable[CaseEvent]) -> tuple[Heard, ...]:
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
            answer=answers.get(str(event.pk)),
        )
        for event in every
        if event.record
    ]
    return tuple(sorted(heard, key=lambda one: one.record.completed_at, reverse=True))


def events_of(child: Child) -> list[CaseEvent]:
    """The events of a case with their records, in the order in which they were entered. One query."""
    return _events(child=child.pk, described=False)


def described_events(child: Child) -> list[CaseEvent]:
    """The same, with who entered each, and the author and reference of each record. One query."""
    return _events(child=child.kept.pk, described=True)


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
def refresh(*, child: Child, held: bool = False, events: Sequence[CaseEvent] | None = None) -> CaseState:
    """Work the state out afresh and write the copies. Called after every event, in its transaction.

    Args:
        child: whose case; its `working_level` and `authority` are right afterwards.
        held: whether it is the row that the caller has locked, as `hold` gives it.
        events: all of its events, in the order in which they were entered, where the caller has them at hand.
    """
    stands = child if held else hold(child)
    moment = _moment()
    events = events_of(stands) if events is None else events
    record = _parsed(stands, events, moment)
    state = _state(record, moment)
    # Every record that was merged into this one stands in the copies as it does.
    Due.objects.filter(child__stands_for=stands.pk).delete()
    heard = heard_in(events)
    Due.objects.bulk_create(_copies(stands, record, Case(state, heard)))
    awaiting.follow(
        waiting=[one.record for one in heard if one.awaits_manager],
        settled=[one.record for one in heard if one.answer or one.withdrawn],
    )
    child.working_level, child.authority = state.working_level or "", state.authority
    copied = {"working_level": child.working_level, "authority": child.authority}
    Child.objects.filter(stands_for=stands.pk).exclude(**copied).update(**copied)
    return state


def calls_once(due: Iterable[Entry]) -> Iterator[Entry]:
    """What is due, with a telephone call that several events ask for once, as the first of them asks for it.

    Logging the call does them all.
    """
    seen: set[str] = set()
    for entry in due:
        if entry.id not in seen:
            yield entry
        if entry.id in CALLS:
            seen.add(entry.id)


def overdue_after(child: Child, entry: Entry) -> datetime.datetime:
    """The instant after which something is overdue.

    What has no date is to be arranged: it counts as overdue once more days have passed since it was asked for
    than the authority's pack gives.
    """
    if isinstance(entry.due, datetime.datetime):
        return entry.due
    if entry.due is not None:
        return next_midnight(entry.due)
    assert entry.event is not None  # noqa: S101 - what comes from no event has a date
    days = load_authority(child.authority).on(timezone.localdate()).case.undated_overdue_days
    return next_midnight(day_in_london(entry.event.at) + days * _DAY)


def _moment(at: datetime.datetime | None = None) -> datetime.datetime:
    """The moment as the contract counts it, in whole seconds."""
    return (at or timezone.now()).astimezone(datetime.UTC).replace(microsecond=0)


@statement
def _events(*, child: uuid.UUID, described: bool) -> QuerySet[CaseEvent]:
    """The events of a case with their records; `described` with who entered each, and whose record it is."""
    read = ("record__assessment", "record__author", "by") if described else ("record",)
    events = CaseEvent.objects.filter(child__stands_for=child).select_related(*read)
    return events.order_by("entered_at", "id")


def _first_authority(child: Child, events: Iterable[CaseEvent]) -> str:
    """Who was responsible when the record begins: the contract counts transfers from there on.

    One that was withdrawn names them as well as one that stands.
    """
    transfers = (event for event in events if event.kind == CaseEvent.Kind.TRANSFER)
    first = min(transfers, key=lambda event: event.at, default=None)
    return first.from_authority if first else child.authority


def _parsed(child: Child, events: Sequence[CaseEvent], at: datetime.datetime) -> case_record.Record:
    """The case record (`case.md`, "In") as the database holds it."""
    return case_record.parse_record(
        {
            "authority": _first_authority(child, events),
            "child": facts(child, timezone.localdate(at)),
            "at": at.isoformat(timespec="seconds"),
            "events": [_as_contract(event) for event in events],
        }
    )


def _as_contract(event: CaseEvent) -> dict[str, Any]:
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


def _copies(child: Child, record: case_record.Record, case: Case) -> Iterator[Due]:
    """What is due now, and what will be shown from a birthday on if nothing happens before then."""
    state = case.state
    if child.died_on:
        return
    if state.missing_since:
        yield _missing(child, state)
    for entry in case.due:
        yield _copy(child, state, entry)
    shown = {entry.id for entry in state.due}
    for id_, shown_at, _ in BIRTHDAYS:
        # What is shown at no other level, the rules need not be asked about.
        if child.date_of_birth is None or id_ in shown or not raises_protection(state.working_level):
            continue
        day = birthday(child.date_of_birth, shown_at)
        then = next_midnight(day - _DAY)
        if then > state.at:
            # The rules say what is due then: nothing counts down, and no job has to run on the day.
            for entry in _state(record, then).due:
                if entry.id == id_:
                    yield _copy(child, state, entry, shown_from=day)


def _missing(child: Child, state: CaseState) -> Due:
    """A child who is missing now stands on the lists, whatever else is due."""
    return Due(
        child=child,
        action=MISSING,
        to="everybody who works with the child, with the police",
        text="Missing now: record the return as soon as the child is back.",
        asked_at=state.missing_since,
        sorts_at=_FIRST + _DAY,
        **_levels(state),
    )


def _levels(state: CaseState) -> dict[str, str]:
    """The case's two levels; blank where there is none."""
    agreed, assessed = state.agreed_level, state.assessed_level
    return {
        "agreed_level": agreed.level if agreed else "",
        "assessed_level": assessed.level if assessed else "",
    }


def _copy(child: Child, state: CaseState, entry: Entry, shown_from: datetime.date | None = None) -> Due:
    at = entry.due if isinstance(entry.due, datetime.datetime) else None
    return Due(
        child=child,
        action=entry.id,
        event=entry.event_id,
        to=entry.to,
        text=entry.text,
        due_at=at,
        # A datetime is a date too: only what is no instant is a day.
        due_on=None if at else entry.due,
        asked_at=entry.event.at if entry.event else None,
        sorts_at=_FIRST if entry.id in CALLS else overdue_after(child, entry),
        shown_from=shown_from,
        clock=clock_of(entry, load_authority(state.authority).on(timezone.localdate())),
        **_levels(state),
    )
