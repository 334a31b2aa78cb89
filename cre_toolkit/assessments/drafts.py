"""What becomes of a draft beside being sent: discarded, restored, handed over to somebody else.

Each act holds the draft's row first, so that it and saving or sending wait for each other.
"""

import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.actions import NotADraft, why_no_draft
from cre_toolkit.assessments.models import RESTORED_WITHIN, Assessment, DraftSection, EarlierAuthor
from cre_toolkit.assessments.queries import colleagues, discarded_by
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import granting
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.children.telling import tell


class AnotherDraft(RuntimeError):
    """There is an unfinished assessment of this child by this person already; two would help nobody.

    Args:
        whose: the person.
    """

    def __init__(self, whose: User) -> None:
        self.whose = whose
        super().__init__(str(whose.pk))


class CannotTakeOver(ValueError):
    """A draft cannot go to this person: they may not assess in the child's authority, or have it already."""


@transaction.atomic
def discard(*, by: User, assessment: Assessment) -> Assessment:
    """Put a draft aside. It can be restored for 30 days; then its text is erased.

    Immediate danger that was said in it, and calls that were logged, stay on the child's case.

    Args:
        by: its author.
        assessment: the draft.

    Raises:
        NotADraft: it was sent, or discarded already.
        NotVisible: it is somebody else's.
    """
    draft = _held(assessment, by)
    now = timezone.now()
    Assessment.objects.filter(pk=draft.pk).update(status=Assessment.Status.DISCARDED, discarded_at=now)
    _audit(by, draft, "assessment.discarded")
    return draft


@transaction.atomic
def restore(*, by: User, assessment: Assessment) -> Assessment:
    """Take up a discarded draft again, as it was.

    Args:
        by: its author.
        assessment: the discarded draft.

    Raises:
        NotADraft: it is not among what can be restored (any more).
        AnotherDraft: a new one was begun since.
    """
    found = discarded_by(by).select_for_update(of=("self",)).filter(pk=assessment.pk).first()
    if found is None:
        raise NotADraft(assessment.reference)
    try:
        with transaction.atomic():
            Assessment.objects.filter(pk=found.pk).update(
                status=Assessment.Status.DRAFT, discarded_at=None, changed_at=timezone.now()
            )
    except IntegrityError:
        raise AnotherDraft(by) from None
    _audit(by, found, "assessment.restored")
    return found


@transaction.atomic
def hand_over(*, by: User, assessment: Assessment, to: User) -> Assessment:
    """Give a draft to somebody who goes on with it. Both stand on the record: who began it, and who sends it.

    The new author sees the child from now on; the old one keeps what they saw. The new author gets a message
    with the reference and nothing else.

    Args:
        by: its author.
        assessment: the draft.
        to: the new author.

    Raises:
        NotADraft: it was sent or discarded.
        NotVisible: it is somebody else's.
        CannotTakeOver: not to this person.
        AnotherDraft: they have an unfinished one of this child already.
    """
    draft = _held(assessment, by)
    if not colleagues(draft.child, by).filter(pk=to.pk).exists():
        raise CannotTakeOver(str(to.pk))
    now = timezone.now()
    try:
        with transaction.atomic():
            Assessment.objects.filter(pk=draft.pk).update(
                author=to, begun_by=draft.begun_by or by, handed_over_at=now, changed_at=now
            )
    except IntegrityError:
        raise AnotherDraft(to) from None
    EarlierAuthor.objects.create(assessment=draft, user=by, until=now)
    granting.grant(
        by=by, child=draft.begun_on, reason=AccessGrant.Reason.HANDED_OVER, user=to, source=assessment.pk
    )
    _audit(by, draft, "assessment.handed-over", to)
    tell(
        by=by,
        child=draft.child,
        people={to.pk: to.email},
        subject=f"Assessment {draft.reference} has been handed over to you",
        body=(
            f"An unfinished assessment with the reference {draft.reference} is waiting for you in CRE "
            "Toolkit.\n\n"
            "Sign in to go on with it. For safety this message says nothing more."
        ),
        cause=draft.pk,
        page="assessment",
        page_of=draft.reference,
    )
    return draft


@transaction.atomic
def erase_discarded(*, by: User | None = None) -> int:
    """Erase the text of drafts that were discarded and not restored in time. Returns how many there were.

    Who has made nothing else of the child then sees it by that assessment no longer.
    """
    over = timezone.now() - RESTORED_WITHIN
    _end_sight_of_nothing(by, over)
    old = Assessment.objects.filter(
        status=Assessment.Status.DISCARDED, discarded_at__lte=over, sections__isnull=False
    ).select_related("child")
    found = list(old.distinct())
    for draft in found:
        _audit(by, draft, "assessment.draft-erased")
    DraftSection.objects.filter(assessment__in=found).delete()
    return len(found)


def _end_sight_of_nothing(by: User | None, over: datetime.datetime) -> None:
    """End what `actions.start` granted to authors of whom only drafts discarded before then are left."""
    discarded = Q(status=Assessment.Status.DISCARDED, discarded_at__lte=over)
    theirs = Q(author=OuterRef("author")) | Q(begun_by=OuterRef("author"))
    more = Assessment.objects.filter(theirs, begun_on=OuterRef("begun_on")).exclude(discarded)
    begun = AccessGrant.Reason.ASSESSED
    granted = {"user": F("author"), "reason": begun, "until": None}
    sees = Q(**{f"begun_on__grants__{name}": value for name, value in granted.items()})
    alone = Assessment.objects.filter(discarded & sees, ~Exists(more))
    for draft in alone.select_related("begun_on", "author"):
        granting.end_grant(by=by, child=draft.begun_on, reason=begun, user=draft.author)


def _held(assessment: Assessment, by: User) -> Assessment:
    """The author's draft, locked until the transaction ends."""
    draft = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("child", "begun_on", "begun_by")
        .filter(pk=assessment.pk, author=by, status=Assessment.Status.DRAFT)
        .first()
    )
    if draft is None:
        raise why_no_draft(assessment, by)
    return draft


def _audit(by: User | None, draft: Assessment, kind: str, to: User | None = None) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=draft.child.authority,
        child=draft.child_id,
        subject_kind="assessment",
        subject=draft.pk,
        detail={"to": str(to.pk)} if to else {},
    )
