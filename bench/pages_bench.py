"""The pages and acts of the service beside the floor, on one database engine."""

import statistics
from collections.abc import Iterable
from dataclasses import replace

from bench.databases import NewDatabase
from bench.figures import ROUNDS, Figure, Times
from bench.goals import (
    BYTES_A_CHILD,
    COUNTY,
    EVERY_WORK,
    GROWTH_MOST_TIMES,
    OPEN_ACTIONS,
    TOGETHER,
    WORKS,
    Work,
)
from bench.sites import OURS, Cost, Side

FEW = 1_000
"""Beside which growth is measured."""


def measure_works(ours: Side, floor: Side) -> list[Figure]:
    """Every work of `goals.WORKS` and `goals.TOGETHER`, ours and the floor's in turn."""
    return [_work(name, ours, floor) for name in (*WORKS, *TOGETHER)]


def measure_county(ours: Side, floor: Side) -> Figure:
    """The due list of a whole county; what is due is thinned out to the number of the goal before."""
    number = ours.do("thin_out", OPEN_ACTIONS)
    figure = _work(COUNTY, ours, floor)
    return replace(figure, what=figure.what.format(number))


def _work(name: str, ours: Side, floor: Side) -> Figure:
    work = EVERY_WORK[name]
    statements = _statements(name, ours, floor)
    costs = [_round(name, ours, floor) for _ in range(ROUNDS)]
    mine, theirs = [one for one, _ in costs], [other for _, other in costs]
    times = Times.of([one.processor for one in mine], [other.processor for other in theirs])
    within = work.most_times is None or times.median <= work.most_times
    few = statements[0] <= work.most_statements
    return Figure(
        work.title,
        measured=_in_words(mine),
        floor=_in_words(theirs),
        times=str(times),
        statements=f"{statements[0]} (floor {statements[1]})",
        goal=_goal(work),
        reached=within and few,
    )


def _goal(work: Work) -> str:
    times = f"{work.most_times:g} × floor; " if work.most_times else ""
    return f"{times}{work.most_statements} statements"


def _round(name: str, ours: Side, floor: Side) -> tuple[Cost, Cost]:
    calls = EVERY_WORK[name].calls
    mine, theirs = _subjects(name, ours, calls)
    return ours.do("measure", name, mine), floor.do("measure", name, theirs)


def _statements(name: str, ours: Side, floor: Side) -> tuple[int, int]:
    """How many each sends to the database, once everything is warm."""
    mine, theirs = _subjects(name, ours, 3)
    return len(ours.do("statements", name, mine)), len(floor.do("statements", name, theirs))


def _subjects(name: str, ours: Side, calls: int) -> tuple[list[object], list[object]]:
    mine = ours.do("subjects", name, calls)
    return mine, ours.do("subjects", name, calls) if EVERY_WORK[name].used_up else mine


def _in_words(costs: Iterable[Cost]) -> str:
    """Processor time, and of that the database's; then the clock's."""
    every = list(costs)
    processor = statistics.median(cost.processor for cost in every) * 1e3
    database = statistics.median(cost.database for cost in every) * 1e3
    clock = statistics.median(cost.clock for cost in every) * 1e3
    of_it = f" ({database:.1f} of it the database)" if database else ""
    return f"{processor:.1f} ms{of_it}; clock {clock:.1f} ms"


def measure_storage(empty: int, full: int, audit: int, children: int) -> Figure:
    """What a child takes up: family, agencies, keys, three assessments, what is due, mail, all audit, linked.

    Args:
        empty, full: the bytes of the database before and after these children.
        audit: those of the audit alone; 0 where they are not known.
        children: how many.
    """
    each = (full - empty) / children
    of_it = f", of it {audit / children / 1000:.1f} kB the audit" if audit else ""
    return Figure(
        f"storage of a child, among {children:,}",
        measured=f"{each / 1000:.1f} kB{of_it}",
        goal=f"{BYTES_A_CHILD / 1000:g} kB",
        reached=each <= BYTES_A_CHILD,
    )


def measure_growth(ours: Side, children: int, new_database: NewDatabase) -> list[Figure]:
    """Each work among so many children, beside the same among a thousand, in turn."""
    figures = []
    few = Side(OURS, new_database())
    try:
        few.do("migrate")
        few.do("load", FEW)
        for name, work in WORKS.items():
            costs = []
            for _ in range(ROUNDS):
                many_subjects, few_subjects = (side.do("subjects", name, work.calls) for side in (ours, few))
                costs.append((ours.do("measure", name, many_subjects), few.do("measure", name, few_subjects)))
            times = Times.of([one.processor for one, _ in costs], [other.processor for _, other in costs])
            figures.append(
                Figure(
                    work.title,
                    measured=_in_words(many for many, _ in costs),
                    floor=_in_words(some for _, some in costs),
                    times=str(times),
                    goal=f"{GROWTH_MOST_TIMES:g} × that among {FEW:,}",
                    reached=times.median <= GROWTH_MOST_TIMES,
                )
            )
    finally:
        few.end()
    return figures
