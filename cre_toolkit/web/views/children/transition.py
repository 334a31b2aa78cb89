"""Turning 18, or 25: what is agreed with Adult Safeguarding, and the list of those for whom it is to be."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.queries import pack_of
from cre_toolkit.casework.ends import transitions
from cre_toolkit.casework.models import TransitionStep
from cre_toolkit.children import access
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.transition import TransitionForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words, worker_of


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def transition(request: HttpRequest, reference: str) -> HttpResponse:
    """What the toolkit asks for, how far it has come, and the next step."""
    user = user_of(request)
    child = access.find_child(
        by=user, reference=reference, kind="child.transition-viewed", act=access.Act.PLAN_TRANSITION
    )
    today = timezone.localdate()
    age = child.age_on(today)
    form = TransitionForm(18 if age is None or age < 19 else 25, held_forms.typed(request))
    errors = []
    if request.method == "POST" and form.is_valid():
        try:
            transitions.plan(by=user, child=child, said=form.said, form_id=form.cleaned_data["form_id"])
        except transitions.Refused as refused:
            errors = [ErrorLink(str(refused))]
        else:
            messages.success(request, "Saved.")
            return HttpResponseRedirect(request.path)
    actions = pack_of(child).case_actions
    context = {
        "child": child,
        "age": age_in_words(child),
        "form": form,
        "errors": errors,
        "steps": transitions.steps_of(child),
        "early": not transitions.has_begun(child, today),
        "begins_on": transitions.begins_on(child),
        "asked": [actions[transitions.DUE_ON[birthday]] for birthday in TransitionStep.Birthday],
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "ends/transition.html", context, status=status)


@require_safe
@transaction.atomic
def work_list(request: HttpRequest) -> HttpResponse:
    """Who turns 18, or 25 with SEND, within a year, and whose day is past with nothing agreed."""
    user = user_of(request)
    today = timezone.localdate()
    rows = transitions.turning(access.standing_of(user), today)
    audit.record(by=user, kind="transitions.viewed", children={row.child.pk for row in rows})
    context = {
        "rows": [(row, row.months_left(today), worker_of(row.child)) for row in rows],
        "today": today,
        "back_url": reverse("home"),
        "back_text": "Home",
    }
    return TemplateResponse(request, "ends/transitions.html", context)
