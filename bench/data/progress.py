"""How far a long piece of work is, on one line of the terminal; where there is none, nothing is said."""

import sys
import time

WIDTH = 30


class Progress:
    """A bar on standard error.

    Args:
        what: what is counted ("children").
        total: how many there will be.
    """

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._began = time.monotonic()

    def show(self, done: int) -> None:
        """Show that so many are done."""
        if not sys.stderr.isatty():
            return
        filled = WIDTH * done // max(1, self._total)
        speed = done / max(0.001, time.monotonic() - self._began)
        bar = "#" * filled + "." * (WIDTH - filled)
        end = "\n" if done >= self._total else ""
        print(
            f"\r[{bar}] {done:,} of {self._total:,} {self._what}, {speed:,.0f} a second ",
            end=end, file=sys.stderr, flush=True,
        )  # fmt: skip
