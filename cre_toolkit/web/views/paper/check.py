"""Check a paper form: all that was entered, what the paper does not say, and the button that records it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cre_toolkit.assessments import held, paper, queries
from cre_toolkit.assessments.paper_answers import PaperAnswers
from cre_toolkit.assessments.paper_casefile import completed_at
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.assessments.recording import NotAccepted
from cre_toolkit.casework.assessment.transcribing import transcribe
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments import drafting
from cre_toolkit.web.views.assessments.check import Part
from cre_toolkit.web.views.paper import journey
from cre_toolkit.web.views.paper.describe import describe


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.drafts_only
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """GET shows the whole form; POST records it. Recorded once, however often the button is pressed."""
    user = user_of(request)
    if request.method == "POST":
        try:
            transcribe(by=user, assessment=queries.own(user, reference))
        except NotAccepted:
            with transaction.atomic():
                return _show(
                    request, drafting.open_draft(user, reference, "check", transcribed=True), tried=True
                )
        messages.success(request, "The paper form is recorded. It stands in the child's history.")
        return HttpResponseRedirect(reverse("assessment-record", args=[reference]))
    with transaction.atomic():
        return _show(request, drafting.open_draft(user, reference, "check", transcribed=True), tried=False)


def _show(request: HttpRequest, draft: Draft, *, tried: bool) -> HttpResponse:
    now, answers, reference = timezone.now(), draft.on_paper, draft.assessment.reference
    at = completed_at(answers, now)
    outcome = paper.outcome_at(draft.child, answers, at or now, draft.instrument)
    needed = [
        ErrorLink(finding.text, journey.place_of(draft, finding.path))
        for finding in paper.needed(draft.child, answers, outcome, now)
    ]
    open_questions = [(finding.text, journey.place_of(draft, finding.path)) for finding in outcome.warnings]
    if not answers.paper.author.strip():
        place = f"{journey.DETAILS.url(reference)}?return=check#author"
        open_questions.insert(0, ("Enter who completed the form, if the paper says.", place))
    context = {
        **drafting.common_context(draft, "Check what you have entered"),
        "danger_url": reverse("child-calls", args=[draft.child.reference]),
        "form_name": f"{draft.instrument.short_title}, {draft.instrument.edition}",
        "held": held.waiting_under(user_of(request), reverse("assessment", args=[reference])),
        "outcome": outcome,
        # What was recorded then was recorded, also where the rules of the form take no level today.
        "form_level": paper.level_of(answers, draft.instrument),
        "completed_at": at,
        "sets_levels": draft.instrument.levels_from == "rating",
        "needed": needed,
        "open_questions": [each for each in open_questions if each[1]],
        "not_asked": [text for text, href in open_questions if not href],
        "parts": _parts(draft, answers),
        "errors": needed if tried else [],
        "back_url": journey.pages(draft.instrument)[-1].url(reference),
    }
    return TemplateResponse(request, "paper/check.html", context, status=422 if tried else 200)


def _parts(draft: Draft, answers: PaperAnswers) -> list[Part]:
    """The pages in their order, each row with the address where it can be changed."""
    parts = []
    for page in journey.pages(draft.instrument):
        rows = describe(page.section, answers.section(page.section), draft.instrument)
        url = f"{page.url(draft.assessment.reference)}?return=check"
        links = [f"{url}#{row.anchor}" if row.anchor else url for row in rows]
        parts.append(Part(page.title, url, list(zip(rows, links, strict=True))))
    return parts
