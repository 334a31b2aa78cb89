"""The case record: the dated events that are known about one child, read strictly.

`parse_record` checks the shape of every event (keys, types, vocabularies, unique ids), also of those that
lie after the moment asked about. Whether an event was allowed when it happened is `judgement`'s to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, cast, get_args

from cre_toolkit.rules.authority import MeetingType
from cre_toolkit.rules.casefile import CaseFile, Child, read_child, read_level, read_recorded_assessment
from cre_toolkit.rules.deadlines import parse_instant
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import authority_ids
from cre_toolkit.rules.packmodel import Level
from cre_toolkit.rules.strictjson import CaseFileError, JsonObject, read_json, shown

Kind = Literal[
    "assessment",
    "countersign",
    "meeting",
    "significant-incident",
    "immediate-risk",
    "missing",
    "returned",
    "return-interview",
    "transfer",
    "closed",
    "reopened",
    "withdrawn",
    "done",
]

_COMMON_KEYS = ("id", "kind", "at")
_OWN_KEYS: dict[Kind, tuple[str, ...]] = {
    "assessment": ("assessment", "historic"),
    "countersign": ("event", "outcome", "level"),
    "meeting": ("type", "level"),
    "return-interview": ("outcome",),
    "transfer": ("authority",),
    "withdrawn": ("event",),
    "done": ("action", "event"),
}
_INTERVIEW_OUTCOMES = ("held", "declined", "not-possible")

Outcome = Literal["agreed", "returned", "set-level"]

_KINDS = get_args(Kind)
_KEYS = {kind: (*_COMMON_KEYS, *_OWN_KEYS.get(kind, ())) for kind in _KINDS}
_OUTCOMES = get_args(Outcome)
_MEETING_TYPES = get_args(MeetingType)

Order = tuple[datetime, bool, int]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or was entered, at an instant."""

    id: str
    kind: Kind
    at: datetime
    order: Order
    """Its place among the events: by time; at one instant a meeting that sets a level last, else by place."""

    @property
    def path(self) -> str:
        """Its place in the file."""
        return f"events[{self.order[-1]}]"


@dataclass(frozen=True, slots=True)
class Assessment(Event):
    """A completed form; `historic`: entered afterwards from paper."""

    instrument: Instrument
    case_file: CaseFile
    historic: bool


@dataclass(frozen=True, slots=True)
class Countersign(Event):
    """The manager's answer to an assessment; `level` with the outcome `set-level` alone."""

    names: str
    outcome: Outcome
    level: Level | None


@dataclass(frozen=True, slots=True)
class Meeting(Event):
    """A meeting; `level` where it agrees one."""

    type: MeetingType
    level: Level | None


@dataclass(frozen=True, slots=True)
class Transfer(Event):
    """Another authority is responsible from here on."""

    authority: str


@dataclass(frozen=True, slots=True)
class Withdrawal(Event):
    """The event that it names was recorded in error."""

    names: str


@dataclass(frozen=True, slots=True)
class Tick(Event):
    """An entry of `due` is done: that action, of the event named (None where the entry's is)."""

    action: str
    names: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record about one child."""

    authority: str
    child: Child
    at: datetime | None
    """The moment that the file itself asks about."""
    events: tuple[Event, ...]
    """In the order of the file."""

    @property
    def authorities(self) -> frozenset[str]:
        """The ids of every authority that is, or will be, responsible."""
        transfers = (event.authority for event in self.events if isinstance(event, Transfer))
        return frozenset((self.authority, *transfers))


def parse_record(data: Mapping[str, Any] | str | bytes) -> Record:
    """Read a case record strictly (case contract, "In").

    Args:
        data: the JSON text, its bytes, or what was parsed from it.

    Raises:
        CaseFileError: it cannot be read as one; names the place and the reason.
    """
    file = JsonObject(read_json(data) if isinstance(data, str | bytes) else data, "").only(
        ("authority", "child", "at", "events")
    )
    authority = file.choice_needed("authority", authority_ids())
    child = read_child(file.inner_needed("child"))
    events = tuple(
        _named_event(JsonObject(value, f"events[{place}]"), place, authority, child)
        for place, value in enumerate(file.list_of("events"))
    )
    _refuse_repeated_ids(events)
    return Record(authority=authority, child=child, at=file.parsed("at", parse_instant), events=events)


def _refuse_repeated_ids(events: tuple[Event, ...]) -> None:
    first: dict[str, Event] = {}
    for event in events:
        other = first.setdefault(event.id, event)
        if other is not event:
            raise CaseFileError(f"{event.path}.id", f"{shown(event.id)} is also the id of {other.path}")


def _named_event(entry: JsonObject, place: int, authority: str, child: Child) -> Event:
    """Read an event; an error names it by its id, too, where it has one."""
    try:
        return _event(entry, place, authority, child)
    except CaseFileError as error:
        id_ = entry.value.get("id")
        if not isinstance(id_, str) or error.path == entry.at("id"):
            raise
        raise CaseFileError(error.path, f"event {shown(id_)}: {error.reason}") from None


def _event(entry: JsonObject, place: int, authority: str, child: Child) -> Event:
    kind = cast("Kind", entry.choice_needed("kind", _KINDS))
    entry.only(_KEYS[kind])
    id_ = entry.text_needed("id")
    if not id_.strip():
        raise CaseFileError(entry.at("id"), "must not be blank")
    at = entry.parsed_needed("at", parse_instant)
    order = (at, False, place)
    match kind:
        case "assessment":
            return _assessment(Event(id_, kind, at, order), entry, authority, child)
        case "countersign":
            outcome, level = _decision(entry)
            return Countersign(id_, kind, at, order, entry.text_needed("event"), outcome, level)
        case "meeting":
            type_ = cast("MeetingType", entry.choice_needed("type", _MEETING_TYPES))
            level = read_level(entry)
            return Meeting(id_, kind, at, (at, level is not None, place), type_, level)
        case "return-interview":
            entry.choice_needed("outcome", _INTERVIEW_OUTCOMES)
        case "transfer":
            return Transfer(id_, kind, at, order, entry.choice_needed("authority", authority_ids()))
        case "withdrawn":
            return Withdrawal(id_, kind, at, order, entry.text_needed("event"))
        case "done":
            names = entry.text_needed("event") if entry.given("event") else None
            return Tick(id_, kind, at, order, entry.text_needed("action"), names)
    return Event(id_, kind, at, order)


def _assessment(event: Event, entry: JsonObject, authority: str, child: Child) -> Assessment:
    historic = entry.flag("historic")
    instrument, case_file = read_recorded_assessment(
        entry.needed("assessment"),
        entry.at("assessment"),
        authority=authority,
        child=child,
        completed_at=event.at,
    )
    if historic:
        case_file = replace(case_file, transcribed=True)
    return Assessment(event.id, event.kind, event.at, event.order, instrument, case_file, historic)


def _decision(entry: JsonObject) -> tuple[Outcome, Level | None]:
    outcome = cast("Outcome", entry.choice_needed("outcome", _OUTCOMES))
    level = read_level(entry)
    if outcome == "set-level" and level is None:
        raise CaseFileError(entry.at("level"), "is missing: say which level the manager sets")
    if outcome != "set-level" and level is not None:
        raise CaseFileError(
            entry.at("level"), f'goes with the outcome "set-level" alone, not with "{outcome}"'
        )
    return outcome, level
