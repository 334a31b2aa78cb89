"""Unfinished assessments that go over to another record of the same child, and back."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.audit import actions as audit
from cre_toolkit.children.models import Child

UNFINISHED = (Assessment.Status.DRAFT, Assessment.Status.DISCARDED)


def hold_unfinished(child: Child) -> list[Assessment]:
    """What is not sent of a child's assessments, locked until the transaction ends. One query.

    Locked before the child, as everywhere where both are.
    """
    unfinished = Assessment.objects.select_for_update(no_key=True, of=("self",))
    return list(unfinished.filter(child=child, status__in=UNFINISHED).select_related("author").order_by("pk"))


@transaction.atomic(savepoint=False)
def move_unfinished(*, by: User, drafts: Collection[uuid.UUID], to: Child) -> int:
    """Let drafts go on as drafts of this record. What has been sent stays where it was sent.

    Args:
        by: who merges or parts the two records.
        drafts: the drafts, by their ids, held by the caller.
        to: the record.

    Returns:
        How many went over.
    """
    unfinished: QuerySet[Assessment] = Assessment.objects.filter(pk__in=drafts, status__in=UNFINISHED)
    moved = unfinished.update(child=to)
    if moved:
        audit.record(
            by=by,
            kind="assessment.moved",
            authority=to.authority,
            child=to.pk,
            detail={"drafts": sorted(map(str, drafts))},
        )
    return moved
