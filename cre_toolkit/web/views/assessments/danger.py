"""Danger first: said at any time, the telephone before all else, each call logged (CRE 2020, page 11)."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import queries
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.casework import calls as casework
from cre_toolkit.casework.models import Call
from cre_toolkit.casework.queries import calls_of, pack_of
from cre_toolkit.web.forms.assessments.base import SectionForm
from cre_toolkit.web.forms.assessments.calls import CallForm
from cre_toolkit.web.forms.assessments.opening import DangerForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments import drafting, journey

# Danger to life first; the toolkit asks for both at once.
ORDER = (Call.To.POLICE, Call.To.SOCIAL_CARE)


class DangerPage(drafting.SectionPage):
    page = journey.PAGE["danger"]
    form_class = DangerForm
    template_name = "assessments/danger.html"

    def more(self, draft: Draft) -> dict[str, Any]:
        # The link at the top of the other pages leads here.
        return {"danger_url": "", "pack": pack_of(draft.child), "back_url": ""}

    def save(self, user: User, draft: Draft, form: SectionForm) -> None:
        super().save(user, draft, form)
        if form.answers()["immediate_risk"] == "yes":
            casework.declare_danger(
                by=user, child=draft.child, assessment=draft.assessment, at=timezone.now()
            )

    def go_on(self, draft: Draft, form: SectionForm) -> HttpResponse:
        if form.answers()["immediate_risk"] == "yes" and self.request.POST.get("then") != "later":
            return HttpResponseRedirect(journey.address("assessment-calls", draft.assessment.reference))
        return super().go_on(draft, form)


@require_http_methods(["GET", "POST"])
def calls(request: HttpRequest, reference: str) -> HttpResponse:
    """Whom to telephone now, with the numbers, and the log of both calls. Also after sending: calls go on."""
    user = user_of(request)
    with transaction.atomic():
        draft = queries.draft(user, reference)
        drafting.record_look(user, draft, "calls")
        logs = [_form(draft, to, request.POST if request.method == "POST" else None) for to in ORDER]
        sent = next((form for form in logs if form.is_bound), None)
        if sent is not None and sent.is_valid():
            casework.log_call(by=user, child=draft.child, assessment=draft.assessment, **sent.call())
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
        }
        return render(request, "assessments/calls.html", context, status=422 if sent is not None else 200)


def _form(draft: Draft, to: Call.To, data: QueryDict | None) -> CallForm:
    """The log of one call; only the one whose button was pressed reads what was typed."""
    mine = data is not None and data.get("to") == to.value
    now = timezone.localtime()
    return CallForm(
        data if mine else None,
        to=to,
        initial={"form_id": uuid.uuid4(), "day": now.date(), "time": f"{now:%H:%M}"},
    )
