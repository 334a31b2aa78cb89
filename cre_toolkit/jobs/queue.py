"""What the queue's library leaves out: failed jobs are tried again, and those of a killed worker taken up."""

import datetime
import random
import time
import uuid

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cre_toolkit.jobs.tasks import ATTEMPTS

# Longer than the longest job: what still runs after this has lost its worker.
LEASE = datetime.timedelta(minutes=10)
# The more jobs failed together, the less they should all come back together.
JITTER = 0.25


def pause_before(attempt: int) -> datetime.timedelta:
    """How long to wait before an attempt: 30 seconds before the second, then twice as long each time."""
    return datetime.timedelta(seconds=15 * 2 ** (attempt - 1))


LONGEST_PAUSE = pause_before(ATTEMPTS) * (1 + JITTER)


class Leases:
    """Which jobs are running, and for how long by a clock that nobody sets.

    The machine's clock may be moved by a day: for that, no job is taken from a worker that is still at it.
    What a worker sees running when it starts has its whole lease from then on.
    """

    def __init__(self) -> None:
        self._since: dict[tuple[uuid.UUID, datetime.datetime | None], float] = {}

    def run_out(self) -> list[uuid.UUID]:
        """The jobs that have been running for longer than their lease. One query."""
        running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
        now = time.monotonic()
        self._since = {one: self._since.get(one, now) for one in running.values_list("pk", "started_at")}
        lease = LEASE.total_seconds()
        return [pk for (pk, _), since in self._since.items() if now - since >= lease]


def tend(leases: Leases) -> int:
    """Put back what a killed worker left running and what failed and has attempts left.

    Args:
        leases: the worker's own.

    Returns:
        How many jobs were put back.
    """
    now = timezone.now()
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, pk__in=leases.run_out())
    count = lost.update(status=TaskResultStatus.READY, run_after=now)
    for job in DBTaskResult.objects.filter(status=TaskResultStatus.FAILED):
        attempts = len(job.worker_ids)
        if attempts < ATTEMPTS:
            pause = pause_before(attempts + 1) * random.uniform(1, 1 + JITTER)  # noqa: S311 - no secret
            # The status in the filter: of two workers that tend at once, one puts the job back.
            count += DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.FAILED).update(
                status=TaskResultStatus.READY, run_after=now + pause, finished_at=None
            )
    # The clock was put back since: nothing waits longer than it would have.
    late = DBTaskResult.objects.filter(status=TaskResultStatus.READY, run_after__gt=now + LONGEST_PAUSE)
    late.update(run_after=now)
    return count
