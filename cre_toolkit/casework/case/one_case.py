"""What two merged records both tell of one time is told once.

Missing and returned, closed and reopened come strictly in turn (case.md). On each record they do; where two
records of one child are merged, the same episode may stand on both, a little differently. The child was
missing from the first report until the last return: what lies between is left out of the case, and stays on
the record. With closing it is the other way about: a case that was opened again on either is open, since what
closing hides is a child's protection.
"""

import uuid
from collections.abc import Sequence

from cre_toolkit.casework.case.rows import AnyEvent
from cre_toolkit.casework.models import CaseEvent

IN_TURN = (
    (CaseEvent.Kind.MISSING, CaseEvent.Kind.RETURNED),
    (CaseEvent.Kind.CLOSED, CaseEvent.Kind.REOPENED),
)


def told_once(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """The events of a case without those that another record of the child tells already.

    Args:
        events: all of its events, in the order in which they were entered.
    """
    if len({event.child_id for event in events}) < 2:
        return list(events)
    between: set[uuid.UUID] = set()
    for begins, ends in IN_TURN:
        lasts_on: set[uuid.UUID] = set()
        ended_by_another: set[uuid.UUID] = set()
        turns = [event for event in events if event.kind in (begins, ends)]
        for event in sorted(turns, key=lambda each: each.at):
            if event.kind == begins:
                # A second one on the same record is no other record's telling: the rules refuse it.
                if lasts_on and event.child_id not in lasts_on:
                    between.add(event.pk)
                lasts_on.add(event.child_id)
            elif lasts_on and ends == CaseEvent.Kind.REOPENED:
                ended_by_another |= lasts_on - {event.child_id}
                lasts_on.clear()
            elif event.child_id in ended_by_another:
                ended_by_another.discard(event.child_id)
                between.add(event.pk)
            elif event.child_id in lasts_on:
                lasts_on.discard(event.child_id)
                if lasts_on:
                    between.add(event.pk)
            else:
                # Entered since the merge: it ends what stands on any of them.
                lasts_on.clear()
    return [event for event in events if event.pk not in between]
