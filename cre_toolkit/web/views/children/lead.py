"""Who leads the work with a child who is reluctant to engage, and what follows where adults draw them in."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.casework.note.leading import leading, name_lead
from cre_toolkit.casework.note.notes import DRAWN_IN
from cre_toolkit.children import access, network
from cre_toolkit.web import held_forms
from cre_toolkit.web.doing import where
from cre_toolkit.web.forms.children.notes import LeadForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words
from cre_toolkit.web.views.children.notes import KIND


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def lead(request: HttpRequest, reference: str) -> HttpResponse:
    """Who leads now, what is to be done, and naming somebody."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind=KIND, act=access.Act.WRITE_NOTE)
    form = LeadForm(network.people(child), held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        name_lead(by=user, child=child, named=form.named(), form_id=form.cleaned_data["form_id"])
        messages.success(request, "It is on the record who leads the work with the child.")
        return HttpResponseRedirect(request.path)
    context = {
        "child": child,
        "age": age_in_words(child),
        "leading": leading(child),
        "discuss_url": discuss_url(child.reference),
        "meet_url": where("high-risk-strategy-meeting", child.reference),
        "form": form,
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    wrong = request.method == "POST"
    return TemplateResponse(request, "children/lead.html", context, status=422 if wrong else 200)


def discuss_url(reference: str) -> str:
    """Where the discussion with the police or the CRE lead is written down."""
    return f"{reverse('child-note', args=[reference])}?kind=discussion&about={DRAWN_IN}"
