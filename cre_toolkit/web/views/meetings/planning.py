"""A child's meetings, and planning one."""

import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.queries import pack_of, read_case
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting.actions import does, first_actions_for, open_meeting_actions
from cre_toolkit.casework.meeting.due import DueMeeting, due_meetings
from cre_toolkit.casework.meeting.queries import meetings_of, to_come_to
from cre_toolkit.casework.models import Meeting
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.rules.authority import AuthorityPack, MeetingKind
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.meetings.planning import NewMeetingForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words, worker_of
from cre_toolkit.web.views.meetings.describe import shown

KIND = "child.meetings-viewed"
# More than anybody goes to in a quarter; what is overdue comes first.
MOST = 100
# An expert plans most meetings for the morning.
_USUAL_TIME = datetime.time(10)


@require_safe
@transaction.atomic
def mine(request: HttpRequest) -> HttpResponse:
    """The planned meetings that are the reader's, of all children, and what they have to do from others."""
    user = user_of(request)
    standing = access.standing_of(user)
    planned = list(to_come_to(standing).select_related("child", "chair").order_by("at", "pk")[:MOST])
    actions = first_actions_for(standing=standing, most=MOST)
    seen = {one.child_id for one in planned} | {one.child_id for one in actions}
    audit.record(by=user, kind="meetings.viewed", children=seen)
    context = {
        "planned": [(shown(meeting, meeting.child), meeting.child) for meeting in planned],
        "actions": [(action, action.child.kept) for action in actions],
        "now": timezone.now(),
    }
    return TemplateResponse(request, "meetings/mine.html", context)


@require_safe
@transaction.atomic
def meetings(request: HttpRequest, reference: str) -> HttpResponse:
    """What is planned, what was held, and what of it is still to be done."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind=KIND, standing=standing)
    found = [shown(meeting, child) for meeting in meetings_of(child)]
    context = {
        "child": child,
        "age": age_in_words(child),
        "worker": worker_of(child),
        "planned": [one for one in reversed(found) if one.meeting.status == Meeting.Status.PLANNED],
        "past": [one for one in found if one.meeting.status != Meeting.Status.PLANNED],
        "now": timezone.now(),
        "due": _due(child),
        "planned_kinds": {one.meeting.kind for one in found if one.meeting.status == Meeting.Status.PLANNED},
        "actions": [(action, does(standing, child, action)) for action in open_meeting_actions(child)],
        "keeps": meeting_planning.keeps(standing, child),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(request, "meetings/list.html", context)


NOT_HELD = (
    "On that day {} is responsible for the child, and holds no such meeting. Check the day, or select a"
    " meeting that they hold"
)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def new(request: HttpRequest, reference: str) -> HttpResponse:
    """Plan a meeting: proposed is what is due next. One that was held already is recorded from here on."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind=KIND, standing=standing)
    meeting_planning.check_keeps(user, child)
    people, case = meeting_planning.can_come(child), read_case(child)
    form = NewMeetingForm(
        people,
        held_forms.typed(request),
        _proposed(standing, people, case.state, pack_of(child), request.GET.get("kind", "")),
        kinds=meeting_planning.kinds_held(child, case),
    )
    then = request.POST.get("then", "")
    if request.method == "POST" and not then.startswith(("add-", "remove-")) and form.is_valid():
        try:
            meeting = meeting_planning.plan(
                by=user,
                child=child,
                kind=form.cleaned_data["kind"],
                planned=form.planned(),
                form_id=form.cleaned_data["form_id"],
            )
            return HttpResponseRedirect(_after(request, meeting))
        except meeting_planning.NotHeldHere as refused:
            form.add_error("kind", NOT_HELD.format(refused.authority))
    if then == "add-other":
        form.rows.add()
    context = {
        "child": child,
        "age": age_in_words(child),
        "worker": worker_of(child),
        "form": form,
        "back_url": reverse("child-meetings", args=[child.reference]),
        "back_text": "Meetings",
    }
    return TemplateResponse(
        request, "meetings/new.html", context, status=422 if request.method == "POST" else 200
    )


def _after(request: HttpRequest, meeting: Meeting) -> str:
    """Where somebody goes who has planned a meeting; straight to the minutes of one that was held."""
    if meeting.at <= timezone.now():
        return reverse("meeting-record", args=[meeting.reference])
    messages.success(
        request,
        "The meeting is planned. Whoever is asked is told by e-mail, where there is an address.",
    )
    return reverse("meeting", args=[meeting.reference])


def _due(child: Child) -> list[tuple[MeetingKind, DueMeeting]]:
    """The meetings that are due on a case, each with its kind."""
    pack = pack_of(child)
    return [(pack.meeting_by_id[one.kind], one) for one in due_meetings(state_of(child), pack)]


def _at_usual_time(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, _USUAL_TIME)


def _proposed(
    standing: access.Standing, people: list[User], state: CaseState, pack: AuthorityPack, asked: str
) -> dict[str, Any]:
    """What the form begins with: the meeting that is due, its last day, everybody of the network.

    Whoever plans it is its chair only where they could agree its level, or it agrees none.
    """
    user = standing.user
    due = due_meetings(state, pack)
    kind = asked if asked in pack.meeting_by_id else next((one.kind for one in due), "")
    last = next((one.by for one in due if one.kind == kind and one.by), None)
    agreed_by = pack.meeting_by_id[kind].level_agreed_by if kind else ()
    chairs = not agreed_by or any((role, pack.id) in standing.roles for role in agreed_by)
    return {
        "kind": kind,
        # One that lies behind us would plan a meeting as if it had been held.
        "day": last if last and timezone.make_aware(_at_usual_time(last)) > timezone.now() else None,
        "time": f"{_USUAL_TIME:%H:%M}",
        "chair": str(user.pk) if user in people and chairs else "",
        "people": [str(person.pk) for person in people if person != user],
    }
