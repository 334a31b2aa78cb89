"""Comparing every case with what is stored of it, and writing that anew where it is not right.

The action table is a copy of `case_state` (architecture.md, decision 5). An act writes it in its own
transaction, so it is right whatever was killed when; what makes it wrong is a new pack, a repair by hand, or
a defect. Cases are read in batches, without locks. One that seems to differ is held and looked at once more,
since somebody may have been at work on it.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cre_toolkit.casework.case.state import WorkedOut, events_of_many, refresh, work_out
from cre_toolkit.casework.models import Awaiting, Due
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child

BATCH = 200
"""Cases read at once: what is in memory, however many there are."""

_COMPARED = [field.attname for field in Due._meta.concrete_fields if not field.primary_key]


class NoSuchRecord(LookupError):
    """There is no record with one of these references."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of one case."""

    reference: str
    differs: bool = False
    """What is stored is not what its events say."""
    error: str = ""
    """Why it could not be worked out."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored of one case."""

    levels: set[tuple[str, str]]
    due: list[tuple[Any, ...]]
    waiting: set[uuid.UUID]


def cases(references: Collection[str] = (), after: str = "") -> QuerySet[Child]:
    """The records that stand for a case, in the order in which they are gone through.

    Args:
        references: only these; all of them where there are none.
        after: only those that come after this one.

    Raises:
        NoSuchRecord: one of the references is nobody's; names it.
    """
    named = dict(
        Child.objects.filter(reference__in=[*references, after]).values_list("reference", "stands_for")
    )
    unknown = sorted({*references, after} - {*named, ""})
    if unknown:
        raise NoSuchRecord(", ".join(unknown))
    wanted = Q(merged_into=None)
    if references:
        wanted &= Q(pk__in=[named[reference] for reference in references])
    if after:
        wanted &= Q(pk__gt=named[after])
    return Child.objects.filter(wanted).order_by("pk")


def look(among: QuerySet[Child], *, mend: bool) -> Iterator[Looked]:
    """Compare each of these cases with what is stored of it. A few queries for `BATCH` of them.

    Args:
        among: as `cases` gives them.
        mend: whether what differs is written anew, each case in a transaction of its own.
    """
    last: uuid.UUID | None = None
    while batch := list((among.filter(pk__gt=last) if last else among)[:BATCH]):
        last = batch[-1].pk
        pks = [child.pk for child in batch]
        events, stored = events_of_many(pks), _stored(pks)
        for child in batch:
            try:
                # Something may have happened between two reads: it differs only if it does while it is held.
                if _is_right(work_out(child, events[child.pk]), stored[child.pk]) or _is_right_held(
                    child, mend
                ):
                    yield Looked(child.reference)
                else:
                    yield Looked(child.reference, differs=True)
            except Exception as error:  # noqa: BLE001 - one case that cannot be read is named, the others go on
                yield Looked(child.reference, error=f"{type(error).__name__}: {error}")


@transaction.atomic
def _is_right_held(child: Child, mend: bool) -> bool:
    """The same of one case, while nobody else can write to it; mended where it is not right."""
    held = hold(child)
    if held.pk != child.pk:
        # Merged into another meanwhile, which is a case that is looked at by itself.
        return True
    events = events_of_many([held.pk])[held.pk]
    right = _is_right(work_out(held, events), _stored([held.pk])[held.pk])
    if mend and not right:
        refresh(child=held, held=True, events=events)
    return right


def _is_right(worked: WorkedOut, stored: _Stored) -> bool:
    return (
        stored.levels == {worked.levels}
        and stored.due == sorted(map(_row, worked.due), key=repr)
        and stored.waiting == {record.pk for record in worked.waiting}
    )


def _stored(cases: Collection[uuid.UUID]) -> dict[uuid.UUID, _Stored]:
    """What is stored of these cases, by the records that stand for them. Three queries."""
    levels: dict[uuid.UUID, set[tuple[str, str]]] = defaultdict(set)
    due: dict[uuid.UUID, list[tuple[Any, ...]]] = defaultdict(list)
    waiting: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = Child.objects.filter(stands_for__in=cases).values_list("stands_for", "working_level", "authority")
    for case, level, authority in rows:
        levels[case].add((level, authority))
    for one in Due.objects.filter(child__stands_for__in=cases).select_related("child"):
        due[one.child.stands_for].append(_row(one))
    waits = Awaiting.objects.filter(record__child__stands_for__in=cases)
    for case, record in waits.values_list("record__child__stands_for", "record"):
        waiting[case].add(record)
    return {case: _Stored(levels[case], sorted(due[case], key=repr), waiting[case]) for case in cases}


def _row(due: Due) -> tuple[Any, ...]:
    """What a row says. From which day it is shown says nothing any more once that day has come."""
    values = {name: getattr(due, name) for name in _COMPARED}
    if due.shown_from and due.shown_from <= timezone.localdate():
        values["shown_from"] = None
    if isinstance(due.event, str):
        values["event"] = uuid.UUID(due.event)
    return tuple(values.values())
