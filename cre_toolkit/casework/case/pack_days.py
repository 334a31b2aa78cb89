"""The day on which a pack of an authority comes into force: every case is worked out anew by it.

The intervals of reviews are those of the pack of the day, and what is stored of a case was worked out by the
pack before it. The worker notices the day and does a piece at each turn of the upkeep, after which mail goes
on; killed in the middle, the next one goes on where it was. Two at once do the same work, and no harm.
"""

import logging
import time

from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.casework.case import rebuilding
from cre_toolkit.casework.models import PackRebuild
from cre_toolkit.children.models import Child
from cre_toolkit.rules.loading import authority_ids, load_authority

log = logging.getLogger(__name__)

SECONDS = 20
"""For so long at a time: other work of the worker waits no longer."""


def packs_in_force() -> str:
    """The packs of every authority that are in force today, each by its first day."""
    today = timezone.localdate()
    return ", ".join(f"{id_} {load_authority(id_).on(today).from_}" for id_ in sorted(authority_ids()))


def rebuild() -> None:
    """Work out the next piece of the cases anew, where packs are in force by which not all of them were."""
    packs = packs_in_force()
    last = PackRebuild.objects.order_by("-pk").first()
    if last is None or last.packs != packs:
        last = PackRebuild.objects.create(packs=packs, begun_at=timezone.now())
    if last.finished_at is None:
        _go_on(last)


def _go_on(begun: PackRebuild) -> None:
    until = time.monotonic() + SECONDS
    for looked in rebuilding.look(_cases_after(begun), mend=True):
        begun.after = looked.reference
        if looked.error:
            begun.wrong += 1
            log.error("the case of %s cannot be worked out: %s", looked.reference, looked.error)
        if time.monotonic() >= until:
            break
    else:
        begun.finished_at = timezone.now()
        log.info("every case was worked out by the packs %s; %s could not be", begun.packs, begun.wrong)
    begun.save(update_fields=["after", "wrong", "finished_at"])


def _cases_after(begun: PackRebuild) -> QuerySet[Child]:
    try:
        return rebuilding.cases(after=begun.after)
    except rebuilding.NoSuchRecord:
        # That record has been destroyed since: nothing is lost by looking at the ones before it again.
        return rebuilding.cases()
