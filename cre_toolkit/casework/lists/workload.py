"""How much each person of a manager's teams has in hand: children by level, what is late, what is unfinished.

Three statements, however many people and children there are, over the children whom the manager sees.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.lists.due import seen
from cre_toolkit.casework.models import Awaiting
from cre_toolkit.children import access
from cre_toolkit.statements import Moment, statement

WEEK = datetime.timedelta(days=7)


@dataclass(slots=True)
class Load:
    """One person's work in numbers."""

    person: User
    drafts: int
    levels: dict[str, int] = field(default_factory=dict)
    """How many of their children there are at each working level; blank where there is none."""
    overdue: int = 0
    """What is due now or overdue on their children."""
    week: int = 0
    """What is due within seven days besides."""
    to_countersign: int = 0
    """Their assessments that wait for a manager's answer."""

    @property
    def children(self) -> int:
        return sum(self.levels.values())

    @property
    def high(self) -> int:
        return self.levels.get("high", 0)

    @property
    def medium(self) -> int:
        return self.levels.get("medium", 0)

    @property
    def others(self) -> int:
        """At low, or at no level yet."""
        return self.children - self.high - self.medium


# By what the list can be sorted; the most comes first, but for names.
SORTS = ("name", "children", "high", "medium", "overdue", "week", "drafts", "to_countersign")


def workload(
    standing: access.Standing, people: QuerySet[User] | list[User], sort: str = "name"
) -> list[Load]:
    """The work of these people, sorted.

    Args:
        standing: the manager's.
        people: the people of their teams, by name, each with the number of their `drafts` (`team_mates`).
        sort: one of `SORTS`.
    """
    loads = {person.pk: Load(person, getattr(person, "drafts", 0)) for person in people}
    for worker, level, number in _children(standing=standing):
        if worker in loads:
            loads[worker].levels[level] = number
    today = timezone.localdate()
    for worker, overdue, week in _due(standing=standing, today=today, soon=timezone.now() + WEEK):
        if worker in loads:
            loads[worker].overdue, loads[worker].week = overdue, week
    for author, number in _to_countersign(standing=standing):
        if author in loads:
            loads[author].to_countersign = number
    # They come by name, and stay so among equals.
    by_name = list(loads.values())
    return by_name if sort == "name" else sorted(by_name, key=lambda load: -getattr(load, sort))


@statement
def _children(*, standing: access.Standing) -> QuerySet[Any, Any]:
    """How many children each worker has at each level."""
    allocated = access.visible_to(standing.user, standing).exclude(allocated_worker=None).order_by()
    return allocated.values_list("allocated_worker", "working_level").annotate(number=Count("pk"))


@statement
def _due(*, standing: access.Standing, today: datetime.date, soon: datetime.datetime) -> QuerySet[Any, Any]:
    """What is late on each worker's children, and what is due soon besides."""
    rows = seen(standing, today).filter(sorts_at__lt=soon).exclude(child__allocated_worker=None).order_by()
    late = Q(sorts_at__lt=Moment())
    return rows.values_list("child__allocated_worker").annotate(
        overdue=Count("id", filter=late), week=Count("id", filter=~late)
    )


@statement
def _to_countersign(*, standing: access.Standing) -> QuerySet[Any, Any]:
    """How many assessments of each author wait for a manager."""
    waiting = Awaiting.objects.filter(
        record__child__stands_for__in=access.visible_to(standing.user, standing).values("pk")
    ).order_by()
    return waiting.values_list("record__author").annotate(number=Count("pk"))
