"""Minutes while they are being written: each writer's own, saved as it was typed, and never lost.

Who is second to record a meeting finds their words here still.
"""

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.meeting.planning import check_keeps
from cre_toolkit.casework.models import Meeting, MinutesDraft
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child


class SavedElsewhere(ValueError):
    """The same writer has saved other words since, in another window; `draft` is what stands."""

    def __init__(self, draft: MinutesDraft) -> None:
        super().__init__(str(draft.pk))
        self.draft = draft


def draft_of(by: User, meeting: Meeting) -> MinutesDraft | None:
    """What somebody has saved of a meeting's minutes. One query."""
    return MinutesDraft.objects.filter(meeting=meeting, by=by).first()


@transaction.atomic
def save_draft(*, by: User, child: Child, meeting: Meeting, typed: str, version: int) -> MinutesDraft:
    """Save minutes that are not finished: anything at all.

    Args:
        by: whose they are; they see the child, which the caller has made sure of.
        child: whose meeting.
        meeting: which.
        typed: the form as it was sent, in the encoding of an address.
        version: the version that was shown; 0 where none was saved yet.

    Raises:
        NotAllowed: the meeting is not theirs to record.
        SavedElsewhere: they saved something else since; nothing was written.
    """
    held = hold(child)
    check_keeps(by, held, meeting)
    draft = draft_of(by, meeting) or MinutesDraft(meeting=meeting, by=by, version=0)
    if draft.version and draft.typed == typed:
        return draft
    if draft.version != version:
        raise SavedElsewhere(draft)
    draft.typed, draft.version, draft.saved_at = typed, version + 1, timezone.now()
    draft.save()
    _audit(by, held, meeting, "minutes.saved")
    return draft


@transaction.atomic
def discard_draft(*, by: User, child: Child, meeting: Meeting) -> None:
    """Throw away what somebody wrote and did not record: they begin anew. It cannot be had back.

    Args:
        by: whose it is; they see the child, which the caller has made sure of.
        child: whose meeting.
        meeting: which.
    """
    held = hold(child)
    if MinutesDraft.objects.filter(meeting=meeting, by=by).delete()[0]:
        _audit(by, held, meeting, "minutes.discarded")


def _audit(by: User, child: Child, meeting: Meeting, kind: str) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=child.authority,
        child=meeting.child_id,
        subject_kind="meeting",
        subject=meeting.pk,
    )
