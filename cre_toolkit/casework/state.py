"""The state of a case: `case_state` over the dated events of the record, and the copies kept of it.

The copies (`Due`, `Child.working_level`) exist so that lists and access can ask the database. They are
written here alone, whole, in the transaction of the event that changes them.
"""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.children.facts import facts
from cre_toolkit.children.models import Child
from cre_toolkit.rules.casestate import CaseState, case_state
from cre_toolkit.rules.deadlines import next_midnight
from cre_toolkit.rules.entries import Entry
from cre_toolkit.rules.loading import authority_ids, load_authority
from cre_toolkit.rules.record import parse_record


def record_of(child: Child, at: datetime.datetime) -> dict[str, Any]:
    """The case record (`case.md`, "In") as the database holds it. One query.

    Args:
        child: whose case.
        at: the moment for which a state is wanted.
    """
    events = CaseEvent.objects.filter(child=child).select_related("record").order_by("entered_at", "id")
    return {
        "authority": child.authority,
        "child": facts(child, timezone.localdate(at)),
        "at": at.isoformat(timespec="seconds"),
        "events": [_as_contract(event) for event in events],
    }


def _as_contract(event: CaseEvent) -> dict[str, Any]:
    written = {
        "id": str(event.pk),
        "kind": event.kind,
        "at": event.at.isoformat(timespec="seconds"),
        **event.keys,
    }
    if event.record:
        case_file = event.record.content["case_file"]
        written["assessment"] = {
            key: value for key, value in case_file.items() if key not in ("authority", "completed_at")
        }
    return written


def state_of(child: Child, at: datetime.datetime | None = None) -> CaseState:
    """What is known of a case at a moment, worked out afresh from its events. One query.

    Args:
        child: whose case.
        at: the moment; now where it is left out.
    """
    moment = (at or timezone.now()).astimezone(datetime.UTC).replace(microsecond=0)
    record = parse_record(record_of(child, moment))
    return case_state({id_: load_authority(id_) for id_ in authority_ids()}, record, moment)


@transaction.atomic
def refresh(*, child: Child) -> CaseState:
    """Work the state out afresh and write the copies. Called after every event, in its transaction."""
    # Two acts on one case wait for each other here, so that the later reads what the earlier wrote.
    Child.objects.select_for_update().only("pk").get(pk=child.pk)
    state = state_of(child)
    Due.objects.filter(child=child).delete()
    Due.objects.bulk_create([_copy(child, entry) for entry in state.due])
    level = state.working_level or ""
    if child.working_level != level:
        child.working_level = level
        Child.objects.filter(pk=child.pk).update(working_level=level)
    return state


def _copy(child: Child, entry: Entry) -> Due:
    at = entry.due if isinstance(entry.due, datetime.datetime) else None
    # A datetime is a date too: only what is no instant is a day.
    on = None if at else entry.due
    return Due(
        child=child,
        action=entry.id,
        event=entry.event_id,
        to=entry.to,
        text=entry.text,
        due_at=at,
        due_on=on,
        overdue_after=at or (next_midnight(on) if on else None),
    )
