"""The list of the monthly tasking meeting: medium and high cases, what has changed, what was asked.

Source: CRE 2020, page 9; toolkit.md, B9; case.md, `working_level` ("the tasking list follows this level").
"""

import datetime
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case as Whether
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from cre_toolkit.casework.case.rows import AnyEvent
from cre_toolkit.casework.case.state import work_out
from cre_toolkit.casework.models import (
    CaseEvent,
    Due,
    TaskingAnswer,
    TaskingCase,
    TaskingMeeting,
    TaskingRequest,
)
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.models import Child
from cre_toolkit.statements import statement

LEVELS = ("high", "medium")
MONTHLY_TASKING = "monthly-tasking"


class Change(StrEnum):
    """What has become of a case since the last meeting's list; the value is what is shown."""

    NEW = "New on the list"
    UP = "Up from medium"
    DOWN = "Down from high"
    SAME = "As at the last meeting"
    OFF = "No longer on the list"


ON_THE_LIST = (Change.NEW, Change.UP, Change.DOWN, Change.SAME)
"""What may be said of a case that is on it."""


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
    """A case on the list, or one that has left it with something asked of it that is still open."""

    child: Child
    change: Change
    asked: list[Asked]
    """What is open, and what was answered for good since the last meeting."""


@dataclass(frozen=True, slots=True)
class TaskingList:
    """The list of an authority, as somebody sees it."""

    authority: str
    last: TaskingMeeting | None
    """The last meeting that was held."""
    cases: list[Case]
    """Those of the page that was asked for; all of them where none was."""
    numbers: Mapping[Change, int]
    """How many of all that are on the list have changed in each way."""
    off: list[TaskingCase]
    """Those of the last list that are at neither level now, whose records the reader sees."""
    off_unseen: int
    """How many more of these there are."""
    left: list[Case]
    """Those that have left the list with something still asked of them, whose records the reader sees."""
    left_unseen: int
    """How many more of these there are."""

    def changed(self, change: Change) -> int:
        """How many cases have changed in that way, on every page."""
        return self.numbers.get(change, 0)

    @property
    def number(self) -> int:
        """How many cases are on it, on every page."""
        return sum(self.numbers.values())


_ORDER = ("child__working_level", "child__family_name", "child__given_names", "child")
"""High first, by name."""


def _brought() -> QuerySet[Due]:
    """What brings children to the meeting by the rules: not those of a closed case, nor who has died."""
    return Due.objects.filter(action=MONTHLY_TASKING)


@statement
def _on_the_list(*, standing: access.Standing, authority: str) -> QuerySet[Due, Any]:
    """The medium and high cases of an authority that somebody sees, in order: whose it is, and its level.

    That much is read of every case, as what has changed is counted among them all. Whoever prepares the
    meeting sees almost all of them by their role, so that each is tried.
    """
    seen = _brought().filter(access.sees(standing, "child__"), child__merged_into=None)
    cases = seen.filter(child__authority=authority, child__working_level__in=LEVELS)
    return cases.order_by(*_ORDER).values_list("child", "child__working_level")


def _is_brought() -> Exists:
    """Whether the child of a request, or of a case of a list, is brought to the meeting now.

    It is asked of each of these few, so that they never lead to all that is due.
    """
    return Exists(_brought().filter(child__stands_for=OuterRef("child__stands_for")))


def levels_at(
    children: Collection[Child], events: Mapping[uuid.UUID, Sequence[AnyEvent]], at: datetime.datetime
) -> dict[uuid.UUID, str]:
    """At which level each case stood on the list at a moment; blank where it was not on it. One query.

    It is the state that follows from what had happened by then, whenever that was entered.

    Args:
        children: whose cases; they are of the authority now.
        events: of these cases, as `state.events_of_many` gives them.
        at: the moment.
    """
    brought = _brought().filter(child__stands_for__in=[child.pk for child in children])
    now = set(brought.values_list("child__stands_for", flat=True))
    return {child.pk: _level_at(child, events[child.pk], at, child.pk in now) for child in children}


def _level_at(child: Child, events: Sequence[AnyEvent], at: datetime.datetime, is_on_it: bool) -> str:
    since = [event for event in events if event.at > at]
    if any(event.kind == CaseEvent.Kind.TRANSFER for event in since):
        # Another authority's by then.
        return ""
    level, is_reviewed = child.working_level, is_on_it
    if since:
        then = work_out(child, [event for event in events if event.at <= at])
        level, is_reviewed = then.levels[0], any(due.action == MONTHLY_TASKING for due in then.due)
    return level if is_reviewed and level in LEVELS else ""


def last_meeting(authority: str) -> TaskingMeeting | None:
    """The last tasking meeting of an authority that was recorded. One query."""
    return TaskingMeeting.objects.filter(authority=authority).order_by("-day").first()


def tasking_list(
    standing: access.Standing, authority: str, *, before: int = 0, most: int | None = None
) -> TaskingList:
    """The list as it stands now, beside that of the last meeting. Eleven queries at the most.

    Args:
        standing: of whoever asks.
        authority: one in which they prepare the meeting.
        before: how many cases stand on the pages before the one that is shown.
        most: how many cases a page has; None for the whole list.
    """
    last = last_meeting(authority)
    stood = _stood(last)
    changes = {
        child: _change(level, stood.get(child))
        for child, level in _on_the_list(standing=standing, authority=authority)
    }
    shown = list(changes)[before : None if most is None else before + most]
    since = last.at if last else None
    asked = _asked_for(shown)
    of_page = _brought().filter(child__stands_for__in=shown, child__merged_into=None).order_by(*_ORDER)
    cases = [
        Case(
            due.child,
            changes[due.child_id],
            [one for one in asked[due.child_id] if one.is_open or _ended_since(one, since)],
        )
        for due in of_page.select_related("child__allocated_worker")
    ]
    off = _off(standing, last, stood.keys() - changes.keys())
    return TaskingList(authority, last, cases, Counter(changes.values()), *off, *_left(standing, authority))


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


def _off(
    standing: access.Standing, last: TaskingMeeting | None, gone: Collection[uuid.UUID]
) -> tuple[list[TaskingCase], int]:
    """The cases of the last list that are on it no longer, and how many of them the reader does not see.

    Args:
        standing: the reader's.
        last: the meeting; None where none was held.
        gone: those that the reader does not find on the list now.
    """
    if last is None or not gone:
        return [], 0
    off = TaskingCase.objects.filter(
        access.open_to(standing.user, "child__"), meeting=last, child__stands_for__in=gone
    ).exclude(_is_brought(), child__authority=last.authority)
    seen = off.filter(access.sees(standing, "child__")).select_related("child__merged_into")
    shown = list(seen.order_by("child__family_name", "child__given_names"))
    return shown, off.count() - len(shown)


def open_off_the_list(standing: access.Standing) -> QuerySet[TaskingRequest] | None:
    """What was asked for a case that has left the list since, and is still open; None for whom it is no duty.

    It waits for the meeting to hear of it, whatever has become of the case.
    """
    authorities = standing.authorities(Act.RUN_TASKING)
    return _off_the_list(authorities, access.sees(standing, "child__")) if authorities else None


def _off_the_list(authorities: Collection[str], which: Q) -> QuerySet[TaskingRequest]:
    """The open requests of cases that are on no list now. Nobody is asked about a child who has died.

    Args:
        authorities: whose cases.
        which: of their requests.
    """
    under_way = TaskingAnswer.Outcome.UNDER_WAY
    answers = TaskingAnswer.objects.filter(request=OuterRef("pk")).order_by("-entered_at", "-pk")
    # Of which nobody has said anything is as open as what is under way.
    how_far = Coalesce(Subquery(answers.values("outcome")[:1]), Value(under_way))
    still_open = TaskingRequest.objects.alias(how_far=how_far).filter(how_far=under_way)
    # Asked of each request: they are few, and SQLite would begin with all the children of the authority.
    left = TaskingRequest.objects.filter(
        which, pk=OuterRef("pk"), child__authority__in=authorities, child__died_on=None
    ).exclude(_is_brought())
    return still_open.filter(Exists(left))


@statement
def _still_asked(*, standing: access.Standing, authority: str) -> QuerySet[TaskingRequest, Any]:
    """Each open request of a case that has left the list, its child, and whether the reader sees it."""
    those = _off_the_list([authority], access.open_to(standing.user, "child__"))
    is_seen = Whether(When(access.sees(standing, "child__"), then=Value(True)), default=Value(False))
    return those.values_list("pk", "child__stands_for", is_seen)


def _left(standing: access.Standing, authority: str) -> tuple[list[Case], int]:
    """The cases that have left the list with something open, and how many of them the reader does not see."""
    those = _still_asked(standing=standing, authority=authority)
    seen = [request for request, _, is_seen in those if is_seen]
    of_all = len({child for _, child, _ in those})
    if not seen:
        return [], of_all
    cases: dict[uuid.UUID, Case] = {}
    requests = _with_answers(TaskingRequest.objects.filter(pk__in=seen))
    for request in requests.select_related("child__allocated_worker", "child__merged_into"):
        child = request.child.kept
        case = cases.setdefault(child.pk, Case(child, Change.OFF, []))
        case.asked.append(Asked(request, list(request.answers.all())))
    ordered = sorted(cases.values(), key=lambda case: (case.child.family_name, case.child.given_names))
    return ordered, of_all - len(cases)


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
