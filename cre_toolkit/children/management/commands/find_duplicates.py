"""Find possible duplicates among all children of an authority, for its front door to look at."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from cre_toolkit.children import duplicates, sweep
from cre_toolkit.rules.loading import authority_ids


class Command(BaseCommand):
    """It can be stopped at any time and run again: what was found is kept, and nothing is noted twice."""

    help = (
        "Find records of an authority that may be of one child. Can be stopped, and run again, at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", required=True, choices=authority_ids(), help="whose children")

    def handle(self, *args: Any, authority: str, **options: Any) -> None:
        total = sweep.keys_to_read(authority)
        likely = new = 0
        for read, pairs in sweep.possible(authority):
            found = sweep.weighed(pairs)
            with transaction.atomic():
                new += duplicates.note(by=None, authority=authority, found=found)
            likely += len(found)
            self._progress(read, total, likely)
        self.stderr.write("")
        self.stdout.write(
            f"{likely} possible duplicates in {authority}, {new} of them new. See /duplicates/."
        )

    def _progress(self, read: int, total: int, likely: int) -> None:
        done = read * 30 // total if total else 30
        bar = "#" * done + "." * (30 - done)
        self.stderr.write(f"\r[{bar}] {likely} possible duplicates", ending="")
        self.stderr.flush()
