"""What follows from the minutes, before they are recorded: levels, what falls due, the next meeting."""

import datetime
import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.clocks import clock_of
from cre_toolkit.casework.case.entering import InTheFuture, NotPossible
from cre_toolkit.casework.case.queries import pack_of
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.meeting.drafts import draft_of
from cre_toolkit.casework.meeting.due import TASKING
from cre_toolkit.casework.meeting.minutes import NextDate, Said
from cre_toolkit.casework.meeting.planning import Plan
from cre_toolkit.casework.models import Meeting, Minutes
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.rules.authority import AuthorityPack
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.meetings.following import NextForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import posted_version, user_of
from cre_toolkit.web.views.meetings.describe import page_of
from cre_toolkit.web.views.meetings.recording import (
    KIND,
    Writing,
    recorded_meanwhile,
)

# Nobody plans a review for the middle of the night because an incident was discussed then.
_OFFICE = (datetime.time(8), datetime.time(18))


@dataclass(frozen=True, slots=True)
class Proposed:
    """A review as the rules want it after the meeting."""

    title: str
    on: datetime.date
    clock: str
    kinds: tuple[str, ...]
    """The kinds of meeting that count as it."""
    by_tasking: bool

    def as_minuted(self, on: datetime.date | None, why_later: str) -> NextDate:
        return NextDate(title=self.title, proposed=self.on, clock=self.clock, on=on, why_later=why_later)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """The minutes once more, and what follows. What is recorded is what was shown here."""
    user = user_of(request)
    who = access.standing_of(user)
    meeting, child = meeting_queries.find_meeting(by=user, reference=reference, kind=KIND, standing=who)
    meeting_planning.check_keeps(user, child, meeting)
    draft = draft_of(user, meeting)
    written = Writing(who, child, meeting, meeting_queries.newest_minutes(meeting))
    writing = reverse("meeting-record", args=[reference])
    if request.method == "POST" and _sent_again(request, written.stands):
        return HttpResponseRedirect(reverse("meeting", args=[reference]))
    if written.stands:
        return recorded_meanwhile(request, written, draft)
    form = written.form(QueryDict(draft.typed) if draft else QueryDict())
    if draft is None or meeting.status == Meeting.Status.CANCELLED or not form.is_valid():
        return HttpResponseRedirect(f"{writing}?check")
    before = state_of(child)
    try:
        after = meetings.what_follows(
            by=user, child=child, meeting=meeting, held_at=form.held_at, level=form.agreed
        )
    except NotPossible as refused:
        messages.error(request, f"This cannot be recorded so: {refused}")
        return HttpResponseRedirect(writing)
    pack = pack_of(child)
    proposed = _proposed(after, pack)
    changed = request.method == "POST" and posted_version(request.POST) != draft.version
    typed = held_forms.typed(request)
    following = _following(proposed, pack, form.held_at, typed)
    errors: list[ErrorLink] = []
    if changed:
        errors = [ErrorLink("You changed the minutes in another window. Read them again, then record them")]
    elif request.method == "POST" and following.is_valid():
        try:
            errors = _record(request, user, child, meeting, form.held_at, form.said(), following, proposed)
        except meetings.AlreadyRecorded:
            return recorded_meanwhile(request, written, draft)
        if not errors:
            return HttpResponseRedirect(reverse("meeting", args=[reference]))
    context = {
        **page_of(meeting, child),
        "said": form.said(),
        "held_at": form.held_at,
        "sets_level": form.agreeing.sets_level,
        "form": following,
        "errors": errors,
        "before": before,
        "after": after,
        "lowers": _lowers(before, after),
        "proposed": proposed,
        "version": draft.version,
        "writing": writing,
        "back_url": writing,
        "back_text": "The minutes",
    }
    return TemplateResponse(
        request, "meetings/check.html", context, status=422 if request.method == "POST" else 200
    )


def _sent_again(request: HttpRequest, stands: Minutes | None) -> bool:
    """Whether this very form has recorded the meeting already: a second click, a refresh."""
    try:
        form_id = uuid.UUID(request.POST.get("form_id", ""))
    except ValueError:
        return False
    return stands is not None and stands.form_id == form_id


def _record(
    request: HttpRequest,
    user: User,
    child: Child,
    meeting: Meeting,
    held_at: datetime.datetime,
    said: Said,
    following: NextForm,
    proposed: list[Proposed],
) -> list[ErrorLink]:
    """Record the meeting, and plan the next one, or say why not."""
    at, kind = following.at, following.cleaned_data.get("kind", "")
    on = timezone.localdate(at) if at else None
    why_later = following.cleaned_data["why_later"]
    next_dates = tuple(
        one.as_minuted(on, why_later) if kind in one.kinds else one.as_minuted(None, "") for one in proposed
    )
    form_id = following.cleaned_data["form_id"]
    try:
        with transaction.atomic():
            meetings.record(
                by=user,
                child=child,
                meeting=meeting,
                held_at=held_at,
                said=said.model_copy(update={"next_dates": next_dates}),
                form_id=form_id,
            )
            if at:
                _plan_next(user, child, meeting, kind, at, uuid.uuid5(form_id, "next"))
    except (NotPossible, InTheFuture, meetings.NothingAgreed, meetings.Cancelled) as refused:
        words = str(refused) or "go back to the minutes and see what is asked for"
        return [ErrorLink(f"This cannot be recorded so: {words}")]
    said_now = "The meeting is recorded. Those who were asked to come are told that the minutes are there."
    messages.success(request, f"{said_now} The next meeting is planned." if at else said_now)
    return []


def _plan_next(
    user: User, child: Child, meeting: Meeting, kind: str, at: datetime.datetime, form_id: uuid.UUID
) -> None:
    """The next meeting, with the same chair and the same people."""
    asked = list(meeting.invited.select_related("user"))
    planned = Plan(
        at=at,
        minutes_long=meeting.minutes_long,
        place=meeting.place,
        chair=meeting.chair,
        chair_words=meeting.chair_words,
        people=[one.user for one in asked if one.user],
        others=[(one.name, one.email) for one in asked if not one.user],
    )
    meeting_planning.plan(by=user, child=child, kind=kind, planned=planned, form_id=form_id)


def _proposed(after: CaseState, pack: AuthorityPack) -> list[Proposed]:
    """The reviews that are due after the meeting, the earliest first."""
    by_id = {review.id: review for review in pack.reviews_at[after.working_level]}
    return [
        Proposed(
            title=by_id[entry.id].title,
            on=entry.due,
            clock=clock_of(entry, pack),
            kinds=by_id[entry.id].restarted_by,
            by_tasking=entry.id == TASKING,
        )
        for entry in after.due
        if entry.is_review and entry.due and entry.id in by_id
    ]


def _following(
    proposed: list[Proposed], pack: AuthorityPack, held_at: datetime.datetime, typed: QueryDict | None
) -> NextForm:
    """The question about the next meeting; tasking has a day of its own, for all children at once."""
    last: dict[str, datetime.date] = {}
    for one in proposed:
        for kind in one.kinds:
            last[kind] = min(one.on, last.get(kind, one.on))
    begin = next((one.kinds[0] for one in proposed if one.kinds and not one.by_tasking), "")
    first, latest = _OFFICE
    at = min(max(timezone.localtime(held_at).time(), first), latest)
    kinds = [kind for kind in pack.meetings if kind.id != "tasking"]
    return NextForm(kinds, last, begin, at, typed)


def _lowers(before: CaseState, after: CaseState) -> bool:
    """Whether protection becomes less by what is recorded, so that this is said before it is."""
    order = ["low", "medium", "high"]
    was, becomes = before.working_level, after.working_level
    return bool(was) and order.index(str(was)) > (order.index(str(becomes)) if becomes else -1)
