"""Compare what is stored of every case with what its events say, and write it anew where it differs."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cre_toolkit.casework.case import rebuilding

WIDTH = 30
TOLD_EVERY = 5_000
"""Cases, where there is no terminal to draw a bar on."""


class Command(BaseCommand):
    """It can be stopped at any time: it says after which record it goes on. Nothing is done twice wrongly."""

    help = (
        "Write anew what is stored of each case (what is due, the working level, the authority) where it is"
        " not what its events say: after a new pack, or a repair. With --check nothing is changed, and it"
        " ends with 1 if anything differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; name each case that differs"
        )
        parser.add_argument(
            "--children", nargs="+", default=(), metavar="REFERENCE", help="only these records"
        )
        parser.add_argument("--after", default="", metavar="REFERENCE", help="go on after this record")

    def handle(self, *args: Any, **options: Any) -> None:
        check = options["check"]
        try:
            cases = rebuilding.cases(options["children"], options["after"])
        except rebuilding.NoSuchRecord as error:
            raise CommandError(f"No record has the reference {error}. Check it and try again.") from error
        total, done, differing, wrong, last = cases.count(), 0, 0, 0, options["after"]
        try:
            for done, looked in enumerate(rebuilding.look(cases, mend=not check), 1):
                last = looked.reference
                differing, wrong = differing + looked.differs, wrong + bool(looked.error)
                if looked.differs:
                    self._say(f"{last} {'differs' if check else 'was written anew'}")
                if looked.error:
                    self._say(f"{last} cannot be worked out: {looked.error}")
                self._progress(done, total, last)
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. Go on with: rebuild_actions --after {last}") from None
        found = f"{differing:,} {'differ' if check else 'written anew'}, {wrong:,} cannot be worked out"
        told = f"{done:,} cases: {found}."
        if wrong or (check and differing):
            raise CommandError(told)
        self.stdout.write(told)

    def _say(self, line: str) -> None:
        # Over the bar, which is drawn again on the next line.
        self.stdout.write(f"\r{line.ljust(WIDTH * 2)}" if sys.stderr.isatty() else line)

    def _progress(self, done: int, total: int, last: str) -> None:
        if not sys.stderr.isatty():
            if done % TOLD_EVERY == 0:
                self.stderr.write(f"{done:,} of {total:,}, after {last}")
            return
        filled = WIDTH * done // total
        bar = "#" * filled + "." * (WIDTH - filled)
        self.stderr.write(
            f"\r[{bar}] {done:,} of {total:,}, after {last} ", ending="\n" if done == total else ""
        )
        self.stderr.flush()
