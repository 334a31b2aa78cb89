"""How a referral moves: which step is possible in which state, and where it leads. The one table.

    python -m cre_toolkit.casework.referral.states > docs/reference/referral-states.md

Source: toolkit.md, B1 ("sent is not received: both recorded") and B14; the finer states are our reading.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices


class State(TextChoices):
    """How a referral stands."""

    NO_ROUTE = "no-route", "Reaches nobody yet"
    PREPARED = "prepared", "Not on its way yet"
    SENT = "sent", "Sent"
    RECEIVED = "received", "Received"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    ACCEPTED = "accepted", "Accepted"
    ALLOCATED = "allocated", "Allocated to a worker"
    RETURNED = "returned", "Returned"
    WITHDRAWN = "withdrawn", "Recorded in error"


class Step(TextChoices):
    """What happens to a referral."""

    TAKEN = "taken", "Taken on, to find a route"
    TRIED = "tried", "Tried"
    ROUTED = "routed", "A route was found"
    PREPARED = "prepared", "Somebody without an account is to get it"
    SEALED = "sealed", "Sealed document made"
    DISPATCHED = "dispatched", "On its way"
    RECEIVED = "received", "Received"
    LATE = "late", "Not acknowledged in time"
    CHASED = "chased", "Chased"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    CONFIRMED = "confirmed", "Receipt confirmed"
    ACCEPTED = "accepted", "Accepted"
    ALLOCATED = "allocated", "Allocated"
    RETURNED = "returned", "Returned"
    WITHDRAWN = "withdrawn", "The assessment was withdrawn"


BEGINS = {
    State.NO_ROUTE: "An assessment was sent and reaches nobody in social care",
    State.PREPARED: "Somebody without an account is to get a sealed document",
    State.SENT: "Sent within the service",
    State.ACKNOWLEDGED: "Given by telephone to somebody who took it",
}
"""The states in which a referral may begin."""


@dataclass(frozen=True, slots=True)
class Move:
    """One step: what a person does, in which states it is possible, and where it leads."""

    step: Step
    words: str
    before: tuple[State, ...]
    after: State | None = None
    """None: it stays where it is."""


_NOT_THERE = (State.NO_ROUTE, State.PREPARED)
_ON_ITS_WAY = (State.SENT, State.RECEIVED)
UNANSWERED = (*_ON_ITS_WAY, State.ACKNOWLEDGED)
"""It is with its recipient, who has neither accepted nor returned it."""

MOVES: tuple[Move, ...] = (
    Move(Step.TAKEN, "Somebody makes finding a route their own", _NOT_THERE),
    Move(Step.TRIED, "Somebody says what was tried", _NOT_THERE),
    Move(
        Step.ROUTED, "A recipient within the service is found, who has it from now on", _NOT_THERE, State.SENT
    ),
    Move(
        Step.PREPARED,
        "A recipient without an account is named, who is to get a sealed document",
        _NOT_THERE,
        State.PREPARED,
    ),
    Move(Step.SEALED, "The sealed document is made", (State.PREPARED, *_ON_ITS_WAY)),
    Move(Step.DISPATCHED, "The sealed document is on its way", (State.PREPARED,), State.SENT),
    Move(Step.RECEIVED, "A recipient other than the sender opens it", (State.SENT,), State.RECEIVED),
    Move(
        Step.LATE,
        "The service tells sender and manager, once, that nobody has acknowledged it",
        (State.PREPARED, *_ON_ITS_WAY),
    ),
    Move(Step.CHASED, "Somebody asks the recipient", _ON_ITS_WAY),
    Move(
        Step.ACKNOWLEDGED,
        "A recipient says that they have it, and what happens next",
        _ON_ITS_WAY,
        State.ACKNOWLEDGED,
    ),
    Move(
        Step.CONFIRMED,
        "Somebody enters that a recipient without an account has confirmed receipt",
        _ON_ITS_WAY,
        State.ACKNOWLEDGED,
    ),
    Move(Step.ACCEPTED, "The recipient takes it on", UNANSWERED, State.ACCEPTED),
    Move(
        Step.ALLOCATED, "The front door allocates a worker to the child", (State.ACCEPTED,), State.ALLOCATED
    ),
    Move(
        Step.RETURNED,
        "The recipient returns it with a reason: what it had done is due again",
        (*UNANSWERED, State.ACCEPTED),
        State.RETURNED,
    ),
    Move(
        Step.WITHDRAWN,
        "The assessment was recorded in error",
        (*_NOT_THERE, *UNANSWERED, State.ACCEPTED),
        State.WITHDRAWN,
    ),
)
_BY_STEP = {move.step.value: move for move in MOVES}


class NotNow(ValueError):
    """This step is not possible as the referral stands; the message says how it stands."""


def after(state: str, step: str) -> State:
    """Where a step leads from a state.

    Raises:
        NotNow: it is not possible there.
    """
    move = _BY_STEP[step]
    if state not in move.before:
        raise NotNow(state)
    return move.after or State(state)


def possible(state: str) -> frozenset[str]:
    """The steps that are possible in a state."""
    return frozenset(move.step.value for move in MOVES if state in move.before)


_HEAD = """\
# Referral states

Printed by `python -m cre_toolkit.casework.referral.states` from the table by which the service decides; not
written by hand. Each step is kept with its time and person, and never changes.

Nothing leaves the queue of those that reach nobody (`no-route`) but by a step of this table; while
the child is said to have died, nobody is asked to find a route.
"""


def page() -> str:
    """The reference page: how a referral begins, and every step."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "| a referral begins as | where |"
    yield "|---|---|"
    yield from (f"| `{state}` | {words} |" for state, words in BEGINS.items())
    yield ""
    yield "| step | what happens | from | to |"
    yield "|---|---|---|---|"
    for move in MOVES:
        before = ", ".join(f"`{state}`" for state in move.before)
        leads = f"`{move.after}`" if move.after else "stays"
        yield f"| `{move.step}` | {move.words} | {before} | {leads} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
