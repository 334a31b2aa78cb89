"""The entries of `due` and `done`: what an event brought, until when, and what did it.

Every entry that ever arose is made once. Whether it is shown, and where, is worked out from all of them at
the end, so that `done` counts also for what is gone, hidden or not yet shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from cre_toolkit.rules.authority import AuthorityPack, CaseAction
from cre_toolkit.rules.deadlines import is_past, next_midnight
from cre_toolkit.rules.history import History, earliest, first
from cre_toolkit.rules.outcome import DueAction
from cre_toolkit.rules.record import Event

Due = datetime | date | None
PackOf = Callable[[Event], AuthorityPack]
"""The pack of the authority responsible at an event, in force on its day."""

HIDDEN_BY_CLOSING = ("adult-transition", "scope-ends", "reassess", "bring-meeting-forward")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be done, and where it comes from."""

    id: str
    event: Event | None
    """Where it comes from; None for a birthday."""
    to: str
    due: Due
    text: str
    source: str
    done_by: Event | None = None
    """The event that does it without a `done` of its own."""
    is_gone: bool = False
    """Whether it went undone, or is not shown yet."""
    is_review: bool = False

    @property
    def event_id(self) -> str | None:
        """The id of the event that it comes from."""
        return self.event.id if self.event else None

    @property
    def hidden_by_closing(self) -> bool:
        """Rule `closed`: what is not shown while the case is closed; what is timed stays."""
        return self.is_review or self.due is None or self.id in HIDDEN_BY_CLOSING


@dataclass(frozen=True, slots=True)
class Done:
    """An entry that is done, and the event that did it."""

    entry: Entry
    by: Event

    @property
    def late(self) -> bool:
        """Whether it was done after its due time."""
        return is_past(self.entry.due, self.by.at)


def from_action(
    action: DueAction, event: Event, *, done_by: Event | None = None, gone_by: Event | None = None
) -> Entry:
    """An action of the assessment contract as an entry of the event that brought it.

    Args:
        action: the action.
        event: what brought it.
        done_by: what does it by itself.
        gone_by: what takes it away where it has no due time. What happens after that does it no more; the
            same event does it and does not take it away.
    """
    if action.due is not None:
        gone_by = None
    if done_by and gone_by and done_by.order > gone_by.order:
        done_by = None
    is_gone = gone_by is not None
    return Entry(
        action.id, event, action.to, action.due, action.text, action.source, done_by=done_by, is_gone=is_gone
    )


def from_case_action(
    id_: str,
    words: CaseAction,
    event: Event | None,
    due: Due,
    *,
    done_by: Event | None = None,
    is_gone: bool = False,
) -> Entry:
    """An action of the case itself, in the words of the authority's pack."""
    return Entry(id_, event, words.to, due, words.text, words.source, done_by=done_by, is_gone=is_gone)


def settle(entry: Entry, history: History) -> Done | None:
    """An entry as done, by whatever did it first; None while it is not. Reviews are not done by `done`."""
    if entry.is_review:
        return None
    ticked = first(history.ticks(entry.id, entry.event))
    by = earliest(entry.done_by, ticked)
    return Done(entry, by) if by else None


def due_order(entry: Entry) -> tuple[bool, datetime, str, str]:
    """How `due` is sorted: by due (a date as the next midnight, none last), id and event."""
    due = entry.due
    if due is not None and not isinstance(due, datetime):
        due = next_midnight(due)
    return due is None, due or _NEVER, entry.id, entry.event_id or ""


def done_order(done: Done) -> tuple[datetime, str, str]:
    """How `done` is sorted: by when, id and event."""
    return done.by.at, done.entry.id, done.entry.event_id or ""


_NEVER = next_midnight(date.max)
