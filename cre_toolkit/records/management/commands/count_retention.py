"""Count, for every child on record, the day to which the record is kept."""

from typing import Any

from django.core.management.base import BaseCommand

from cre_toolkit.records.keeping import count_next


class Command(BaseCommand):
    """The worker does the same a part at a time; it can be stopped at any moment and run again."""

    help = "Count the day to which each child's record is kept, where that is missing or a day old."

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while counted := count_next():
            total += counted
            self.stderr.write(f"\r{total:,} records counted", ending="")
            self.stderr.flush()
        self.stderr.write("")
        self.stdout.write(f"{total:,} records counted. See /records/.")
