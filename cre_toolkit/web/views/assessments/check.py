"""Check answers: everything that was said, everything that sending asks for, all at once. Then send."""

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cre_toolkit.assessments import queries, readiness
from cre_toolkit.assessments.answers import Answers
from cre_toolkit.assessments.level import stated
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.assessments.recording import NotAccepted
from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.case.queries import calls_of
from cre_toolkit.casework.models import Call
from cre_toolkit.rules.outcome import Finding, Outcome
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments import drafting, journey
from cre_toolkit.web.views.assessments.child import facts
from cre_toolkit.web.views.assessments.describe import Row, describe

TELEPHONE = "Telephone the police and social care now, and log both calls: the danger is immediate."


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it was answered: each row with the address where it can be changed."""

    title: str
    url: str
    rows: list[tuple[Row, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.drafts_only
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """GET shows everything; POST sends it. Sent once, however often the button is pressed."""
    user = user_of(request)
    if request.method == "POST":
        try:
            send(by=user, assessment=queries.own(user, reference))
        except NotAccepted:
            with transaction.atomic():
                return _show(
                    request, drafting.open_draft(user, reference, "check", last_time=True), tried=True
                )
        return HttpResponseRedirect(journey.address("assessment-sent", reference))
    with transaction.atomic():
        return _show(request, drafting.open_draft(user, reference, "check", last_time=True), tried=False)


def _show(request: HttpRequest, draft: Draft, *, tried: bool) -> HttpResponse:
    outcome, reference = queries.outcome_of(draft), draft.assessment.reference
    problems = [
        *outcome.problems,
        *readiness.missing(draft.answers, outcome, draft.instrument, draft.carried, on=timezone.localdate()),
    ]
    links = [
        ErrorLink(finding.text, journey.place_of(reference, finding.path, finding.code, draft.unchanged))
        for finding in problems
    ]
    prompts = [
        (finding.text, journey.place_of(reference, finding.path, finding.code, draft.unchanged))
        for finding in _prompts(draft, outcome)
    ]
    if draft.answers.danger.immediate_risk == "yes" and not reached(draft):
        prompts.insert(0, (TELEPHONE, journey.address("assessment-calls", reference)))
    context = {
        **drafting.common_context(draft, "Check your answers before sending"),
        "parts": _parts(draft, stated(draft.answers, outcome)),
        "outcome": outcome,
        "needed": links,
        "prompts": prompts,
        "errors": links if tried else [],
        "back_url": journey.PAGE["sharing"].url(reference),
    }
    return TemplateResponse(request, "assessments/check.html", context, status=422 if tried else 200)


def reached(draft: Draft) -> bool:
    """Whether somebody answered at both, the police and social care."""
    made = calls_of(draft.assessment)
    return {call.to for call in made if call.outcome == Call.Outcome.SPOKE} == set(Call.To)


def _prompts(draft: Draft, outcome: Outcome) -> list[Finding]:
    """Warnings and reminders. Where the practitioner said "not clear yet", the question has been answered."""
    items = draft.answers.indicators.items
    unclear = {f"indicators.{id_}" for id_, rated in items.items() if rated.unclear}
    warnings = [
        warning
        for warning in outcome.warnings
        if not (warning.code == "exploitation-type-missing" and warning.path in unclear)
    ]
    return warnings + (readiness.reminders(draft.answers) if outcome.in_scope is not False else [])


def _parts(draft: Draft, said: Answers) -> list[Part]:
    """The pages in their order, as the record will state them; ticking and rating are shown once."""
    reference = draft.assessment.reference
    parts = []
    for page in journey.PAGES:
        if page.name == "rating":
            continue
        if page.name == "child":
            rows = facts(draft)
        else:
            rows = describe(page.section, said.section(page.section), draft.instrument)
        query = "?return=check&ask=all" if page.name == "child" else "?return=check"
        links = [
            f"{(journey.PAGE[row.page] if row.page else page).url(reference)}{query}"
            f"{'#' + row.anchor if row.anchor else ''}"
            for row in rows
        ]
        parts.append(Part(page.title, page.url(reference) + query, list(zip(rows, links, strict=True))))
    return parts
