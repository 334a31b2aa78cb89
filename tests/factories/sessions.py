"""Time that goes by for sessions, which are timed by a clock that `time_machine` does not set."""

import time
from datetime import timedelta

import pytest


class Later:
    """Calling it lets so much time go by, from then on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._seconds, self._real = 0.0, time.clock_gettime
        monkeypatch.setattr("cre_toolkit.accounts.clock.time.clock_gettime", self._read)

    def _read(self, which: int) -> float:
        return self._real(which) + self._seconds

    def __call__(self, gone_by: timedelta) -> None:
        self._seconds += gone_by.total_seconds()
