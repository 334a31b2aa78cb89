"""Meetings of the demonstration: a CRE review of Amy that was held, with its minutes, and the next one."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting.minutes import ActionAgreed, Attendance, Decision, Dissent, NextDate, Said
from cre_toolkit.casework.meeting.planning import Plan
from cre_toolkit.children import access

_TEN = datetime.time(10)


@transaction.atomic
def load_meetings(users: dict[str, User]) -> None:
    """Hold one review and plan another, each by its own act.

    Args:
        users: those who are there, by the part of their address before the @; the children are loaded.
    """
    chair, worker, manager = users["protection"], users["worker"], users["manager"]
    child = access.visible_to(worker).get(given_names="Amy", family_name="Fictive")
    today = timezone.localdate()
    held, following = _ten_on(today - datetime.timedelta(days=9)), today + datetime.timedelta(days=32)
    plan = Plan(
        at=held,
        place="Room 2, Example House",
        chair=chair,
        people=[worker, manager],
        others=[("School nurse, Example Community Health", "")],
    )
    meeting = meeting_planning.plan(
        by=chair, child=child, kind="cre-review", planned=plan, form_id=uuid.uuid4()
    )
    meetings.record(
        by=chair,
        child=child,
        meeting=meeting,
        held_at=held,
        said=Said(
            attendance=(
                Attendance(user=chair.pk, name=chair.name, came="present"),
                Attendance(user=worker.pk, name=worker.name, came="present"),
                Attendance(user=manager.pk, name=manager.name, came="apologies"),
                Attendance(name="School nurse, Example Community Health", came="present"),
            ),
            discussion=(
                "Her form tutor saw her get out of a grey car on two Fridays in October. Amy said to Sam: "
                '"He buys us chips." An older boy waits for the girls at the bus station.'
            ),
            level="medium",
            level_why="Adults have met her twice. Her grandmother and the school act together.",
            dissent=(
                Dissent(who="School nurse", level="high", why="She has new things that nobody has paid for."),
            ),
            decisions=(
                Decision(
                    what="The licensing team is asked to look at the taxi rank.",
                    why="The grey car waits there.",
                    who=chair.name,
                ),
            ),
            actions=(
                ActionAgreed(
                    what="Meet Amy once a week, at a place that she chooses",
                    owner=worker.pk,
                    owner_name=worker.name,
                    due_on=following,
                ),
                ActionAgreed(
                    what="Ask the bus station for its pictures of Friday evenings", owner_name="Police"
                ),
            ),
            next_dates=(
                NextDate(
                    title="CRE review meeting",
                    proposed=timezone.localdate(held) + datetime.timedelta(weeks=6),
                    clock="Medium: 6 weeks, Derby",
                    on=following,
                ),
            ),
        ),
        form_id=uuid.uuid4(),
    )
    meeting_planning.plan(
        by=chair,
        child=child,
        kind="cre-review",
        planned=Plan(
            at=_ten_on(following), place="Room 2, Example House", chair=chair, people=[worker, manager]
        ),
        form_id=uuid.uuid4(),
    )


def _ten_on(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, _TEN))
