"""The monthly tasking meeting: recording that it was held, for the cases that stood on its list.

Source: CRE 2020, page 9 (medium and high cases are monitored through monthly police and partner agency
tasking meetings); toolkit.md, B9.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.entering import check_not_in_the_future
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.many import enter_in_each
from cre_toolkit.casework.case.state import events_of_many
from cre_toolkit.casework.models import CaseEvent, TaskingCase, TaskingMeeting
from cre_toolkit.casework.tasking.listing import levels_at
from cre_toolkit.casework.tasking.requests import PAGE
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold_each
from cre_toolkit.children.models import Child


class AlreadyRecorded(ValueError):
    """The meeting of that day is on the record, and nothing was written.

    Args:
        meeting: the one that there is.
    """

    def __init__(self, meeting: TaskingMeeting) -> None:
        super().__init__(str(meeting.pk))
        self.meeting = meeting


@transaction.atomic
@together()
def record_meeting(
    *,
    by: User,
    authority: str,
    at: datetime.datetime,
    listed: Collection[str],
    not_discussed: Collection[str],
) -> TaskingMeeting:
    """Record that the meeting was held: it is the tasking of each case on its list that was discussed.

    Its list is what whoever records it was shown, as it stood when the meeting began: what came onto the list
    since, or left it before, is not part of it. The whole of it is kept, so that the next one can say what
    has changed. However many cases there are, it is the same number of statements.

    Args:
        by: who records it; they see the cases.
        authority: whose meeting it was.
        at: when it began.
        listed: the references of the cases that they were shown.
        not_discussed: those of them that the meeting did not come to.

    Raises:
        NotAllowed: it is not within the user's roles in that authority.
        entering.InTheFuture: it is later than now.
        AlreadyRecorded: somebody has recorded the meeting of that day.
    """
    standing = access.standing_of(by)
    if authority not in standing.authorities(Act.RUN_TASKING):
        access.check(standing, Act.RUN_TASKING)
        raise access.NotVisible(authority)
    check_not_in_the_future(at)
    meeting, is_new = TaskingMeeting.objects.get_or_create(
        authority=authority,
        day=timezone.localdate(at),
        defaults={"at": at, "by": by, "entered_at": timezone.now()},
    )
    if not is_new:
        raise AlreadyRecorded(meeting)
    shown = access.visible_to(by, standing).filter(authority=authority, reference__in=listed)
    children = hold_each(shown.values_list("pk", flat=True))
    before = events_of_many([child.pk for child in children])
    levels = levels_at(children, before, at)
    cases = [
        TaskingCase(
            meeting=meeting,
            child=child,
            level=levels[child.pk],
            event=None if child.reference in not_discussed else _discussed(by, child, at),
        )
        for child in children
        if levels[child.pk]
    ]
    enter_in_each(by=by, events=[case.event for case in cases if case.event], before=before)
    TaskingCase.objects.bulk_create(cases)
    audit.record(
        by=by,
        kind="tasking.held",
        authority=authority,
        subject_kind="tasking-meeting",
        subject=meeting.pk,
        children={case.child_id for case in cases},
        detail={"cases": sum(case.event is not None for case in cases)},
    )
    return meeting


def _discussed(by: User, child: Child, at: datetime.datetime) -> CaseEvent:
    return event(by=by, child=child, kind=CaseEvent.Kind.MEETING, at=at, keys={"type": "tasking"})


# --- A meeting that was held --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting as it was recorded, as somebody sees it."""

    meeting: TaskingMeeting
    cases: list[TaskingCase]
    """Those whose records the reader sees, high first."""
    unseen: int
    """How many more there were."""
    before: TaskingMeeting | None
    """The meeting before it."""


def held_on(standing: access.Standing, authority: str, day: datetime.date) -> Held:
    """The meeting of a day, with its list. Four queries.

    Args:
        standing: of whoever asks; meetings of the authority are theirs to record.
        authority: whose.
        day: on which it was held.

    Raises:
        NotVisible: none of that day is on the record.
    """
    theirs = TaskingMeeting.objects.select_related("by").filter(authority=authority)
    meeting = theirs.filter(day=day).first()
    if meeting is None:
        raise access.NotVisible(authority)
    cases = TaskingCase.objects.filter(access.open_to(standing.user, "child__"), meeting=meeting)
    seen = cases.filter(access.sees(standing, "child__"))
    ordered = seen.order_by("level", "child__family_name", "child__given_names", "pk")
    shown = list(ordered.select_related("child__merged_into", "event__in_error"))
    before = theirs.filter(day__lt=day).order_by("-day").first()
    return Held(meeting, shown, cases.count() - len(shown), before)


def how_it_was(case: TaskingCase) -> str:
    """What became of a case in the meeting, in words."""
    if case.event is None:
        return "Not discussed"
    return "Discussed; recorded in error" if hasattr(case.event, "in_error") else "Discussed"


def discussed(child: Child) -> list[Happened]:
    """The tasking meetings in which a child's case was discussed. One query."""
    cases = TaskingCase.objects.filter(child__stands_for=child.stands_for).exclude(event=None)
    return [
        Happened(
            at=case.meeting.at,
            entered_at=case.meeting.entered_at,
            what=What.MEETING,
            title="Monthly tasking meeting",
            by=case.meeting.by.name,
            page=PAGE,
            page_of=(child.reference,),
            event=case.event_id,
            in_error=hasattr(case.event, "in_error"),
        )
        for case in cases.select_related("meeting__by", "event__in_error")
    ]
