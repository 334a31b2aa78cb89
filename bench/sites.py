"""The two sides of the comparison, each in a process of its own: the service, and the floor.

The parent asks them in turn, so that whatever else the machine does hits both. A side answers by the real
WSGI application over one database; it counts the processor time of its own process and, on PostgreSQL, of the
backends that serve it.
"""

import multiprocessing
import os
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

OURS, FLOOR = "cre_toolkit.settings", "bench.floor.settings"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one call of a work cost, in seconds: processor time of both processes, and the clock's."""

    server: float
    database: float
    clock: float

    @property
    def processor(self) -> float:
        return self.server + self.database


class Side:
    """One side, as the parent sees it: `side.do("measure", ...)` is done in its process.

    Args:
        settings: the settings module.
        environment: the variables that it is to find, above all `DATABASE_URL` and `CRE_VAR`.
    """

    def __init__(self, settings: str, environment: Mapping[str, str]) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(settings, dict(environment), there), daemon=True)
        self._process.start()
        there.close()

    def do(self, act: str, *args: Any) -> Any:
        """Have one of the functions of `_ACTS` done there, and give back what it gives.

        Raises:
            RuntimeError: it failed there; says how.
        """
        self._here.send((act, args))
        went_well, answer = self._here.recv()
        if not went_well:
            raise RuntimeError(answer)
        return answer

    def end(self) -> None:
        """Ask the process to end, and wait until it has."""
        self._here.close()
        self._process.join(timeout=20)


@contextmanager
def both(environment: Mapping[str, str]) -> Iterator[tuple[Side, Side]]:
    """The service and the floor over one database, as long as the block runs."""
    ours, floor = Side(OURS, environment), Side(FLOOR, environment)
    try:
        yield ours, floor
    finally:
        ours.end()
        floor.end()


def _serve(settings: str, environment: dict[str, str], parent: Connection) -> None:
    os.environ.update(environment, DJANGO_SETTINGS_MODULE=settings, PGAPPNAME=settings, LOG_LEVEL="ERROR")
    # Only now, as the settings are read from the environment.
    import django

    django.setup()
    from bench import acts

    served = acts.Served()
    while True:
        try:
            act, args = parent.recv()
        except EOFError:
            return
        try:
            parent.send((True, getattr(served, act)(*args)))
        except Exception:  # noqa: BLE001 - the parent is told
            parent.send((False, traceback.format_exc()))


def processor_time_of(pids: list[int]) -> float:
    """Seconds of processor time that these processes have used, to the nanosecond where the kernel tells."""
    return sum(_processor_time_of(pid) for pid in pids)


def _processor_time_of(pid: int) -> float:
    exact = Path(f"/proc/{pid}/schedstat")
    if exact.exists():
        return int(exact.read_text().split()[0]) / 1e9
    import psutil

    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
