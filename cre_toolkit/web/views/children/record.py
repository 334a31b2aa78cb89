"""The child's page: the two levels, what is due, what is known, and what is not."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from cre_toolkit.assessments import queries as assessments
from cre_toolkit.assessments.actions import CURRENT_INSTRUMENT
from cre_toolkit.assessments.models import Record
from cre_toolkit.casework import queries as casework
from cre_toolkit.casework.state import Heard
from cre_toolkit.children import access, queries
from cre_toolkit.children.gaps import Gap, gaps
from cre_toolkit.rules.casestate import LevelSince
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web.forms.children.parts import PARTS, PartForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.templatetags.page import level
from cre_toolkit.web.views.children.alerts import alerts
from cre_toolkit.web.views.children.describe import (
    Answer,
    age_in_words,
    authority_name,
    described,
    worker_of,
)

# The part of the record that asks for a detail, where it is not named after it.
_ASKED_IN = {
    "identity": ("date_of_birth", "nhs_number"),
    "contact": ("address", "school"),
    "family": ("parental_responsibility",),
    "language": ("needs_interpreter", "first_language", "ethnicity"),
    "care": ("open_to_social_care", "send", "looked_after", "plan"),
    "workers": ("allocated_worker",),
    "voice": ("wishes",),
}
_PART_OF = {detail: part for part, details in _ASKED_IN.items() for detail in details}
_CONTROL = {
    "date_of_birth": "date_of_birth_day",
    "parental_responsibility": "family-0-name",
    "allocated_worker": "worker",
}


@require_safe
@transaction.atomic
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """One child's record."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, standing=standing)
    case = casework.read_case(child)
    state = case.state
    due = casework.due_for(child, case)
    family, agencies = queries.family_of(child), queries.agencies_of(child)
    said = described(child, family, agencies)
    drafts = assessments.drafts_on(child, user)
    may = access.acts_of(standing)
    context = {
        "child": child,
        "age": age_in_words(child),
        "worker": worker_of(child) or "None known",
        "authority": authority_name(child.authority),
        "alerts": alerts(child, state, due, [one.record for one in case.heard if not one.withdrawn], may),
        "agreed": _card("Agreed level", state.agreed_level, "No level agreed yet"),
        "assessed": _card("Latest assessed", state.assessed_level, "Not assessed yet", case.heard),
        "due": due,
        "record_heads": ("Completed", "Level", "By"),
        "records": [_assessment(one) for one in case.heard],
        "reviewable": any(
            heard.record.instrument == CURRENT_INSTRUMENT and not heard.withdrawn for heard in case.heard
        ),
        "drafts": [draft for draft in drafts if not draft.transcribed],
        "paper": [draft for draft in drafts if draft.transcribed],
        "gaps": [_gap(gap, child.reference) for gap in gaps(child, family)],
        "parts": [_part(part, said[part.name], child.reference) for part in PARTS],
        "form_id": uuid.uuid4(),
        # Whoever may only read is offered nothing that would be refused.
        "may": may,
    }
    return TemplateResponse(request, "children/record.html", context)


def _card(title: str, said: LevelSince | None, none_text: str, heard: Sequence[Heard] = ()) -> dict[str, str]:
    """One of the two levels, with its date; of an assessment, its author and the primary type."""
    card: dict[str, Any] = {"title": title, "none_text": none_text}
    if said:
        card |= {"level": said.level, "on": said.since}
    # The newest may be history alone, as a form of another instrument is: the level is of the one it names.
    by = next((one.record for one in heard if said and one.event == said.event), None)
    if by:
        card |= {"by": _made_by(by), "note": _primary_type(by)}
    return card


def _made_by(record: Record) -> str:
    """Its author; of a paper form, whoever entered it, since that is who can be asked."""
    name = record.author.name
    return f"from paper, entered by {name}" if record.assessment.transcribed else name


def _primary_type(record: Record) -> str:
    analysis = record.content["case_file"]["analysis"]
    types = {each.id: each.label for each in load_instrument(record.instrument).exploitation_types}
    named = types.get(analysis.get("primary_exploitation") or "")
    return f"Primary type: {named}" if named else ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the record: what is known, what is not, and where to change it."""

    title: str
    href: str
    known: Sequence[Answer]
    missing: str


def _part(form: type[PartForm], answers: Sequence[Answer], reference: str) -> Part:
    return Part(
        form.title,
        reverse("child-edit", args=[reference, form.name]),
        [answer for answer in answers if answer.text],
        ", ".join(answer.label for answer in answers if not answer.text),
    )


def _assessment(heard: Heard) -> list[Any]:
    """One assessment, as the cells of a table."""
    one = heard.record
    return [
        (
            date_format(timezone.localtime(one.completed_at), "j F Y"),
            reverse("assessment-record", args=[one.assessment.reference]),
        ),
        format_html("{} (withdrawn)", level(one.recorded_level))
        if heard.withdrawn
        else level(one.recorded_level),
        _made_by(one),
    ]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something not known, and where to answer it."""

    gap: Gap
    href: str


def _gap(gap: Gap, reference: str) -> OpenQuestion:
    part = reverse("child-edit", args=[reference, _PART_OF[gap.detail]])
    return OpenQuestion(gap, f"{part}#{_CONTROL.get(gap.detail, gap.detail)}")
