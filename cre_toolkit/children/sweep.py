"""Looking through all children of an authority for records that may be of one child.

No child is compared with every other. Two records meet only where they share a key: a number, a birthday, or
how one part of a name sounds together with how another begins; and of those with a name in common, only where
their birthdays are the same to within a slip. So the work grows with the number of children, but for those
who share a birthday. A sweep is for the night, not for a page.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, groupby, product

from django.db.models import Q, QuerySet

from cre_toolkit.children.duplicates import Pair, in_order
from cre_toolkit.children.matching import Key, near, swapped
from cre_toolkit.children.models import Child, MatchKey
from cre_toolkit.children.pairs import alike, records_of
from cre_toolkit.children.weighing import Weighed

# The keys of which two records of one child share at least one.
MEETING = (Key.NHS_NUMBER, Key.BORN, Key.PAIR)
# So many rows are read, and so many pairs weighed, at a time.
ROWS, PAIRS = 10_000, 2_000

COMMON = 50
"""Where more records of an authority than this have such a name in common, it is a common one: of two of them
of which one birthday is not known, it says too little to be looked into by somebody."""

Row = tuple[str, uuid.UUID, datetime.date | None]


def keys_to_read(authority: str) -> int:
    """How many keys a sweep reads. One query."""
    return _keys(authority).count()


def _keys(authority: str) -> QuerySet[MatchKey]:
    return MatchKey.objects.filter(child__authority=authority, kind__in=MEETING)


def possible(authority: str) -> Iterator[tuple[int, set[Pair]]]:
    """Pairs of records that share a key, a handful at a time, with the number of keys read so far."""
    met: set[Pair] = set()
    read = 0
    for kind in MEETING:
        for _, sharing in groupby(_in_groups(authority, kind), key=lambda row: _group(kind, row)):
            rows = list(sharing)
            read += len(rows)
            met |= {in_order(one, other) for one, other in _meeting(kind, rows) if one != other}
            if len(met) >= PAIRS:
                yield read, met
                met = set()
    yield read, met


def _in_groups(authority: str, kind: Key) -> Iterable[Row]:
    """The keys of one kind, those that meet one after the other."""
    rows = _rows(authority, kind)
    # A birthday and the one with day and month swapped stand apart in the index.
    return sorted(rows, key=lambda row: _group(kind, row)) if kind is Key.BORN else rows


def _group(kind: Key, row: Row) -> str:
    """What two keys must have in common to meet."""
    value = row[0]
    if kind is not Key.BORN:
        return value
    day = datetime.date.fromisoformat(value)
    return min(value, (swapped(day) or day).isoformat())


def _rows(authority: str, kind: Key) -> Iterator[Row]:
    """The keys of one kind in the order of their values, page by page: nothing stays open in between."""
    wanted = _keys(authority).filter(kind=kind).order_by("value", "pk")
    last: tuple[str, int] | None = None
    while True:
        page = wanted
        if last:
            page = wanted.filter(Q(value__gt=last[0]) | Q(value=last[0], pk__gt=last[1]), value__gte=last[0])
        rows = list(page.values_list("value", "child", "child__date_of_birth", "pk")[:ROWS])
        yield from ((value, child, born) for value, child, born, _ in rows)
        if len(rows) < ROWS:
            return
        last = rows[-1][0], rows[-1][3]


def _meeting(kind: Key, rows: Sequence[Row]) -> Iterator[Pair]:
    """Of the records that share a key, those that may be of one child."""
    if kind is not Key.PAIR:
        yield from combinations([child for _, child, _ in rows], 2)
        return
    by_day: defaultdict[datetime.date, list[uuid.UUID]] = defaultdict(list)
    unknown: list[uuid.UUID] = []
    for _, child, born in rows:
        (by_day[born] if born else unknown).append(child)
    for day, children in by_day.items():
        yield from combinations(children, 2)
        # Birthdays that differ by more than a slip: no name outweighs that.
        for slip in _near(day) & by_day.keys():
            if slip > day:
                yield from product(children, by_day[slip])
    if len(rows) <= COMMON:
        yield from combinations(unknown, 2)
        yield from product(unknown, (child for children in by_day.values() for child in children))


@lru_cache(maxsize=10_000)
def _near(day: datetime.date) -> set[datetime.date]:
    return near(day)


def weighed(pairs: set[Pair]) -> dict[Pair, Weighed]:
    """Those of the pairs that are likely to be of one child, by the records that are kept. Two queries."""
    children = {child for pair in pairs for child in pair}
    kept = dict(Child.objects.filter(pk__in=children).values_list("pk", "stands_for"))
    of_kept = {in_order(kept[one], kept[other]) for one, other in pairs if kept[one] != kept[other]}
    records = records_of({child for pair in of_kept for child in pair})
    found = {pair: alike(records[pair[0]], records[pair[1]]) for pair in of_kept}
    return {pair: how for pair, how in found.items() if how.likely}
