"""The line of an assessment: the versions that reviewed one another, and what changed between them."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from cre_toolkit.assessments import queries
from cre_toolkit.assessments.answers import Answers
from cre_toolkit.assessments.changes import Piece, Turn, indicator_changes, word_changes
from cre_toolkit.assessments.models import Record
from cre_toolkit.assessments.versions import line_of
from cre_toolkit.children.access import NotVisible
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments import journey
from cre_toolkit.web.views.assessments.describe import Row, describe, header
from cre_toolkit.web.views.assessments.sent import open_record, record_context

TURNS: dict[Turn, str] = {
    "new": "New",
    "gone": "No longer seen",
    "higher": "Higher than last time",
    "lower": "Lower than last time",
    "reworded": "Same level, evidence changed",
}


@require_safe
@transaction.atomic
def versions(request: HttpRequest, reference: str) -> HttpResponse:
    """Every sent version of the line that this assessment belongs to, the newest first."""
    found = open_record(user_of(request), reference, "assessment.versions-viewed")
    return TemplateResponse(
        request, "assessments/versions.html", {**record_context(found), "line": line_of(found.assessment)}
    )


@require_safe
@transaction.atomic
def version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The version of that number, where the line has one of it; two people may have reviewed the same one."""
    found = open_record(user_of(request), reference, "assessment.versions-viewed")
    same = [one for one in line_of(found.assessment) if one.assessment.version == number]
    if not same:
        raise NotVisible(reference)
    if len(same) > 1:
        return HttpResponseRedirect(journey.address("assessment-versions", reference))
    return HttpResponseRedirect(journey.address("assessment-record", same[0].assessment.reference))


@dataclass(frozen=True, slots=True)
class TextChange:
    """An answer in words that is not as it was."""

    label: str
    words: list[Piece]


@require_safe
@transaction.atomic
def changes(request: HttpRequest, reference: str) -> HttpResponse:
    """What this version says otherwise than the one that it reviewed."""
    user = user_of(request)
    found = open_record(user, reference, "assessment.changes-viewed")
    context = record_context(found)
    if reviewed := found.content["previous"]:
        context |= compared(queries.record(user, reviewed["reference"]), found)
        context["reviewed_withdrawn"] = queries.withdrawal_of_reviewed(found)
    return TemplateResponse(request, "assessments/changes.html", context)


def compared(before: Record, after: Record) -> dict[str, Any]:
    """What a page shows of the differences between two versions (`assessments/_changes.html`).

    Args:
        before, after: the two; the reader sees both.
    """
    instrument, old, new = load_instrument(after.instrument), before.content, after.content
    turned = indicator_changes(old, new, instrument)
    then, now = _rows(before), _rows(after)
    sections = [
        (title, changed) for title in now if (changed := _text_changes(then.get(title, []), now[title]))
    ]
    return {
        "before": before,
        "indicators": [(TURNS[change.turn], change) for change in turned],
        "unchanged": len(new["case_file"]["indicators"].keys() & old["case_file"]["indicators"].keys())
        - sum(change.turn in ("higher", "lower", "reworded") for change in turned),
        "sections": sections,
    }


def sections_of(reference: str) -> list[tuple[str, str]]:
    """The parts of an assessment as it was sent, each with its address on the page of the record."""
    record = journey.address("assessment-record", reference)
    return [
        (page.title, f"{record}#{slugify(page.title)}")
        for page in journey.PAGES
        if page.name not in ("rating", "child")
    ]


def _rows(record: Record) -> dict[str, list[Row]]:
    """What a record says in words, by section; the indicators are compared by themselves."""
    content, instrument = record.content, load_instrument(record.instrument)
    said = content["answers"]
    answers = Answers.model_validate(
        {name: said[name] for name in Answers.model_fields if name in said}, by_alias=True
    )
    # Older by as much as the time between, and reviewing what it is compared with: no news.
    rows = {"The child": [row for row in header(content) if row.key not in ("age", "earlier")]}
    for page in journey.PAGES:
        if page.name not in ("child", "indicators", "rating"):
            rows[page.title] = describe(page.section, answers.section(page.section), instrument)
    also = describe("indicators", answers.indicators, instrument)
    rows["About the indicators"] = [row for row in also if not row.key.startswith(("items.", "since_"))]
    return rows


def _text_changes(before: list[Row], after: list[Row]) -> list[TextChange]:
    old, new = {row.key: row for row in before}, {row.key: row for row in after}
    changed = []
    for key in dict.fromkeys([*old, *new]):
        was, now = (rows[key].text if key in rows else "" for rows in (old, new))
        if was != now:
            changed.append(TextChange((new.get(key) or old[key]).label, word_changes(was, now)))
    return changed
