"""What becomes of the unfinished assessment of somebody who has left: a colleague goes on with it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment, EarlierAuthor
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import granting
from cre_toolkit.children.models import AccessGrant, Child


@transaction.atomic
def pass_on(*, by: User, child: Child, author: User, to: User) -> bool:
    """Give the drafts of somebody who has left, of one child, to whoever takes the child on.

    As when somebody hands a draft over themselves (`drafts.hand_over`): whoever began it stays named. A draft
    of somebody who still works here is theirs alone to hand over.

    Args:
        by: the manager, who may hand the child on; the caller has made sure of that.
        child: the record that stands for the child, held.
        author: who has left.
        to: who goes on.

    Returns:
        Whether none is left behind: one is, where the colleague has begun one of their own.

    Raises:
        ValueError: the author has not left.
    """
    if author.is_active:
        raise ValueError(f"{author.pk} has not left")
    drafts = Assessment.objects.select_for_update(of=("self",)).select_related("begun_on", "begun_by")
    theirs = drafts.filter(child__stands_for=child.stands_for, author=author, status=Assessment.Status.DRAFT)
    passed = [_passed(by=by, draft=draft, author=author, to=to) for draft in theirs]
    return all(passed)


@transaction.atomic(savepoint=False)
def _passed(*, by: User, draft: Assessment, author: User, to: User) -> bool:
    now = timezone.now()
    try:
        with transaction.atomic():
            Assessment.objects.filter(pk=draft.pk).update(
                author=to, begun_by=draft.begun_by or author, handed_over_at=now, changed_at=now
            )
    except IntegrityError:
        return False
    EarlierAuthor.objects.create(assessment=draft, user=author, until=now)
    granting.grant(
        by=by, child=draft.begun_on, reason=AccessGrant.Reason.HANDED_OVER, user=to, source=draft.pk
    )
    audit.record(
        by=by,
        kind="assessment.handed-over",
        authority=draft.begun_on.authority,
        child=draft.child_id,
        subject_kind="assessment",
        subject=draft.pk,
        detail={"to": str(to.pk), "from": str(author.pk)},
    )
    return True
