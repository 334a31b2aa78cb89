"""Identifiers: time-ordered UUIDs for rows, and opaque references for people to read and type."""

import os
import secrets
import time
import uuid

# Crockford's alphabet: no I, L, O or U, so that a reference read out on the telephone is not misheard.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): its first 48 bits are the time, so that indexes stay compact."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def new_reference() -> str:
    """Ten random characters (50 bits) that say nothing about whom they stand for, as in `7Q4K-2M9XAB`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{letters[:4]}-{letters[4:]}"
