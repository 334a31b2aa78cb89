"""The events that stand, in their order, and ways to find them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from cre_toolkit.rules.record import Countersign, Event, Kind, Meeting, Tick

Found = TypeVar("Found", bound=Event)


class History:
    """What happened until the moment asked about, without what is withdrawn.

    Args:
        events: in their order.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self._by_kind: dict[str, list[Event]] = defaultdict(list)
        self._meetings: dict[str, list[Meeting]] = defaultdict(list)
        self._countersigns: dict[str, list[Countersign]] = defaultdict(list)
        self._ticks: dict[tuple[str, str | None], list[Tick]] = defaultdict(list)
        for event in events:
            self._by_kind[event.kind].append(event)
            match event:
                case Meeting():
                    self._meetings[event.type].append(event)
                case Countersign():
                    self._countersigns[event.names].append(event)
                case Tick():
                    self._ticks[event.action, event.names].append(event)

    def of_kind(self, *kinds: Kind) -> list[Event]:
        """The events of some kinds, in order."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], [])
        return [event for event in self.events if event.kind in kinds]

    def meetings(self, type_: str) -> list[Meeting]:
        """The meetings of a type, in order."""
        return self._meetings.get(type_, [])

    def countersigns(self, assessment: Event) -> list[Countersign]:
        """The countersignings of an assessment, in order."""
        return self._countersigns.get(assessment.id, [])

    def ticks(self, action: str, event: Event | None) -> list[Tick]:
        """The `done` events that name an entry and do not come before the event that it comes from."""
        ticks = self._ticks.get((action, event.id if event else None), [])
        return ticks if event is None else [tick for tick in ticks if tick.order > event.order]


def first(events: Iterable[Found]) -> Found | None:
    """The first of events that stand in their order, or None."""
    return next(iter(events), None)


def earliest(*events: Event | None) -> Event | None:
    """The earliest of some events; None where there is none."""
    return min((event for event in events if event), key=lambda event: event.order, default=None)


def latest(event: Event, other: Event) -> Event:
    """The later of two events."""
    return max(event, other, key=lambda each: each.order)


def first_between(events: Iterable[Found], start: Event, end: Event | None) -> Found | None:
    """The first event after one and before another; without another, at any time after."""
    return first(
        event for event in events if event.order > start.order and (end is None or event.order < end.order)
    )
