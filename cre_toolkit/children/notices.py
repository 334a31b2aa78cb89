"""What somebody was told within the service: what they have not read yet, and what they have.

A notice about a child whose record is closed to them meanwhile (restricted, or they are locked out) is never
shown (`of`), and put away in the act that closes it, so that the count on every page need not ask. Whoever
merely left the network keeps what they were told while they were in it: it says a reference and nothing else,
as the mail does that they have.
"""

import datetime
import uuid

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.models import Child, Notice

KEPT_FOR = datetime.timedelta(days=90)
"""So long after it was read a notice is kept."""


def of(user: User) -> QuerySet[Notice]:
    """Somebody's notices: first what they have not read, then the rest, the newest of each first."""
    order = (F("read_at").desc(nulls_first=True), "-at", "-pk")
    return _open_to(user).select_related("child").order_by(*order)


def counted_unread(user: User) -> QuerySet[Notice, int]:
    """How many notices somebody has not read: one number, or nothing, as part of another query."""
    unread = Notice.objects.filter(user=user, read_at=None).order_by()
    return unread.values("user").annotate(number=Count("pk")).values_list("number", flat=True)


def _open_to(user: User) -> QuerySet[Notice]:
    about = Q(child=None) | access.open_to(user, "child__")
    return Notice.objects.filter(about, user=user)


@transaction.atomic
def mark_read(*, by: User, notice: uuid.UUID | None = None) -> int:
    """Say that one has read a notice of one's own, or all of them. Returns how many that were.

    Args:
        by: whose they are.
        notice: one of theirs; all that they have not read where it is left out.
    """
    theirs = Notice.objects.filter(user=by, read_at=None)
    wanted = theirs.filter(pk=notice) if notice else theirs
    number = wanted.update(read_at=timezone.now())
    if number:
        audit.record(by=by, kind="notices.read", detail={"number": number})
    return number


@transaction.atomic(savepoint=False)
def put_away(*, by: User, child: Child) -> None:
    """Nobody to whom a record has just been closed has anything about it left to read.

    Called where a record is restricted, somebody is taken off it or locked out of it, or two are merged.

    Args:
        by: whose act closes it.
        child: the record that stands for the child, as it stands now.
    """
    unread = Notice.objects.filter(child__stands_for=child.stands_for, read_at=None)
    closed = unread.filter(~access.admitted(child, "user__")).values("pk")
    number = Notice.objects.filter(pk__in=closed).update(read_at=timezone.now())
    if number:
        audit.record(
            by=by,
            kind="notices.put-away",
            authority=child.authority,
            child=child.pk,
            detail={"number": number},
        )


@transaction.atomic
def remove_old(*, by: User | None = None) -> int:
    """Remove what was read long ago (`KEPT_FOR`); the worker's upkeep calls it. Returns how many."""
    number, _ = Notice.objects.filter(read_at__lt=timezone.now() - KEPT_FOR).delete()
    if number:
        audit.record(by=by, kind="notices.removed", detail={"number": number})
    return number
