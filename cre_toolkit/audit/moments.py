"""An event's id: its moment in microseconds, and twelve bits of chance.

Eight bytes that say when and which: a time of its own, an index over it, and sixteen bytes of UUID in every
index would take more than all that an event says.
"""

import datetime
import secrets
import threading

_BEGINNING = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
_CHANCE = 12
"""Bits. Two processes that write in one microsecond meet once in 4,096 times; the second act fails then as a
whole, and whoever did it does it again. Among ten events a second that is one in hundreds of millions."""

BEFORE_ALL = -(2**63)
"""Before the id of any event: that of a clock which says 1970 is below nought."""

FOLLOWS_FOR = datetime.timedelta(seconds=2)
"""By how much the clock may step back without ids going back with it."""


def first_id(at: datetime.datetime) -> int:
    """The least id that an event of this moment, or of a later one, can have."""
    return ((at - _BEGINNING) // _MICROSECOND) << _CHANCE


def moment_of(event: int) -> datetime.datetime:
    """The moment of the event that has this id."""
    return _BEGINNING + (event >> _CHANCE) * _MICROSECOND


def width(time: datetime.timedelta) -> int:
    """By how much ids grow in this time."""
    return (time // _MICROSECOND) << _CHANCE


class _InOrder:
    """Ids, each greater than the one before in this process, also when the clock steps back a little.

    What one act writes in one instant is read in the order in which it was written: that of the ids.
    """

    def __init__(self) -> None:
        self._lock, self._last = threading.Lock(), 0

    def __call__(self, at: datetime.datetime) -> int:
        made = first_id(at) | secrets.randbits(_CHANCE)
        with self._lock:
            if 0 <= self._last - made < width(FOLLOWS_FOR):
                made = self._last + 1
            self._last = made
            return made


new_id_at = _InOrder()
"""A new id for an event of this moment."""
