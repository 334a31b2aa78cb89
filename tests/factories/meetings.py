"""Meetings: one that is planned, and one that was held, with the minutes that whoever chaired it recorded."""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting.minutes import ActionAgreed, Said
from cre_toolkit.casework.meeting.planning import Plan
from cre_toolkit.casework.models import Meeting, MeetingAction, Minutes
from cre_toolkit.children.models import Child
from tests.factories.people import child_protection_manager, give_access

AGREED = ActionAgreed(what="Meet her at the station", owner_name="Her aunt")


def chair_of(child: Child, **given: Any) -> User:
    """A child protection manager of the child's authority who sees the child."""
    chair = child_protection_manager(authority=child.authority, **given)
    give_access(child, user=chair)
    return chair


def planned_meeting(
    child: Child, by: User | None = None, *, kind: str = "cre-review", days: float = 7, **plan: Any
) -> Meeting:
    """A meeting so many days from now; in the past where they are below nought."""
    at = timezone.now() + datetime.timedelta(days=days)
    by = by or chair_of(child)
    planned = Plan(**{"at": at, "chair": by} | plan)
    return meeting_planning.plan(by=by, child=child, kind=kind, planned=planned, form_id=uuid.uuid4())


def meeting_on(child: Child) -> Meeting:
    """The planned meeting of a child; one is planned where there is none."""
    planned = Meeting.objects.filter(child=child, status=Meeting.Status.PLANNED).first()
    return planned or planned_meeting(child)


def action_on(child: Child) -> MeetingAction:
    """Something that a meeting about a child agreed, and that is not done."""
    return held_meeting(child, actions=(AGREED,)).actions.get()


def held_meeting(child: Child, by: User | None = None, *, days: float = -1, **said: Any) -> Minutes:
    """A review that was held, with what it agreed; at medium unless said otherwise."""
    by = by or chair_of(child)
    meeting = planned_meeting(child, by, days=days, kind=said.pop("kind", "cre-review"))
    words = {"level": "medium", "level_why": "She is met at the station every evening."} | said
    return meetings.record(
        by=by,
        child=child,
        meeting=meeting,
        held_at=meeting.at,
        said=Said(**words),
        form_id=uuid.uuid4(),
    )
