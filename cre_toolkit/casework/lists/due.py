"""The list of what is due on many children: whose, in which order, filtered by what, and how many of each.

Two statements make a page of it: the rows, and one that counts by everything that can be filtered by. Source:
service.md, "Due list".
"""

import datetime
import uuid
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self, cast

from django.db.models import BooleanField, Case, Count, Q, QuerySet, UUIDField, Value, When, Window
from django.utils import timezone

from cre_toolkit.accounts.models import Cover, Membership
from cre_toolkit.casework.case.queries import DueEntry, entry_of
from cre_toolkit.casework.case.state import CALLS, MISSING
from cre_toolkit.casework.meeting.actions import open_actions_for
from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.statements import Hole, Moment, statement


class Whose(StrEnum):
    """Among the children whom somebody sees; the first is what is shown where nobody chose."""

    ALL = "all"
    MINE = "mine"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Kind:
    """Tasks of one sort, by which the list can be filtered."""

    words: str
    actions: frozenset[str]


# In the order in which they are offered. Whatever can fall due is in one of them.
KINDS: Mapping[str, Kind] = {
    "calls": Kind("Telephone calls", CALLS),
    "missing": Kind(
        "Missing, and coming back",
        frozenset({MISSING, "missing-strategy-meeting", "return-interview", "missing-plan"}),
    ),
    "tell": Kind(
        "Referring and telling",
        frozenset(
            {
                "refer-front-door", "refer-police", "refer-social-care", "send-to-social-care",
                "tell-manager", "tell-cpm-vc", "contact-cpm-vc", "information-report",
            }
        ),
    ),
    "meetings": Kind(
        "Meetings and discussions",
        frozenset(
            {
                "high-risk-strategy-meeting", "medium-risk-strategy-meeting", "bring-meeting-forward",
                "discuss-team-manager", "threshold-discussion", "looked-after-discussion",
                "child-protection-plan",
            }
        ),
    ),
    "reviews": Kind(
        "Reviews and tasking",
        frozenset({"review", "team-manager-review", "cpm-vc-review", "monthly-tasking"}),
    ),
    "assess": Kind("Assessing again", frozenset({"reassess", "look-again"})),
    "adult": Kind(
        "Turning 18 or 25", frozenset({"adult-transition", "scope-ends", "adult-safeguarding-transfer"})
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the list somebody wants to see. In a statement, who and which child are values."""

    whose: Whose = Whose.ALL
    overdue: bool = False
    kinds: frozenset[str] = frozenset()
    """Keys of `KINDS`; all where there is none."""
    authority: str = ""
    """One of theirs; all where it is blank."""
    worker: uuid.UUID | None = None
    """Whose allocated children, where it is one person's list that is looked at."""

    @property
    def actions(self) -> frozenset[str]:
        return frozenset[str]().union(*(KINDS[kind].actions for kind in self.kinds))

    def shape(self) -> Hashable:
        return self.whose, self.overdue, self.kinds, self.authority, self.worker is None

    def values(self) -> Mapping[str, Any]:
        return {"worker": self.worker} if self.worker else {}

    def with_holes(self) -> Self:
        return replace(self, worker=cast(uuid.UUID, Hole("worker", UUIDField()))) if self.worker else self


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: what is due, on whose case, and whose it is to do."""

    entry: DueEntry
    agreed: str
    assessed: str
    owner: str
    """The allocated worker; blank where nobody is."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many entries there are of one sort, as the database counts them."""

    action: str
    authority: str
    overdue: bool
    mine: bool
    team: bool
    number: int


@dataclass(frozen=True, slots=True)
class Asked:
    """How much of what meetings asked somebody for is not done (`meeting_actions.open_actions_for`)."""

    all: int
    overdue: int


NOTHING_ASKED = Asked(0, 0)
# In the place of an id of what is due, where it is counted with that.
_MEETINGS = "asked-for-in-meetings"


@dataclass(frozen=True, slots=True)
class DueList:
    """One page of what is due, and the numbers of all of it."""

    rows: list[Row]
    counted: list[Counted]
    wanted: Wanted
    before: int = 0
    """How many stand on the pages before."""
    asked: Asked = NOTHING_ASKED
    """What meetings asked the reader for, which no filter leaves out."""

    @property
    def entries(self) -> list[DueEntry]:
        return [row.entry for row in self.rows]

    @property
    def all(self) -> int:
        """How many there are, with the filters that were chosen."""
        return self.number()

    @property
    def more(self) -> int:
        """How many stand on later pages."""
        return max(0, self.all - self.before - len(self.rows))

    def number(self, **other: Any) -> int:
        """How many there would be with another choice.

        Args:
            other: what of `Wanted` would be chosen otherwise.
        """
        takes = _taken(replace(self.wanted, **other))
        return sum(one.number for one in self.counted if takes(one))


@dataclass(frozen=True, slots=True)
class First:
    """The first of what is due, how many more there are, and how many of all are telephone calls."""

    entries: list[DueEntry]
    more: int
    calls: int


def _taken(wanted: Wanted) -> Callable[[Counted], bool]:
    """Whether a count is of what somebody wants to see."""
    actions = wanted.actions

    def takes(one: Counted) -> bool:
        return (
            (not wanted.overdue or one.overdue)
            and (not actions or one.action in actions)
            and wanted.authority in ("", one.authority)
            and {Whose.ALL: True, Whose.MINE: one.mine, Whose.TEAM: one.team}[wanted.whose]
        )

    return takes


NOTHING_WANTED = Wanted()


def due_list(
    standing: access.Standing, *, most: int, page: int = 1, wanted: Wanted = NOTHING_WANTED
) -> DueList:
    """What is due on the children whom the user may see. Two queries.

    Telephone calls stand first, then children who are missing now, then what is overdue, the oldest first.
    What was sent to the front door is due on its people's lists; what is due to those whom a manager manages,
    on the manager's; what is due on children at medium or high, on the child protection manager's.

    Args:
        standing: who asks.
        most: how many entries a page has.
        page: which page, from 1.
        wanted: the filters.
    """
    if not standing.practises:
        return DueList([], [], wanted)
    today, before = timezone.localdate(), (page - 1) * most
    rows = _page(standing=standing, today=today, wanted=wanted, before=before, most=most, numbered=False)
    counted = _counted(standing=standing, today=today, worker=replace(NOTHING_WANTED, worker=wanted.worker))
    now = timezone.now()
    numbers = [Counted(*one) for one in counted]
    asked = [one for one in numbers if one.action == _MEETINGS]
    return DueList(
        [_row(row, now) for row in rows],
        [one for one in numbers if one.action != _MEETINGS],
        wanted,
        before,
        Asked(sum(one.number for one in asked), sum(one.number for one in asked if one.overdue)),
    )


def first_due(standing: access.Standing, *, most: int) -> First:
    """The first of `due_list`, for somebody's first page. One query."""
    if not standing.practises:
        return First([], 0, 0)
    rows = _page(
        standing=standing,
        today=timezone.localdate(),
        wanted=NOTHING_WANTED,
        before=0,
        most=most,
        numbered=True,
    )
    now = timezone.now()
    number, calls = (rows[0]["all"], rows[0]["calls"]) if rows else (0, 0)
    return First([entry_of(row, now) for row in rows], number - len(rows), calls)


def seen(standing: access.Standing, today: Any) -> QuerySet[Due]:
    """What is due on the children whom somebody may see.

    Args:
        standing: who.
        today: what a later day brings is left out.
    """
    shown = Due.objects.filter(Q(shown_from=None) | Q(shown_from__lte=today))
    if standing.authorities(access.Act.SEE_AT_LEVEL):
        # Almost every row is theirs: each is tried, and a page ends where it is full. To gather first the
        # children of an authority whom they see would take a hundred times as long.
        return shown.filter(access.sees(standing, "child__"))
    return shown.filter(child__stands_for__in=access.visible_to(standing.user, standing).values("pk"))


@statement
def _page(
    *,
    standing: access.Standing,
    today: datetime.date,
    wanted: Wanted,
    before: int,
    most: int,
    numbered: bool,
) -> QuerySet[Due, Any]:
    """Some rows of the list; `numbered` with how many there are on all pages."""
    rows = seen(standing, today).filter(_of_worker(wanted))
    if wanted.whose != Whose.ALL:
        rows = rows.filter(mine(standing) if wanted.whose == Whose.MINE else _teams(standing))
    if wanted.overdue:
        rows = rows.filter(sorts_at__lt=Moment())
    if wanted.kinds:
        rows = rows.filter(action__in=sorted(wanted.actions))
    if wanted.authority:
        rows = rows.filter(child__authority=wanted.authority)
    numbers: dict[str, Any] = {}
    if numbered:
        calls = Window(Count("id", filter=Q(action__in=CALLS)))
        numbers = {"all": Window(Count("id")), "calls": calls}
    return rows.order_by("sorts_at", "id").values(
        "action", "to", "text", "due_at", "due_on", "asked_at", "sorts_at", "clock", "agreed_level",
        "assessed_level", "child", "child__reference", "child__given_names", "child__family_name",
        "child__known_as", "child__worker_name", "child__allocated_worker__name", **numbers,
    )[before : before + most]  # fmt: skip


@statement
def _counted(*, standing: access.Standing, today: datetime.date, worker: Wanted) -> QuerySet[Due, Any]:
    """One row for each sort of which there is any: `Counted`. With what meetings asked for: most who look at
    the list were asked for nothing, and are spared a statement.
    """
    rows = seen(standing, today).filter(_of_worker(worker)).order_by()
    asked = open_actions_for(standing).order_by()
    by_meetings = asked.values_list(
        Value(_MEETINGS), Value(""), _whether(Q(due_on__lt=today)), Value(True), Value(False)
    ).annotate(number=Count("id"))
    by_sort = rows.values_list(
        "action",
        "child__authority",
        _whether(Q(sorts_at__lt=Moment())),
        _whether(mine(standing)),
        _whether(_teams(standing)),
    ).annotate(number=Count("id"))
    return by_sort.union(by_meetings, all=True)


def _whether(holds: Q) -> Case:
    return Case(When(holds, then=Value(True)), default=Value(False), output_field=BooleanField())


def _of_worker(wanted: Wanted) -> Q:
    return Q(child__allocated_worker=wanted.worker) if wanted.worker else Q()


def mine(standing: access.Standing) -> Q:
    """What is somebody's own to do, and what is of a colleague for whom they stand in.

    On children allocated to them; where nobody is allocated, what they did that asks for it, while the child
    is their authority's. Whoever receives children for an authority has those who came to it, until there is
    a worker.
    """
    covered = Cover.objects.filter(access.current(), stand_in=standing.user).values("absent")
    asked = CaseEvent.objects.filter(by=standing.user).values("pk")
    here = Q(child__authority__in=standing.authorities(access.Act.SEE_GIVEN))
    return (
        Q(child__allocated_worker=standing.user)
        | Q(child__allocated_worker__in=covered)
        | Q(child__allocated_worker=None) & (here & Q(event__in=asked) | transfers.came(standing, "child__"))
    )


def _teams(standing: access.Standing) -> Q:
    """Children allocated to somebody in one of their teams, or given to the team and allocated to nobody."""
    if not standing.teams:
        return Q(pk__in=[])
    mates = Membership.objects.filter(access.current(), team__pk__in=standing.teams).values("user")
    given = AccessGrant.objects.filter(access.current(), team__pk__in=standing.teams).values("child")
    return Q(child__allocated_worker__in=mates) | Q(child__allocated_worker=None, child__stands_for__in=given)


def _row(row: Mapping[str, Any], now: datetime.datetime) -> Row:
    return Row(
        entry_of(row, now),
        agreed=row["agreed_level"],
        assessed=row["assessed_level"],
        owner=row["child__allocated_worker__name"] or row["child__worker_name"],
    )
