"""Entering dated events into a case, with what they change, or refusing them with nothing written.

Events may be entered late and in any order: the state is worked out from when things happened. What the
contract does not allow (a return without a missing episode, a level agreed by a meeting that sets none) is
refused here, in its words, before anything is kept.
"""

import datetime
import re
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.events import record_events
from cre_toolkit.casework.case.rows import AnyEvent
from cre_toolkit.casework.case.state import events_of, refresh
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children.models import Child
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.rules.loading import authority_ids, load_authority
from cre_toolkit.rules.strictjson import CaseFileError


class InTheFuture(ValueError):
    """What is entered into a case has happened: its time cannot be later than now."""


class NotPossible(ValueError):
    """The case contract does not allow these events as the case stands; says why."""


_EVENT = re.compile(r'(?:event )?"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def refused(error: CaseFileError, child: Child, events: Iterable[AnyEvent]) -> NotPossible:
    """What the contract refuses, in words for people: events by kind and date, meetings by their names.

    Args:
        error: what it refused.
        child: whose case.
        events: of which the case was made up.
    """
    by_id = {str(event.pk): event for event in events}
    titles: dict[str, str] = {}
    for authority in (*authority_ids(), child.authority):
        pack = load_authority(authority).on(timezone.localdate())
        titles |= {kind.id: kind.title for kind in pack.meetings}

    def named(found: re.Match[str]) -> str:
        event = by_id.get(found[1])
        if event is None:
            return "an entry"
        at = date_format(timezone.localtime(event.at), "j F Y, H:i")
        return f"“{CaseEvent.Kind(event.kind).label}” of {at}"

    # First the meetings: the words of an event may be among their names.
    words = _WORD.sub(lambda found: titles.get(found[0], found[0]), error.reason)
    return NotPossible(_EVENT.sub(named, words))


def check_not_in_the_future(at: datetime.datetime) -> None:
    """Raise `InTheFuture` for a time later than now."""
    if at > timezone.now():
        raise InTheFuture


def _say_what_did_it(events: Sequence[CaseEvent]) -> None:
    """Name on each `done` the one event that it was entered with: withdrawn, it takes them along.

    Where one act did the same thing for several that asked for it, it is the first of these.
    """
    others = [event for event in events if event.kind != CaseEvent.Kind.DONE]
    first = {event.keys["action"]: event for event in reversed(events) if not others}
    for event in events:
        did = others[0] if len(others) == 1 else first.get(event.keys.get("action"))
        if did and did is not event:
            event.entered_with = did


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
    every = events_of(child)
    try:
        return refresh(child=child, held=True, events=every)
    except CaseFileError as error:
        raise refused(error, child, every) from error
