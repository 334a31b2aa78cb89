"""What pages, lists and the timeline ask of meetings and their minutes."""

import datetime
import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.meeting.minutes import said_in
from cre_toolkit.casework.meeting.planning import title_of
from cre_toolkit.casework.models import CaseEvent, Invited, Meeting, Minutes
from cre_toolkit.children import access
from cre_toolkit.children.access import Standing
from cre_toolkit.children.models import Child


def find_meeting(
    *, by: User, reference: str, kind: str, standing: Standing | None = None
) -> tuple[Meeting, Child]:
    """A meeting about a child whom somebody may see, and the record that stands for the child.

    The look is written to the audit trail. Must run in a transaction.

    Args:
        by: who looks.
        reference: the meeting's.
        kind: the audit event's kind.
        standing: what they hold, where the caller has read it already.

    Raises:
        NotVisible: there is none, or it is not for this person.
    """
    found = Meeting.objects.select_related("child", "chair", "planned_by").filter(reference=reference).first()
    if found is None:
        raise access.NotVisible(reference)
    return found, access.find_child(by=by, reference=found.child.reference, kind=kind, standing=standing)


def _marked(minutes: QuerySet[Minutes]) -> QuerySet[Minutes]:
    """With whether the event that they speak of was withdrawn."""
    withdrawn = CaseEvent.objects.filter(pk=OuterRef("event"), in_error__isnull=False)
    return minutes.select_related("by", "event").annotate(in_error=Exists(withdrawn))


def versions(meeting: Meeting) -> list[Minutes]:
    """Every version of a meeting's minutes, the newest first. One query."""
    return list(_marked(Minutes.objects.filter(meeting=meeting)).order_by("-version"))


def newest_minutes(meeting: Meeting) -> Minutes | None:
    """The minutes as they stand, with `in_error`; None while nothing is recorded. One query."""
    return _marked(Minutes.objects.filter(meeting=meeting)).order_by("-version").first()


def meeting_recorded_by(event: CaseEvent) -> Meeting | None:
    """The meeting of which an event says that it was held; None for a tasking. One query."""
    return Meeting.objects.filter(minutes__event=event).first()


def meetings_of(child: Child) -> list[Meeting]:
    """Every meeting about a child, the newest first. One query.

    Each with `agreed`, the level that it agreed, and `in_error`, where what was recorded of it was withdrawn.
    """
    newest = Minutes.objects.filter(meeting=OuterRef("pk")).order_by("-version")
    withdrawn = CaseEvent.objects.filter(pk=OuterRef("event"), in_error__isnull=False)
    found = Meeting.objects.filter(child__stands_for=child.stands_for).annotate(
        agreed=Subquery(newest.values("level")[:1]),
        in_error=Subquery(newest.values_list(Exists(withdrawn))[:1]),
    )
    return list(found.select_related("chair").order_by("-at", "-pk"))


def to_come_to(standing: Standing) -> QuerySet[Meeting]:
    """The planned meetings that are somebody's: they chair, are asked to come, or are the child's worker.

    Those whose time is over are among them: they wait to be recorded.
    """
    asked = Invited.objects.filter(user=standing.user, meeting=OuterRef("pk"))
    own = Q(Exists(asked)) | Q(chair=standing.user) | Q(child__allocated_worker=standing.user)
    visible = access.visible_to(standing.user, standing).values("pk")
    planned = Meeting.objects.filter(own, status=Meeting.Status.PLANNED, child__stands_for__in=visible)
    # Nobody is reminded of a meeting about a child who has died.
    return planned.filter(child__died_on=None)


def child_of(reference: str) -> uuid.UUID | None:
    """Whose meeting a reference names: for the audit of a refusal alone, never for who was refused."""
    return Meeting.objects.filter(reference=reference).values_list("child", flat=True).first()


def last_minutes(child: Child, before: datetime.datetime) -> Minutes | None:
    """The minutes of the last meeting held before a moment that was not recorded in error. One query."""
    held = _marked(Minutes.objects.filter(child__stands_for=child.stands_for, held_at__lt=before))
    stands = held.filter(event__in_error__isnull=True)
    return stands.select_related("meeting").order_by("-held_at", "-version").first()


def happened(child: Child) -> list[Happened]:
    """The meetings of a case, for its timeline: planned, held and cancelled. One query."""
    newer = Minutes.objects.filter(meeting=OuterRef("meeting"), version__gt=OuterRef("version"))
    held = _marked(Minutes.objects.filter(child__stands_for=child.stands_for)).filter(~Exists(newer))
    return [
        Happened(
            at=minutes.held_at,
            entered_at=minutes.entered_at,
            what=What.MEETING,
            title=_title(child, minutes),
            by=minutes.by.name,
            text=said_in(minutes).discussion,
            page="meeting",
            page_of=(minutes.meeting.reference,),
            event=minutes.event_id,
            in_error=minutes.in_error,  # type: ignore[attr-defined]
        )
        for minutes in held.select_related("meeting")
    ]


def _title(child: Child, minutes: Minutes) -> str:
    agreed = f": agreed level {minutes.level}" if minutes.level else ""
    return f"{title_of(minutes.meeting, child.authority)}{agreed}"
