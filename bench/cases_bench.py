"""Cases: how long one of many events takes to work out and store, and how fast all of them are compared.

Runs in a side's process, among the loaded children. The floor of the first reads the same rows by the ORM and
the contents of the assessments as JSON, and writes as many rows of what is due; it knows no rules.
"""

import datetime
import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.data.people import AUTHORITY
from bench.figures import Figure, Times, in_turn, undisturbed
from bench.goals import CASE_EVENTS, CASE_SECONDS, REBUILT_A_SECOND
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.case import rebuilding, state
from cre_toolkit.casework.case.events import event, record_events
from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.children.models import Child

ASSESSED = 12
"""Times, in two years."""
COMPARED = 500
"""Cases, to tell how fast they are compared."""

_KIND = CaseEvent.Kind
_DAY = datetime.timedelta(days=1)


def measure() -> list[Figure]:
    """The figures of both."""
    return [_one(_busy_case()), _all()]


def thin_out(open_actions: int) -> int:
    """Leave so many of all that is due, evenly; how many there are then."""
    every = Due.objects.count() // open_actions
    if every > 1:
        kept = Due.objects.annotate(turn=F("id") % every).filter(turn=0).values("id")
        Due.objects.exclude(id__in=kept)._raw_delete(connection.alias)
    return Due.objects.count()


def _one(child: Child) -> Figure:
    mine, floor = in_turn(lambda: _refresh(child), lambda: _floor(child), calls=5)
    with CaptureQueriesContext(connection) as asked:
        _refresh(child)
    cost = statistics.median(mine)
    number = CaseEvent.objects.filter(child=child).count()
    return Figure(
        f"work out a case of {number} events, {ASSESSED} of them assessments, and store it",
        measured=f"{cost * 1e3:.1f} ms",
        floor=f"{statistics.median(floor) * 1e3:.1f} ms",
        times=str(Times.of(mine, floor)),
        statements=str(len(asked)),
        goal=f"at most {CASE_SECONDS * 1e3:g} ms",
        reached=cost <= CASE_SECONDS,
    )


@transaction.atomic
def _refresh(child: Child) -> None:
    state.refresh(child=child, held=True)


@transaction.atomic
def _floor(child: Child) -> None:
    events = child.case_events.select_related("record").order_by("entered_at")
    for each in list(events):
        if each.record:
            each.record.content  # noqa: B018 - read, as its JSON
    due = list(child.due.all())
    child.due.all().delete()
    for one in due:
        one.pk = None
    Due.objects.bulk_create(due)


def _all() -> Figure:
    some = rebuilding.cases()[:COMPARED]
    among = rebuilding.cases().filter(pk__lte=list(some)[-1].pk)
    # A copied case has days of its own, and what is due on a birthday is still the other's.
    list(rebuilding.look(among, mend=True))
    with undisturbed():
        began = time.process_time()
        wrong = [one for one in rebuilding.look(among, mend=False) if one.differs or one.error]
        spent = time.process_time() - began
    number = among.count()
    rate = number / spent
    return Figure(
        f"compare {number:,} cases with their events, {len(wrong)} differ",
        measured=f"{rate:,.0f} a second",
        goal=f"{REBUILT_A_SECOND} a second",
        reached=rate >= REBUILT_A_SECOND,
    )


# --- A case of two years, in which everything was done in time ----------------------------------------------


def _busy_case() -> Child:
    """One of the loaded children, with so many events."""
    child = Child.objects.filter(authority=AUTHORITY, records__isnull=False).order_by("pk").last()
    assert child is not None
    like = child.records.select_related("author").order_by("-sent_at")[0]
    moments = itertools.count()
    began = timezone.now() - 700 * _DAY

    def when() -> datetime.datetime:
        return began + next(moments) * 3 * _DAY

    for number in range(ASSESSED):
        events = list(_round(child, like, when, number))
        record_events(by=like.author, events=events)
    while (left := CASE_EVENTS - CaseEvent.objects.filter(child=child).count()) > 0:
        record_events(by=like.author, events=list(_done(child, like, left)))
    return child


def _round(
    child: Child, like: Record, when: Callable[[], datetime.datetime], number: int
) -> Iterator[CaseEvent]:
    """What happens between one assessment and the next."""

    def happened(kind: CaseEvent.Kind, **keys: Any) -> CaseEvent:
        return event(by=like.author, child=child, kind=kind, at=when(), keys=keys)

    assessed = happened(_KIND.ASSESSMENT)
    assessed.record = _assessment(child, like, assessed.at)
    yield assessed
    yield happened(_KIND.COUNTERSIGN, event=str(assessed.pk), outcome="agreed")
    yield happened(_KIND.MEETING, type="cre-review", level=("medium", "high")[number % 2])
    yield happened(_KIND.MISSING)
    yield happened(_KIND.RETURNED)
    yield happened(_KIND.RETURN_INTERVIEW, outcome="held")
    yield happened(_KIND.SIGNIFICANT_INCIDENT)
    yield happened(_KIND.MEETING, type="tasking")


def _assessment(child: Child, like: Record, at: datetime.datetime) -> Record:
    """One more assessment that says the same as another."""
    of = {"child": child, "author": like.author, "instrument": like.instrument}
    draft = Assessment.objects.create(
        begun_on=child, started_at=at, changed_at=at, status=Assessment.Status.SENT, **of
    )
    return Record.objects.create(
        assessment=draft,
        authority=like.authority,
        completed_at=at,
        sent_at=at,
        recorded_level=like.recorded_level,
        edition_sha256=like.edition_sha256,
        sha256=like.sha256,
        deflated=like.deflated,
        **of,
    )


def _done(child: Child, like: Record, most: int) -> Iterator[CaseEvent]:
    """Everything that is due is done; where nothing is, somebody speaks with professionals."""
    now = timezone.now()
    due = [entry for entry in state.state_of(child).due if not entry.is_review][:most]
    for entry in due:
        keys = {"action": entry.id, "event": entry.event_id}
        yield event(by=like.author, child=child, kind=_KIND.DONE, at=now, keys=keys)
    if not due:
        yield event(by=like.author, child=child, kind=_KIND.MEETING, at=now, keys={"type": "professionals"})
