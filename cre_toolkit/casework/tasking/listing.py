"""The list of the monthly tasking meeting: medium and high cases, what has changed, what was asked.

Source: CRE 2020, page 9; toolkit.md, B9; case.md, `working_level` ("the tasking list follows this level").
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from cre_toolkit.casework.models import Due, TaskingAnswer, TaskingCase, TaskingMeeting, TaskingRequest
from cre_toolkit.children import access
from cre_toolkit.children.models import Child

LEVELS = ("high", "medium")
MONTHLY_TASKING = "monthly-tasking"


class Change(StrEnum):
    """What has become of a case since the last meeting's list; the value is what is shown."""

    NEW = "New on the list"
    UP = "Up from medium"
    DOWN = "Down from high"
    SAME = "As at the last meeting"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with its answers, the newest last."""

    request: TaskingRequest
    answers: list[TaskingAnswer]

    @property
    def newest(self) -> TaskingAnswer | None:
        return self.answers[-1] if self.answers else None

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor will it not be."""
        return self.newest is None or self.newest.outcome == TaskingAnswer.Outcome.UNDER_WAY

    @property
    def is_overdue(self) -> bool:
        by_when = self.request.by_when
        return self.is_open and by_when is not None and by_when < timezone.localdate()

    @property
    def how_far(self) -> str:
        """How far it is, in words."""
        said = str(TaskingAnswer.Outcome(self.newest.outcome).label) if self.newest else "No answer yet"
        return f"{said}, overdue" if self.is_overdue else said


@dataclass(frozen=True, slots=True)
class Case:
    """A case on the list."""

    child: Child
    change: Change
    asked: list[Asked]
    """What is open, and what was answered for good since the last meeting."""


@dataclass(frozen=True, slots=True)
class TaskingList:
    """The whole list of an authority, as somebody sees it."""

    authority: str
    last: TaskingMeeting | None
    """The last meeting that was held."""
    cases: list[Case]
    off: list[TaskingCase]
    """Those of the last list that are at neither level now, whose records the reader sees."""
    off_unseen: int
    """How many more of these there are."""

    def changed(self, change: Change) -> int:
        """How many cases have changed in that way."""
        return sum(case.change == change for case in self.cases)


def on_the_list(standing: access.Standing, authority: str) -> QuerySet[Child]:
    """The medium and high cases of an authority that somebody sees, high first, by name."""
    seen = access.visible_to(standing.user, standing).filter(
        authority=authority, working_level__in=LEVELS, pk__in=_reviewed()
    )
    return seen.order_by("working_level", "family_name", "given_names", "pk")


def _reviewed() -> QuerySet[Due, Any]:
    """The children whom the rules bring to the meeting: not those of a closed case, nor who has died."""
    return Due.objects.filter(action=MONTHLY_TASKING).values("child__stands_for")


def last_meeting(authority: str) -> TaskingMeeting | None:
    """The last tasking meeting of an authority that was recorded. One query."""
    held = TaskingMeeting.objects.filter(authority=authority).select_related("by")
    return held.order_by("-at", "-entered_at").first()


def tasking_list(standing: access.Standing, authority: str) -> TaskingList:
    """The list as it stands now, beside that of the last meeting. Seven queries at the most.

    Args:
        standing: of whoever asks.
        authority: one in which they prepare the meeting.
    """
    last = last_meeting(authority)
    children = list(on_the_list(standing, authority).select_related("allocated_worker"))
    stood = _stood(last)
    since = last.at if last else None
    asked = _asked_for([child.pk for child in children])
    cases = [
        Case(
            child,
            _change(child.working_level, stood.get(child.pk)),
            [one for one in asked[child.pk] if one.is_open or _ended_since(one, since)],
        )
        for child in children
    ]
    off, off_unseen = _off(standing, last)
    return TaskingList(authority, last, cases, off, off_unseen)


def _stood(last: TaskingMeeting | None) -> dict[uuid.UUID, str]:
    """The level at which each case stood on the last list, by the child that stands for it now."""
    if last is None:
        return {}
    return dict(TaskingCase.objects.filter(meeting=last).values_list("child__stands_for", "level"))


def _change(level: str, before: str | None) -> Change:
    if before is None:
        return Change.NEW
    if before == level:
        return Change.SAME
    return Change.UP if level == "high" else Change.DOWN


def _off(standing: access.Standing, last: TaskingMeeting | None) -> tuple[list[TaskingCase], int]:
    """The cases of the last list that are on it no longer, and how many of them the reader does not see."""
    if last is None:
        return [], 0
    gone = TaskingCase.objects.filter(access.open_to(standing.user, "child__"), meeting=last)
    gone = gone.exclude(child__stands_for__in=_reviewed(), child__authority=last.authority)
    seen = gone.filter(access.sees(standing, "child__")).select_related("child__merged_into")
    shown = list(seen.order_by("child__family_name", "child__given_names"))
    return shown, gone.count() - len(shown)


def requests_of(child: Child) -> QuerySet[TaskingRequest]:
    """What the tasking meeting asked for a child, the newest first, with the answers. Two queries."""
    return _with_answers(TaskingRequest.objects.filter(child__stands_for=child.stands_for))


def asked_for(child: Child) -> list[Asked]:
    """The same, each with how far it is. Two queries."""
    return [Asked(request, list(request.answers.all())) for request in requests_of(child)]


def _asked_for(children: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Asked]]:
    """The same of many children, by the child. Two queries."""
    found: dict[uuid.UUID, list[Asked]] = defaultdict(list)
    requests: Iterable[TaskingRequest] = _with_answers(
        TaskingRequest.objects.filter(child__stands_for__in=children)
    )
    for request in requests:
        found[request.child.stands_for].append(Asked(request, list(request.answers.all())))
    return found


def _with_answers(requests: QuerySet[TaskingRequest]) -> QuerySet[TaskingRequest]:
    answers = TaskingAnswer.objects.select_related("by").order_by("entered_at")
    whole = requests.select_related("by", "child").prefetch_related(Prefetch("answers", queryset=answers))
    return whole.order_by("-entered_at")


def _ended_since(asked: Asked, since: datetime.datetime | None) -> bool:
    return since is None or (asked.newest is not None and asked.newest.entered_at >= since)
