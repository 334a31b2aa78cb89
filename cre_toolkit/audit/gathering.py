"""One insert for the events of one act, however many acts it is made of."""

import contextlib
import uuid
from collections.abc import Iterator, Sequence
from contextvars import ContextVar

from django.db import transaction

from cre_toolkit.audit.models import Event, EventChild

_waiting: ContextVar[list[tuple[Event, Sequence[uuid.UUID]]] | None] = ContextVar("waiting", default=None)


class NotInTransaction(RuntimeError):
    """An event was to be written outside the transaction of its act: a defect in the caller."""


def check_transaction(what: str) -> None:
    """Raise `NotInTransaction` unless a transaction is open."""
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(f"{what}: an audit event belongs in the transaction of its act")


@contextlib.contextmanager
def together() -> Iterator[None]:
    """Write the events of the block with one statement, at its end and in its transaction.

    For an act that is made of others (to send is to record, to grant and to mail):

        @transaction.atomic
        @together()
        def send(*, by, assessment): ...

    Nothing is written where the block ends by an error: its transaction ends with it. An inner transaction
    that fails must therefore not be caught and gone on from within the block: its events would stay.

    Raises:
        NotInTransaction: no transaction is open around the block; `atomic` stands above it.
    """
    check_transaction("together")
    if _waiting.get() is not None:  # the block around this one writes them
        yield
        return
    gathered: list[tuple[Event, Sequence[uuid.UUID]]] = []
    token = _waiting.set(gathered)
    try:
        yield
    finally:
        _waiting.reset(token)
    _insert(gathered)


def write(event: Event, children: Sequence[uuid.UUID]) -> None:
    """Write an event and the children of its list: now, or at the end of the block that gathers them."""
    gathered = _waiting.get()
    if gathered is None:
        _insert([(event, children)])
    else:
        gathered.append((event, children))


def _insert(events: Sequence[tuple[Event, Sequence[uuid.UUID]]]) -> None:
    Event.objects.bulk_create([event for event, _ in events])
    EventChild.objects.bulk_create(
        EventChild(event=event, child=child) for event, children in events for child in children
    )
