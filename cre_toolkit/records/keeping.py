"""To which day a child's record is kept: what is on record of it, held against the schedule.

Counted anew whenever a decision rests on it; `KeptUntil` is a copy for lists, which the worker makes.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.models import CaseEvent, Note
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.records.models import KeptUntil, RetentionReview
from cre_toolkit.records.schedule import Facts, Fits, Kept, keep_until, kept_by, schedule, years_after

# So many children at a time, and so long until a day is counted anew.
BATCH = 500
AT_A_TURN = 4
RECOUNTED_AFTER = datetime.timedelta(hours=24)


def facts_of(children: Collection[Child]) -> dict[uuid.UUID, Facts]:
    """What decides how long each record is kept. Three queries, however many children.

    Args:
        children: records that were not merged into another.
    """
    ids = [child.pk for child in children]
    last = {child.pk: child.created_at for child in children}
    ever: defaultdict[uuid.UUID, set[Fits]] = defaultdict(lambda: {Fits.EVERY_RECORD})
    of_them = Q(child__stands_for__in=ids)
    entered, closed = _ends(of_them)
    for child, at in entered.items():
        last[child] = max(last[child], at)
    drafts = Assessment.objects.filter(of_them).values_list("child__stands_for").annotate(Max("changed_at"))
    notes = Note.objects.filter(of_them).values_list("child__stands_for").annotate(Max("entered_at"))
    for child, at in drafts.union(notes, all=True):
        last[child] = max(last[child], at)
    # What was said in an assessment counts for good, whatever the record says today.
    records = Record.objects.filter(of_them).values_list("child__stands_for", "recorded_level", "deflated")
    for child, level, deflated in records.iterator(chunk_size=BATCH):
        said = Record(deflated=deflated).content["case_file"]["child"]
        ever[child] |= _said(level, plan=said.get("child_protection_plan"), cared=said.get("looked_after"))
    for each in children:
        ever[each.pk] |= _said(
            each.working_level,
            plan=each.plan == Child.Plan.CHILD_PROTECTION,
            cared=each.looked_after == YesNoUnknown.YES,
        )
    return {
        each.pk: Facts(
            born=_latest_birth(each),
            last_entry=timezone.localdate(last[each.pk]),
            ever=frozenset(ever[each.pk]),
            died=each.died_on,
            closed=closed.get(each.pk),
        )
        for each in children
    }


def _ends(of_them: Q) -> tuple[dict[uuid.UUID, datetime.datetime], dict[uuid.UUID, datetime.date]]:
    """When something was entered last into each case; and of those that are closed, the day. One query."""
    rows = CaseEvent.objects.filter(of_them).values_list("child__stands_for")
    # Closed and opened again in turn (case.md): closed now, where it was once more the one than the other.
    counted = rows.annotate(
        entered=Max("entered_at"),
        closings=Count("pk", filter=Q(kind=CaseEvent.Kind.CLOSED)),
        reopenings=Count("pk", filter=Q(kind=CaseEvent.Kind.REOPENED)),
        closed=Max("at", filter=Q(kind=CaseEvent.Kind.CLOSED)),
    )
    found = list(counted)
    return (
        {child: entered for child, entered, *_ in found},
        {child: timezone.localdate(at) for child, _, more, less, at in found if more > less},
    )


def _said(level: str, *, plan: bool | None, cared: bool | None) -> set[Fits]:
    holds = {
        Fits.ASSESSED: level in ("medium", "high"),
        Fits.PLAN: plan is True,
        Fits.LOOKED_AFTER: cared is True,
    }
    return {fits for fits, does in holds.items() if does}


def _latest_birth(child: Child) -> datetime.date | None:
    """The date of birth, or the latest that an estimated age allows: the record is rather kept too long."""
    if child.date_of_birth:
        return child.date_of_birth
    if child.estimated_age is None or child.estimated_on is None:
        return None
    return years_after(child.estimated_on, -child.estimated_age)


def count(child: Child) -> list[Kept]:
    """Every class that holds for a record, and to which day, as of now. What keeps it longest comes first."""
    return kept_by(schedule().of(child.authority), facts_of([child])[child.pk])


def kept_to(child: Child, kept: Iterable[Kept]) -> datetime.date | None:
    """The day on which a record has been kept enough, reviews included; None where it cannot be told."""
    until = keep_until(kept)
    reviews = RetentionReview.objects.filter(child__stands_for=child.pk)
    reviewed = reviews.aggregate(latest=Max("keep_until"))["latest"]
    return max(until, reviewed) if until and reviewed else until


def count_next() -> int:
    """Count anew for the children whose day is missing or old, a few batches of them; how many were counted.

    The worker calls it; `manage.py count_retention` until nothing is left.
    """
    old = timezone.now() - RECOUNTED_AFTER
    stale = Child.objects.filter(merged_into=None).filter(
        Q(keptuntil=None) | Q(keptuntil__counted_at__lt=old)
    )
    done = 0
    for _ in range(AT_A_TURN):
        batch = list(stale.order_by("pk")[:BATCH])
        if not batch:
            break
        _count_batch(batch)
        done += len(batch)
    return done


@transaction.atomic
def _count_batch(children: list[Child]) -> None:
    facts = facts_of(children)
    reviewed = dict(
        RetentionReview.objects.filter(child__stands_for__in=[child.pk for child in children])
        .values_list("child__stands_for")
        .annotate(Max("keep_until"))
    )
    now, in_force = timezone.now(), schedule()
    rows = []
    for child in children:
        until = keep_until(kept_by(in_force.of(child.authority), facts[child.pk]))
        if until and child.pk in reviewed:
            until = max(until, reviewed[child.pk])
        rows.append(KeptUntil(child=child, until=until, counted_at=now))
    KeptUntil.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["child"], update_fields=["until", "counted_at"]
    )
