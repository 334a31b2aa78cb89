"""Beginning an assessment, and the list of its sections."""

import uuid
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cre_toolkit.assessments import actions, held, queries, readiness
from cre_toolkit.assessments.progress import Progress, progress, rated
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.casework.missing import evidence as missing_evidence
from cre_toolkit.children import access
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments import drafting, journey

_TAGS = {
    Progress.CARRIED: "govuk-tag--yellow",
    Progress.STARTED: "govuk-tag--light-blue",
    Progress.NOT_STARTED: "govuk-tag--blue",
    Progress.NOT_YET: "govuk-tag--grey",
}


@require_POST
@transaction.atomic
def start(request: HttpRequest, reference: str) -> HttpResponse:
    """From the child's page: danger is asked first. The same press twice begins one assessment."""
    user = user_of(request)
    try:
        form_id = uuid.UUID(request.POST.get("form_id", ""))
    except ValueError:
        raise Http404 from None
    child = access.find_child(by=user, reference=reference, act=access.Act.ASSESS)
    draft = actions.start(by=user, child=child, form_id=form_id)
    missing_evidence.propose(by=user, draft=draft)
    said = queries.answers(draft).get("danger", {})
    page = "assessment" if said.get("immediate_risk") else "assessment-danger"
    return HttpResponseRedirect(journey.address(page, draft.reference))


@require_safe
@drafting.drafts_only
@transaction.atomic
def overview(request: HttpRequest, reference: str) -> HttpResponse:
    """The sections with how far each is, and what sending still asks for."""
    draft = drafting.open_draft(user_of(request), reference, "overview", transcribed=None, last_time=True)
    if draft.assessment.transcribed:
        return HttpResponseRedirect(journey.address("assessment-paper-check", reference))
    outcome = queries.outcome_of(draft)
    missing = readiness.missing(
        draft.answers, outcome, draft.instrument, draft.carried, on=timezone.localdate()
    )
    needed = [*outcome.problems, *missing]
    context = {
        **drafting.common_context(draft, "Assessment"),
        "held": held.waiting_under(user_of(request), request.path),
        "tasks": _tasks(draft),
        "check_url": journey.address("assessment-check", reference),
        "needed": [
            (finding.text, journey.place_of(reference, finding.path, finding.code, draft.unchanged))
            for finding in needed
        ],
    }
    return TemplateResponse(request, "assessments/overview.html", context)


def _tasks(draft: Draft) -> dict[str, Any]:
    """GOV.UK's task list: a link, a hint where it says something, a status in words."""
    how_far = progress(draft.answers, draft.by_button)
    items = []
    for page in journey.PAGES:
        is_carried = page.section in draft.carried and page.name != "rating"
        status = Progress.CARRIED if is_carried else how_far[page.name]
        item: dict[str, Any] = {"title": {"text": page.title}}
        if status is Progress.DONE:
            item["status"] = {"text": status}
        else:
            item["status"] = {"tag": {"text": status, "classes": _TAGS[status]}}
        if status is not Progress.NOT_YET:
            item["href"] = page.url(draft.assessment.reference)
        if hint := _hint(page.name, draft):
            item["hint"] = {"text": hint}
        items.append(item)
    return {"idPrefix": "section", "items": items}


def _hint(page: str, draft: Draft) -> str:
    indicators = draft.answers.indicators
    if page == "danger" and draft.answers.danger.immediate_risk == "not-known":
        return "Not known yet. Sending asks for yes or no"
    if page == "indicators" and indicators.items:
        return f"{len(indicators.items)} ticked"
    if page == "rating" and indicators.items:
        return f"{rated(indicators)} of {len(indicators.items)} with level and evidence"
    if page == "level" and not draft.answers.analysis.level:
        return "Record your own level first, at the end of the analysis"
    return ""
