"""Danger first: said at any time, the telephone before all else, each call logged (CRE 2020, page 11)."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cre_toolkit.assessments import held, queries
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.casework import calls as casework
from cre_toolkit.casework.models import Call
from cre_toolkit.casework.queries import calls_of, pack_of
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.assessments.base import SectionForm
from cre_toolkit.web.forms.assessments.calls import CallForm
from cre_toolkit.web.forms.assessments.opening import DangerForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments import autosave, drafting, journey

# Danger to life first; the toolkit asks for both at once.
ORDER = (Call.To.POLICE, Call.To.SOCIAL_CARE)


class DangerPage(drafting.SectionPage):
    page = journey.PAGE["danger"]
    form_class = DangerForm
    template_name = "assessments/danger.html"

    def more(self, draft: Draft) -> dict[str, Any]:
        # The link at the top of the other pages leads here.
        return {"danger_url": "", "pack": pack_of(draft.child), "back_url": ""}

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        # Danger comes first: it stands whatever becomes of the page, also when there is no draft any more.
        pressed = not autosave.is_asked(request) and request.POST.get("then") != "leave-out"
        if pressed and request.POST.get("immediate_risk") == "yes":
            user = user_of(request)
            assessment = queries.own(user, reference)
            casework.declare_danger(by=user, child=assessment.child, assessment=assessment, at=timezone.now())
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


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.drafts_only  # for what was typed; the page itself is there after sending too
def calls(request: HttpRequest, reference: str) -> HttpResponse:
    """Whom to telephone now, with the numbers, and the log of both calls. Also after sending: calls go on."""
    user = user_of(request)
    with transaction.atomic():
        draft = queries.draft(user, reference)
        drafting.record_look(user, draft, "calls")
        if request.POST.get("then") == "leave-out":
            held.forget(by=user, id_=request.POST.get("held", ""))
            return HttpResponseRedirect(journey.address("assessment-calls", reference))
        kept = held_forms.waiting(request, user)
        if kept:
            held.give_back(by=user, text=kept)
        typed = request.POST if request.method == "POST" else QueryDict(kept.posted) if kept else None
        logs = [_form(draft, to, typed) for to in ORDER]
        sent = next((form for form in logs if form.is_bound), None)
        if request.method == "POST" and sent is not None and sent.is_valid():
            casework.log_call(by=user, child=draft.child, assessment=draft.assessment, **sent.call())
            held.forget(by=user, id_=request.POST.get("held", ""))
            messages.success(request, "The call is logged.")
            return HttpResponseRedirect(journey.address("assessment-calls", reference))
        made = list(calls_of(draft.assessment))
        context = {
            **drafting.common_context(draft, "Telephone now"),
            "danger_url": "",
            "back_url": journey.address("assessment-danger", reference),
            "pack": pack_of(draft.child),
            "logs": logs,
            "forms": [form for form in logs if form.is_bound],
            "calls": made,
            "logged": {call.to for call in made},
            "held_for": held_forms.signature(user, request.path),
            "kept": kept,
        }
        wrong = request.method == "POST" and sent is not None
        return render(request, "assessments/calls.html", context, status=422 if wrong else 200)


def _form(draft: Draft, to: Call.To, data: QueryDict | None) -> CallForm:
    """The log of one call; only the one whose button was pressed reads what was typed."""
    mine = data is not None and data.get("to") == to.value
    now = timezone.localtime()
    return CallForm(
        data if mine else None,
        to=to,
        initial={"form_id": uuid.uuid4(), "day": now.date(), "time": f"{now:%H:%M}"},
    )
