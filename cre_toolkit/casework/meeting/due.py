"""Which meetings are due on a case: what the plan of a meeting begins with."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from cre_toolkit.rules.authority import AuthorityPack
from cre_toolkit.rules.casestate import CaseState

# Done by a meeting by the case contract itself; reviews and strategy meetings by the authority's pack.
_BY_CONTRACT = {"missing-strategy-meeting": "missing-strategy"}
# Held for all children of the authority together, on a day of its own.
TASKING = "monthly-tasking"


@dataclass(frozen=True, slots=True)
class DueMeeting:
    """A kind of meeting that is due, and the day by which; none where the toolkit sets no time."""

    kind: str
    by: datetime.date | None


def due_meetings(state: CaseState, pack: AuthorityPack) -> list[DueMeeting]:
    """The meetings that are due on a case, in the order of `due`.

    Args:
        state: of the case.
        pack: of the authority responsible.
    """
    held_for: dict[str, str] = dict(_BY_CONTRACT)
    held_for.update((review.id, review.restarted_by[0]) for review in pack.reviews if review.restarted_by)
    held_for.update((row.id, row.done_by_meeting) for row in pack.actions if row.done_by_meeting)
    return [
        DueMeeting(kind, _day(entry.due))
        for entry in state.due
        if entry.id != TASKING and (kind := held_for.get(entry.id)) in pack.meeting_by_id and kind
    ]


def _day(due: datetime.datetime | datetime.date | None) -> datetime.date | None:
    return timezone.localdate(due) if isinstance(due, datetime.datetime) else due
