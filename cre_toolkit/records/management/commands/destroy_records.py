"""Destroy the records of which two people have agreed that their time is over."""

from typing import Any

from django.core.management.base import BaseCommand

from cre_toolkit.records.destroying import OfAnotherChildToo, destroy
from cre_toolkit.records.models import Destruction
from cre_toolkit.records.reviewing import NotNow


class Command(BaseCommand):
    """Run it as the owner of the tables: the service's own account may not delete what was recorded."""

    help = "Destroy the records of which two people have agreed in /records/ that their time is over."

    def handle(self, *args: Any, **options: Any) -> None:
        agreed = Destruction.objects.filter(approved_at__isnull=False, refused_at=None, done_at=None)
        for each in agreed.order_by("approved_at"):
            try:
                certificate = destroy(by=None, destruction=each)
            except (NotNow, OfAnotherChildToo) as problem:
                self.stderr.write(f"{each.child_reference}: not destroyed. {problem}")
            else:
                rows = sum(certificate.contents["rows"].values())
                self.stdout.write(
                    f"{each.child_reference}: destroyed, {rows} rows. Certificate {each.reference}."
                )
