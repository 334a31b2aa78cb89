"""Telephone calls about a child in danger, logged on the child's own record by whoever made them."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from cre_toolkit.casework.case.queries import calls_about, pack_of
from cre_toolkit.children import access
from cre_toolkit.web import held_forms
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views import call_log
from cre_toolkit.web.views.children.describe import age_in_words


@require_http_methods(["GET", "POST"])
@transaction.atomic
def calls(request: HttpRequest, reference: str) -> HttpResponse:
    """Whom to telephone, what was logged, and a form for each of the two calls."""
    user = user_of(request)
    child = access.find_child(
        by=user, reference=reference, kind="child.calls-viewed", act=access.Act.LOG_CALL
    )
    typed = held_forms.typed(request)
    logs = call_log.forms(typed)
    logged = call_log.logged(request, logs, child)
    if logged and not call_log.begun_too(logs):
        return HttpResponseRedirect(request.path)
    made = list(calls_about(child))
    context = {
        "child": child,
        "age": age_in_words(child),
        "pack": pack_of(child),
        "logs": call_log.next_to_log(logs) if logged else logs,
        "forms": [form for form in logs if form.is_bound],
        "calls": made,
        "logged": {call.to for call in made},
    }
    wrong = request.method == "POST" and any(form.errors for form in logs)
    return TemplateResponse(request, "children/calls.html", context, status=422 if wrong else 200)
