"""What can be asked of the audit trail: who looked at this child, what did this user do, what happened when.

Each question gives a `QuerySet` that can be narrowed by another, and `page_of` reads it a page at a time.
Whoever asks is answered by codes and UUIDs; `children/trail.py` says who may ask what.
"""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from cre_toolkit.audit.kinds import READING
from cre_toolkit.audit.models import Event, EventChild
from cre_toolkit.audit.moments import first_id

PAGE = 50


def of_child(*records: uuid.UUID) -> QuerySet[Event]:
    """Every event about a child: by itself, or as one of a list.

    Args:
        records: the child's record, and those that were merged into it.
    """
    alone = Event.objects.filter(child__in=records).values("pk")
    of_a_list = EventChild.objects.filter(child__in=records).values("event")
    return Event.objects.filter(pk__in=alone.union(of_a_list, all=True))


def of_user(user: uuid.UUID) -> QuerySet[Event]:
    """Every event of what a user did or tried to do."""
    return Event.objects.filter(actor=user)


def of_kind(*kinds: str) -> QuerySet[Event]:
    """Every event of one of these kinds, as `child.viewed`."""
    return Event.objects.filter(kind__in=kinds)


def from_moment(moment: datetime.datetime) -> QuerySet[Event]:
    """Every event from a moment on: an id is its event's moment."""
    return Event.objects.filter(pk__gte=first_id(moment))


def before_moment(moment: datetime.datetime) -> QuerySet[Event]:
    """Every event before a moment."""
    return Event.objects.filter(pk__lt=first_id(moment))


def between(since: datetime.datetime, until: datetime.datetime) -> QuerySet[Event]:
    """Every event from a moment on and before another."""
    return from_moment(since) & before_moment(until)


def children_opened(
    authorities: Collection[str], since: datetime.datetime, most: int
) -> dict[uuid.UUID, int]:
    """Who opened something of most children, and of how many; not on a list. One query.

    Args:
        authorities: of the children.
        since: from when on.
        most: how many users.
    """
    opened = from_moment(since).filter(
        kind__in=READING, authority__in=authorities, child__isnull=False, actor__isnull=False
    )
    counted = opened.order_by().values("actor").annotate(of=Count("child", distinct=True))
    return {row["actor"]: row["of"] for row in counted.order_by("-of", "actor")[:most] if row["actor"]}


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, the newest first, and the last of them where older ones follow: what to ask on from."""

    events: list[Event]
    older_than: Event | None


def page_of(events: QuerySet[Event], older_than: Event | None = None, size: int = PAGE) -> Page:
    """One page of the answer to a question, the newest first. Two queries, however long the trail is.

    Args:
        events: the question.
        older_than: the last event of the page before; None for the first page.
        size: how many events make a page.
    """
    if older_than:
        events = events.filter(pk__lt=older_than.pk)
    rows = list(events.order_by("-pk").prefetch_related("children")[: size + 1])
    return Page(rows[:size], rows[size - 1] if len(rows) > size else None)
