"""`case_state`: what is known about a child at one moment, worked out from the dated events on the record.

It puts the rules together and holds few itself. The moment is an input: no clock.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from cre_toolkit.rules.authority import AuthorityPack, AuthoritySeries, CaseActionId
from cre_toolkit.rules.casefile import Child
from cre_toolkit.rules.casereviews import reviews
from cre_toolkit.rules.course import Course, Divergence, follow
from cre_toolkit.rules.deadlines import birthday, day_in_london, due_text, instant_text, is_past
from cre_toolkit.rules.entries import Done, Entry, PackOf, done_order, due_order, from_case_action, settle
from cre_toolkit.rules.episodes import (
    Episode,
    episodes,
    missing_plan,
    missing_strategy_meeting,
    return_interview,
)
from cre_toolkit.rules.history import History
from cre_toolkit.rules.judgement import Judgement
from cre_toolkit.rules.levels import raises_protection
from cre_toolkit.rules.packmodel import Level
from cre_toolkit.rules.record import Event, Record, Transfer
from cre_toolkit.rules.tasks import (
    assessment_actions,
    bring_meeting_forward,
    immediate_risk,
    raised_in_a_meeting,
    reassess,
)

BIRTHDAYS: tuple[tuple[CaseActionId, int, int], ...] = (("adult-transition", 17, 18), ("scope-ends", 24, 25))
"""What is due on a birthday: from which birthday on it is shown, and on which it is due."""


@dataclass(frozen=True, slots=True)
class LevelSince:
    """A level, since when, and by which event."""

    level: Level
    since: datetime
    event: str

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        return {"level": self.level, "since": instant_text(self.since), "event": self.event}


@dataclass(frozen=True, slots=True)
class CaseState:
    """What `case_state` gives back."""

    at: datetime
    authority: str
    closed: bool
    assessed_level: LevelSince | None
    agreed_level: LevelSince | None
    level_on_file: Level | None
    working_level: Level | None
    divergence: Divergence | None
    missing_since: datetime | None
    due: tuple[Entry, ...]
    done: tuple[Done, ...]

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON (case contract, "Out")."""
        return {
            "at": instant_text(self.at),
            "authority": self.authority,
            "closed": self.closed,
            "assessed_level": self.assessed_level and self.assessed_level.as_dict(),
            "agreed_level": self.agreed_level and self.agreed_level.as_dict(),
            "level_on_file": self.level_on_file,
            "working_level": self.working_level,
            "divergence": self.divergence,
            "missing_since": self.missing_since and instant_text(self.missing_since),
            "due": [
                {
                    "id": entry.id,
                    "event": entry.event_id,
                    "to": entry.to,
                    "due": due_text(entry.due),
                    "overdue": is_past(entry.due, self.at),
                }
                for entry in self.due
            ],
            "done": [
                {
                    "id": done.entry.id,
                    "event": done.entry.event_id,
                    "due": due_text(done.entry.due),
                    "at": instant_text(done.by.at),
                    "late": done.late,
                }
                for done in self.done
            ],
        }


def case_state(authorities: Mapping[str, AuthoritySeries], record: Record, at: datetime) -> CaseState:
    """The state of a case at a moment (case contract).

    Args:
        authorities: the dated packs of every authority that the record names.
        record: the case record, as `parse_record` gives it.
        at: the moment, in UTC.

    Raises:
        CaseFileError: an event was not allowed when it happened; names it, and the reason.
    """
    happened = sorted((event for event in record.events if event.at <= at), key=lambda event: event.order)
    judgement = Judgement(record, authorities)
    judgement.hear(happened)
    events = [event for event in happened if event.id not in judgement.withdrawn]
    history = History(events)

    responsible = responsibility(record, events)
    authority = responsible[events[-1].id] if events else record.authority
    pack = authorities[authority].on(day_in_london(at))
    pack_of = _packs(authorities, responsible)
    course = follow(events, judgement.situations)
    found = episodes(history)
    closed = is_closed(history)

    due: list[Entry] = []
    done: list[Done] = []
    for entry in chain(
        assessment_actions(course, history, pack_of),
        raised_in_a_meeting(course, history, pack_of),
        bring_meeting_forward(course, pack_of),
        immediate_risk(history, pack_of),
        reassess(course, history, pack_of),
        missing_strategy_meeting(found, history, pack_of),
        return_interview(found, history, pack_of),
        missing_plan(found, history, pack_of),
        birthdays(record.child, course.working_level, pack, at),
        reviews(course, pack),
    ):
        settled = settle(entry, history)
        if settled:
            done.append(settled)
        elif not entry.is_gone and not (closed and entry.hidden_by_closing):
            due.append(entry)

    return CaseState(
        at=at,
        authority=authority,
        closed=closed,
        assessed_level=assessed_level(course),
        agreed_level=agreed_level(course),
        level_on_file=level_on_file(course, pack),
        working_level=course.working_level,
        divergence=course.divergence,
        missing_since=missing_since(found),
        due=tuple(sorted(due, key=due_order)),
        done=tuple(sorted(done, key=done_order)),
    )


def responsibility(record: Record, events: Sequence[Event]) -> dict[str, str]:
    """`transfer`: another authority is responsible from here on; gives the one responsible at each event."""
    responsible: dict[str, str] = {}
    now = record.authority
    for event in events:
        if isinstance(event, Transfer):
            now = event.authority
        responsible[event.id] = now
    return responsible


def _packs(authorities: Mapping[str, AuthoritySeries], responsible: Mapping[str, str]) -> PackOf:
    found: dict[str, AuthorityPack] = {}

    def pack_of(event: Event) -> AuthorityPack:
        if event.id not in found:
            found[event.id] = authorities[responsible[event.id]].on(day_in_london(event.at))
        return found[event.id]

    return pack_of


def assessed_level(course: Course) -> LevelSince | None:
    """`assessed_level`: that of the newest assessment, or the one set in countersigning."""
    newest = course.newest
    return LevelSince(newest.level, newest.event.at, newest.event.id) if newest else None


def agreed_level(course: Course) -> LevelSince | None:
    """`agreed_level`: that of the newest meeting that set one."""
    meeting = course.agreement
    if meeting is None or meeting.level is None:
        return None
    return LevelSince(meeting.level, meeting.at, meeting.id)


def level_on_file(course: Course, pack: AuthorityPack) -> Level | None:
    """`level_on_file`: the agreed level where there is one and the authority keeps it; else the working."""
    agreed = agreed_level(course)
    if pack.on_file == "agreed-first" and agreed:
        return agreed.level
    return course.working_level


def missing_since(found: Sequence[Episode]) -> datetime | None:
    """When the child went missing who has not returned."""
    return found[-1].missing.at if found and found[-1].returned is None else None


def is_closed(history: History) -> bool:
    """`closed`: from `closed` to `reopened`.

    Meanwhile `due` shows no reviews, nothing without a due time, and neither birthdays, `reassess` nor
    `bring-meeting-forward`; what was timed stays until done.
    """
    return len(history.of_kind("closed")) > len(history.of_kind("reopened"))


def birthdays(
    child: Child, working_level: Level | None, pack: AuthorityPack, at: datetime
) -> Iterator[Entry]:
    """`turning 18, 25`: the transfer to adult services, seen in time; the second with SEND alone.

    Shown from a year before, while the working level is medium or high; neither where only an age is known.

    Args:
        child: the record's.
        working_level: at the moment.
        pack: of the authority responsible at the moment.
        at: the moment.
    """
    born = child.date_of_birth
    if born is None:
        return
    for id_, shown_at, due_at in BIRTHDAYS if child.send else BIRTHDAYS[:1]:
        is_shown = raises_protection(working_level) and day_in_london(at) >= birthday(born, shown_at)
        due = birthday(born, due_at)
        yield from_case_action(id_, pack.case_actions[id_], None, due, is_gone=not is_shown)
