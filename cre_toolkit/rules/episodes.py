"""Missing episodes: the strategy meeting, the return interview and the plan (case contract).

The hours and numbers are those of the pack. An episode lasts from `missing` to `returned`, which come
strictly in turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest

from cre_toolkit.rules.entries import Entry, PackOf, from_case_action
from cre_toolkit.rules.history import History, first, first_between
from cre_toolkit.rules.record import Event


@dataclass(frozen=True, slots=True)
class Episode:
    """A time missing; `returned` None while it lasts."""

    missing: Event
    returned: Event | None


def episodes(history: History) -> list[Episode]:
    """The missing episodes, in order: missing and returned come in turn, as they were judged."""
    found: list[Episode] = []
    for event in history.of_kind("missing", "returned"):
        if event.kind == "missing":
            found.append(Episode(event, None))
        else:
            found[-1] = Episode(found[-1].missing, event)
    return found


def missing_strategy_meeting(found: Sequence[Episode], history: History, pack_of: PackOf) -> Iterator[Entry]:
    """`missing-strategy-meeting`: due 72 hours after the start of an episode.

    Done by such a meeting within the episode; a return at or before the 72 hours takes it away, unless it
    was done.
    """
    for episode in found:
        start, end = episode.missing, episode.returned
        pack = pack_of(start)
        due = start.at + timedelta(hours=pack.case.missing_strategy_hours)
        held = first_between(history.meetings("missing-strategy"), start, end)
        words = pack.case_actions["missing-strategy-meeting"]
        yield from_case_action(
            "missing-strategy-meeting",
            words,
            start,
            due,
            done_by=held,
            is_gone=end is not None and end.at <= due,
        )


def return_interview(found: Sequence[Episode], history: History, pack_of: PackOf) -> Iterator[Entry]:
    """`return-interview`: due 72 hours after every return.

    Done by the first return interview after it and before the next return, of any outcome, held or not.
    """
    returns = [episode.returned for episode in found if episode.returned]
    for returned, following in zip_longest(returns, returns[1:]):
        pack = pack_of(returned)
        due = returned.at + timedelta(hours=pack.case.return_interview_hours)
        interview = first_between(history.of_kind("return-interview"), returned, following)
        words = pack.case_actions["return-interview"]
        yield from_case_action("return-interview", words, returned, due, done_by=interview)


def missing_plan(found: Sequence[Episode], history: History, pack_of: PackOf) -> Iterator[Entry]:
    """`missing-plan`: arises at the third episode within 90 days of 24 hours, and is due then.

    While one is open, or was done less than 90 days before, no other arises.
    """
    newest: Event | None = None
    for place, episode in enumerate(found):
        start = episode.missing
        case = pack_of(start).case
        span = timedelta(days=case.missing_plan_days)
        recent = [one for one in found[: place + 1] if start.at - one.missing.at < span]
        if len(recent) < case.missing_plan_episodes:
            continue
        if newest is not None:
            done = first(history.ticks("missing-plan", newest))
            if done is None or done.order > start.order or start.at - done.at < span:
                continue
        newest = start
        yield from_case_action("missing-plan", pack_of(start).case_actions["missing-plan"], start, start.at)
