"""Writing the dated events of a case. Each is a fact: there is no act that changes one."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children.models import Child


def event(
    *,
    by: User,
    child: Child,
    kind: CaseEvent.Kind,
    at: datetime.datetime,
    record: Record | None = None,
    draft: Assessment | None = None,
    keys: dict[str, Any] | None = None,
    from_authority: str = "",
) -> CaseEvent:
    """One event of the case contract, yet to be written by `record_events`.

    Args:
        by: who records it.
        child: whose case it is.
        kind: the contract's kind.
        at: when it happened; the contract counts in whole seconds, so the rest is cut off.
        record: the sent assessment, for an `assessment` event.
        draft: the draft in which danger was said, for an `immediate-risk` event.
        keys: the event's other keys in the contract's own names.
        from_authority: for a `transfer`, who was responsible until then.
    """
    return CaseEvent(
        child=child,
        kind=kind,
        at=at.replace(microsecond=0),
        entered_at=timezone.now(),
        by=by,
        record=record,
        draft=draft,
        keys=keys or {},
        from_authority=from_authority,
    )


@transaction.atomic(savepoint=False)
def record_events(*, by: User, events: Sequence[CaseEvent]) -> None:
    """Write the events of one act, in their order. The caller refreshes the state once all are written.

    Args:
        by: who records them.
        events: as `event` made them.
    """
    CaseEvent.objects.bulk_create(events)
    for written in events:
        audit.record(
            by=by,
            kind=f"case.{written.kind}",
            authority=written.child.authority,
            child=written.child_id,
            subject_kind="case-event",
            subject=written.pk,
            detail={
                key: value
                for key, value in written.keys.items()
                if key in ("action", "outcome", "type", "level")
            },
        )


def record_event(*, by: User, **said: Any) -> CaseEvent:
    """Write one event, as `event` describes it."""
    written = event(by=by, **said)
    record_events(by=by, events=[written])
    return written
