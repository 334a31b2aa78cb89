"""What somebody was told within the service: what they have not read yet, and what they have.

A notice about a child whose record is closed to them meanwhile (restricted, or they are locked out) is
neither shown nor counted. Whoever merely left the network keeps what they were told while they were in it: it
says a reference and nothing else, as the mail does that they have.
"""

import datetime
import uuid

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.models import Notice

KEPT_FOR = datetime.timedelta(days=90)
"""So long after it was read a notice is kept."""


def of(user: User) -> QuerySet[Notice]:
    """Somebody's notices: first what they have not read, then the rest, the newest of each first."""
    order = (F("read_at").desc(nulls_first=True), "-at", "-pk")
    return _open_to(user).select_related("child").order_by(*order)


def counted_unread(user: User) -> QuerySet[Notice, int]:
    """How many notices somebody has not read: one number, or nothing, as part of another query."""
    unread = _open_to(user).filter(read_at=None).order_by()
    return unread.values("user").annotate(number=Count("pk")).values_list("number", flat=True)


def _open_to(user: User) -> QuerySet[Notice]:
    about = Q(child=None) | access.open_to(user, "child__")
    return Notice.objects.filter(about, user=user)


@transaction.atomic
def mark_read(*, by: User, notice: uuid.UUID | None = None) -> int:
    """Say that one has read a notice of one's own, or all of them. Returns how many that were.

    What is closed to somebody now, and so is not shown, stays unread: should it be opened again, they see it.

    Args:
        by: whose they are.
        notice: one of theirs; all that they have not read where it is left out.
    """
    shown = _open_to(by).filter(read_at=None)
    wanted = shown.filter(pk=notice) if notice else shown
    number = Notice.objects.filter(pk__in=wanted.values("pk")).update(read_at=timezone.now())
    if number:
        audit.record(by=by, kind="notices.read", detail={"number": number})
    return number


@transaction.atomic
def remove_old(*, by: User | None = None) -> int:
    """Remove what was read long ago (`KEPT_FOR`); the worker's upkeep calls it. Returns how many."""
    number, _ = Notice.objects.filter(read_at__lt=timezone.now() - KEPT_FOR).delete()
    if number:
        audit.record(by=by, kind="notices.removed", detail={"number": number})
    return number
