"""Recording a meeting: its minutes as they are written, saved while they are typed, and corrected."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.meeting.drafts import SavedElsewhere, discard_draft, draft_of, save_draft
from cre_toolkit.casework.meeting.minutes import said_in
from cre_toolkit.casework.models import Meeting, Minutes, MinutesDraft
from cre_toolkit.children import access
from cre_toolkit.children.access import Standing
from cre_toolkit.children.models import Child
from cre_toolkit.web import autosave, held_forms
from cre_toolkit.web.forms.meetings.minutes import MinutesForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import posted_version, user_of
from cre_toolkit.web.views.assessments.describe import differences
from cre_toolkit.web.views.meetings.describe import page_of
from cre_toolkit.web.views.meetings.writing import in_words, minutes_form, standing

KIND = "meeting.changing-viewed"
_MEANWHILE = "Somebody else has changed what is recorded meanwhile: press the button below to see it."
# What a form carries besides what somebody typed.
_CARRIED = ("csrfmiddlewaretoken", "held_for", "held", "then", "version", "opened")


@dataclass(frozen=True, slots=True)
class Writing:
    """Somebody who writes the minutes of a meeting, and what is recorded of it."""

    who: Standing
    child: Child
    meeting: Meeting
    newest: Minutes | None
    """As `meeting_queries.newest_minutes` gives them."""

    @property
    def stands(self) -> Minutes | None:
        return standing(self.newest)

    @property
    def opened(self) -> int:
        """The version that the form speaks of, to find out that another was recorded meanwhile."""
        return self.stands.version if self.stands else 0

    def form(self, data: QueryDict | None, adding: str = "") -> MinutesForm:
        return minutes_form(self.who, self.child, self.meeting, self.newest, data, adding)

    def form_of(self, draft: MinutesDraft) -> MinutesForm:
        return self.form(QueryDict(draft.typed))


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """The minutes, to be written or corrected. Whatever button is pressed, what was typed is saved first."""
    user = user_of(request)
    who = access.standing_of(user)
    meeting, child = meeting_queries.find_meeting(by=user, reference=reference, kind=KIND, standing=who)
    meeting_planning.check_keeps(user, child, meeting)
    if meeting.status == Meeting.Status.CANCELLED:
        messages.info(request, "This meeting was cancelled. If it took place, plan it anew with its date.")
        return HttpResponseRedirect(reverse("meeting", args=[reference]))
    writing = Writing(who, child, meeting, meeting_queries.newest_minutes(meeting))
    if request.POST.get("then") == "discard":
        discard_draft(by=user, child=child, meeting=meeting)
        messages.success(request, "What you had written is gone. The page begins anew.")
        return HttpResponseRedirect(reverse("meeting-record", args=[reference]))
    if request.method == "POST":
        return _save(request, writing)
    draft = draft_of(user, meeting)
    given = held_forms.typed(request)
    form = writing.form(given if given is not None else QueryDict(draft.typed) if draft else None)
    if "check" in request.GET:
        form.is_valid()
    else:
        form.as_saved()
    return _page(request, writing, form, draft)


def _save(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Save what was typed, then do what the button says; while somebody types, nothing more."""
    then = request.POST.get("then", "")
    posted = _typed(request.POST, then)
    try:
        draft = save_draft(
            by=writing.who.user,
            child=writing.child,
            meeting=writing.meeting,
            typed=posted.urlencode(),
            version=posted_version(request.POST),
        )
    except SavedElsewhere as elsewhere:
        return _changed(request, writing, posted, elsewhere.draft)
    meanwhile = posted_version(request.POST, "opened") != writing.opened
    if autosave.is_asked(request):
        besides = _MEANWHILE if meanwhile else ""
        return autosave.saved(request, {"version": draft.version}, besides=besides)
    if meanwhile:
        return recorded_meanwhile(request, writing, draft)
    return _go_on(request, writing, writing.form(posted, adding=then), draft, then)


def _go_on(
    request: HttpRequest, writing: Writing, form: MinutesForm, draft: MinutesDraft, then: str
) -> HttpResponse:
    """Where the button leads: what was typed is saved already."""
    meeting, stands = writing.meeting, writing.stands
    if then == "save":
        messages.success(request, "Saved. The minutes are not recorded yet: only you see them.")
        return HttpResponseRedirect(reverse("meeting", args=[meeting.reference]))
    if then.startswith(("add-", "remove-")):
        form.as_saved()
        return _page(request, writing, form, draft, status=422)
    if not form.is_valid():
        return _page(request, writing, form, draft, status=422)
    if stands is None:
        return HttpResponseRedirect(reverse("meeting-check", args=[meeting.reference]))
    by = writing.who.user
    try:
        meetings.correct(
            by=by,
            child=writing.child,
            meeting=meeting,
            version=stands.version,
            said=form.said().model_copy(update={"next_dates": said_in(stands).next_dates}),
            why=form.cleaned_data["why"],
            form_id=uuid.uuid5(meeting.pk, f"correction of {stands.version} by {by.pk}, {draft.version}"),
        )
    except meetings.AlreadyRecorded:
        return recorded_meanwhile(request, writing, draft)
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


def _changed(request: HttpRequest, writing: Writing, posted: QueryDict, draft: MinutesDraft) -> HttpResponse:
    """Both texts: what was typed here stays in its boxes, what was saved meanwhile is shown beside it."""
    form = writing.form(posted)
    both = {
        "changed": differences(in_words(writing.form_of(draft)), in_words(form)),
        "changed_at": draft.saved_at,
        "changed_by": "you",
    }
    if autosave.is_asked(request):
        return autosave.changed(request, {**both, "versions": {"version": draft.version}})
    form.as_saved()
    errors = [ErrorLink("This page was saved somewhere else. Compare the two texts", "#changed-elsewhere")]
    return _page(request, writing, form, draft, status=409, errors=errors, **both)


def recorded_meanwhile(request: HttpRequest, writing: Writing, draft: MinutesDraft | None) -> HttpResponse:
    """Somebody else has recorded this meeting: what they recorded, and what this person wrote and keeps."""
    stands = standing(meeting_queries.newest_minutes(writing.meeting))
    context = {
        **page_of(writing.meeting, writing.child),
        "minutes": stands,
        "said": said_in(stands) if stands else None,
        "mine": in_words(writing.form_of(draft)) if draft else [],
    }
    return TemplateResponse(request, "meetings/meanwhile.html", context, status=409)


def _page(
    request: HttpRequest,
    writing: Writing,
    form: MinutesForm,
    draft: MinutesDraft | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        **page_of(writing.meeting, writing.child),
        "form": form,
        "draft": draft,
        "version": draft.version if draft else 0,
        "opened": writing.opened,
        "minutes": writing.stands,
        "in_error": writing.newest is not None and writing.stands is None,
        # Beside another text, or given back, it is its author who decides: by the button.
        "autosaves": "changed" not in more and not held_forms.waiting(request),
        **more,
    }
    return TemplateResponse(request, "meetings/record.html", context, status=status)
