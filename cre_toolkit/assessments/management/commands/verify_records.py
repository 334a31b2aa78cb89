"""Find sent assessments that were altered in the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cre_toolkit.assessments.integrity import altered
from cre_toolkit.assessments.models import Record


class Command(BaseCommand):
    """Run it beside `manage.py audit verify`: that says whether the trail itself is as it was written."""

    help = "Say which sent assessments are not as they were recorded. Ends with 1 if any is."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for each in altered():
            found += 1
            self.stderr.write(f"{each.reference}: {each.how}")
        if found:
            raise CommandError(f"{found:,} sent assessments are not as they were recorded.")
        self.stdout.write(f"{Record.objects.count():,} sent assessments are as they were recorded.")
