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
from django.views.decorators.http import require_safe

from cre_toolkit.assessments import queries as assessments
from cre_toolkit.assessments.actions import CURRENT_INSTRUMENT
from cre_toolkit.casework.case import queries as casework
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.state import Case
from cre_toolkit.casework.case.telling_events import told
from cre_toolkit.casework.ends.transitions import has_begun
from cre_toolkit.casework.lists.around import Around, NextMeeting, around
from cre_toolkit.casework.meeting.actions import does_of
from cre_toolkit.children import access, last_looks
from cre_toolkit.children.gaps import Gap, gaps
from cre_toolkit.rules.authority import AuthorityPack
from cre_toolkit.web.forms.children.parts import PARTS, PartForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.alerts import alerts, waiting_for_others
from cre_toolkit.web.views.children.describe import (
    Answer,
    age_in_words,
    described,
    worker_of,
)
from cre_toolkit.web.views.children.levels import levels_in_words
from cre_toolkit.web.views.children.menu import menu
from cre_toolkit.web.views.children.timeline import line_of

# So many of the last events are shown; the timeline has them all.
LAST_EVENTS = 5

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
    stands = around(child)
    said = described(child, stands.family, stands.agencies)
    drafts = assessments.drafts_on(child, user)
    may = access.acts_of(standing)
    pack = casework.pack_of(child)
    context = {
        "child": child,
        "age": age_in_words(child),
        "worker": worker_of(child) or "None known",
        "alerts": [
            *alerts(
                child, state, due, [one.record for one in case.heard if not one.withdrawn], may, stands.lead
            ),
            *waiting_for_others(stands),
        ],
        "levels": levels_in_words(case, child.reference, may),
        "due": due,
        "plan": plan_of(case),
        "agreed": [(action, does_of(standing, child, action)) for action in stands.actions],
        "around": stands,
        "meetings": [(_meeting(one, pack), one) for one in stands.meetings],
        "lines": [line_of(one) for one in last_events(case, stands, pack)],
        "menu": menu(
            child, may, turning_adult=stands.turning_adult or has_begun(child, timezone.localdate())
        ),
        "reviewable": any(
            heard.record.instrument == CURRENT_INSTRUMENT and not heard.withdrawn for heard in case.heard
        ),
        "drafts": [draft for draft in drafts if not draft.transcribed],
        "paper": [draft for draft in drafts if draft.transcribed],
        "gaps": [_gap(gap, child.reference) for gap in gaps(child, stands.family)],
        "parts": [_part(part, said[part.name], child.reference) for part in PARTS],
        "form_id": uuid.uuid4(),
        # Whoever may only read is offered nothing that would be refused.
        "may": may,
    }
    # What is new is told from the last time they saw it here.
    entered = case.events[-1].entered_at if case.events else None
    last_looks.looked(by=user, child=child, entered_at=entered)
    return TemplateResponse(request, "children/record.html", context)


def last_events(case: Case, stands: Around, pack: AuthorityPack) -> list[Happened]:
    """The last things that happened, of what the page has at hand: the case's events, and the last notes."""
    every = [*told(case.events, pack), *stands.notes]
    if lead := stands.lead:
        every.append(Happened(at=lead.since, entered_at=lead.since, what=What.DECISION, title=lead.title))
    return sorted(every, key=lambda one: (one.at, one.entered_at), reverse=True)[:LAST_EVENTS]


def plan_of(case: Case) -> list[dict[str, str]]:
    """The plan of the newest assessment that stands: what is done, by whom and by when, as it was written."""
    stands = next((one.record for one in case.heard if not one.withdrawn), None)
    plan: dict[str, Any] = stands.content["answers"].get("actions", {}) if stands else {}
    return list(plan.get("items", ()))


def _meeting(planned: NextMeeting, pack: AuthorityPack) -> str:
    """What a planned meeting is called in the authority."""
    kind = pack.meeting_by_id.get(planned.kind)
    return kind.title if kind else "Meeting"


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


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something not known, and where to answer it."""

    gap: Gap
    href: str


def _gap(gap: Gap, reference: str) -> OpenQuestion:
    part = reverse("child-edit", args=[reference, _PART_OF[gap.detail]])
    return OpenQuestion(gap, f"{part}#{_CONTROL.get(gap.detail, gap.detail)}")
