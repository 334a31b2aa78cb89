"""Danger first: said at any time, the telephone before all else, each call logged (CRE 2020, page 11)."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cre_toolkit.assessments import queries
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.casework.assessment import calls as casework
from cre_toolkit.casework.case.queries import calls_of, pack_of
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.web import autosave, held_forms
from cre_toolkit.web.forms.assessments.base import SectionForm
from cre_toolkit.web.forms.assessments.opening import DangerForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.typed import says_danger, typed_in
from cre_toolkit.web.views import call_log
from cre_toolkit.web.views.assessments import drafting, journey


class DangerPage(drafting.SectionPage):
    page = journey.PAGE["danger"]
    form_class = DangerForm
    template_name = "assessments/danger.html"

    def more(self, draft: Draft) -> dict[str, Any]:
        # The link at the top of the other pages leads here.
        return {"danger_url": "", "pack": pack_of(draft.child), "back_url": ""}

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        # Danger comes first: it stands whatever becomes of the page, also when there is no draft any more.
        if says_danger(request.POST) and not autosave.is_asked(request):
            user = user_of(request)
            assessment = queries.about_a_child_seen(user, reference)
            casework.declare_danger(by=user, assessment=assessment, at=timezone.now())
            try:
                return super().post(request, reference)
            except (NotVisible, NotAllowed):
                return _said_and_not_saved(request, assessment)
        return super().post(request, reference)

    def answers(self, draft: Draft, form: SectionForm) -> dict[str, Any]:
        if not autosave.is_asked(self.request):
            return form.answers()
        # While typing, the words alone: the answer sets telephones ringing, so it waits for the button.
        return form.answers() | {"immediate_risk": draft.answers.danger.immediate_risk}

    def left_for_the_button(self, draft: Draft, form: SectionForm) -> list[str]:
        said = form.answers()["immediate_risk"]
        return ["your answer about danger"] if said != draft.answers.danger.immediate_risk else []

    def go_on(self, draft: Draft, form: SectionForm) -> HttpResponse:
        if form.answers()["immediate_risk"] == "yes" and self.request.POST.get("then") != "later":
            return HttpResponseRedirect(journey.address("assessment-calls", draft.assessment.reference))
        return super().go_on(draft, form)


def _said_and_not_saved(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """Danger was said on a page that is theirs to save no longer: whom to telephone all the same."""
    context = {
        "child": assessment.child,
        "pack": pack_of(assessment.child),
        "typed": typed_in(request.POST),
    }
    return TemplateResponse(request, "assessments/danger_said.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.drafts_only  # for what was typed; the page itself is there after sending too
def calls(request: HttpRequest, reference: str) -> HttpResponse:
    """Whom to telephone now, with the numbers, and the log of both calls. Also after sending: calls go on."""
    user = user_of(request)
    with transaction.atomic():
        draft = queries.draft(user, reference)
        drafting.record_look(user, draft, "calls")
        typed = held_forms.typed(request)
        logs = call_log.forms(typed)
        logged = call_log.logged(request, logs, draft.child, draft.assessment)
        if logged and not call_log.begun_too(logs):
            return HttpResponseRedirect(journey.address("assessment-calls", reference))
        made = list(calls_of(draft.assessment))
        context = {
            **drafting.common_context(draft, "Telephone now"),
            "danger_url": "",
            "back_url": journey.address("assessment-danger", reference),
            "pack": pack_of(draft.child),
            "logs": call_log.next_to_log(logs) if logged else logs,
            "forms": [form for form in logs if form.is_bound],
            "calls": made,
            "logged": {call.to for call in made},
        }
        wrong = request.method == "POST" and any(form.errors for form in logs)
        return TemplateResponse(request, "assessments/calls.html", context, status=422 if wrong else 200)
