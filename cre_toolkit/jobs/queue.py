"""What the queue's library leaves out: failed jobs are tried again, and those of a killed worker taken up."""

import datetime

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cre_toolkit.jobs.tasks import ATTEMPTS

# Longer than the longest job: what still runs after this has lost its worker.
LEASE = datetime.timedelta(minutes=10)


def pause_before(attempt: int) -> datetime.timedelta:
    """How long to wait before an attempt: 30 seconds before the second, then twice as long each time."""
    return datetime.timedelta(seconds=15 * 2 ** (attempt - 1))


def tend(now: datetime.datetime | None = None) -> int:
    """Put back what a killed worker left running and what failed and has attempts left.

    Returns:
        How many jobs were put back.
    """
    now = now or timezone.now()
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - LEASE)
    count = lost.update(status=TaskResultStatus.READY, run_after=now)
    for job in DBTaskResult.objects.filter(status=TaskResultStatus.FAILED):
        attempts = len(job.worker_ids)
        if attempts < ATTEMPTS:
            # The status in the filter: of two workers that tend at once, one puts the job back.
            count += DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.FAILED).update(
                status=TaskResultStatus.READY, run_after=now + pause_before(attempts + 1), finished_at=None
            )
    return count
