"""The plan against further missing episodes: read, agreed, reviewed."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.casework.case import queries
from cre_toolkit.casework.missing import told as missing_told
from cre_toolkit.casework.missing.plan import agree_plan
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.missing_plan import PlanForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words
from cre_toolkit.web.views.missing.child import KIND


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Every plan, the newest first, and below it the form of the first or of a review."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind=KIND, standing=standing)
    if request.method == "POST":
        access.check(standing, Act.RECORD_MISSING)
    plans = missing_told.plans_of(child)
    typed = held_forms.typed(request)
    adding = request.POST.get("then") == "add-line"
    form = PlanForm(plans[0] if plans else None, typed, adding=adding)
    if request.method == "POST" and not adding and form.is_valid():
        agree_plan(by=user, child=child, plan=form.plan, form_id=form.cleaned_data["form_id"])
        messages.success(request, "The plan is on the record.")
        return HttpResponseRedirect(reverse("child-missing", args=[child.reference]))
    context = {
        "child": child,
        "age": age_in_words(child),
        "plans": [(one, missing_told.plan_in_words(one)) for one in plans],
        "form": form,
        "forms": form.rows.forms,
        "group": queries.pack_of(child).monitoring_group,
        "may": access.acts_of(standing),
        "back_url": reverse("child-missing", args=[child.reference]),
        "back_text": "Missing episodes",
    }
    wrong = request.method == "POST" and not adding
    return TemplateResponse(request, "missing/plan.html", context, status=422 if wrong else 200)
