"""Making a sealed document and fetching it: each needs a fresh sign-in, as a whole record leaves by it."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.models import Referral, SealedDocument
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.referral import sealed
from cre_toolkit.casework.referral.offers import offered
from cre_toolkit.casework.referral.states import Step
from cre_toolkit.casework.referral.steps import NotNow
from cre_toolkit.children import access
from cre_toolkit.documents.pdf import render_pdf
from cre_toolkit.web.forms.referrals import SealForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required
from cre_toolkit.web.views.children.describe import age_in_words
from cre_toolkit.web.views.documents import completed_form


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, reference: str) -> HttpResponse:
    """Make the sealed document: the answer shows the passphrase, once and to whoever made it."""
    with transaction.atomic():
        found = _find(request, reference)
        may = Step.SEALED in offered(access.standing_of(user_of(request)), found)
    if not may:
        return HttpResponseRedirect(reverse("referral", args=[reference]))
    return _make(request, found)


@fresh_sign_in_required
def _make(request: HttpRequest, found: Referral) -> HttpResponse:
    form = SealForm(request.POST if request.method == "POST" else None)
    context = {
        "referral": found,
        "child": found.child,
        "age": age_in_words(found.child),
        "form": form,
        "back_url": reverse("referral", args=[found.reference]),
        "back_text": "The referral",
    }
    if request.method == "POST" and form.is_valid():
        return _made(request, found, form, context)
    return TemplateResponse(request, "referrals/seal.html", context, status=422 if form.errors else 200)


def _made(request: HttpRequest, found: Referral, form: SealForm, context: dict[str, object]) -> HttpResponse:
    # Between two transactions: nobody waits while the document is laid out and encrypted.
    assert found.record is not None  # noqa: S101 - what is to be sealed has an assessment
    document = completed_form(request, found.record.assessment.reference, "assessment.viewed")
    passphrase = sealed.new_passphrase()
    locked = sealed.seal(render_pdf(document), passphrase)
    try:
        with transaction.atomic():
            kept = sealed.keep(
                by=user_of(request), referral=found, sealed=locked, form_id=form.cleaned_data["form_id"]
            )
    except NotNow:
        messages.info(request, "No document was made: the referral has been answered meanwhile.")
        return HttpResponseRedirect(reverse("referral", args=[found.reference]))
    # Pressed twice, the passphrase of the one document was shown the first time.
    shown = {"passphrase": passphrase if kept else ""}
    return TemplateResponse(request, "referrals/passphrase.html", context | shown)


@require_safe
def fetch(request: HttpRequest, reference: str) -> HttpResponse:
    """The sealed document as a file. Its name is the referral's reference."""
    with transaction.atomic():
        found = _find(request, reference)
        access.check(access.standing_of(user_of(request)), access.Act.REFER)
        made = sealed.last_of(found)
    if made is None:
        raise Http404
    return _fetch(request, found, made)


@fresh_sign_in_required
@transaction.atomic
def _fetch(request: HttpRequest, found: Referral, made: SealedDocument) -> HttpResponse:
    audit.record(
        by=user_of(request),
        kind="sealed-document.downloaded",
        authority=found.authority,
        child=found.child_id,
        subject_kind="sealed-document",
        subject=made.pk,
    )
    return HttpResponse(
        bytes(made.sealed),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="referral-{found.reference}.pdf"'},
    )


def _find(request: HttpRequest, reference: str) -> Referral:
    return referral_queries.find(standing=access.standing_of(user_of(request)), reference=reference)
