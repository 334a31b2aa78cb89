"""Everything that happened on a case, on one timeline: each noun tells its own, and this puts them together.

Source: toolkit.md, B13.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from cre_toolkit.casework.assessment import calls
from cre_toolkit.casework.case import in_error, telling_events
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.ends import closing, death, transitions
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.missing import told as missing_told
from cre_toolkit.casework.note import incidents, leading, notes
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.tasking import meetings as tasking
from cre_toolkit.casework.tasking import requests as tasking_requests
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.children.models import Child

Source = Callable[[Child], list[Happened]]

# What each noun tells of a child. One query each, so that a timeline costs as many as there are nouns.
SOURCES: tuple[Source, ...] = (
    meeting_queries.happened,
    incidents.happened,
    in_error.happened,
    telling_events.happened,
    calls.happened,
    referral_queries.happened,
    notes.happened,
    *missing_told.SOURCES,
    tasking.discussed,
    tasking_requests.asked_and_answered,
    leading.happened,
    countersigning.happened,
    closing.happened,
    death.happened,
    transfers.happened,
    transitions.happened,
)


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of what happened, the newest first."""

    entries: list[Happened]
    counts: dict[What, int]
    """How many of each there are within the dates, whatever was chosen."""
    chosen: int
    """How many of those there are that were chosen, on all pages together."""
    more: bool
    """Whether another page follows."""


def timeline(
    child: Child,
    *,
    whats: Collection[What] = (),
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
    page: int = 1,
    most: int,
) -> Timeline:
    """What happened to a child, the newest first, by when it happened. As many queries as there are sources.

    Args:
        child: whose; the caller has made sure that it is the reader's to see.
        whats: only these; everything where there are none.
        since: nothing before it.
        until: nothing at it or later.
        page: which page, from 1.
        most: how many lines a page has.
    """
    told = [
        one
        for source in SOURCES
        for one in source(child)
        if (since is None or one.at >= since) and (until is None or one.at < until)
    ]
    counted = Counter(one.what for one in told)
    chosen = [one for one in told if not whats or one.what in whats]
    chosen.sort(key=lambda one: (one.at, one.entered_at), reverse=True)
    before = (page - 1) * most
    return Timeline(
        entries=chosen[before : before + most],
        counts={what: counted[what] for what in What if counted[what]},
        chosen=len(chosen),
        more=len(chosen) > before + most,
    )
