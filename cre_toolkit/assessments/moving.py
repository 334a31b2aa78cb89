"""Assessments that are worked on go over to the record that is kept, and back to where they were begun."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.audit import actions as audit
from cre_toolkit.children.models import Child

_UNFINISHED = Q(status__in=(Assessment.Status.DRAFT, Assessment.Status.DISCARDED))


def hold_moving(child: Child) -> list[Assessment]:
    """What would go with a child's record, locked until the transaction ends. One query.

    That is what has not been sent, and what has come from another record. Locked before the child, as
    everywhere where both are.
    """
    here = Assessment.objects.select_for_update(no_key=True, of=("self",)).filter(child=child)
    moving = here.filter(_UNFINISHED | ~Q(begun_on=F("child")))
    return list(moving.select_related("author").order_by("pk"))


@transaction.atomic(savepoint=False)
def move_over(*, by: User, drafts: Collection[Assessment], to: Child) -> None:
    """Let these be worked on by way of the record that is kept; what comes of them stands where it stood.

    Args:
        by: who merges the two records.
        drafts: as `hold_moving` gave them.
        to: the record that is kept.
    """
    moved = Assessment.objects.filter(pk__in=[draft.pk for draft in drafts])
    if moved.update(child=to):
        _audit(by, drafts, to)


@transaction.atomic(savepoint=False)
def move_back(*, by: User, held: Collection[Assessment], to: Child) -> None:
    """Let those that were begun on a record, or on one that is part of it, be of that record again.

    Also what was sent of them: it stands there already.

    Args:
        by: who parts the two records.
        held: as `hold_moving` gave them of the record that was kept.
        to: the record that had been merged into it, and stands for itself again.
    """
    theirs = Assessment.objects.filter(pk__in=[each.pk for each in held], begun_on__stands_for=to.pk)
    back = list(theirs)
    if back:
        theirs.update(child=to)
        _audit(by, back, to)


def crossed(*children: Child) -> list[Assessment]:
    """The unfinished reviews of these children in which the assessment of another is taken up. One query."""
    reviews = Assessment.objects.filter(child__in=children, status=Assessment.Status.DRAFT)
    others = reviews.exclude(previous=None).exclude(previous__child__stands_for=F("child__stands_for"))
    return list(others.select_related("author", "child").order_by("pk"))


@transaction.atomic(savepoint=False)
def put_aside(*, by: User, drafts: Collection[Assessment]) -> None:
    """Discard drafts on behalf of authors who have left. Their text is erased when that of any other is.

    Args:
        by: who parts the two records.
        drafts: held by the caller.
    """
    for draft in drafts:
        Assessment.objects.filter(pk=draft.pk).update(
            status=Assessment.Status.DISCARDED, discarded_at=timezone.now()
        )
        audit.record(
            by=by,
            kind="assessment.discarded",
            authority=draft.child.authority,
            child=draft.child_id,
            subject_kind="assessment",
            subject=draft.pk,
        )


def _audit(by: User, moved: Collection[Assessment], to: Child) -> None:
    audit.record(
        by=by,
        kind="assessment.moved",
        authority=to.authority,
        child=to.pk,
        detail={"drafts": sorted(str(each.pk) for each in moved)},
    )
