"""What a measurement gives, and how time is taken."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table. What is not measured, or has no goal, is blank.

    Attributes:
        what: the work.
        measured: what it took.
        floor: what the floor took, in the same rounds.
        times: the first divided by the second: the median of the rounds, and between which quarters.
        statements: how many were sent to the database.
        goal: what is to be reached, in words.
        reached: None where there is no goal.
    """

    what: str
    measured: str
    floor: str = ""
    times: str = ""
    statements: str = ""
    goal: str = ""
    reached: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "**missed**", None: ""}[self.reached]


@dataclass(frozen=True, slots=True)
class Times:
    """How many times the floor's cost something has, round by round: noise that lasts a round hits both."""

    rounds: tuple[float, ...]

    @classmethod
    def of(cls, ours: Sequence[float], floor: Sequence[float]) -> "Times":
        return cls(tuple(one / other for one, other in zip(ours, floor, strict=True)))

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    def __str__(self) -> str:
        low, _, high = statistics.quantiles(self.rounds, n=4)
        return f"{self.median:.2f} ({low:.2f} to {high:.2f})"


@contextmanager
def undisturbed() -> Iterator[None]:
    """No collection of garbage within what is measured."""
    gc.collect()
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def cpu_seconds(act: Callable[[], object], *, calls: int) -> float:
    """The processor time of one call of `act`, in seconds, over one round of so many.

    Processor time rather than the clock's, which a busy machine disturbs most.
    """
    with undisturbed():
        started = time.process_time()
        for _ in range(calls):
            act()
        return (time.process_time() - started) / calls


def in_turn(
    ours: Callable[[], object], floor: Callable[[], object], *, calls: int
) -> tuple[list[float], list[float]]:
    """The processor time of one call of each, round by round, in turn; the first, not warm, is left out."""
    rounds = [(cpu_seconds(ours, calls=calls), cpu_seconds(floor, calls=calls)) for _ in range(ROUNDS + 1)]
    return [one for one, _ in rounds[1:]], [other for _, other in rounds[1:]]
