"""Invented assessments: drafts at any stage, one that can be sent, and what was sent.

from tests.factories.assessments import AssessmentFactory, ready_draft, sent_record, write

draft = AssessmentFactory()                                    # nothing written yet
write(draft, "danger", immediate_risk="no")                    # one section, as its author saves it
draft = ready_draft(child, author, level="medium")             # nothing left that sending asks for
record = sent_record(child, author)                            # as `assessments.recording` alone records it
"""

from typing import Any

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions, recording
from cre_toolkit.assessments import answers as shapes
from cre_toolkit.assessments.models import Assessment, DraftSection, Record
from cre_toolkit.children.models import Child
from tests.factories.people import ChildFactory

NOTE = 'Two teachers saw it on 3 March and wrote it down the same day. "He knows where I live."'


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """A draft in which nothing has been written, by the person who added the child."""

    class Meta:
        model = Assessment

    child = factory.SubFactory(ChildFactory)
    begun_on = factory.SelfAttribute("child")
    author = factory.SelfAttribute("child.created_by")
    instrument = actions.CURRENT_INSTRUMENT
    started_at = factory.LazyFunction(timezone.now)
    changed_at = factory.LazyFunction(timezone.now)


def write(assessment: Assessment, section: str, **answers: Any) -> DraftSection:
    """Save a section of a draft as its author does, whatever stood there before."""
    before = DraftSection.objects.filter(assessment=assessment, section=section).first()
    return actions.save_section(
        by=assessment.author,
        assessment=assessment,
        section=section,
        answers=answers,
        version=before.version if before else 0,
    )


def ready_draft(
    child: Child | None = None,
    author: User | None = None,
    *,
    level: str = "medium",
    rated: str | None = None,
    immediate_risk: str = "no",
    indicators: int = 1,
    **sections: dict[str, Any],
) -> Assessment:
    """A draft that can be sent as it stands.

    Args:
        child, author: both invented where they are not given.
        level: the practitioner's own level.
        rated: the level of its indicators; the same where it is left out.
        immediate_risk: the answer to the first question.
        indicators: how many of them, in the toolkit's order.
        sections: answers by section, in place of those here.
    """
    child = child or ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no")
    draft = AssessmentFactory(child=child, author=author or child.created_by)
    rating = {"level": rated or level, "cse": True, "note": NOTE}
    order = [indicator.id for indicator in actions.load_instrument(draft.instrument).indicators]
    written: dict[str, dict[str, Any]] = {
        "danger": {"immediate_risk": immediate_risk},
        "child": {"confirmed": True},
        "indicators": {"considered": True, "items": dict.fromkeys(order[:indicators], rating)},
        "places": {"persons_or_places_of_risk": "no"},
        "analysis": {"level": level, "primary_exploitation": "sexual"},
        "level": {
            "rationale": "The family and the school act together, and it has stopped.",
            "no_look_again_why": "A meeting is planned in any case.",
        },
    }
    write_all(draft, written | sections)
    return draft


def write_all(draft: Assessment, written: dict[str, dict[str, Any]]) -> None:
    """Sections as `write` leaves them, at once: most tests begin with a draft, few with how it was saved."""
    instrument = actions.load_instrument(draft.instrument)
    DraftSection.objects.bulk_create(
        [
            DraftSection(
                assessment=draft,
                section=section,
                answers=shapes.dump_short(shapes.read(section, said, instrument)),
                saved_at=draft.changed_at,
                saved_by=draft.author,
            )
            for section, said in written.items()
        ],
        update_conflicts=True,
        unique_fields=["assessment", "section"],
        update_fields=["answers"],
    )


def sent_record(child: Child | None = None, author: User | None = None, **given: Any) -> Record:
    """A sent assessment as it is recorded, without what `casework.assessment.sending` makes of it."""
    draft = ready_draft(child, author, **given)
    with transaction.atomic():
        return recording.record_held(
            by=draft.author,
            draft=recording.hold(draft.author, draft),
            completed_at=timezone.now().replace(microsecond=0),
        )
