"""Whether the audit trail is what was written: each event, its place, and what others know of its end."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import CharField, Func, QuerySet, TextField
from django.db.models.functions import Cast

from cre_toolkit.audit.chain import (
    BEGINNING,
    BYTES,
    LATEST_COMMIT,
    children_of,
    hash_after,
    linked_authorities,
    sealed_part,
    unlinked,
    unpacked,
)
from cre_toolkit.audit.heads import Anchor
from cre_toolkit.audit.models import Event, EventChild, Head, Link
from cre_toolkit.audit.moments import moment_of, width
from cre_toolkit.audit.seals import canonical_detail, canonical_of, keyed, keys

AT_A_TIME = 2_000
MOST_NAMED = 1_000


class Wrong(StrEnum):
    """What can be wrong, in words to whoever asked."""

    CHANGED = "was changed after it was written"
    REMOVED = "was removed"
    INSERTED = "was put in by somebody without the audit key"
    MOVED = "does not follow what stands before it: something was removed or moved"
    RENUMBERED = "the chain was written anew up to here by somebody without the audit key"
    CUT = "the chain ends before this: its end was cut off"
    REWRITTEN = "is another event than when the head was taken: the chain was written anew"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, and where: in which chain, at which number, which event."""

    wrong: Wrong
    authority: str
    number: int | None = None
    event: int | None = None


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
    """An event as text, as the database gives it: objects would take three times as long."""

    id: int
    kind: str
    actor: str | None
    authority: str
    child: str | None
    subject_kind: str
    subject: str | None
    detail: str
    seal: bytes

    def canonical(self, children: Iterable[uuid.UUID] = ()) -> bytes:
        """What its seal covers."""
        return canonical_of(
            id=self.id,
            kind=self.kind,
            actor=self.actor,
            authority=self.authority,
            child=self.child,
            subject_kind=self.subject_kind,
            subject=self.subject,
            detail=canonical_detail(self.detail),
            children=[child.hex for child in children],
        )


class Hex(Func):
    """A UUID in hexadecimal; nothing where there is none."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="lower(hex(%(expressions)s))", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="replace(%(expressions)s::text, '-', '')", **context
        )


_COLUMNS = (
    "id",
    "kind",
    Hex("actor"),
    "authority",
    Hex("child"),
    "subject_kind",
    Hex("subject"),
    Cast("detail", TextField()),
    "seal",
)

Rows = dict[int, Row]
Children = Mapping[int, Sequence[uuid.UUID]]


class Keys:
    """The keys of a chain in their order: a former one is good only for what was linked while it was in use.

    So nobody who gets hold of a former key can put anything in today.
    """

    def __init__(self) -> None:
        self._keys = list(reversed(keys()))
        self._now = 0
        # The first link of the key of now, and whether the chain has not gone on beyond the change since.
        self._since, self._changing = 0, False

    def made(self, link: Link) -> bool:
        """Whether one of the keys made this link's seal: that of the link before, or a later one."""
        content = sealed_part(link)
        for place in range(self._now, len(self._keys)):
            if keyed(content, self._keys[place]) == link.seal:
                if place != self._now:
                    self._now, self._since, self._changing = place, link.newest, True
                # For good: what is dated back and linked later is none of what was written before.
                self._changing = self._changing and self._in_change(link.newest)
                return True
        return False

    def sealed(self, content: bytes, seal: bytes, linked: int) -> bool:
        """Whether the key of this time made an event's seal.

        Args:
            content: the event's canonical form.
            seal: what it carries.
            linked: the newest event that shares its link. What was written shortly before the key was
                changed was linked shortly after.
        """
        if keyed(content, self._keys[self._now]) == seal:
            return True
        in_change = self._changing and self._in_change(linked)
        return in_change and keyed(content, self._keys[self._now - 1]) == seal

    def awaits(self, content: bytes, seal: bytes, event: int) -> bool:
        """The same for an event that is not linked yet: a later key will do as well."""
        later = self._keys[self._now + 1 :]
        return self.sealed(content, seal, event) or any(keyed(content, key) == seal for key in later)

    def _in_change(self, event: int) -> bool:
        return event <= self._since + width(LATEST_COMMIT)


def verify(
    authorities: Iterable[str],
    anchors: Callable[[str], Sequence[Anchor]] = lambda authority: (),
) -> Iterator[Chain]:
    """Check every event of the chains and every one that waits to be linked.

    Args:
        authorities: which chains; `all_chains()` for all.
        anchors: what is known of a chain from outside, by authority.
    """
    waiting = _waiting()
    for authority in sorted(authorities):
        found = Chain(authority)
        known = Keys()
        _follow(found, known)
        _look_at_waiting(found, known, waiting.get(authority, []))
        for anchor in anchors(authority):
            found.findings += _against(anchor)
        yield found


def all_chains() -> set[str]:
    """Every authority that has an event or a link, or had them when a head was signed."""
    return {*linked_authorities(), *_waiting(), *Head.objects.values_list("authority", flat=True).distinct()}


def _waiting() -> dict[str, list[int]]:
    """The events that are not linked yet, by authority."""
    found: dict[str, list[int]] = defaultdict(list)
    ids = unlinked()
    while some := list(islice(ids, AT_A_TIME)):
        for authority, id_ in Event.objects.filter(pk__in=some).order_by("pk").values_list("authority", "pk"):
            found[authority].append(id_)
    return found


def _follow(found: Chain, known: Keys) -> None:
    """Walk along a chain, each event against the hash before it, and note what does not fit."""
    links = Link.objects.filter(authority=found.authority).order_by("number").iterator(chunk_size=AT_A_TIME)
    for some in _pieces(links):
        ids = [unpacked(link.events) for link in some]
        every = [id_ for of_link in ids for id_ in of_link]
        rows, children = _rows(found.authority, every)
        for link, of_link in zip(some, ids, strict=True):
            _look_at(found, known, link, of_link, rows, children)


def _pieces(links: Iterator[Link]) -> Iterator[list[Link]]:
    """Links together whose events are read at once, however few each of them has."""
    some, events = [], 0
    for link in links:
        # PostgreSQL gives views of memory.
        link.events, link.hash, link.seal = bytes(link.events), bytes(link.hash), bytes(link.seal)
        some.append(link)
        events += len(link.events) // BYTES
        if events >= AT_A_TIME:
            yield some
            some, events = [], 0
    if some:
        yield some


def _look_at(
    found: Chain, known: Keys, link: Link, ids: Sequence[int], rows: Rows, children: Children
) -> None:
    """Check a link and its events."""
    before = len(found.findings)
    first = link.number - len(ids) + 1
    _missing(found, first)
    made_with_key = link.newest == max(ids, default=None) and known.made(link)
    made, unsealed = found.hash, []
    for number, id_ in enumerate(ids, first):
        row = rows.get(id_)
        if row is None:
            found.findings.append(Finding(Wrong.REMOVED, found.authority, number, id_))
            continue
        content = row.canonical(children.get(id_, ()))
        made = hash_after(made, content)
        if not known.sealed(content, row.seal, link.newest):
            unsealed.append((number, id_))
    wrong = Wrong.INSERTED if made == link.hash else Wrong.CHANGED
    found.findings += [Finding(wrong, found.authority, number, id_) for number, id_ in unsealed]
    if not made_with_key:
        found.findings.append(Finding(Wrong.RENUMBERED, found.authority, link.number))
    elif made != link.hash and len(found.findings) == before:
        found.findings.append(Finding(Wrong.MOVED, found.authority, link.number))
    found.length, found.hash = link.number, bytes(link.hash)


def _rows(authority: str, ids: Sequence[int]) -> tuple[Rows, Children]:
    """These events by their ids, and the children of their lists."""
    if not ids:
        return {}, {}
    span = min(ids), max(ids)
    # By their span, which is a tenth of the time of a list; one that is not of the authority any more apart.
    rows = _read(Event.objects.filter(pk__range=span, authority=authority))
    if missing := [id_ for id_ in ids if id_ not in rows]:
        rows |= _read(Event.objects.filter(pk__in=missing))
    return rows, children_of(EventChild.objects.filter(event__gte=span[0], event__lte=span[1]))


def _read(events: QuerySet[Event]) -> Rows:
    # PostgreSQL gives a seal as a view of memory.
    return {
        values[0]: Row._make((*values[:-1], bytes(values[-1]))) for values in events.values_list(*_COLUMNS)
    }


def _missing(found: Chain, before: int) -> None:
    """Name the numbers of which neither event nor link is left; the first of them, where there are many."""
    for number in range(found.length + 1, min(before, found.length + 1 + MOST_NAMED)):
        found.findings.append(Finding(Wrong.REMOVED, found.authority, number))


def _look_at_waiting(found: Chain, known: Keys, waiting: Sequence[int]) -> None:
    """Check the seals of what is not linked yet, and how long it has waited."""
    for first in range(0, len(waiting), AT_A_TIME):
        some = waiting[first : first + AT_A_TIME]
        rows, children = _rows(found.authority, some)
        for id_ in some:
            row = rows[id_]
            if not known.awaits(row.canonical(children.get(id_, ())), row.seal, id_):
                found.findings.append(Finding(Wrong.INSERTED, found.authority, event=id_))
    found.waiting = len(waiting)
    found.waiting_since = moment_of(waiting[0]) if waiting else None


def _against(anchor: Anchor) -> Iterator[Finding]:
    """Whether the chain still has what somebody outside knows of it: heads are taken where a link ends."""
    links = Link.objects.filter(authority=anchor.authority, number__gte=anchor.number)
    link = links.order_by("number").first()
    if link is None:
        yield Finding(Wrong.CUT, anchor.authority, anchor.number)
    elif link.number != anchor.number or not bytes(link.hash).hex().startswith(anchor.hash):
        yield Finding(Wrong.REWRITTEN, anchor.authority, anchor.number)
