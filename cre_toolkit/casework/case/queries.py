"""What pages ask of a case."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import Membership
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.case.clocks import clock_of
from cre_toolkit.casework.case.state import CALLS, MISSING, Case, overdue_after, read, state_of
from cre_toolkit.casework.case.task_titles import TITLES
from cre_toolkit.casework.countersigning.level_set import level_set
from cre_toolkit.casework.models import Call, Due
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.names import in_full
from cre_toolkit.rules.authority import AuthorityPack
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.rules.loading import authority_ids, load_authority
from cre_toolkit.statements import statement


@dataclass(frozen=True, slots=True)
class Whose:
    """A child as a list names them."""

    pk: uuid.UUID
    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class DueEntry:
    """One thing that is due on a case, in the words of the authority's pack."""

    action: str
    to: str
    text: str
    due_at: datetime.datetime | None
    due_on: datetime.date | None
    asked_at: datetime.datetime | None
    overdue: bool
    child: Whose
    clock: str
    """Why it is due when it is: "High: 4 weeks, Derbyshire"."""

    @property
    def title(self) -> str:
        """What it is in a few words."""
        return TITLES[self.action]

    @property
    def is_missing(self) -> bool:
        """Whether it says that a child is missing now."""
        return self.action == MISSING

    @property
    def is_call(self) -> bool:
        """Whether it is a telephone call, which comes before everything else and is logged."""
        return self.action in CALLS

    @property
    def days_not_arranged(self) -> int | None:
        """For how many days something without a date has been waiting to be arranged."""
        if self.due_at or self.due_on or self.asked_at is None:
            return None
        return (timezone.localdate() - timezone.localdate(self.asked_at)).days


@dataclass(frozen=True, slots=True)
class Received:
    """An assessment that was sent, as a list names it."""

    reference: str
    child: Whose
    level: str
    level_set: str | None
    """What a manager set in its place."""
    sent_at: datetime.datetime
    author: str
    withdrawn: bool


def pack_of(child: Child) -> AuthorityPack:
    """The pack of the child's authority that is in force today."""
    return load_authority(child.authority).on(timezone.localdate())


def meeting_title(kind: str, authority: str, at: datetime.datetime) -> str:
    """What a kind of meeting is called in the child's authority, or in the one that held it before.

    Args:
        kind: the contract's type.
        authority: who is responsible for the child now; it may hold none of this kind.
        at: when it was held, or is to be.
    """
    day = timezone.localdate(at)
    packs = (load_authority(id_).on(day) for id_ in (authority, *authority_ids()))
    return next(pack.meeting_by_id[kind].title for pack in packs if kind in pack.meeting_by_id)


def front_doors() -> list[AuthorityPack]:
    """The packs of all authorities, in force today: whom to telephone where it is not known which."""
    return [load_authority(id_).on(timezone.localdate()) for id_ in authority_ids()]


def read_case(child: Child) -> Case:
    """The state of the case now, with the records that it was worked out from. One query."""
    return read(child)


def case_of(child: Child) -> CaseState:
    """The state of the case now, worked out from its events. One query."""
    return state_of(child)


def due_for(child: Child, case: Case | None = None) -> list[DueEntry]:
    """What is due on one case: telephone calls first, then by when it is or becomes overdue.

    Worked out afresh, so that what time alone brought is there. One query; none with the case at hand.
    """
    case = case or read(child)
    pack = load_authority(case.state.authority).on(timezone.localdate())
    whose = Whose(child.pk, child.reference, child.name)
    entries = []
    for entry in case.due:
        at = entry.due if isinstance(entry.due, datetime.datetime) else None
        after = overdue_after(child, entry)
        shown = DueEntry(
            action=entry.id,
            to=entry.to,
            text=entry.text,
            due_at=at,
            due_on=None if at else entry.due,
            asked_at=entry.event.at if entry.event else None,
            overdue=after < case.state.at,
            child=whose,
            clock=clock_of(entry, pack),
        )
        entries.append((not shown.is_call, after, shown))
    return [shown for *_, shown in sorted(entries, key=lambda one: one[:2])]


def call_is_due(child: Child, to: str) -> bool:
    """Whether a telephone call is due on the case of a child whom the caller may see. One query."""
    return Due.objects.filter(child__stands_for=child.stands_for, action=to).exists()


def entry_of(row: Mapping[str, Any], now: datetime.datetime) -> DueEntry:
    """A row of the table of what is due as an entry, with the child's names."""
    after = row["due_at"] if row["action"] in CALLS else row["sorts_at"]
    return DueEntry(
        action=row["action"],
        to=row["to"],
        text=row["text"],
        due_at=row["due_at"],
        due_on=row["due_on"],
        asked_at=row["asked_at"],
        overdue=after < now,
        child=_whose(row),
        clock=row["clock"],
    )


def _whose(row: Mapping[str, Any]) -> Whose:
    name = in_full(row["child__given_names"], row["child__family_name"]) or row["child__known_as"]
    return Whose(row["child"], row["child__reference"], name)


def sent_to(standing: access.Standing, most: int = 10) -> list[Received]:
    """What was sent to the user, to a team of theirs, or by somebody whom they manage; the newest first.

    The user's own are left out: they know. What was entered from paper was sent to nobody. One query; two for
    a manager, as each of the two finds its rows by an index and both in one would not.
    """
    if not standing.practises:
        return []
    rows = _sent_to_them(standing=standing, most=most)
    if standing.managed:
        rows += _sent_by_theirs(standing=standing, most=most)
    found = {
        Received(
            reference=row["assessment__reference"],
            child=_whose(row),
            level=row["recorded_level"],
            level_set=row["level_set"],
            sent_at=row["sent_at"],
            author=row["author__name"],
            withdrawn=row["withdrawal"] is not None,
        )
        for row in rows
    }
    return sorted(found, key=lambda one: one.sent_at, reverse=True)[:most]


@statement
def _sent_to_them(*, standing: access.Standing, most: int) -> QuerySet[Record, Any]:
    sent = access.grants_for(standing).filter(reason=AccessGrant.Reason.SENT)
    to_them = Record.objects.filter(access.open_to(standing.user, "child__"), child__in=sent.values("child"))
    return _newest(to_them, standing, most)


@statement
def _sent_by_theirs(*, standing: access.Standing, most: int) -> QuerySet[Record, Any]:
    managed = Membership.objects.filter(access.current(), team__pk__in=standing.managed)
    by_theirs = Record.objects.filter(
        author__in=managed.values("user"),
        child__stands_for__in=access.visible_to(standing.user, standing),
    )
    return _newest(by_theirs, standing, most)


def _newest(records: QuerySet[Record], standing: access.Standing, most: int) -> QuerySet[Record, Any]:
    others = records.filter(assessment__transcribed=False).exclude(author=standing.user)
    return others.annotate(level_set=level_set("pk")).order_by("-sent_at").values(
        "assessment__reference", "recorded_level", "level_set", "sent_at", "author__name", "withdrawal",
        "child", "child__reference", "child__given_names", "child__family_name", "child__known_as",
    )[:most]  # fmt: skip


def calls_of(assessment: Assessment) -> QuerySet[Call]:
    """The telephone calls logged for one assessment, newest first."""
    return Call.objects.filter(assessment=assessment).select_related("by").order_by("-at")


def calls_about(child: Child) -> QuerySet[Call]:
    """The telephone calls logged about a child, newest first."""
    about = Call.objects.filter(child__stands_for=child.stands_for)
    return about.select_related("by").order_by("-at")
