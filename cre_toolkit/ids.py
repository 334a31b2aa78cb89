"""Identifiers: time-ordered UUIDs for rows, and opaque references for people to read and type."""

import os
import re
import secrets
import threading
import time
import uuid

# Crockford's alphabet: no I, L, O or U, so that a reference read out on the telephone is not misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_REFERENCE = re.compile(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{6}}")


FOLLOWS_FOR = 2_000
"""Milliseconds by which the clock may step back without ids going back with it."""


class _InOrder:
    """UUIDs of version 7, each later than the one before, also when the clock steps back a little.

    What one act writes in one instant is read in the order in which it was written: that of the ids. After a
    clock that was far ahead has been put right, they follow the clock again.
    """

    def __init__(self) -> None:
        self._lock, self._last = threading.Lock(), 0

    def __call__(self) -> uuid.UUID:
        milliseconds = time.time_ns() // 1_000_000
        value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
        value = (value & ~(0xF << 76)) | (0x7 << 76)
        value = (value & ~(0x3 << 62)) | (0x2 << 62)
        with self._lock:
            if 0 <= (self._last >> 80) - milliseconds < FOLLOWS_FOR:
                # The 62 random bits count on (RFC 9562, section 6.2, method 2).
                value = max(value, self._last + 1)
            self._last = value
            return uuid.UUID(int=value)


_next_id = _InOrder()


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): its first 48 bits are the time, so that indexes stay compact."""
    return _next_id()


def new_reference() -> str:
    """Ten random characters (50 bits) that say nothing about whom they stand for, as in `7Q4K-2M9XAB`."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{letters[:4]}-{letters[4:]}"


def is_reference(text: str) -> bool:
    """Whether this has the form of a reference; anything else may be a name that somebody typed."""
    return _REFERENCE.fullmatch(text) is not None
