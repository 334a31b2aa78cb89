"""Writing the dated events of a case. Each is a fact: there is no act that changes one."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children.models import Child


@transaction.atomic
def record_event(
    *,
    by: User,
    child: Child,
    kind: CaseEvent.Kind,
    at: datetime.datetime,
    record: Record | None = None,
    draft: Assessment | None = None,
    keys: dict[str, Any] | None = None,
) -> CaseEvent:
    """Write one event of the case contract. The caller refreshes the state once it has written all of them.

    Args:
        by: who records it.
        child: whose case it is.
        kind: the contract's kind.
        at: when it happened; the contract counts in whole seconds, so the rest is cut off.
        record: the sent assessment, for an `assessment` event.
        draft: the draft in which danger was said, for an `immediate-risk` event.
        keys: the event's other keys in the contract's own names.
    """
    event = CaseEvent.objects.create(
        child=child,
        kind=kind,
        at=at.replace(microsecond=0),
        entered_at=timezone.now(),
        by=by,
        record=record,
        draft=draft,
        keys=keys or {},
    )
    audit.record(
        by=by,
        kind=f"case.{kind}",
        authority=child.authority,
        child=child.pk,
        subject_kind="case-event",
        subject=event.pk,
        detail={
            key: value for key, value in event.keys.items() if key in ("action", "outcome", "type", "level")
        },
    )
    return event
