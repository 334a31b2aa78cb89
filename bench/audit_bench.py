"""The audit trail: how fast the events of the loaded children are linked, and how fast the chain is verified.

Runs in a side's process. What sealing costs the people who use the service meanwhile is measured by
`clients_bench`.
"""

import statistics
import time
from collections.abc import Callable, Sequence

from bench.figures import ROUNDS, Figure, undisturbed
from bench.goals import LINKED_A_SECOND, VERIFIED_A_SECOND
from cre_toolkit.audit import chain
from cre_toolkit.audit.verifying import Chain, all_chains, verify

MANY = 1_000_000
"""Events: to verify so many takes long enough to be measured once."""


class ChainBroken(RuntimeError):
    """The chain of the invented events does not hold: how fast that was found says nothing."""


def measure() -> list[Figure]:
    """The figures of both; afterwards everything is linked."""
    linked, seconds = _timed(lambda: chain.seal(everything=True))
    costs = [_timed(_verified) for _ in range(ROUNDS if linked < MANY else 1)]
    return [
        _figure("link events to their chains", linked, [seconds], LINKED_A_SECOND),
        _figure("verify a chain", costs[0][0], [seconds for _, seconds in costs], VERIFIED_A_SECOND),
    ]


def _timed(act: Callable[[], int]) -> tuple[int, float]:
    """How many events an act dealt with, and in what processor time of this process."""
    with undisturbed():
        began = time.process_time()
        return act(), time.process_time() - began


def _verified() -> int:
    chains: list[Chain] = list(verify(all_chains()))
    if any(found.findings for found in chains):
        raise ChainBroken(str([found.findings[:3] for found in chains]))
    return sum(found.length for found in chains)


def _figure(what: str, events: int, seconds: Sequence[float], least: int) -> Figure:
    rate = events / statistics.median(seconds)
    return Figure(
        f"{what}, {events:,} events",
        measured=f"{rate:,.0f} a second",
        goal=f"{least:,} a second",
        reached=rate >= least,
    )
