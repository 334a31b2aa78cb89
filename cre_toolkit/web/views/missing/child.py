"""The missing episodes of one child: what is known, what is due, and a form for each thing that happens."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.casework.case import queries
from cre_toolkit.casework.case.entering import InTheFuture
from cre_toolkit.casework.missing import episodes as missing
from cre_toolkit.casework.missing import interviews as return_interviews
from cre_toolkit.casework.missing import told as missing_told
from cre_toolkit.casework.models import MissingEpisode
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.documents.dates import moment_in_words
from cre_toolkit.web import held_forms
from cre_toolkit.web.doing import where
from cre_toolkit.web.forms.missing import InterviewForm, MissingForm, ReturnForm
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words

KIND = "child.missing-viewed"
OF_MISSING = ("missing-strategy-meeting", "return-interview", "missing-plan")
ANOTHER = (
    "The times do not fit the other episodes on the record. Compare them with the child’s missing episodes,"
    " and mend the day or the time"
)
IN_THE_FUTURE = "The time must be in the past"


@require_safe
@transaction.atomic
def episodes(request: HttpRequest, reference: str) -> HttpResponse:
    """Every episode with its return, its interviews and its clocks; the newest first."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind=KIND, standing=standing)
    case = queries.read_case(child)
    due = [entry for entry in queries.due_for(child, case) if entry.action in OF_MISSING]
    plans = missing_told.plans_of(child)
    told = missing_told.episodes_of(child)
    context = {
        **_page(child),
        "since": case.state.missing_since,
        "due": [(entry, where(entry.action, child.reference)) for entry in due],
        "episodes": [_shown(one) for one in told],
        # Nobody is interviewed before they are back.
        "may_interview": any(one.returned for one in told),
        "again": not child.died_on and any(one.to_offer_again for one in told),
        "plan": plans[0] if plans else None,
        "may": access.acts_of(standing),
        "group": queries.pack_of(child).monitoring_group,
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(request, "missing/episodes.html", context)


def _shown(episode: missing_told.Episode) -> dict[str, Any]:
    return {
        "episode": episode,
        "missing": missing_told.missing_in_words(episode.missing),
        "returned": missing_told.return_in_words(episode.returned) if episode.returned else [],
        "interviews": [(step, missing_told.interview_in_words(step)) for step in episode.interviews],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """The child is missing now."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind=KIND, act=Act.RECORD_MISSING)
    form = MissingForm(held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                missing.report_missing(
                    by=user, child=child, missing=form.said, form_id=form.cleaned_data["form_id"]
                )
        except missing.StillMissing as refused:
            since = moment_in_words(refused.since)
            form.add_error(
                "day", f"The child is on the record as missing since {since}. Record the return first"
            )
        except missing.AnotherEpisode:
            form.add_error("day", ANOTHER)
        except InTheFuture:
            form.add_error("time", IN_THE_FUTURE)
        else:
            messages.success(request, _reported(form))
            return HttpResponseRedirect(_list(child))
    return _form_page(request, "missing/report.html", child, form)


def _reported(form: MissingForm) -> str:
    if form.said.police_told == YesNoUnknown.YES:
        return "The child is on the record as missing."
    return "The child is on the record as missing. Tell the police now, if nobody has."


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def came_back(request: HttpRequest, reference: str) -> HttpResponse:
    """A child who is missing has come back."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind=KIND, act=Act.RECORD_MISSING)
    form = ReturnForm(held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                missing.record_return(
                    by=user, child=child, returned=form.said, form_id=form.cleaned_data["form_id"]
                )
        except missing.NotMissing:
            form.add_error(
                "day",
                "The child is not on the record as missing. To enter an episode that is over, go back and add"
                " an earlier one",
            )
        except missing.AnotherEpisode:
            form.add_error(
                "day", "The return must be after the child went missing. Check the day and the time"
            )
        except InTheFuture:
            form.add_error("time", IN_THE_FUTURE)
        else:
            messages.success(
                request,
                "The return is recorded. Offer the child a return interview: within 72 hours of the return.",
            )
            return HttpResponseRedirect(_list(child))
    return _form_page(
        request, "missing/return.html", child, form, episode=_since(missing.open_episodes(child))
    )


def _since(episodes: Sequence[MissingEpisode]) -> str:
    """Since when the child is missing: by the first report, where two merged records have one each."""
    return moment_in_words(episodes[-1].event.at) if episodes else ""


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def past(request: HttpRequest, reference: str) -> HttpResponse:
    """An episode that is over, entered afterwards: the start and the return at once."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind=KIND, act=Act.RECORD_MISSING)
    typed = held_forms.typed(request)
    gone, back = MissingForm(typed, prefix="gone"), ReturnForm(typed, prefix="back")
    if request.method == "POST" and gone.is_valid() & back.is_valid():
        try:
            with transaction.atomic():
                missing.record_past_episode(
                    by=user,
                    child=child,
                    missing=gone.said,
                    returned=back.said,
                    form_id=gone.cleaned_data["form_id"],
                )
        except missing.AnotherEpisode:
            back.add_error(
                "day",
                "The return must be after the child went missing, and before any later episode. " + ANOTHER,
            )
        except InTheFuture:
            back.add_error("time", IN_THE_FUTURE)
        else:
            messages.success(request, "The episode is on the record.")
            return HttpResponseRedirect(_list(child))
    return _form_page(request, "missing/past.html", child, gone, back)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def interview(request: HttpRequest, reference: str) -> HttpResponse:
    """An offer of a return interview, or what came of it."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind=KIND, act=Act.RECORD_MISSING)
    told = [one for one in missing_told.episodes_of(child) if one.returned]
    # Those that wait for an interview stand first, the oldest of them on top: its clock runs out first.
    waiting = [one.returned for one in reversed(told) if one.waits_for_interview and one.returned]
    others = [one.returned for one in told if not one.waits_for_interview and one.returned]
    form = InterviewForm([*waiting, *others], held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                return_interviews.record_interview(
                    by=user,
                    child=child,
                    returned=form.chosen,
                    interview=form.interview,
                    form_id=form.cleaned_data["form_id"],
                )
        except return_interviews.BeforeReturn:
            form.add_error("day", "The interview must be after the return. Check the day and the time")
        except InTheFuture:
            form.add_error("time", IN_THE_FUTURE)
        else:
            messages.success(request, "This is on the record.")
            return HttpResponseRedirect(_list(child))
    again = any(one.to_offer_again for one in told)
    return _form_page(request, "missing/interview.html", child, form, returns=bool(told), again=again)


# --- What the pages have in common --------------------------------------------------------------------------


def _page(child: Child) -> dict[str, Any]:
    return {"child": child, "age": age_in_words(child)}


def _list(child: Child) -> str:
    return reverse("child-missing", args=[child.reference])


def _form_page(
    request: HttpRequest, template: str, child: Child, form: GovukForm, *more: GovukForm, **context: Any
) -> HttpResponse:
    page = {
        **_page(child),
        **({"forms": [form, *more]} if more else {"form": form}),
        "back_url": _list(child),
        "back_text": "Missing episodes",
        **context,
    }
    wrong = request.method == "POST"
    return TemplateResponse(request, template, page, status=422 if wrong else 200)
