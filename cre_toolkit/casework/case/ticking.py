"""What is due, done by what somebody did: the `done` events of the case contract."""

import datetime
from collections.abc import Collection

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children.models import Child
from cre_toolkit.rules.casestate import CaseState


def ticks(
    *,
    by: User,
    child: Child,
    state: CaseState,
    actions: Collection[str],
    at: datetime.datetime,
    asked_by: str | None = None,
) -> list[CaseEvent]:
    """The `done` events for everything that is due under these ids; yet to be entered.

    Each stands on the record that asked for it: should two merged records be parted, it goes with that. One
    query, where anything is due.

    Args:
        by: who did it.
        child: whose case, held.
        state: of the case, as it stands before.
        actions: the ids of what was done, as `due` names them.
        at: when. What was done before it was asked for in the service is done at the asking, or right after.
        asked_by: the event whose entry alone is done; every open one of these ids where it is left out.
    """
    done = [
        entry
        for entry in state.due
        if entry.id in actions and not entry.is_review and asked_by in (None, entry.event_id)
    ]
    asking = CaseEvent.objects.filter(pk__in=[entry.event_id for entry in done if entry.event_id])
    asked = {str(one.pk): one for one in asking.select_related("child")} if done else {}
    made = []
    for entry in done:
        one = asked.get(entry.event_id or "")
        made.append(
            event(
                by=by,
                child=one.child if one else child,
                kind=CaseEvent.Kind.DONE,
                at=max(at, _first_moment(one)) if one else at,
                keys={"action": entry.id, "event": entry.event_id},
            )
        )
    return made


def _first_moment(asking: CaseEvent) -> datetime.datetime:
    """The first moment at which what an event asks for can be done.

    At one instant a meeting that agrees a level comes last (case.md, "In"): a `done` of the same instant
    would come before it, and do nothing.
    """
    comes_last = asking.kind == CaseEvent.Kind.MEETING and "level" in asking.keys
    return asking.at + datetime.timedelta(seconds=1) if comes_last else asking.at
