"""What is new on somebody's children: what was entered since they last opened each child's page."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cre_toolkit.casework.case.happened import Happened
from cre_toolkit.casework.case.queries import pack_of
from cre_toolkit.casework.case.telling_events import told
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children import access
from cre_toolkit.children.models import Child, LastLook

LOOKS_BACK = datetime.timedelta(days=30)
"""What was entered before that is new to nobody: the timeline has it."""
MOST_EVENTS = 300
MOST_OF_A_CHILD = 5


@dataclass(frozen=True, slots=True)
class News:
    """What is new on one child."""

    child: Child
    entries: list[Happened]
    """The newest first, by when each was entered; no more than `MOST_OF_A_CHILD`."""
    more: int
    """How many others there are."""


def news(standing: access.Standing, most: int) -> list[News]:
    """What colleagues entered on one's children since one last looked, the child with the newest first.

    One query. One's children are those whom one follows (`access.followed_by`).

    Args:
        standing: whose.
        most: how many children at most.
    """
    by_child: dict[uuid.UUID, list[CaseEvent]] = {}
    for event in _new_to(standing)[:MOST_EVENTS]:
        by_child.setdefault(event.child.kept.pk, []).append(event)
    found = (_news(events) for events in by_child.values())
    return [each for each in found if each.entries][:most]


def _new_to(standing: access.Standing) -> QuerySet[CaseEvent]:
    """The newest first, with who entered each, and the child whose it is."""
    followed = access.followed_by(standing)
    looks = LastLook.objects.filter(user=standing.user, child__stands_for=OuterRef("child__stands_for"))
    looked = looks.order_by("-at").values("at")[:1]
    since = timezone.now() - LOOKS_BACK
    new = CaseEvent.objects.filter(
        Q(entered_at__gt=since) & Q(entered_at__gt=Coalesce(Subquery(looked), since)),
        child__stands_for__in=followed.values("pk"),
    )
    read = new.exclude(by=standing.user).select_related("child__merged_into", "by", "record__assessment")
    return read.defer("record__deflated").order_by("-entered_at", "-id")


def _news(events: list[CaseEvent]) -> News:
    child = events[0].child.kept
    entries = told(events, pack_of(child))
    return News(child, entries[:MOST_OF_A_CHILD], len(entries[MOST_OF_A_CHILD:]))
