"""Saying at once, to whoever did something, that a mail it caused may not go where it should."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


@contextmanager
def hearing() -> Iterator[list[str]]:
    """Hear which addresses were refused meanwhile, once what caused the mail stands."""
    refused: list[str] = []
    token = _heard.set(refused)
    try:
        yield refused
    finally:
        _heard.reset(token)


def say_refused(addresses: Sequence[str]) -> None:
    """Say that nothing goes to these addresses; unsaid where the transaction comes to nothing."""
    heard = _heard.get()
    if heard is not None and addresses:
        transaction.on_commit(lambda: heard.extend(addresses))
