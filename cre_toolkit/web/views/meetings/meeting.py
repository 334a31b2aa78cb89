"""One meeting: what to prepare, and its minutes; moving it, cancelling it; files of it."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.audit import heads
from cre_toolkit.casework.meeting import actions as meeting_actions
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.meeting.calendar_file import calendar_file
from cre_toolkit.casework.meeting.drafts import draft_of
from cre_toolkit.casework.meeting.minutes import said_in
from cre_toolkit.casework.meeting.papers import minutes_document
from cre_toolkit.casework.models import Meeting, MeetingAction, Minutes
from cre_toolkit.children import access
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.meetings.following import DoneForm
from cre_toolkit.web.forms.meetings.planning import CancelForm, MoveForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import posted_version, user_of
from cre_toolkit.web.typed import left_over
from cre_toolkit.web.views.documents import download
from cre_toolkit.web.views.meetings.describe import invited_in_words, page_of
from cre_toolkit.web.views.meetings.preparing import prepared

KIND = "meeting.changing-viewed"
_MEANWHILE = "Somebody else has changed this meeting. Here it is as it stands now: change it again"


@require_safe
@transaction.atomic
def meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """What to prepare for a meeting that is planned; the minutes of one that was held."""
    user = user_of(request)
    standing = access.standing_of(user)
    found, child = meeting_queries.find_meeting(
        by=user, reference=reference, kind="meeting.viewed", standing=standing
    )
    every = meeting_queries.versions(found)
    stands = every[0] if every and not every[0].in_error else None  # type: ignore[attr-defined]
    context = {
        **page_of(found, child),
        "asked": invited_in_words(found),
        "keeps": meeting_planning.keeps(standing, child, found),
        "now": timezone.now(),
        "draft": draft_of(user, found),
        "minutes": stands,
        "said": said_in(stands) if stands else None,
        "older": [(one, said_in(one)) for one in every if one != stands],
        "actions": _actions(standing, found),
        "back_url": reverse("child-meetings", args=[child.reference]),
        "back_text": "Meetings",
    }
    if stands is None:
        context |= prepared(child, found)
    return TemplateResponse(request, "meetings/meeting.html", context)


def _actions(standing: access.Standing, found: Meeting) -> list[tuple[MeetingAction, bool]]:
    """What was agreed, and whether it is this reader's to say that it was done."""
    return [
        (action, not action.done_at and meeting_actions.does(standing, found.child.kept, action))
        for action in meeting_actions.actions_of(found)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Move a meeting that is planned, bring it forward, or change who comes."""
    user = user_of(request)
    found, child = meeting_queries.find_meeting(by=user, reference=reference, kind=KIND)
    meeting_planning.check_keeps(user, child, found)
    if found.status != Meeting.Status.PLANNED:
        return _no_longer(request, found)
    form = MoveForm(found, meeting_planning.can_come(child), held_forms.typed(request))
    then = request.POST.get("then", "")
    errors: list[ErrorLink] = []
    if request.method == "POST" and not then.startswith(("add-", "remove-")) and form.is_valid():
        try:
            with transaction.atomic():
                meeting_planning.move(
                    by=user,
                    child=child,
                    meeting=found,
                    version=posted_version(request.POST),
                    planned=form.planned(),
                    why=form.cleaned_data["why"],
                )
        except meeting_planning.Changed:
            errors = [ErrorLink(_MEANWHILE)]
        except meeting_planning.NotPlanned:
            return _no_longer(request, found)
        else:
            messages.success(
                request,
                "The meeting is changed. Whoever is asked is told by e-mail, where there is an address.",
            )
            return HttpResponseRedirect(reverse("meeting", args=[reference]))
    if then == "add-other":
        form.rows.add()
    context = {**page_of(found, child), "form": form, "errors": errors}
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "meetings/change.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel a meeting: asks why, and says what stays due."""
    user = user_of(request)
    found, child = meeting_queries.find_meeting(by=user, reference=reference, kind=KIND)
    meeting_planning.check_keeps(user, child, found)
    form = CancelForm(held_forms.typed(request))
    errors: list[ErrorLink] = []
    if found.status != Meeting.Status.PLANNED:
        return _no_longer(request, found)
    if request.method == "POST" and form.is_valid():
        version, why = posted_version(request.POST), form.cleaned_data["why"]
        try:
            with transaction.atomic():
                meeting_planning.cancel(by=user, child=child, meeting=found, version=version, why=why)
        except meeting_planning.Changed:
            errors = [ErrorLink(_MEANWHILE)]
        except meeting_planning.NotPlanned:
            return _no_longer(request, found)
        else:
            messages.success(
                request,
                "The meeting is cancelled. Whoever was asked is told by e-mail, where there is an address.",
            )
            return HttpResponseRedirect(reverse("child-meetings", args=[child.reference]))
    context = {**page_of(found, child), "form": form, "errors": errors}
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "meetings/cancel.html", context, status=status)


def _no_longer(request: HttpRequest, found: Meeting) -> HttpResponse:
    messages.info(request, "This meeting is not planned any more: it was recorded or cancelled.")
    return HttpResponseRedirect(reverse("meeting", args=[found.reference]))


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def action(request: HttpRequest, reference: str, action: uuid.UUID) -> HttpResponse:
    """Say that something was done that a meeting agreed."""
    user = user_of(request)
    standing = access.standing_of(user)
    found, child = meeting_queries.find_meeting(by=user, reference=reference, kind=KIND, standing=standing)
    agreed = meeting_actions.find_action(found, action)
    form = None
    if agreed.is_asked and not agreed.done_at:  # type: ignore[attr-defined]
        form = DoneForm(held_forms.typed(request))
    if request.method == "POST" and form and form.is_valid():
        try:
            meeting_actions.finish(by=user, child=child, action=action, how=form.cleaned_data["how"])
        except meeting_actions.AskedNoMore:
            agreed, form = meeting_actions.find_action(found, action), None
        else:
            messages.success(request, "It is on the record that this was done.")
            return HttpResponseRedirect(reverse("meeting", args=[reference]))
    # Somebody else was quicker: what was typed is shown, to be copied.
    same = request.POST.get("how", "").strip() == agreed.done_how
    context: dict[str, Any] = {
        **page_of(found, child),
        "action": agreed,
        "form": form,
        "may": meeting_actions.does(standing, child, agreed),
        "typed": [] if same else left_over(request.POST, form),
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "meetings/action.html", context, status=status)


# --- Files --------------------------------------------------------------------------------------------------


@require_safe
@transaction.atomic
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The meeting for a calendar: its reference and time, nothing about a child, and no place."""
    found, _ = meeting_queries.find_meeting(
        by=user_of(request), reference=reference, kind="meeting.calendar-downloaded"
    )
    return HttpResponse(
        calendar_file(found),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="meeting-{found.reference}.ics"'},
    )


@require_safe
def minutes_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The minutes as they stand, as PDF."""
    return _papers(request, reference, "pdf")


@require_safe
def minutes_word(request: HttpRequest, reference: str) -> HttpResponse:
    """The minutes as they stand, as a Word file."""
    return _papers(request, reference, "docx")


def _papers(request: HttpRequest, reference: str, extension: str) -> HttpResponse:
    with transaction.atomic():
        found, child = meeting_queries.find_meeting(
            by=user_of(request), reference=reference, kind=f"minutes.{extension}-downloaded"
        )
        minutes: Minutes | None = meeting_queries.newest_minutes(found)
        if minutes is None:
            raise access.NotVisible(reference)
        document = minutes_document(child, found, minutes, trail=heads.short(child.authority))
    return download(document, extension, f"minutes-{found.reference}")
