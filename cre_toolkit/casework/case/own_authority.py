"""Each event of two merged records is judged under the authority that was responsible for its own record.

A record that was transferred here and one that always stood here are one case, and the contract knows one
authority at a time. So where the next event is of a record of another authority, the case passes to that one
just before it, as if by a transfer. Nothing of this is written.

A meeting that was right on its own record may be one that does not lower a level of high agreed on the other
(case.md, `meeting`). Its level then stays on the record and is left out of the case, which stays at high.
"""

import copy
import datetime
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from cre_toolkit.casework.case.rows import AnyEvent
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.rules.deadlines import day_in_london
from cre_toolkit.rules.levels import below
from cre_toolkit.rules.loading import load_authority

Kind = CaseEvent.Kind
_SECOND = datetime.timedelta(seconds=1)


def each_under_its_own(events: Sequence[AnyEvent], authority: str) -> list[AnyEvent]:
    """The events of a case, with what lets those of several records be judged as one.

    Args:
        events: all of its events, in the order in which they were entered.
        authority: who is responsible for the child now.
    """
    if len({event.child_id for event in events}) < 2:
        return list(events)
    return list(_as_one_case(events, authority))


def first_authority(events: Sequence[AnyEvent], authority: str) -> str:
    """Who was responsible when these events began: the contract counts transfers from there on.

    One that was withdrawn names them as well as one that stands.

    Args:
        events: of a case, or of one record.
        authority: who is responsible now.
    """
    passed = (event for event in events if event.kind == Kind.TRANSFER)
    first = min(passed, key=lambda event: event.at, default=None)
    return first.from_authority if first else authority


def agree_on_one(events: Sequence[AnyEvent], authority: str) -> bool:
    """Whether by their own transfers all records of a child have come to the same authority.

    Args:
        events, authority: as `each_under_its_own` takes them.
    """
    own = _by_record(events, authority)
    for event in sorted(events, key=_in_order):
        own[event.child_id].hear(event)
    return len({course.authority for course in own.values()}) < 2


class _Course:
    """What stands, event by event, of what decides how the next one is judged."""

    def __init__(self, first: str) -> None:
        self._first = first
        self._stands: list[AnyEvent] = []

    def hear(self, event: AnyEvent) -> None:
        if event.kind == Kind.WITHDRAWN:
            self._stands = [one for one in self._stands if str(one.pk) != event.keys["event"]]
        elif event.kind == Kind.TRANSFER or _level(event):
            self._stands.append(event)

    @property
    def authority(self) -> str:
        return next((one.keys["authority"] for one in self._last(Kind.TRANSFER)), self._first)

    @property
    def agreed(self) -> str | None:
        return next((_level(one) for one in self._last(Kind.MEETING)), None)

    def _last(self, kind: CaseEvent.Kind) -> Iterator[AnyEvent]:
        return (one for one in reversed(self._stands) if one.kind == kind)


def _as_one_case(events: Sequence[AnyEvent], authority: str) -> Iterator[AnyEvent]:
    case = _Course(first_authority(events, authority))
    own = _by_record(events, authority)
    agreed_at = None
    for event in sorted(events, key=_in_order):
        told, responsible = event, own[event.child_id].authority
        own[event.child_id].hear(event)
        if event.kind != Kind.TRANSFER and responsible != case.authority:
            if event.at == agreed_at:
                # At one instant both authorities agreed a level, and the contract takes those last.
                told = _told(event, at=event.at + _SECOND)
            passes = CaseEvent(
                child_id=event.child_id, kind=Kind.TRANSFER, at=told.at, keys={"authority": responsible}
            )
            case.hear(passes)
            yield passes
        if _would_lower(case, told):
            told = _told(told, keys={key: value for key, value in told.keys.items() if key != "level"})
        case.hear(told)
        agreed_at = event.at if _level(event) else None
        yield told


def _by_record(events: Sequence[AnyEvent], authority: str) -> dict[uuid.UUID, _Course]:
    found: dict[uuid.UUID, list[AnyEvent]] = {}
    for event in events:
        found.setdefault(event.child_id, []).append(event)
    return {record: _Course(first_authority(of_it, authority)) for record, of_it in found.items()}


def _in_order(event: AnyEvent) -> tuple[datetime.datetime, bool]:
    """As the contract takes them: at one instant, a meeting that sets a level comes last."""
    return event.at, _level(event) is not None


def _level(event: AnyEvent) -> Any:
    return event.keys.get("level") if event.kind == Kind.MEETING else None


def _would_lower(case: _Course, event: AnyEvent) -> bool:
    level = _level(event)
    if level is None or case.agreed != "high" or not below(level, "high"):
        return False
    pack = load_authority(case.authority).on(day_in_london(event.at))
    return event.keys["type"] in pack.may_not_lower_from_high


def _told(event: AnyEvent, **otherwise: Any) -> AnyEvent:
    """The event as the case is told of it; the one that was recorded stays as it is."""
    told = copy.copy(event)
    for name, value in otherwise.items():
        setattr(told, name, value)
    return told
