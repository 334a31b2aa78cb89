"""Entering dated events into a case, with what they change, or refusing them with nothing written.

Events may be entered late and in any order: the state is worked out from when things happened. What the
contract does not allow (a return without a missing episode, a level agreed by a meeting that sets none) is
refused here, in its words, before anything is kept.
"""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.events import record_events
from cre_toolkit.casework.case.state import refresh
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children.models import Child
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.rules.strictjson import CaseFileError


class InTheFuture(ValueError):
    """What is entered into a case has happened: its time cannot be later than now."""


class NotPossible(ValueError):
    """The case contract does not allow these events as the case stands; says why."""


def check_not_in_the_future(at: datetime.datetime) -> None:
    """Raise `InTheFuture` for a time later than now."""
    if at > timezone.now():
        raise InTheFuture


def _say_what_did_it(events: Sequence[CaseEvent]) -> None:
    """Name on each `done` the one event that it was entered with: withdrawn, it takes them along."""
    others = [event for event in events if event.kind != CaseEvent.Kind.DONE]
    if len(others) == 1:
        for event in events:
            if event is not others[0]:
                event.entered_with = others[0]


@transaction.atomic
def enter(*, by: User, child: Child, events: Sequence[CaseEvent]) -> CaseState:
    """Write the events of one act and the copies of the state that follows from them.

    Args:
        by: who enters them.
        child: whose case, as `hold` gives it: two people who enter the same thing at once wait for each other
            there, and the caller looks after that whether it is entered already.
        events: as `events.event` made them, in their order.

    Returns:
        The state afterwards.

    Raises:
        InTheFuture: one of them is later than now.
        NotPossible: the contract does not allow them; nothing was written.
    """
    for entered in events:
        check_not_in_the_future(entered.at)
    _say_what_did_it(events)
    record_events(by=by, events=events)
    try:
        return refresh(child=child, held=True)
    except CaseFileError as error:
        raise NotPossible(error.reason) from error
