"""The same event in many cases at once, in as many statements as in one."""

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.entering import NotPossible, check_not_in_the_future
from cre_toolkit.casework.case.events import record_events
from cre_toolkit.casework.case.rows import AnyEvent
from cre_toolkit.casework.case.state import refresh, work_out
from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.rules.strictjson import CaseFileError


@transaction.atomic
def enter_in_each(
    *, by: User, events: Sequence[CaseEvent], before: Mapping[uuid.UUID, Sequence[AnyEvent]]
) -> None:
    """Write an event into each of many cases, and what is due afterwards; `entering.enter` is for one case.

    For an event that answers no assessment. Where a level is another afterwards, that case is refreshed by
    itself.

    Args:
        by: who enters them.
        events: one for each case, as `events.event` made them; their children are held (`hold_each`).
        before: what has happened in these cases, as `state.events_of_many` gives it.

    Raises:
        InTheFuture: one of them is later than now.
        NotPossible: the contract does not allow one of them; nothing was written.
    """
    due: list[Due] = []
    for entered in events:
        check_not_in_the_future(entered.at)
    record_events(by=by, events=events)
    for entered in events:
        child, all_of_it = entered.child, [*before[entered.child_id], entered]
        try:
            worked = work_out(child, all_of_it)
        except CaseFileError as error:
            raise NotPossible(error.reason) from error
        due += worked.due
        if worked.levels != (child.working_level, child.authority):
            refresh(child=child, held=True)
    Due.objects.filter(child__stands_for__in=[entered.child_id for entered in events]).delete()
    Due.objects.bulk_create(due)
