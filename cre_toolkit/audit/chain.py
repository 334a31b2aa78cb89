"""The chain: each event gets a number in its authority, and a hash over itself and all before it.

A seal stands for one event; the chain stands for their number and order. Events are written without a look at
the chain, so that nobody who reads or writes waits for anybody else. One sealer links afterwards whatever has
been committed: the worker each second, and whoever asks for it at once.
"""

import datetime
import hashlib
import struct
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection, transaction
from django.db.models import QuerySet

from cre_toolkit.audit.models import Event, EventChild, Link
from cre_toolkit.audit.moments import BEFORE_ALL, width
from cre_toolkit.audit.seals import canonical, keyed

BEGINNING = bytes(32)
"""What stands before the first event of a chain."""

LATEST_COMMIT = datetime.timedelta(minutes=5)
"""An event may be committed so long after it was made. The worker looks no further back each second; what
comes later still (a clock that was put right) is linked with the day's head, which looks at everything. What
is further apart does not share a link, so that a link is found from any event in it."""

BATCH = 480
"""So many at a time: SQLite has one writer, and each batch is over in hundredths of a second. A link of so
many is a page of the database."""

AT_A_TIME = 5_000
"""Ids that are looked at together."""

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


BYTES = 8
"""Of an id in a link."""


def packed(ids: Sequence[int]) -> bytes:
    """The ids of a link's events as they are stored."""
    return struct.pack(f">{len(ids)}q", *ids)


def unpacked(events: bytes | memoryview) -> tuple[int, ...]:
    """The ids of a link's events, in their order. (PostgreSQL gives bytes as a view of memory.)

    What is left over is no id: somebody cut the bytes, and the link's seal shows it.
    """
    count = len(events) // BYTES
    return struct.unpack(f">{count}q", events[: count * BYTES])


def sealed_part(link: Link) -> bytes:
    """What a link's seal covers: its place, its events and its hash.

    Without the key nobody can leave out an event and number the rest anew.
    """
    return (
        f"{link.authority}\n{link.number}\n{link.newest}\n".encode() + bytes(link.events) + bytes(link.hash)
    )


def unlinked(*, after: int = BEFORE_ALL) -> Iterator[int]:
    """The ids of the events that have no place in a chain yet, in order.

    Args:
        after: look at those after this id alone.
    """
    every = Event.objects.order_by("pk").values_list("pk", flat=True)
    more = True
    while more and (ids := list(every.filter(pk__gt=after)[:AT_A_TIME])):
        linked = linked_among(ids)
        yield from (id_ for id_ in ids if id_ not in linked)
        after, more = ids[-1], len(ids) == AT_A_TIME


def linked_among(ids: Sequence[int]) -> set[int]:
    """Which of these, in order, have a place already. One query: no link is wider than `LATEST_COMMIT`."""
    links = Link.objects.filter(newest__gte=ids[0], newest__lte=ids[-1] + width(LATEST_COMMIT))
    return {id_ for events in links.values_list("events", flat=True) for id_ in unpacked(events)}


def seal(*, everything: bool = False) -> int:
    """Link what has been committed and is not linked yet. Whoever calls it twice, or at once, does no harm.

    Args:
        everything: look at all events, not only at those of the last minutes.

    Returns:
        How many events were linked.
    """
    after = BEFORE_ALL if everything else _not_long_before_the_newest()
    # Looked for outside a transaction: on SQLite a transaction holds up every writer.
    waiting = unlinked(after=after)
    count = 0
    while ids := list(islice(waiting, BATCH)):
        count += _link(ids)
    return count


def children_of(rows: QuerySet[EventChild]) -> dict[int, list[uuid.UUID]]:
    """These children of lists, by their event. One query."""
    found: dict[int, list[uuid.UUID]] = defaultdict(list)
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
def _link(ids: Sequence[int]) -> int:
    """Put these events at the end of their chains, but those that another sealer has put there meanwhile."""
    if connection.vendor == "postgresql":
        # To the end of the transaction. SQLite has one writer at a time by itself.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_SEALER])
    linked = linked_among(ids)
    events = Event.objects.filter(pk__in=[id_ for id_ in ids if id_ not in linked]).order_by("pk")
    children = children_of(EventChild.objects.filter(event__in=events))
    ends: dict[str, tuple[int, bytes]] = {}
    links = []
    for together in _together(events):
        authority = together[0].authority
        if authority not in ends:
            last = newest(authority)
            ends[authority] = (last.number, bytes(last.hash)) if last else (0, BEGINNING)
        number, made = ends[authority]
        for event in together:
            made = hash_after(made, canonical(event, children.get(event.pk, ())))
        link = Link(
            authority=authority,
            number=number + len(together),
            events=packed([event.pk for event in together]),
            newest=together[-1].pk,
            hash=made,
        )
        link.seal = keyed(sealed_part(link))
        ends[authority] = link.number, made
        links.append(link)
    Link.objects.bulk_create(links)
    return len(events)


def _together(events: Iterable[Event]) -> list[list[Event]]:
    """Events that share a link: of one authority, and no further apart than `LATEST_COMMIT`."""
    links: list[list[Event]] = []
    open_: dict[str, list[Event]] = {}
    for event in events:
        link = open_.get(event.authority)
        if link is None or event.pk - link[0].pk > width(LATEST_COMMIT):
            link = open_[event.authority] = []
            links.append(link)
        link.append(event)
    return links


def _not_long_before_the_newest() -> int:
    """The least id that an event may have that is still to be committed."""
    last = Link.objects.order_by("-newest").values_list("newest", flat=True).first()
    return BEFORE_ALL if last is None else last - width(LATEST_COMMIT)
