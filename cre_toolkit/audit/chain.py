"""The chain: each event gets a number in its authority, and a hash over itself and all before it.

A seal stands for one event; the chain stands for their number and order. Events are written without a look at
the chain, so that nobody who reads or writes waits for anybody else. One sealer links afterwards whatever has
been committed: the worker each second, and whoever asks for it at once.
"""

import datetime
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from cre_toolkit.audit.models import Event, EventChild, Link
from cre_toolkit.audit.seals import canonical, keyed

BEGINNING = bytes(32)
"""What stands before the first event of a chain."""

LATEST_COMMIT = datetime.timedelta(minutes=5)
"""An event may be committed so long after it was made. The worker looks no further back each second; what
comes later still (a clock that was put right) is linked with the day's head, which looks at everything."""

BATCH = 500
"""So many at a time: SQLite has one writer, and each batch is over in hundredths of a second."""

# PostgreSQL's lock of the one sealer: any number that nothing else in this service uses.
_ONE_SEALER = 7_203_551


def hash_after(previous: bytes, content: bytes) -> bytes:
    """An event's hash: SHA256(0x01 ‖ previous ‖ SHA256(0x00 ‖ canonical form)).

    The leading bytes keep a hash of two from ever being taken for that of an event (RFC 6962, section 2.1).

    Args:
        previous: the hash of the event before; `BEGINNING` for the first.
        content: the event's canonical form.
    """
    return hashlib.sha256(b"\x01" + previous + hashlib.sha256(b"\x00" + content).digest()).digest()


def link_seal(authority: str, number: int, hash_: bytes) -> bytes:
    """The keyed hash of a link: without the key nobody can leave out an event and number the rest anew."""
    return keyed(f"{authority}\n{number}\n".encode() + hash_)


def unlinked() -> QuerySet[Event]:
    """The events that have no place in a chain yet."""
    return Event.objects.filter(~Exists(Link.objects.filter(event=OuterRef("pk"))))


def seal(*, everything: bool = False) -> int:
    """Link what has been committed and is not linked yet. Whoever calls it twice, or at once, does no harm.

    Args:
        everything: look at all events, not only at those of the last minutes.

    Returns:
        How many events were linked.
    """
    waiting = unlinked().order_by("pk")
    if not everything:
        waiting = waiting.filter(pk__gte=_not_long_before_the_newest())
    count = 0
    # Asked outside a transaction first: on SQLite a transaction holds up every writer.
    while waiting.exists():
        batch = _link(waiting[:BATCH])
        if not batch:
            break
        count += len(batch)
        waiting = waiting.filter(pk__gt=batch[-1].pk)
    return count


def children_of(rows: QuerySet[EventChild]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """These children of lists, by their event. One query."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for event, child in rows.values_list("event_id", "child"):
        found[event].append(child)
    return found


def linked_authorities() -> Iterator[str]:
    """Every authority that has a chain: a query each, however long the chains are."""
    links = Link.objects.order_by("authority", "number").values_list("authority", flat=True)
    authority = links.first()
    while authority is not None:
        yield authority
        authority = links.filter(authority__gt=authority).first()


def newest(authority: str) -> Link | None:
    """The last link of an authority's chain."""
    return Link.objects.filter(authority=authority).order_by("-number").first()


@transaction.atomic(savepoint=False)
def _link(waiting: QuerySet[Event]) -> Sequence[Event]:
    """Put these events at the end of their chains, as far as no other sealer has."""
    if connection.vendor == "postgresql":
        # To the end of the transaction. SQLite has one writer at a time by itself.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_SEALER])
    events = list(waiting)
    children = children_of(EventChild.objects.filter(event__in=events))
    ends: dict[str, tuple[int, bytes]] = {}
    links = []
    for event in events:
        if event.authority not in ends:
            last = newest(event.authority)
            ends[event.authority] = (last.number, bytes(last.hash)) if last else (0, BEGINNING)
        number, before = ends[event.authority]
        made = hash_after(before, canonical(event, children.get(event.pk, ())))
        ends[event.authority] = (number + 1, made)
        links.append(
            Link(
                event=event,
                authority=event.authority,
                number=number + 1,
                hash=made,
                seal=link_seal(event.authority, number + 1, made),
            )
        )
    Link.objects.bulk_create(links)
    return events


def _not_long_before_the_newest() -> uuid.UUID:
    """The least id that an event may have that is still to be committed: ids begin with their time."""
    last = Link.objects.order_by("-event").values_list("event", flat=True).first()
    if last is None:
        return uuid.UUID(int=0)
    milliseconds = (last.int >> 80) - int(LATEST_COMMIT.total_seconds() * 1000)
    return uuid.UUID(int=max(milliseconds, 0) << 80)
