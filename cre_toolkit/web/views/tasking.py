"""The monthly tasking meeting: its list, its pack, that it was held, and its requests for a child."""

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
from cre_toolkit.casework.case.entering import InTheFuture
from cre_toolkit.casework.models import TaskingCase, TaskingMeeting
from cre_toolkit.casework.tasking import meetings
from cre_toolkit.casework.tasking import pack as tasking_pack
from cre_toolkit.casework.tasking import requests as tasking
from cre_toolkit.casework.tasking.listing import ON_THE_LIST, Case, TaskingList, asked_for, tasking_list
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, Standing
from cre_toolkit.web import held_forms
from cre_toolkit.web.csv_files import csv_file
from cre_toolkit.web.forms.tasking import AnswerForm, AskForm, MeetingForm
from cre_toolkit.web.paging import page_asked_for, pagination
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required
from cre_toolkit.web.views.children.describe import age_in_words, authority_name, worker_of
from cre_toolkit.web.views.documents import download

KIND = "child.tasking-viewed"
MOST = 50
HEADS = ("Child", "Level", "Since the last meeting", "Allocated worker", "Requests")
HEADS_HELD = ("Child", "Level", "In the meeting")


@require_safe
@transaction.atomic
def listed(request: HttpRequest) -> HttpResponse:
    """The list of an authority, and what has changed since its last meeting."""
    user = user_of(request)
    standing = access.standing_of(user)
    page = page_asked_for(request)
    found = tasking_list(standing, _authority(request, standing), before=(page - 1) * MOST, most=MOST)
    _note(user, found, "tasking.listed")
    asked = {"authority": [found.authority]}
    context = {
        "name": authority_name(found.authority),
        "others": _others(standing, found.authority),
        "found": found,
        "changes": [(str(change), found.changed(change)) for change in ON_THE_LIST],
        "heads": HEADS,
        "rows": [_row(case) for case in found.cases],
        "left": [_row(case) for case in found.left],
        "left_unseen": tasking_pack.left_unseen(found.left_unseen) if found.left_unseen else "",
        "last": found.last and (_address_of(found.last), found.last.at),
        "off": [(case.child.kept.name, case.child.kept.reference, case.level) for case in found.off],
        "pages": pagination(
            page, more=found.number > page * MOST, label="Cases of the tasking meeting", asked=asked
        ),
        "query": f"?authority={found.authority}",
        "back_url": reverse("home"),
        "back_text": "Home",
    }
    return TemplateResponse(request, "tasking/listed.html", context)


def _others(standing: Standing, authority: str) -> list[tuple[str, str]]:
    others = [each for each in standing.authorities(Act.RUN_TASKING) if each != authority]
    return [(authority_name(each), f"?authority={each}") for each in others]


def _row(case: Case) -> tuple[Any, ...]:
    child = case.child
    asked = "; ".join(f"{one.request.asked} ({one.how_far.lower()})" for one in case.asked)
    page = reverse("child-tasking", args=[child.reference])
    return (
        (f"{child.name} ({child.reference})", page),
        child.working_level.capitalize() or "None",
        str(case.change),
        worker_of(child) or "None known",
        asked or "None",
    )


@require_safe
@fresh_sign_in_required
def listed_csv(request: HttpRequest) -> HttpResponse:
    """The pack as a file for a spreadsheet."""
    with transaction.atomic():
        user = user_of(request)
        found = _found(request, access.standing_of(user))
        _note(user, found, "tasking.exported")
        today = timezone.localdate()
        made = csv_file(tasking_pack.HEADS, tasking_pack.lines(found, today))
    return HttpResponse(
        made,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="tasking-{found.authority}-{today}.csv"'},
    )


@require_safe
@fresh_sign_in_required
def listed_word(request: HttpRequest) -> HttpResponse:
    """The pack as a Word file."""
    with transaction.atomic():
        user = user_of(request)
        found = _found(request, access.standing_of(user))
        _note(user, found, "tasking.exported")
        name = authority_name(found.authority)
        pack = tasking_pack.document(found, authority_name=name, by=user, now=timezone.now())
    return download(pack, "docx", pack.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def meeting(request: HttpRequest) -> HttpResponse:
    """The meeting was held: for every case on the list but those that it did not come to."""
    user = user_of(request)
    standing = access.standing_of(user)
    found = _found(request, standing)
    form = MeetingForm(found, held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            recorded = meetings.record_meeting(
                by=user,
                authority=found.authority,
                at=form.at,
                listed=form.shown,
                not_discussed=form.cleaned_data["not_discussed"],
            )
        except meetings.AlreadyRecorded as there_is:
            recorded = there_is.meeting
            messages.info(
                request,
                f"The meeting of that day is on the record already: {recorded.by.name} recorded it. Nothing"
                " was changed, and this is how it stands.",
            )
        else:
            messages.success(
                request,
                "The meeting is on the record of every case that it discussed. Now record what it asked for.",
            )
        return HttpResponseRedirect(_address_of(recorded))
    _note(user, found, "tasking.listed")
    context = {
        "name": authority_name(found.authority),
        "cases": len(found.cases),
        "form": form,
        "back_url": f"{reverse('tasking')}?authority={found.authority}",
        "back_text": "Monthly tasking",
    }
    return TemplateResponse(
        request, "tasking/meeting.html", context, status=422 if request.method == "POST" else 200
    )


@require_safe
@transaction.atomic
def held(request: HttpRequest, day: str) -> HttpResponse:
    """A meeting as it was recorded: its list, and which cases it discussed."""
    user = user_of(request)
    standing = access.standing_of(user)
    authority = _authority(request, standing)
    try:
        found = meetings.held_on(standing, authority, datetime.date.fromisoformat(day))
    except ValueError:
        raise access.NotVisible(day) from None
    page = page_asked_for(request)
    shown = found.cases[(page - 1) * MOST : page * MOST]
    seen = {case.child_id for case in shown}
    audit.record(by=user, kind="tasking.listed", authority=authority, children=seen)
    context = {
        "name": authority_name(authority),
        "meeting": found.meeting,
        "heads": HEADS_HELD,
        "rows": [_row_held(case) for case in shown],
        "unseen": found.unseen,
        "before": found.before and (_address_of(found.before), found.before.at),
        "pages": pagination(
            page,
            more=len(found.cases) > page * MOST,
            label="Cases of the meeting",
            asked={"authority": [authority]},
        ),
        "back_url": f"{reverse('tasking')}?authority={authority}",
        "back_text": "Monthly tasking",
    }
    return TemplateResponse(request, "tasking/held.html", context)


def _row_held(case: TaskingCase) -> tuple[Any, ...]:
    child = case.child.kept
    page = reverse("child-tasking", args=[child.reference])
    return (f"{child.name} ({child.reference})", page), case.level.capitalize(), meetings.how_it_was(case)


def _address_of(meeting: TaskingMeeting) -> str:
    page = reverse("tasking-held", args=[meeting.day.isoformat()])
    return f"{page}?authority={meeting.authority}"


def _authority(request: HttpRequest, standing: Standing) -> str:
    """The authority that the address names, or the only one; of another there is none."""
    access.check(standing, Act.RUN_TASKING)
    theirs = standing.authorities(Act.RUN_TASKING)
    authority = request.GET.get("authority") or theirs[0]
    if authority not in theirs:
        raise access.NotVisible(authority)
    return authority


def _found(request: HttpRequest, standing: Standing) -> TaskingList:
    """The whole list of that authority."""
    return tasking_list(standing, _authority(request, standing))


def _note(user: User, found: TaskingList, kind: str) -> None:
    """A list of children is a look at each of them."""
    seen = {case.child.pk for case in (*found.cases, *found.left)} | {case.child_id for case in found.off}
    audit.record(by=user, kind=kind, authority=found.authority, children=seen)


# --- Of one child -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def of_child(request: HttpRequest, reference: str) -> HttpResponse:
    """What the meeting asked for a child, the answers, and a form for the next answer."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind=KIND, standing=standing)
    asked = asked_for(child)
    if request.method == "POST":
        access.check(standing, Act.ANSWER_TASKING)
    to_answer = [one.request for one in reversed(asked) if one.is_open]
    # Asked of all of them, so that an answer that was sent twice is known again.
    posted = request.method == "POST"
    form = AnswerForm([one.request for one in asked] if posted else to_answer, held_forms.typed(request))
    if posted and form.is_valid():
        tasking.answer(
            by=user,
            request=form.chosen,
            outcome=form.cleaned_data["outcome"],
            words=form.cleaned_data["words"],
            form_id=form.cleaned_data["form_id"],
        )
        messages.success(request, "The answer is on the record; whoever recorded the request is told.")
        return HttpResponseRedirect(request.path)
    context = {
        "child": child,
        "age": age_in_words(child),
        "asked": asked,
        "form": form if to_answer or posted else None,
        "may": access.acts_of(standing),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(request, "tasking/child.html", context, status=422 if posted else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """What the meeting asked for a child."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind=KIND, act=Act.RUN_TASKING)
    form = AskForm(held_forms.typed(request))
    back = reverse("child-tasking", args=[child.reference])
    if request.method == "POST" and form.is_valid():
        try:
            tasking.ask(by=user, child=child, **form.cleaned_data)
        except InTheFuture:
            form.add_error("asked_on", "The day of the meeting must be today or in the past")
        else:
            messages.success(request, "The request is on the record; the child’s worker is told.")
            return HttpResponseRedirect(back)
    context = {
        "child": child,
        "age": age_in_words(child),
        "form": form,
        "back_url": back,
        "back_text": "Monthly tasking",
    }
    return TemplateResponse(
        request, "tasking/ask.html", context, status=422 if request.method == "POST" else 200
    )
