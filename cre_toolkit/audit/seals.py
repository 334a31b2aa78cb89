"""What an event is sealed by: its canonical form, and a keyed hash over that.

The key (`AUDIT_KEY`) comes from the environment. Whoever can write to the database, but has not the key, can
make no seal.
"""

import datetime
import hmac
import json
import uuid
from collections.abc import Iterable
from typing import Any, Protocol

from django.conf import settings


class Content(Protocol):
    """An event's fields, as the model has them: all that its seal covers but the children of its list."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def at(self) -> datetime.datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def actor(self) -> uuid.UUID | None: ...
    @property
    def authority(self) -> str: ...
    @property
    def child(self) -> uuid.UUID | None: ...
    @property
    def subject_kind(self) -> str: ...
    @property
    def subject(self) -> uuid.UUID | None: ...
    @property
    def detail(self) -> dict[str, Any]: ...


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(event: Content, children: Iterable[uuid.UUID] = ()) -> bytes:
    """The event as the bytes that its seal covers: JSON with sorted keys, UTC, no spaces.

    Args:
        event: the event.
        children: those of its `EventChild` rows, in any order.
    """
    return _encode(
        {
            "id": str(event.id),
            "at": event.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
            "kind": event.kind,
            "actor": str(event.actor) if event.actor else None,
            "authority": event.authority,
            "child": str(event.child) if event.child else None,
            "children": sorted(map(str, children)),
            "subject_kind": event.subject_kind,
            "subject": str(event.subject) if event.subject else None,
            "detail": event.detail,
        }
    ).encode()


def keyed(content: bytes) -> bytes:
    """The keyed hash (HMAC-SHA256) of some bytes."""
    return hmac.digest(settings.AUDIT_KEY.encode(), content, "sha256")


def seal_of(event: Content, children: Iterable[uuid.UUID] = ()) -> bytes:
    """The keyed hash that an event with these children must carry."""
    return keyed(canonical(event, children))
