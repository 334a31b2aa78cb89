"""Recording a meeting: its minutes as they are written, and corrected."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.meeting.drafts import SavedElsewhere, draft_of, save_draft
from cre_toolkit.casework.meeting.minutes import said_in
from cre_toolkit.casework.models import Meeting, Minutes, MinutesDraft
from cre_toolkit.children import access
from cre_toolkit.children.access import Standing
from cre_toolkit.children.models import Child
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.meetings.minutes import MinutesForm
from cre_toolkit.web.request import posted_version, user_of
from cre_toolkit.web.typed import Typed, typed_in
from cre_toolkit.web.views.meetings.describe import page_of, people_asked

KIND = "meeting.changing-viewed"
# What a form carries besides what somebody typed.
_CARRIED = ("csrfmiddlewaretoken", "held_for", "held", "then", "version", "opened")


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """The minutes, to be written or corrected. Whatever button is pressed, what was typed is saved first."""
    user = user_of(request)
    standing = access.standing_of(user)
    meeting, child = meeting_queries.find_meeting(by=user, reference=reference, kind=KIND, standing=standing)
    meeting_planning.check_keeps(user, child, meeting)
    if meeting.status == Meeting.Status.CANCELLED:
        messages.info(request, "This meeting was cancelled. If it took place, plan it anew with its date.")
        return HttpResponseRedirect(reverse("meeting", args=[reference]))
    stands = standing_minutes(meeting)
    if request.method == "POST":
        return _save(request, standing, child, meeting, stands)
    draft = draft_of(user, meeting)
    given = held_forms.typed(request)
    data = given if given is not None else QueryDict(draft.typed) if draft else None
    form = minutes_form(standing, child, meeting, stands, data)
    if "check" in request.GET:
        form.is_valid()
    else:
        form.as_saved()
    return _page(request, child, meeting, form, draft, stands)


def _save(
    request: HttpRequest, standing: Standing, child: Child, meeting: Meeting, stands: Minutes | None
) -> HttpResponse:
    """Save what was typed, then do what the button says."""
    user, then = standing.user, request.POST.get("then", "")
    posted = _typed(request.POST, then)
    errors: dict[str, Any] = {}
    try:
        draft = save_draft(
            by=user,
            child=child,
            meeting=meeting,
            typed=posted.urlencode(),
            version=posted_version(request.POST),
        )
    except SavedElsewhere as elsewhere:
        form = minutes_form(standing, child, meeting, stands, posted)
        form.as_saved()
        errors = {"elsewhere": elsewhere.draft, "theirs": texts_in(elsewhere.draft)}
        return _page(request, child, meeting, form, elsewhere.draft, stands, status=409, **errors)
    if posted_version(request.POST, "opened") != (stands.version if stands else 0):
        return recorded_meanwhile(request, child, meeting, draft)
    form = minutes_form(standing, child, meeting, stands, posted, adding=then)
    if then == "save":
        messages.success(request, "Saved. The minutes are not recorded yet: only you see them.")
        return HttpResponseRedirect(reverse("meeting", args=[meeting.reference]))
    if then.startswith(("add-", "remove-")):
        form.as_saved()
        return _page(request, child, meeting, form, draft, stands, status=422)
    if not form.is_valid():
        return _page(request, child, meeting, form, draft, stands, status=422)
    if stands is None:
        return HttpResponseRedirect(reverse("meeting-check", args=[meeting.reference]))
    try:
        meetings.correct(
            by=user,
            child=child,
            meeting=meeting,
            version=stands.version,
            said=form.said().model_copy(update={"next_dates": said_in(stands).next_dates}),
            why=form.cleaned_data["why"],
            form_id=uuid.uuid5(meeting.pk, f"correction of {stands.version} by {user.pk}, {draft.version}"),
        )
    except meetings.AlreadyRecorded:
        return recorded_meanwhile(request, child, meeting, draft)
    messages.success(request, "The newer version of the minutes is recorded. The one before stays beside it.")
    return HttpResponseRedirect(reverse("meeting", args=[meeting.reference]))


def _typed(posted: QueryDict, then: str) -> QueryDict:
    """What somebody typed, without what the form carries, and without a row that they take away."""
    typed = posted.copy()
    removed = f"{then.removeprefix('remove-')}-" if then.startswith("remove-") else ""
    for name in posted:
        if name in _CARRIED or (removed and name.startswith(removed)):
            del typed[name]
    return typed


def standing_minutes(meeting: Meeting) -> Minutes | None:
    """The minutes as they stand; None where nothing is recorded, or it was recorded in error."""
    newest = meeting_queries.newest_minutes(meeting)
    return newest if newest and not newest.in_error else None  # type: ignore[attr-defined]


def minutes_form(
    standing: Standing,
    child: Child,
    meeting: Meeting,
    stands: Minutes | None,
    data: QueryDict | None,
    adding: str = "",
) -> MinutesForm:
    """The form of a meeting's minutes; of those that are corrected, as they stand where nothing is typed."""
    asked, others = people_asked(meeting, meeting_planning.can_come(child))
    local = timezone.localtime(meeting.at)
    if stands:
        # Whoever came and has left the network since came all the same.
        there = {str(user.pk) for user in asked} | set(others)
        others += [one.name for one in said_in(stands).attendance if str(one.user or one.name) not in there]
    begin: dict[str, Any] = {"day": local.date(), "time": f"{local:%H:%M}"}
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = {}
    if stands and data is None:
        begin, rows = _as_recorded(stands, asked, others)
    return MinutesForm(
        asked,
        others,
        meetings.agreeing(standing, child, meeting.kind, meeting.at),
        data,
        correcting=stands is not None,
        initial=begin,
        rows=rows,
        adding=adding,
    )


def _as_recorded(
    stands: Minutes, asked: Sequence[User], others: Sequence[str]
) -> tuple[dict[str, Any], Mapping[str, Sequence[Mapping[str, Any]]]]:
    """What a form begins with that corrects recorded minutes."""
    said = said_in(stands)
    came = {one.name: one.came for one in said.attendance}
    came |= {str(one.user): one.came for one in said.attendance if one.user}
    keys = [*(str(user.pk) for user in asked), *others]
    begin: dict[str, Any] = {f"came-{place}": came.get(key, "") for place, key in enumerate(keys)}
    begin |= {"others": said.others, "discussion": said.discussion, "level_why": said.level_why}
    known = {user.pk for user in asked}
    actions = [
        {
            "what": one.what,
            "owner": str(one.owner) if one.owner in known else "",
            "owner_name": "" if one.owner in known else one.owner_name,
            "due_on": one.due_on,
        }
        for one in said.actions
    ]
    return begin, {
        "dissent": [one.model_dump() for one in said.dissent],
        "decision": [one.model_dump() for one in said.decisions],
        "action": actions,
    }


def recorded_meanwhile(
    request: HttpRequest, child: Child, meeting: Meeting, draft: MinutesDraft | None
) -> HttpResponse:
    """Somebody else has recorded this meeting: what they recorded, and what this person wrote and keeps."""
    stands = standing_minutes(meeting)
    context = {
        **page_of(meeting, child),
        "minutes": stands,
        "said": said_in(stands) if stands else None,
        "mine": texts_in(draft) if draft else [],
    }
    return TemplateResponse(request, "meetings/meanwhile.html", context, status=409)


def texts_in(draft: MinutesDraft) -> list[Typed]:
    """What somebody typed, to be read and copied; who came and who does what is chosen again."""
    typed = QueryDict(draft.typed).copy()
    for name in list(typed):
        if name.startswith(("who-", "came-")) or name.endswith("-owner"):
            del typed[name]
    return typed_in(typed)


def _page(
    request: HttpRequest,
    child: Child,
    meeting: Meeting,
    form: MinutesForm,
    draft: MinutesDraft | None,
    stands: Minutes | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        **page_of(meeting, child),
        "form": form,
        "draft": draft,
        "version": draft.version if draft else 0,
        "opened": stands.version if stands else 0,
        "correcting": stands is not None,
        "event": stands.event_id if stands else None,
        **more,
    }
    return TemplateResponse(request, "meetings/record.html", context, status=status)
