"""What the queue's library leaves out: failed jobs are tried again, and those of a killed worker taken up."""

import datetime
import random
import uuid

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cre_toolkit.accounts import clock
from cre_toolkit.jobs.models import Lease
from cre_toolkit.jobs.tasks import ATTEMPTS

# Longer than the longest job: what still runs after this has lost its worker.
LEASE = datetime.timedelta(minutes=10)
# The more jobs failed together, the less they should all come back together.
JITTER = 0.25


def pause_before(attempt: int) -> datetime.timedelta:
    """How long to wait before an attempt: 30 seconds before the second, then twice as long each time."""
    return datetime.timedelta(seconds=15 * 2 ** (attempt - 1))


LONGEST_PAUSE = pause_before(ATTEMPTS) * (1 + JITTER)


def _run_out() -> list[uuid.UUID]:
    """The jobs that have been running for longer than their lease. Two queries; two more where that changed.

    The machine's clock may be moved by a day: for that, no job is taken from a worker that is still at it. So
    it is counted by `clock`, from when some worker first saw it running.
    """
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    started = {job: at for job, at in running.values_list("pk", "started_at") if at}
    leases = {lease.job: lease for lease in Lease.objects.all()}
    now = clock.now()
    begun = [
        Lease(job=job, started_at=at, seen_at=now.at, boot=now.boot, seconds=now.seconds)
        for job, at in started.items()
        if job not in leases or leases[job].started_at != at
    ]
    if begun:
        changed = ("started_at", "seen_at", "boot", "seconds")
        Lease.objects.bulk_create(begun, update_conflicts=True, unique_fields=["job"], update_fields=changed)
    if ended := leases.keys() - started.keys():
        Lease.objects.filter(job__in=ended).delete()
    current = leases.keys() & started.keys() - {lease.job for lease in begun}
    return [job for job in current if clock.seconds_since(leases[job].since) >= LEASE.total_seconds()]


def tend() -> int:
    """Put back what a killed worker left running and what failed and has attempts left.

    Returns:
        How many jobs were put back.
    """
    now = timezone.now()
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, pk__in=_run_out())
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
