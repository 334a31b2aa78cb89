"""Invented paper forms: begun, entered whole, and recorded.

from tests.factories.paper import MATRIX, paper_draft, paper_record

draft = paper_draft(child)                                     # a whole CSE matrix of 2017, not recorded yet
draft = paper_draft(child, instrument="cre-2020")              # a whole CRE form of 2020
draft = paper_draft(child, paper={"completed_on": ""})         # a section's answers in place of those here
record = paper_record(child, completed_on="2018-06-05")        # recorded, and heard in the child's case
"""

import uuid
from typing import Any

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import paper
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.assessment.transcribing import transcribe
from cre_toolkit.children.models import Child
from tests.factories.assessments import write
from tests.factories.people import ChildFactory

PAPER = {
    "completed_on": "2018-06-05",
    "author": "Ann Exemplar",
    "agency": "Example Academy",
    "role": "Designated safeguarding lead",
}
MATRIX: dict[str, dict[str, Any]] = {
    "paper": PAPER,
    "marks": {
        "items": {
            "sti": {"risk": True, "note": "Told the school nurse."},
            "groomed": {"risk": True, "evidenced": True},
            "hotspots": {"evidenced": True, "note": "Seen twice at the Example Centre."},
        }
    },
    "factors": {"items": {"care-history": {"present": True, "note": "Two placements in a year."}}},
    "summary": {
        "level": "medium",
        "models": ["adult-on-child", "internet"],
        "texts": {
            "immediate-concerns": "A man whom nobody knows waits outside the school.",
            "protective-factors": "A close aunt.",
            "analysis": "The messages and the waiting belong together.",
            "review-date": "2018-09-03",
        },
    },
}
RATED: dict[str, dict[str, Any]] = {
    "paper": PAPER | {"completed_on": "2020-03-09", "completed_time": "16:20", "send": "no"},
    "indicators": {
        "items": {
            "missing": {"level": "medium", "cce": True, "note": "Three times in a month."},
            "grooming": {"level": "high", "cse": True},
        },
        "expand-indicators": "It began with a new telephone.",
    },
    "places": {"locations": "The bus station.", "persons_or_places_of_risk": "yes"},
    "vulnerabilities": {"items": {"young-carer": {"current": True, "note": "For her mother."}}},
    "analysis": {"level": "high", "primary_exploitation": "sexual"},
    "actions": {"items": [{"action": "Speak to the family", "responsible": "School", "timescale": "Today"}]},
    "sharing": {"family-aware": "The mother knows.", "barriers": "Afraid of being blamed."},
}
FORMS = {"cse-2017": MATRIX, "cre-2020": RATED}


def paper_begun(
    child: Child | None = None, author: User | None = None, instrument: str = "cse-2017"
) -> Assessment:
    """A paper form of which nothing has been entered."""
    child = child or ChildFactory()
    return paper.start(
        by=author or child.created_by, child=child, instrument=instrument, form_id=uuid.uuid4()
    )


def paper_draft(
    child: Child | None = None,
    author: User | None = None,
    *,
    instrument: str = "cse-2017",
    **sections: dict[str, Any],
) -> Assessment:
    """A paper form that can be recorded as it stands.

    Args:
        child, author: both invented where they are not given.
        instrument: which form.
        sections: answers that are added to those here, by section.
    """
    draft = paper_begun(child, author, instrument)
    for section, answers in FORMS[instrument].items():
        write(draft, section, **(answers | sections.get(section, {})))
    return draft


def paper_record(
    child: Child | None = None,
    author: User | None = None,
    *,
    instrument: str = "cse-2017",
    completed_on: str = "",
    **sections: dict[str, Any],
) -> Record:
    """A paper form as it is recorded, with its place in the child's case."""
    if completed_on:
        sections["paper"] = {"completed_on": completed_on} | sections.get("paper", {})
    draft = paper_draft(child, author, instrument=instrument, **sections)
    return transcribe(by=draft.author, assessment=draft)
