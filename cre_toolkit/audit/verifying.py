"""Whether the audit trail is what was written: each event, its place, and what others know of its end."""

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from cre_toolkit.audit.chain import (
    BEGINNING,
    children_of,
    hash_after,
    link_seal,
    linked_authorities,
    unlinked,
)
from cre_toolkit.audit.heads import Anchor
from cre_toolkit.audit.models import EventChild, Link
from cre_toolkit.audit.seals import canonical, keyed

AT_A_TIME = 2_000
MOST_NAMED = 1_000


class Wrong(StrEnum):
    """What can be wrong, in words to whoever asked."""

    CHANGED = "was changed after it was written"
    REMOVED = "was removed"
    INSERTED = "was put in by somebody without the audit key"
    MOVED = "is not where it was written: the order was changed"
    RENUMBERED = "the chain was written anew here by somebody without the audit key"
    CUT = "the chain ends before this: its end was cut off"
    REWRITTEN = "is another event than when the head was taken: the chain was written anew"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, and where: in which chain, at which number, which event."""

    wrong: Wrong
    authority: str
    number: int | None = None
    event: uuid.UUID | None = None


@dataclass(slots=True)
class Chain:
    """One authority's chain as it was found."""

    authority: str
    length: int = 0
    hash: bytes = BEGINNING
    findings: list[Finding] = field(default_factory=list)
    # Written, and not linked yet: only their seals speak for them.
    waiting: int = 0
    waiting_since: datetime.datetime | None = None


class Row(NamedTuple):
    """A link with its event, as the database gives it: an object of the model would take twice as long."""

    number: int
    hash: bytes
    link_seal: bytes
    event_seal: bytes
    id: uuid.UUID
    at: datetime.datetime
    kind: str
    actor: uuid.UUID | None
    authority: str
    child: uuid.UUID | None
    subject_kind: str
    subject: uuid.UUID | None
    detail: dict[str, Any]


_OF_EVENT = ("id", "at", "kind", "actor", "authority", "child", "subject_kind", "subject", "detail")
_COLUMNS = ("number", "hash", "seal", "event__seal", *(f"event__{name}" for name in _OF_EVENT))


def verify(
    authorities: Iterable[str],
    anchors: Callable[[str], Sequence[Anchor]] = lambda authority: (),
) -> Iterator[Chain]:
    """Check every event of the chains and every one that waits to be linked.

    Args:
        authorities: which chains; `all_chains()` for all.
        anchors: what is known of a chain from outside, by authority.
    """
    for authority in sorted(authorities):
        found = Chain(authority)
        _follow(found)
        _look_at_waiting(found)
        for anchor in anchors(authority):
            found.findings += _against(anchor)
        yield found


def all_chains() -> set[str]:
    """Every authority that has an event or a link."""
    return {*linked_authorities(), *unlinked().order_by().values_list("authority", flat=True).distinct()}


def _follow(found: Chain) -> None:
    """Walk along a chain, each event against the hash before it, and note what does not fit."""
    for rows in _rows(found.authority):
        children = children_of(
            EventChild.objects.filter(
                event__link__authority=found.authority,
                event__link__number__range=(rows[0].number, rows[-1].number),
            )
        )
        for row in rows:
            if row.number != found.length + 1:
                _look_into_gap(found, row.number)
            content = canonical(row, children.get(row.id, ()))
            wrong = _judge(found, row, content)
            if wrong:
                found.findings.append(Finding(wrong, found.authority, row.number, row.id))
            found.length, found.hash = row.number, row.hash
    _look_into_gap(found, None)


def _judge(found: Chain, row: Row, content: bytes) -> Wrong | None:
    sealed = keyed(content) == row.event_seal
    in_place = row.authority == found.authority and hash_after(found.hash, content) == row.hash
    if sealed and in_place:
        fits = link_seal(found.authority, row.number, row.hash) == row.link_seal
        return None if fits else Wrong.RENUMBERED
    if sealed:
        return Wrong.MOVED
    return Wrong.INSERTED if in_place else Wrong.CHANGED


def _rows(authority: str) -> Iterator[list[Row]]:
    """The chain a piece at a time, in order; links whose event is gone are left out."""
    links = Link.objects.filter(authority=authority).order_by("number").values_list(*_COLUMNS)
    after = 0
    while rows := [_row(values) for values in links.filter(number__gt=after)[:AT_A_TIME]]:
        yield rows
        after = rows[-1].number


def _row(values: Sequence[Any]) -> Row:
    number, hash_, link, event, *rest = values
    # PostgreSQL gives binary values as views of memory.
    return Row(number, bytes(hash_), bytes(link), bytes(event), *rest)


def _look_into_gap(found: Chain, upto: int | None) -> None:
    """Name what is missing between the last number that was seen and the next one, or the chain's end."""
    left = Link.objects.filter(authority=found.authority, number__gt=found.length).order_by("number")
    if upto is not None:
        left = left.filter(number__lt=upto)
    for link in left:
        _missing(found, link.number)
        found.findings.append(Finding(Wrong.REMOVED, found.authority, link.number, link.event_id))
        found.length, found.hash = link.number, bytes(link.hash)
    if upto is not None:
        _missing(found, upto)


def _missing(found: Chain, before: int) -> None:
    """Name the numbers of which neither event nor link is left; the first of them, where there are many."""
    for number in range(found.length + 1, min(before, found.length + 1 + MOST_NAMED)):
        found.findings.append(Finding(Wrong.REMOVED, found.authority, number))


def _look_at_waiting(found: Chain) -> None:
    """Check the seals of what is not linked yet, and how long it has waited."""
    waiting = unlinked().filter(authority=found.authority).order_by("at").iterator(chunk_size=AT_A_TIME)
    while events := list(islice(waiting, AT_A_TIME)):
        children = children_of(EventChild.objects.filter(event__in=events))
        for event in events:
            if keyed(canonical(event, children.get(event.pk, ()))) != bytes(event.seal):
                found.findings.append(Finding(Wrong.INSERTED, found.authority, event=event.pk))
        found.waiting += len(events)
        found.waiting_since = found.waiting_since or events[0].at


def _against(anchor: Anchor) -> Iterator[Finding]:
    """Whether the chain still has what somebody outside knows of it."""
    link = Link.objects.filter(authority=anchor.authority, number=anchor.number).first()
    if link is None:
        yield Finding(Wrong.CUT, anchor.authority, anchor.number)
    elif not bytes(link.hash).hex().startswith(anchor.hash):
        yield Finding(Wrong.REWRITTEN, anchor.authority, anchor.number, link.event_id)
