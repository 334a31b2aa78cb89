"""What was agreed in a meeting that somebody does: open until they say that it was done, and how."""

import uuid

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.lists.around import OpenAction
from cre_toolkit.casework.meeting.asked import asked_for, open_actions
from cre_toolkit.casework.meeting.planning import keeps, keeps_chaired_by
from cre_toolkit.casework.models import Meeting, MeetingAction
from cre_toolkit.children import access
from cre_toolkit.children.access import Standing
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.statements import statement


class NothingDone(ValueError):
    """It does not say what was done."""


class AskedNoMore(ValueError):
    """The meeting was recorded in error, or its newest minutes no longer say it."""


# The earliest first, and so what is overdue; what has no date last.
_EARLIEST = (F("due_on").asc(nulls_last=True), "pk")


def actions_of(meeting: Meeting) -> list[MeetingAction]:
    """What a meeting asks for, and whatever was done of what earlier minutes of it asked for. One query."""
    of_meeting = MeetingAction.objects.filter(minutes__meeting=meeting)
    told = of_meeting.filter(Q(pk__in=asked_for().values("pk")) | Q(done_at__isnull=False))
    return list(told.select_related("owner", "done_by", "minutes__meeting").order_by("pk"))


def find_action(meeting: Meeting, action: uuid.UUID) -> MeetingAction:
    """What was agreed in a meeting, with `is_asked`: whether it is asked for still. One query.

    Raises:
        NotVisible: nothing such was agreed in it.
    """
    return _find(action, Q(minutes__meeting=meeting))


def _find(action: uuid.UUID, where: Q) -> MeetingAction:
    asked = Exists(asked_for().filter(pk=OuterRef("pk")))
    read = MeetingAction.objects.annotate(is_asked=asked).select_related(
        "owner", "done_by", "minutes__meeting"
    )
    found = read.filter(where, pk=action).first()
    if found is None:
        raise access.NotVisible(str(action))
    return found


def open_meeting_actions(child: Child) -> QuerySet[MeetingAction]:
    """What was agreed in a child's meetings and is not done, the earliest first."""
    found = open_actions().filter(child__stands_for=child.stands_for)
    return found.select_related("owner", "minutes__meeting").order_by(*_EARLIEST)


def open_actions_for(standing: Standing) -> QuerySet[MeetingAction]:
    """What somebody has been given to do in meetings about children whom they see, and has not done."""
    visible = access.visible_to(standing.user, standing)
    return open_actions().filter(owner=standing.user, child__stands_for__in=visible.values("pk"))


@statement
def first_actions_for(*, standing: Standing, most: int) -> QuerySet[MeetingAction]:
    """The first of them, as a list shows them: each with its child, the meeting and its owner."""
    rows = open_actions_for(standing).select_related("child__merged_into", "minutes__meeting", "owner")
    return rows.order_by(*_EARLIEST)[:most]


def does(standing: Standing, child: Child, action: MeetingAction) -> bool:
    """Whether it is somebody's to say that this was done: its owner, or whoever keeps the meeting."""
    return action.owner_id == standing.user.pk or keeps(standing, child, action.minutes.meeting)


def does_of(standing: Standing, child: Child, action: OpenAction) -> bool:
    """The same of an action as the child's page has it."""
    own = action.owner_id == standing.user.pk
    return own or keeps_chaired_by(standing, child, action.chair_id)


@transaction.atomic
def finish(*, by: User, child: Child, action: uuid.UUID, how: str) -> MeetingAction:
    """Say that something was done. Said again, it stays as it was said first.

    Args:
        by: who says so; they see the child, which the caller has made sure of.
        child: whose meeting it was agreed in.
        action: which.
        how: what was done.

    Raises:
        NotVisible: there is none such of this child.
        NotAllowed: it is for its owner, or whoever keeps the meeting, to say.
        NothingDone: `how` is blank.
        AskedNoMore: nobody has to do it any more; nothing was written.
    """
    held = hold(child)
    agreed = _find(action, Q(child__stands_for=held.pk))
    if not does(access.standing_of(by), held, agreed):
        raise access.NotAllowed("Whoever has it to do says that it was done, or whoever keeps the meeting.")
    if not how.strip():
        raise NothingDone
    if agreed.done_at:
        return agreed
    if not agreed.is_asked:  # type: ignore[attr-defined]
        raise AskedNoMore
    agreed.done_at, agreed.done_by, agreed.done_how = timezone.now(), by, how
    agreed.save(update_fields=["done_at", "done_by", "done_how"])
    audit.record(
        by=by,
        kind="meeting-action.done",
        authority=held.authority,
        child=agreed.child_id,
        subject_kind="meeting-action",
        subject=agreed.pk,
    )
    return agreed
