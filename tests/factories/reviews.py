"""Invented assessments that follow one another.

last = told_draft()                          # with something in each part that a review takes up
record = recorded(last)                      # as `recording` alone records it
draft = ready_review(record)                 # a review in which nothing has changed, ready to be sent
"""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import answers, queries, recording, versions
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.children.models import Child
from tests.factories.assessments import ready_draft, write, write_all

TOLD: dict[str, dict[str, Any]] = {
    "indicators": {
        "considered": True,
        "items": {
            "missing": {"level": "medium", "cce": True, "note": "Three Fridays, told by her aunt."},
            "weapons": {"level": "low", "unclear": True, "note": "Heard of once."},
        },
    },
    "places": {
        "locations": "The car park.",
        "persons": "A man in a van.",
        "persons_or_places_of_risk": "yes",
    },
    "vulnerabilities": {"items": {"young-carer": {"current": True, "note": "Cares for her brother."}}},
    "consultation": {
        "items": [{"agency": "police", "name": "PC Pretend", "status": "contacted", "when": "Monday"}]
    },
    "sharing": {"safe-to-tell-family": "yes", "not_shared": "The aunt’s address."},
    "actions": {"items": [{"action": "Meet her at the gate"}]},
}


def told_draft(child: Child | None = None, author: User | None = None, **given: Any) -> Assessment:
    """A draft that can be sent, with something in each part that a review takes up."""
    draft = ready_draft(child, author, **given)
    write_all(draft, TOLD)
    return draft


def recorded(draft: Assessment) -> Record:
    """A draft as it is recorded, without what `casework.assessment.sending` makes of it."""
    with transaction.atomic():
        return recording.record_held(
            by=draft.author,
            draft=recording.hold(draft.author, draft),
            completed_at=timezone.now().replace(microsecond=0),
        )


def review(last: Record, by: User | None = None) -> queries.Draft:
    """A review that has just begun, as its author opens it."""
    user = by or last.author
    begun = versions.start_review(by=user, child=last.child, form_id=uuid.uuid4())
    return queries.draft(user, begun.reference, last_time=True)


def ready_review(last: Record, by: User | None = None, **sections: dict[str, Any]) -> Assessment:
    """A review in which nothing has changed, and that can be sent as it stands.

    Args:
        last: what is reviewed.
        by: its author; the last one's where it is left out.
        sections: answers by section, in place of those here.
    """
    draft = review(last, by)
    assert draft.last_time is not None
    unchanged = {
        id_: answers.dump(rated.model_copy(update={"as_on": draft.last_time.day}))
        for id_, rated in draft.last_time.indicators.items()
    }
    said: dict[str, dict[str, Any]] = {
        "danger": {"immediate_risk": "no"},
        "child": {"confirmed": True},
        "indicators": {
            "considered": True,
            "items": unchanged,
            "since_last": {id_: {"answer": "no-change"} for id_ in unchanged},
        },
        "places": answers.dump(draft.answers.places) | {"persons_or_places_of_risk": "no"},
        "vulnerabilities": answers.dump(draft.answers.vulnerabilities),
        "consultation": answers.dump(draft.answers.consultation),
        "analysis": {"level": "medium", "primary_exploitation": "criminal"},
        "level": {"no_look_again_why": "A meeting is planned in any case."},
    }
    for section, given in (said | sections).items():
        write(draft.assessment, section, **given)
    return draft.assessment
