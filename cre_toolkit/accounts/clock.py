"""A clock that nobody can set: how long ago something was, also when the time of day has been moved.

Sessions are timed by it. The time of day is moved now and then, on purpose or by a fault, and by a whole
day at times; by that, everybody would be signed out at once in the middle of their work, or nobody ever
again.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.utils import timezone

# Linux counts from its start, what it sleeps included, and names each start.
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant by the time of day, and by the counter of this machine since its start."""

    at: datetime
    boot: str
    seconds: float


def now() -> Moment:
    return Moment(timezone.now(), _this_boot(), time.clock_gettime(_COUNTER))


def seconds_since(then: Moment) -> float:
    """How long ago that was, by the counter; by the time of day where it was counted by another one.

    That is after a restart of the machine, or on another machine. What seems to lie ahead was just now.
    """
    current = now()
    if current.boot == then.boot:
        return current.seconds - then.seconds
    return max(0.0, (current.at - then.at).total_seconds())


@cache
def _this_boot() -> str:
    """What names this run of the machine's counter; where there is no such name, of this process."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return str(uuid.uuid4())
