"""What is stored of a case's state: the rows of `Due`, so that lists can ask the database.

Whoever works the state out writes them whole (`state.refresh`), or compares (`rebuilding.py`).
"""

import datetime
from collections.abc import Iterable, Iterator

from django.utils import timezone

from cre_toolkit.casework.case.clocks import clock_of
from cre_toolkit.casework.models import Call, Due
from cre_toolkit.children.models import Child
from cre_toolkit.rules import casefile
from cre_toolkit.rules.casestate import BIRTHDAYS, CaseState, birthdays
from cre_toolkit.rules.deadlines import birthday, day_in_london, next_midnight
from cre_toolkit.rules.entries import Entry
from cre_toolkit.rules.loading import load_authority
from cre_toolkit.rules.record import Countersign

CALLS = frozenset(Call.To.values)
"""The actions that are telephone calls."""

MISSING = "missing-now"
"""A child is missing: no task of the contract, but it stands on the lists after the telephone calls."""

# A list shows telephone calls before everything else.
_FIRST = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)
_DAY = datetime.timedelta(days=1)


def due_rows(child: Child, about: casefile.Child, state: CaseState, due: Iterable[Entry]) -> Iterator[Due]:
    """What is due now, and what will be shown from a birthday on if nothing happens before then.

    Args:
        child: whose case.
        about: the facts that the rules were given.
        state: of the case, now.
        due: what is due, as lists show it (`state.Case.due`).
    """
    if child.died_on:
        return
    if state.missing_since:
        yield _missing(child, state)
    for entry in due:
        yield _copy(child, state, entry)
    if state.closed or child.date_of_birth is None:
        return
    known = {entry.id for entry in (*state.due, *(done.entry for done in state.done))}
    for id_, shown_at, _ in BIRTHDAYS:
        day = birthday(child.date_of_birth, shown_at)
        then = next_midnight(day - _DAY)
        if id_ not in known and then > state.at:
            # The rules say what is shown then: nothing counts down, and no job has to run on the day.
            pack = load_authority(state.authority).on(day)
            for entry in birthdays(about, state.working_level, pack, then):
                if entry.id == id_ and not entry.is_gone:
                    yield _copy(child, state, entry, shown_from=day)


def _missing(child: Child, state: CaseState) -> Due:
    """A child who is missing now stands on the lists, whatever else is due."""
    return Due(
        child=child,
        action=MISSING,
        to="everybody who works with the child, with the police",
        text="Missing now: record the return as soon as the child is back.",
        asked_at=state.missing_since,
        sorts_at=_FIRST + _DAY,
        **_levels(state),
    )


def _levels(state: CaseState) -> dict[str, str]:
    """The case's two levels; blank where there is none."""
    agreed, assessed = state.agreed_level, state.assessed_level
    return {
        "agreed_level": agreed.level if agreed else "",
        "assessed_level": assessed.level if assessed else "",
    }


def _copy(child: Child, state: CaseState, entry: Entry, shown_from: datetime.date | None = None) -> Due:
    at = entry.due if isinstance(entry.due, datetime.datetime) else None
    return Due(
        child=child,
        action=entry.id,
        event=entry.event_id,
        to=entry.to,
        text=entry.text,
        due_at=at,
        # A datetime is a date too: only what is no instant is a day.
        due_on=None if at else entry.due,
        asked_at=entry.event.at if entry.event else None,
        sorts_at=_FIRST if entry.id in CALLS else overdue_after(child, entry),
        shown_from=shown_from,
        clock=clock_of(entry, load_authority(state.authority).on(timezone.localdate())),
        **_levels(state),
    )


def each_once(due: Iterable[Entry]) -> Iterator[Entry]:
    """What is due, with what is asked for more than once, and done by doing it once, as it is due first.

    A telephone call, whatever asks for it; what a manager's level asks for as well as the assessment that it
    is on; and anything that is due by the same time.
    """
    seen: set[tuple[str, object]] = set()
    for entry in due:
        of = entry.event.names if isinstance(entry.event, Countersign) else entry.event_id
        what = {(entry.id, CALLS)} if entry.id in CALLS else {(entry.id, entry.due), (entry.id, of)}
        if seen.isdisjoint(what):
            yield entry
        seen |= what


def overdue_after(child: Child, entry: Entry) -> datetime.datetime:
    """The instant after which something is overdue.

    What has no date is to be arranged: it counts as overdue once more days have passed since it was asked for
    than the authority's pack gives.
    """
    if isinstance(entry.due, datetime.datetime):
        return entry.due
    if entry.due is not None:
        return next_midnight(entry.due)
    assert entry.event is not None  # noqa: S101 - what comes from no event has a date
    days = load_authority(child.authority).on(timezone.localdate()).case.undated_overdue_days
    return next_midnight(day_in_london(entry.event.at) + days * _DAY)
