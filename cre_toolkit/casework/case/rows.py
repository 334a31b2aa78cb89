"""The events of cases as the state is worked out from them: rows of what the rules ask about, not models.

A long case has hundreds of events, and nearly every act works its state out anew. To make a model of each
would take as long as the rules take to go through them.
"""

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.statements import statement


@dataclass(slots=True)
class EventRow:
    """An event as it was read; each name means what it means of a `CaseEvent`."""

    pk: uuid.UUID
    child_id: uuid.UUID
    kind: str
    at: datetime.datetime
    entered_at: datetime.datetime
    keys: dict[str, Any]
    from_authority: str
    draft_id: uuid.UUID | None
    queued: bool
    """Whether its record stands among those that wait for a manager (`Awaiting`)."""
    record: Record | None


AnyEvent = CaseEvent | EventRow
"""An event of a case, whichever way it was read; or one that was made just now."""

_OF_EVENT = ("pk", "child", "kind", "at", "entered_at", "keys", "from_authority", "draft")
_OF_RECORD = ("id", "instrument", "completed_at", "sent_at", "recorded_level", "deflated")
_WAITS = len(_OF_EVENT)
_COLUMNS = (*_OF_EVENT, "record__awaiting", *(f"record__{name}" for name in _OF_RECORD))


def of_one(case: uuid.UUID) -> list[EventRow]:
    """The events of a case with their records, in the order in which they were entered. One query.

    Args:
        case: the record that stands for it.
    """
    return [_row(said) for said in _of_one(case=case)]


def of_many(cases: Collection[uuid.UUID]) -> dict[uuid.UUID, list[EventRow]]:
    """The same of many cases, by the records that stand for them. One query."""
    found: dict[uuid.UUID, list[EventRow]] = {case: [] for case in cases}
    rows = CaseEvent.objects.filter(child__stands_for__in=cases).order_by("entered_at", "id")
    for case, *said in rows.values_list("child__stands_for", *_COLUMNS):
        found[case].append(_row(said))
    return found


@statement
def _of_one(*, case: uuid.UUID) -> QuerySet[CaseEvent, Any]:
    events = CaseEvent.objects.filter(child__stands_for=case).order_by("entered_at", "id")
    return events.values_list(*_COLUMNS)


def _row(said: Sequence[Any]) -> EventRow:
    waits, of_record = said[_WAITS], said[_WAITS + 1 :]
    # What was not read of a record is read when somebody asks for it.
    record = Record.from_db(DEFAULT_DB_ALIAS, _OF_RECORD, of_record) if of_record[0] else None
    return EventRow(*[*said[:_WAITS], waits is not None, record])
