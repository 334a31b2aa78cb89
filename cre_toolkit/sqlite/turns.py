"""Whose turn it is to write: those who come first go first.

SQLite lets one connection write at a time. Whoever finds it taken sleeps, for longer each time, and whoever
happens to wake up first goes on: some wait for seconds while others pass. Nearly every request writes here,
since every look is on the audit trail. So a connection takes its turn before it begins.
"""

import fcntl
import os
import threading
import time
from collections import defaultdict, deque

BETWEEN_LOOKS = 0.001
"""Seconds between two looks whether another process has ended its turn. One of each process looks."""


class TooLong(Exception):
    """It was not our turn within the time that was given."""


class _Line:
    """The threads of this process that wait for one database, in the order in which they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()

    def join(self, seconds: float) -> None:
        """Stand in the line until those before have left it."""
        ready = threading.Lock()
        ready.acquire()
        with self._lock:
            self._waiting.append(ready)
            if self._waiting[0] is ready:
                return
        if not ready.acquire(timeout=seconds):
            self._leave(ready)
            raise TooLong

    def leave(self) -> None:
        """Leave it as the first, and call the next."""
        with self._lock:
            self._waiting.popleft()
            if self._waiting:
                self._waiting[0].release()

    def _leave(self, ready: threading.Lock) -> None:
        with self._lock:
            first = self._waiting[0] is ready
            if not first:
                self._waiting.remove(ready)
        if first:  # called in the moment in which the time was over
            self.leave()


_lines: defaultdict[str, _Line] = defaultdict(_Line)


class Turn:
    """A connection's turn to write to the database in a file; `path` is that of a file beside it.

    A process that dies gives its turn back: the lock of a file is the system's.
    """

    def __init__(self, path: str, seconds: float) -> None:
        self._line = _lines[path]
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._seconds = seconds
        self._taken = False

    def take(self) -> None:
        """Wait until it is our turn.

        Raises:
            TooLong: it was not within the time that was given.
        """
        until = time.monotonic() + self._seconds
        self._line.join(self._seconds)
        try:
            while not self._locked():
                if time.monotonic() > until:
                    raise TooLong
                time.sleep(BETWEEN_LOOKS)
        except BaseException:  # whatever it is, those behind must not wait for good
            self._line.leave()
            raise
        self._taken = True

    def give_back(self) -> None:
        """End our turn, if it is ours."""
        if self._taken:
            self._taken = False
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._line.leave()

    def close(self) -> None:
        """End our turn for good."""
        self.give_back()
        os.close(self._file)

    def _locked(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
