"""Two records turn out to be of one child: merged into one case, and parted again where that was wrong.

What was recorded on either stays where it was recorded and is read as one case (docs/adr/0005). Undoing gives
back the records as they were, each with what has come since of what was begun or asked for on it; what was
begun on the kept one after the merge stays there. Where one of the two was closed, the case is open from the
merge on; parted, that one is closed again, unless something was entered on it since.
"""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import moving
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.case.entering import refused
from cre_toolkit.casework.case.state import events_of, refresh, state_of
from cre_toolkit.casework.ends import closing, death
from cre_toolkit.children import access, duplicates, merging
from cre_toolkit.children.actions import Changed
from cre_toolkit.children.models import Child, Merge, PossibleDuplicate
from cre_toolkit.children.telling import tell
from cre_toolkit.rules.strictjson import CaseFileError


class UnfinishedOnBoth(Exception):
    """Somebody has an unfinished assessment on each of the two: of one child nobody writes two at once."""

    def __init__(self, authors: Collection[User]) -> None:
        super().__init__(f"{len(authors)} authors")
        self.authors = authors


class ReviewOfTheOther(Exception):
    """Somebody has an unfinished review of one child that shows the assessment of the other."""

    def __init__(self, merge: Merge, authors: Collection[User]) -> None:
        super().__init__(f"{len(authors)} authors")
        self.merge, self.authors = merge, authors


class LaterMerge(Exception):
    """One of the two was merged again since: `merge` has to be undone first."""

    def __init__(self, merge: Merge) -> None:
        super().__init__(str(merge.pk))
        self.merge = merge


@transaction.atomic
def merge(
    *, by: User, pair: PossibleDuplicate, kept: Child, take: Collection[str], versions: tuple[int, int]
) -> Merge:
    """The two records of a pair are of one child: one is kept and stands for both.

    Args:
        by: who says so; the pair is theirs to see, which the caller has made sure of.
        pair: as they were shown it.
        kept: which of the two stands from now on.
        take: the details in which the other record is right (`children.merging.CHOICES`).
        versions: of the kept record and of the other, as they were shown.

    Raises:
        NotAllowed: the user's roles do not include this.
        AlreadyDecided: somebody else decided first, or merged one of the two.
        Changed: somebody has changed one of the records since it was shown.
        UnfinishedOnBoth: somebody has an unfinished assessment on each.
        NotPossible: the contract does not allow the two as one case; says why.
    """
    access.check(access.standing_of(by), access.Act.SETTLE_DUPLICATES)
    other = pair.other if kept.pk == pair.child_id else pair.child
    drafts = moving.hold_moving(other)
    kept, merged = merging.hold_both(kept, other)
    if kept.merged_into_id or merged.merged_into_id or kept.authority != merged.authority:
        raise duplicates.AlreadyDecided
    for row, version in zip((kept, merged), versions, strict=True):
        if row.version != version:
            raise Changed(row)
    both = _unfinished_on_both(kept, drafts)
    if asked := _who_can_be_asked(both):
        raise UnfinishedOnBoth(asked)
    duplicates.decide(by=by, pair=pair, state=PossibleDuplicate.State.SAME)
    workers = {kept.allocated_worker_id, merged.allocated_worker_id}
    one_is_closed = state_of(kept).closed != state_of(merged).closed
    done = merging.join(by=by, pair=pair, kept=kept, merged=merged, take=take)
    moving.put_aside(by=by, drafts=both)
    moving.move_over(by=by, drafts=drafts, to=kept)
    merging.note_pairs_of_kept(by=by, merge=done)
    death.carry(by=by, child=kept)
    every = events_of(kept)
    try:
        refresh(child=kept, events=every)
    except CaseFileError as error:
        raise refused(error, kept, every) from error
    if one_is_closed:
        # What is due on the open one would be hidden.
        closing.reopen_for(by=by, child=kept, words="Merged with a record whose case is open.", cause=done.pk)
    _tell(by=by, merge=done, workers=workers - {by.pk})
    return done


@transaction.atomic(savepoint=False)
def _tell(*, by: User, merge: Merge, workers: set[uuid.UUID | None]) -> None:
    """Tell those who were responsible for either record: who saw the other one sees theirs now."""
    told = User.objects.filter(
        access.admitted(merge.kept), pk__in=[each for each in workers if each], is_active=True
    )
    kept, merged = merge.kept.reference, merge.merged.reference
    tell(
        by=by,
        child=merge.kept,
        people=dict(told.values_list("pk", "email")),
        subject=f"The records {kept} and {merged} were merged",
        body=(
            f"Somebody took the records with the references {kept} and {merged} for one child and merged"
            " them: whoever could see one of them sees both.\n\n"
            "Sign in to CRE Toolkit and search for the reference to see by whom. If they are two children,"
            " tell the front door, who can part them again. For safety this message says nothing more."
        ),
        cause=merge.pk,
    )


@transaction.atomic
def undo(*, by: User, merge: Merge, why: str) -> list[str]:
    """These were two children after all: both records stand apart again.

    Args:
        by: who says so; the merge is theirs to see, which the caller has made sure of.
        merge: which.
        why: how they know.

    Returns:
        The details that the merge had changed and somebody has changed again since: they stay as they are.

    Raises:
        NotAllowed: the user's roles do not include this.
        AlreadyDecided: somebody else has undone it.
        LaterMerge: one of the two records was merged again since.
        ReviewOfTheOther: somebody's unfinished review, begun since, would show them another child.
    """
    access.check(access.standing_of(by), access.Act.SETTLE_DUPLICATES)
    held = moving.hold_moving(merge.kept)
    merge.kept, merge.merged = merging.hold_both(merge.kept, merge.merged)
    if not Merge.objects.filter(pk=merge.pk, undone_at=None).exists():
        raise duplicates.AlreadyDecided
    if later := later_merge(merge):
        raise LaterMerge(later)
    left = merging.part(by=by, merge=merge, why=why)
    pair = PossibleDuplicate.objects.select_related("child").get(pk=merge.pair_id)
    duplicates.decide(by=by, pair=pair, state=PossibleDuplicate.State.DIFFERENT, why=why)
    moving.move_back(by=by, held=held, to=merge.merged)
    _refuse_crossed(by, merge)
    for apart in (merge.kept, merge.merged):
        death.carry(by=by, child=apart)
        refresh(child=apart)
    closing.close_again(by=by, cause=merge.pk)
    return left


def later_merge(merge: Merge) -> Merge | None:
    """The newest merge that either record went through after this one, and that stands. One query."""
    touched = Q(kept=merge.kept_id) | Q(merged=merge.kept_id)
    later = Merge.objects.filter(touched, undone_at=None, pk__gt=merge.pk).order_by("-pk")
    return later.select_related("pair").first()


def written_since(merge: Merge) -> QuerySet[Record]:
    """What was sent on the kept record after a merge: undoing it leaves it there. One query."""
    since = Record.objects.filter(child=merge.kept_id, sent_at__gt=merge.at)
    return since.defer("deflated").select_related("assessment", "author").order_by("sent_at")


def _refuse_crossed(by: User, merge: Merge) -> None:
    """Nobody goes on with a review of one child that takes up what was said of the other."""
    crossed = moving.crossed(merge.kept, merge.merged)
    if asked := _who_can_be_asked(crossed):
        raise ReviewOfTheOther(merge, asked)
    moving.put_aside(by=by, drafts=crossed)


def _who_can_be_asked(drafts: Collection[Assessment]) -> list[User]:
    """The authors of drafts that stand in the way; not those who have left, for whom theirs is discarded."""
    return [draft.author for draft in drafts if draft.author.is_active]


def _unfinished_on_both(kept: Child, drafts: Collection[Assessment]) -> list[Assessment]:
    """Those of these by somebody who has an unfinished assessment of the kept record besides. One query."""
    live = {"status": Assessment.Status.DRAFT, "transcribed": False}
    authors = set(Assessment.objects.filter(child=kept, **live).values_list("author", flat=True))
    return [
        draft
        for draft in drafts
        if draft.author_id in authors and all(getattr(draft, field) == value for field, value in live.items())
    ]
