"""Telephone calls about a child in danger, logged on the child's own record by whoever made them."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cre_toolkit.casework import calls as casework
from cre_toolkit.casework.models import Call
from cre_toolkit.casework.queries import calls_about, pack_of
from cre_toolkit.children import access
from cre_toolkit.web.forms.assessments.calls import CallForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words

# Danger to life first; the toolkit asks for both at once.
ORDER = (Call.To.POLICE, Call.To.SOCIAL_CARE)


@require_http_methods(["GET", "POST"])
@transaction.atomic
def calls(request: HttpRequest, reference: str) -> HttpResponse:
    """Whom to telephone, what was logged, and a form for each of the two calls."""
    user = user_of(request)
    child = access.find_child(
        by=user, reference=reference, kind="child.calls-viewed", act=access.Act.LOG_CALL
    )
    logs = [_form(request, to) for to in ORDER]
    sent = next((form for form in logs if form.is_bound), None)
    if sent is not None and sent.is_valid():
        casework.log_call(by=user, child=child, **sent.call())
        messages.success(request, "The call is logged.")
        return HttpResponseRedirect(request.path)
    made = list(calls_about(child))
    context = {
        "child": child,
        "age": age_in_words(child),
        "pack": pack_of(child),
        "logs": logs,
        "forms": [form for form in logs if form.is_bound],
        "calls": made,
        "logged": {call.to for call in made},
    }
    return render(request, "children/calls.html", context, status=422 if sent is not None else 200)


def _form(request: HttpRequest, to: Call.To) -> CallForm:
    """The log of one call; only the one whose button was pressed reads what was typed."""
    mine = request.method == "POST" and request.POST.get("to") == to.value
    now = timezone.localtime()
    return CallForm(
        request.POST if mine else None,
        to=to,
        initial={"form_id": uuid.uuid4(), "day": now.date(), "time": f"{now:%H:%M}"},
    )
