"""A review: a new assessment that takes up the last one, indicator by indicator.

What was said last time is a start, never an answer. Each of its indicators is answered anew (no change,
changed, no longer seen); what it said of places, people, vulnerabilities and consultation is there to be
looked at, and sending waits until it has been (`readiness.missing`). Danger, analysis, level, actions and
sharing begin empty.
Source: CRE 2020, page 9 ("reviewed"); toolkit.md, B6; service.md, "The assessment".
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions
from cre_toolkit.assessments.answers import (
    Answers,
    Consultation,
    Consulted,
    Indicators,
    Part,
    Rated,
    SinceLast,
    dump_short,
    from_sections,
)
from cre_toolkit.assessments.models import Assessment, Carried, DraftSection, Record, Section
from cre_toolkit.assessments.newest import last_to_review
from cre_toolkit.audit import actions as audit
from cre_toolkit.children.models import Child


class NothingToReview(LookupError):
    """No assessment of this child stands that could be reviewed."""


@transaction.atomic
def start_review(*, by: User, child: Child, form_id: uuid.UUID) -> Assessment:
    """Begin a review of the child's last sent assessment. The same form sent twice begins one.

    Who has an unfinished assessment of this child goes on with that. Where nothing has been written in it
    yet, it becomes the review.

    Args:
        by: its author.
        child: whom they may see.
        form_id: minted by the form.

    Raises:
        NotAllowed, NotVisible: as `actions.start`.
        NothingToReview: none was sent, or every one has been withdrawn.
    """
    last = last_to_review(child, actions.CURRENT_INSTRUMENT)
    if last is None:
        raise NothingToReview(child.reference)
    draft = actions.start(by=by, child=child, form_id=form_id)
    # Two presses at once wait for each other here.
    draft = Assessment.objects.select_for_update().get(pk=draft.pk)
    if draft.previous_id or draft.status != Assessment.Status.DRAFT or draft.sections.exists():
        return draft
    draft.previous, draft.version = last.assessment, last.assessment.version + 1
    draft.save(update_fields=["previous", "version"])
    now = timezone.now()
    DraftSection.objects.bulk_create(
        DraftSection(
            assessment=draft,
            section=section,
            answers=dump_short(part),
            by_button=False,
            carried="" if section == Section.INDICATORS else Carried.LAST_TIME,
            saved_at=now,
            saved_by=by,
        )
        for section, part in taken_up(last.content).items()
    )
    audit.record(
        by=by,
        kind="assessment.review-started",
        authority=child.authority,
        child=child.pk,
        subject_kind="assessment",
        subject=draft.pk,
        detail={"reviews": last.assessment.reference, "version": draft.version},
    )
    return draft


def taken_up(content: Mapping[str, Any]) -> dict[str, Part]:
    """What a review begins with, by section; sections with nothing to take up are left out.

    Answers that say how things stand now (whether a person or place poses a risk, who has been consulted and
    when) are left to be given again.

    Args:
        content: the record that is reviewed.
    """
    said = answers_of(content)
    parts: dict[str, Part] = {
        Section.INDICATORS: Indicators(since_last=dict.fromkeys(said.indicators.items, SinceLast())),
        Section.PLACES: said.places.model_copy(update={"persons_or_places_of_risk": ""}),
        Section.VULNERABILITIES: said.vulnerabilities,
        Section.CONSULTATION: Consultation(
            items=[Consulted(agency=row.agency, name=row.name) for row in said.consultation.items if row.name]
        ),
    }
    return {section: part for section, part in parts.items() if not part.blank}


def answers_of(content: Mapping[str, Any]) -> Answers:
    """The answers of a record; those whose words are stored instead of their codes are left out."""
    return from_sections({name: said for name, said in content["answers"].items() if name != Section.LEVEL})


def answer_since(
    now: Indicators, last: Mapping[str, Rated], day: str, answers: Mapping[str, SinceLast]
) -> Indicators:
    """The indicators of a review once it has been said what has become of last time's.

    Nothing typed is lost: what was written about an indicator that is then said to be unchanged or gone is
    set aside, and comes back when that is taken back.

    Args:
        now: as they stand in the draft.
        last: last time's ratings.
        day: the day of last time's assessment.
        answers: what has become of each of them.
    """
    items, aside = dict(now.items), dict(now.set_aside)
    for id_, since in answers.items():
        before = last[id_]
        was = now.since_last.get(id_, SinceLast()).answer
        if since.answer == was:
            continue
        if was == "changed" and id_ in items:
            aside[id_] = items[id_]
        items.pop(id_, None)
        if since.answer == "no-change":
            items[id_] = before.model_copy(update={"as_on": before.as_on or day})
        elif since.answer == "changed":
            # The level is asked anew; the evidence is there to be edited.
            items[id_] = aside.pop(id_, before.model_copy(update={"level": "", "as_on": ""}))
    return now.model_copy(update={"items": items, "set_aside": aside, "since_last": dict(answers)})


def line_of(assessment: Assessment) -> list[Record]:
    """The sent assessments before and after this one, as each reviewed the other, newest first. One query.

    Args:
        assessment: one whose child the caller may see.
    """
    records = (
        Record.objects.filter(child__stands_for=assessment.child.stands_for)
        .defer("deflated")
        .select_related("assessment", "author", "withdrawal__by")
    )
    reviewed = {record.assessment_id: record.assessment.previous_id for record in records}
    line = {assessment.pk, *_before(assessment.previous_id, reviewed)}
    # Reviews of reviews: each pass finds those of what the pass before found.
    while more := {review for review, of in reviewed.items() if of in line} - line:
        line |= more
    return sorted(
        (record for record in records if record.assessment_id in line),
        key=lambda record: (record.completed_at, record.assessment.version),
        reverse=True,
    )


def _before(first: uuid.UUID | None, reviewed: Mapping[uuid.UUID, uuid.UUID | None]) -> list[uuid.UUID]:
    found = []
    while first and first not in found:
        found.append(first)
        first = reviewed.get(first)
    return found
