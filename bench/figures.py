"""What a measurement gives, and how time is taken."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

REPEATS = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. `goal` is the most it may be, in the same unit; None where there is none."""

    what: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def reached(self) -> bool:
        return self.goal is None or self.value <= self.goal


def cpu_seconds(act: Callable[[], object], *, calls: int) -> float:
    """The processor time of one call of `act`, in seconds: the median of seven rounds of `calls` calls.

    Processor time rather than the clock's, which a busy machine disturbs most. The first is left out.
    """
    rounds = []
    gc_was_on = gc.isenabled()
    gc.disable()
    try:
        for _ in range(REPEATS + 1):
            started = time.process_time()
            for _ in range(calls):
                act()
            rounds.append((time.process_time() - started) / calls)
    finally:
        if gc_was_on:
            gc.enable()
    return sorted(rounds[1:])[REPEATS // 2]
