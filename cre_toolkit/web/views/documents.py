"""Documents to print, to keep and to hand on: the completed form as PDF, Word and a page; the blank form.

A document is what was recorded, read once: the look is written to the audit trail in the transaction that
reads it, and the document is made after that transaction has ended. A file's name is the opaque reference.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cre_toolkit.assessments import queries
from cre_toolkit.assessments.form_blank import blank_form
from cre_toolkit.assessments.form_document import Answered, Withdrawn, form_document
from cre_toolkit.assessments.models import Withdrawal
from cre_toolkit.audit import heads
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.models import Countersignature
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.children import access
from cre_toolkit.documents.model import Document
from cre_toolkit.documents.pdf import render_pdf
from cre_toolkit.documents.word import render_word
from cre_toolkit.rules.loading import instrument_ids, load_instrument
from cre_toolkit.rules.packerrors import UnknownPackError
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments.sent import open_record


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that a document can be made into."""

    render: Callable[[Document], bytes]
    content_type: str


FORMATS = {
    "pdf": Format(render_pdf, "application/pdf"),
    "docx": Format(render_word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
"""By the ending of the file's name, which is also its place in an address."""


def download(document: Document, extension: str, name: str) -> HttpResponse:
    """The document as a file.

    Args:
        document: what it says.
        extension: one of `FORMATS`.
        name: the file's, without its ending: a reference, never a person's name.
    """
    made = FORMATS[extension]
    return HttpResponse(
        made.render(document),
        content_type=made.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{extension}"'},
    )


@require_safe
def form_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The completed form as PDF."""
    return _form_file(request, reference, "pdf")


@require_safe
def form_word(request: HttpRequest, reference: str) -> HttpResponse:
    """The completed form as Word."""
    return _form_file(request, reference, "docx")


@require_safe
def form_to_print(request: HttpRequest, reference: str) -> HttpResponse:
    """The completed form as a page: to read on any screen, and to print from it."""
    document = completed_form(request, reference, "assessment.print-viewed")
    links = {name: reverse(f"assessment-{name}", args=[reference]) for name in FORMATS}
    context = {
        "document": document,
        "links": links,
        "back_url": reverse("assessment-record", args=[reference]),
    }
    return TemplateResponse(request, "documents/print.html", context)


def _form_file(request: HttpRequest, reference: str, extension: str) -> HttpResponse:
    document = completed_form(request, reference, f"assessment.{extension}-downloaded")
    return download(document, extension, f"assessment-{document.reference}")


def completed_form(request: HttpRequest, reference: str, kind: str) -> Document:
    """The document of a sent assessment, for somebody who may see it; the look is on the trail as `kind`."""
    with transaction.atomic():
        standing = access.standing_of(user_of(request))
        found = open_record(standing.user, reference, kind, standing)
        # Whoever opens the document alone has opened what was sent to them (docs/adr/0012).
        referral_queries.of_record(found, standing)
        trail = heads.short(found.child.authority)
        reviewed = _withdrawn(queries.withdrawal_of_reviewed(found))
        answer = countersigning.answer_of(found)
    content = found.content | {"sha256": found.sha256}
    withdrawn = _withdrawn(getattr(found, "withdrawal", None))
    return form_document(
        content, answered=_answered(answer), withdrawn=withdrawn, reviewed_withdrawn=reviewed, trail=trail
    )


def _answered(said: Countersignature | None) -> Answered | None:
    if said is None:
        return None
    return Answered(countersigning.in_words(said.outcome, said.level), said.at, said.by.name, said.words)


def _withdrawn(said: Withdrawal | None) -> Withdrawn | None:
    return Withdrawn(said.at, said.by.name, said.get_category_display(), said.words) if said else None


# --- The form without answers -------------------------------------------------------------------------------


@require_safe
def blank_forms(request: HttpRequest) -> HttpResponse:
    """Each edition's form without answers, to print and to fill in by hand. They name no child."""
    editions = sorted(map(load_instrument, instrument_ids()), key=lambda each: each.published, reverse=True)
    return TemplateResponse(request, "documents/blank_forms.html", {"editions": editions})


@require_safe
def blank_pdf(request: HttpRequest, instrument: str) -> HttpResponse:
    """The form without answers as PDF."""
    return _blank(instrument, "pdf")


@require_safe
def blank_word(request: HttpRequest, instrument: str) -> HttpResponse:
    """The form without answers as Word."""
    return _blank(instrument, "docx")


def _blank(instrument: str, extension: str) -> HttpResponse:
    try:
        edition = load_instrument(instrument)
    except UnknownPackError:
        raise Http404 from None
    return download(blank_form(edition), extension, f"{edition.id}-blank-form")
