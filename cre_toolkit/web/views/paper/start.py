"""From the child's page: which paper form is to be entered."""

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.assessments import paper
from cre_toolkit.children import access
from cre_toolkit.web.forms.paper.starting import StartForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words
from cre_toolkit.web.views.paper import journey


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def start(request: HttpRequest, reference: str) -> HttpResponse:
    """GET asks which form it is; POST begins to enter it. The same press twice begins one."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, act=access.Act.ASSESS)
    form = StartForm(request.POST if request.method == "POST" else None, initial={"form_id": uuid.uuid4()})
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        draft = paper.start(by=user, child=child, instrument=chosen["instrument"], form_id=chosen["form_id"])
        return HttpResponseRedirect(journey.DETAILS.url(draft.reference))
    context = {
        "form": form,
        "child": child,
        "age": age_in_words(child),
        "back_url": reverse("child", args=[reference]),
    }
    return TemplateResponse(request, "paper/start.html", context, status=422 if form.is_bound else 200)
