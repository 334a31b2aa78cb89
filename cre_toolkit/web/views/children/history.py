"""Every assessment of a child on one page: on whatever form, from paper or written here, the newest first."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cre_toolkit.assessments import queries
from cre_toolkit.assessments.models import Assessment, Withdrawal
from cre_toolkit.children import access
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words, worker_of

# So many are looked through at a glance; from there on they can be had form by form.
GLANCE = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One assessment of the history, with the words that its record holds."""

    reference: str
    instrument: str
    form: str
    completed_at: datetime.datetime
    time_known: bool
    level: str
    author: str
    version: int
    reviewed: bool
    transcribed_by: str
    transcribed_at: datetime.datetime
    withdrawal: Withdrawal | None


@require_safe
@transaction.atomic
def history(request: HttpRequest, reference: str) -> HttpResponse:
    """What was assessed when, by whom and on which form; and one's own that is not finished."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind="child.history-viewed", standing=standing)
    found = list(queries.history_of(child, user))
    lines = [_line(each) for each in found if each.status == Assessment.Status.SENT]
    forms = {line.instrument: line.form for line in lines}
    chosen = request.GET.get("form", "")
    context = {
        "child": child,
        "age": age_in_words(child),
        "worker": worker_of(child),
        "drafts": [each for each in found if each.status == Assessment.Status.DRAFT],
        "lines": [line for line in lines if chosen not in forms or line.instrument == chosen],
        "choices": _choices(lines, forms, chosen) if len(lines) > GLANCE and len(forms) > 1 else [],
        "back_url": reverse("child", args=[reference]),
        "may_assess": access.may(standing, access.Act.ASSESS),
    }
    return TemplateResponse(request, "children/history.html", context)


def _line(assessment: Assessment) -> Line:
    record = assessment.record
    content = record.content
    paper = content.get("paper") or {}
    author = paper if assessment.transcribed else content["author"]
    return Line(
        reference=assessment.reference,
        instrument=record.instrument,
        form=f"{load_instrument(record.instrument).short_title}, {content['edition']}",
        completed_at=record.completed_at,
        time_known=not assessment.transcribed or bool(paper.get("completed_time")),
        level=content["case_file"]["analysis"]["level"] or "",
        author=", ".join(filter(None, (author.get("author") or author.get("name"), author.get("agency")))),
        version=assessment.version,
        reviewed=bool(content.get("previous")),
        transcribed_by=content["author"]["name"] if assessment.transcribed else "",
        transcribed_at=record.sent_at,
        withdrawal=getattr(record, "withdrawal", None),
    )


def _choices(lines: Sequence[Line], forms: dict[str, str], chosen: str) -> list[dict[str, object]]:
    """A link for each form, and one for all of them."""
    counted = [("", "All forms", len(lines))] + [
        (id_, form, sum(line.instrument == id_ for line in lines)) for id_, form in sorted(forms.items())
    ]
    now = chosen if chosen in forms else ""
    return [
        {"text": f"{form} ({number})", "href": f"?form={id_}" if id_ else "?", "current": id_ == now}
        for id_, form, number in counted
    ]
