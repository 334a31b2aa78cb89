"""What a child or family may be given about a sent assessment: written, looked at, then made and kept."""

import uuid
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import family_content, family_sheet
from cre_toolkit.assessments.family_content import Said
from cre_toolkit.assessments.family_sheet import NotOffered
from cre_toolkit.assessments.models import Record
from cre_toolkit.children import access
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.assessments.family import FamilyForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments.sent import open_record, record_context
from cre_toolkit.web.views.documents import download

PREVIEW, CHANGE, GIVE = "preview", "change", "give"


@require_http_methods(["GET", "HEAD", "POST"])
def family(request: HttpRequest, reference: str) -> HttpResponse:
    """GET asks what to write, or says why nothing is offered; POST shows it first, and then makes it."""
    user = user_of(request)
    with transaction.atomic():
        record = open_record(user, reference, "assessment.family-viewed")
        access.check(access.standing_of(user), access.Act.GIVE_FAMILY_SHEET)
        why_not = family_sheet.why_not(record)
        if why_not is not None:
            return _not_offered(request, record, why_not, 403 if request.method == "POST" else 200)
        form = _form(request, user, record)
        then = request.POST.get("then") if form.is_bound and form.is_valid() else None
        if then == GIVE:
            return _give(request, user, record, form)
        if then == PREVIEW:
            return _preview(request, user, record, form)
        # A wish to change what was looked at is no error, and shows the form as it was.
        status = 422 if request.method == "POST" and not form.is_valid() else 200
        return TemplateResponse(
            request, "assessments/family.html", _context(record) | {"form": form}, status=status
        )


def _form(request: HttpRequest, user: User, record: Record) -> FamilyForm:
    helplines = family_content.helplines(record)
    if (typed := held_forms.typed(request)) is not None:
        return FamilyForm(typed, helplines=helplines)
    start = asdict(family_content.prefilled(record, user)) | {"form_id": uuid.uuid4()}
    return FamilyForm(initial=start, helplines=helplines)


def _give(request: HttpRequest, user: User, record: Record, form: FamilyForm) -> HttpResponse:
    try:
        sheet = family_sheet.give(
            by=user, record=record, said=form.said(), form_id=form.cleaned_data["form_id"]
        )
    except NotOffered as not_offered:
        return _not_offered(request, record, not_offered.why, 403)
    messages.success(request, f"The sheet {sheet.reference} is made. Print it and give it to them yourself.")
    return HttpResponseRedirect(reverse("assessment-family", args=[record.assessment.reference]))


def _preview(request: HttpRequest, user: User, record: Record, form: FamilyForm) -> HttpResponse:
    said, now = form.said(), timezone.now()
    content = family_content.content(said, user, now)
    context = _context(record) | {
        "document": family_content.family_document(content, reference="", at=now),
        "pointed_out": family_content.pointed_out(said),
        "held": list(_held(form, said)),
    }
    return TemplateResponse(request, "assessments/family_preview.html", context)


def _held(form: FamilyForm, said: Said) -> Iterator[tuple[str, Any]]:
    """What was typed, to be sent again with the answer to "is it right like this?"."""
    yield "form_id", form.cleaned_data["form_id"]
    for name, value in asdict(said).items():
        for each in value if isinstance(value, tuple) else (value,):
            yield name, each


def _not_offered(
    request: HttpRequest, record: Record, why_not: family_sheet.WhyNot, status: int
) -> HttpResponse:
    context = _context(record) | {"why_not": why_not}
    return TemplateResponse(request, "assessments/family_not_offered.html", context, status=status)


def _context(record: Record) -> dict[str, Any]:
    content = record.content
    may_not = [
        each["text"] for each in content["outcome"]["warnings"] if each["code"] == "family-may-not-be-safe"
    ]
    return record_context(record) | {
        "sheets": family_sheet.sheets_of(record),
        "advice_first": may_not,
        "safe_why": content["answers"].get("sharing", {}).get("safe_to_tell_why", ""),
    }


@require_safe
def family_pdf(request: HttpRequest, reference: str, sheet: str) -> HttpResponse:
    """A sheet that was made, as PDF."""
    return _file(request, reference, sheet, "pdf")


@require_safe
def family_word(request: HttpRequest, reference: str, sheet: str) -> HttpResponse:
    """A sheet that was made, as Word."""
    return _file(request, reference, sheet, "docx")


def _file(request: HttpRequest, reference: str, sheet: str, extension: str) -> HttpResponse:
    with transaction.atomic():
        record = open_record(user_of(request), reference, f"family-sheet.{extension}-downloaded")
        found = family_sheet.sheet_of(record, sheet)
    document = family_content.family_document(found.content, reference=found.reference, at=found.at)
    return download(document, extension, f"sheet-{found.reference}")
