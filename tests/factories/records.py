"""Invented content of sent assessments, as `assessments/record.py` writes it, without a database.

from tests.factories.records import record_content

content = record_content()                               # a medium assessment, every question answered
content = record_content(analysis={"level": "low"})      # a section's answers in place of those here
content = record_content(child={"name": "Siân Ŵyn"})     # the header's
"""

from typing import Any

from cre_toolkit.assessments.answers import Answers, dump
from cre_toolkit.assessments.wording import REASONS_FOR_ANOTHER_LEVEL
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.loading import load_authority, load_instrument

COMPLETED_AT = "2026-03-27T16:20:00+00:00"
KNOWN = {"yes": True, "no": False}
CHILD: dict[str, Any] = {
    "reference": "3F7H-K2P9QX",
    "name": "Amy Example",
    "known_as": "Ames",
    "date_of_birth": "2010-02-03",
    "age": 16,
    "age_estimated": False,
    "gender": "Girl",
    "nhs_number": "",
    "address": "1 Example Street, Derby",
    "postcode": "DE1 0AA",
    "school": "Example Academy",
    "worker_name": "Wil Worker",
    "worker_contact": "01332 496 0000",
    "earlier_assessment": {
        "completed_at": "2025-06-12T09:00:00+00:00",
        "level": "low",
        "instrument": "cre-2020",
    },
    "send": "no",
    "disabilities": "",
    "open_to_social_care": "yes",
    "plan": "none",
    "looked_after": "not-known",
    "own_words": "“I just want it to stop.”",
    "wishes": "To stay at the same school.",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "danger": {"immediate_risk": "no"},
    "child": {"confirmed": True},
    "indicators": {
        "considered": True,
        "not-known-yet": "Who pays for the telephone.",
        "expand-indicators": "The messages began in the week in which the telephone appeared.",
        "items": {
            "online-activity": {
                "level": "medium",
                "cse": True,
                "note": "Her form tutor read three messages on 3 March and wrote them down the same day.",
            },
            "cars-with-adults": {
                "level": "high",
                "cce": True,
                "cse": True,
                "note": "Seen by two members of staff on 9 March: a man collected her at the school gate.",
            },
            "need-for-money": {"level": "low", "unclear": True, "note": ""},
        },
    },
    "places": {
        "locations": "The car park behind the Example Centre.",
        "environments": "Online, and the bus station after school.",
        "persons": "A man called “Jay”, about 25, in a white van.",
        "other-risk": "Her mother has seen marks on her arms.",
        "persons_or_places_of_risk": "yes",
    },
    "vulnerabilities": {
        "items": {
            "young-carer": {"current": True, "note": "Cares for a younger brother after school."},
            "previous-exploitation": {"historic": True, "note": ""},
        },
        "other-information": "The family moved here in January.",
    },
    "consultation": {
        "items": [
            {"agency": "social-care", "name": "Wil Worker", "status": "contacted", "when": "2026-03-26"},
            {"agency": "police", "status": "attempted", "when": "2026-03-27", "note": "Left a message."},
        ],
    },
    "analysis": {
        "level": "medium",
        "primary_exploitation": "sexual",
        "threshold": "section-17",
        "immediate-concerns": "She has been asked to meet him on Saturday.",
        "action-taken": "School has reported the van to the police.",
        "protective-factors": "She trusts her form tutor and her aunt.",
        "contextual-analysis": "Two friends are contacted by the same man.",
    },
    "level": {"reasons": ["safety-in-place"], "rationale": "Her aunt collects her now."},
    "actions": {
        "items": [
            {"action": "Her aunt collects her from school", "responsible": "Aunt", "timescale": "2026-03-30"},
            {"action": "Telephone settings looked at together", "responsible": "Tutor", "timescale": ""},
        ],
    },
    "sharing": {
        "safe-to-tell-family": "yes",
        "safe_to_tell_why": "Mother and aunt are not involved.",
        "child_knows": "yes",
        "family_knows": "no",
        "family-aware": "The mother will be told on Monday, with an interpreter.",
        "items": [
            {"what": "The van", "with_whom": "Police", "how": "By telephone", "when": "2026-03-26"}
        ],
        "not_shared": "The aunt’s address: she asked for it.",
        "barriers": "She is afraid of losing her telephone.",
        "practitioner-risks": "None known.",
    },
}  # fmt: skip


def record_content(*, authority: str = "derby", child: dict[str, Any] | None = None, **sections: Any) -> Any:
    """The content of a record: what was answered, and what the rules make of it.

    Args:
        authority: the pack.
        child: keys of the header in place of those here.
        sections: answers by section; a section given replaces the whole one here.
    """
    header = CHILD | (child or {})
    answers = Answers.model_validate(ANSWERS | sections)
    said = {name: dump(answers.section(name)) for name in Answers.model_fields}
    said["level"]["reasons"] = [REASONS_FOR_ANOTHER_LEVEL[code] for code in answers.level.reasons]
    instrument = load_instrument("cre-2020")
    pack = load_authority(authority)
    case_file = _case_file(authority, header, answers)
    return {
        "reference": "7Q4K-2M9XAB",
        "version": 1,
        "instrument": instrument.id,
        "edition": instrument.edition,
        "edition_sha256": instrument.sha256,
        "authority": authority,
        "authority_name": pack.packs[-1].name,
        "author": {
            "name": "Siân Ŵyn",
            "agency": "Example Academy",
            "role": "Designated safeguarding lead",
            "contact": "01332 496 0001, sian.wyn@example.org",
        },
        "sent_at": "2026-03-27T16:21:30+00:00",
        "completed_at": COMPLETED_AT,
        "child": header,
        "answers": said,
        "case_file": case_file,
        "outcome": assess(instrument, pack, parse_case_file(case_file)).as_dict(),
        "sha256": "a" * 64,
    }


def _case_file(authority: str, header: dict[str, Any], answers: Answers) -> dict[str, Any]:
    """As `assessments.casefile` makes it of a child's record."""
    return {
        "instrument": "cre-2020",
        "authority": authority,
        "child": {
            "date_of_birth": header["date_of_birth"],
            "age": None if header["date_of_birth"] else header["age"],
            "send": KNOWN.get(header["send"]),
            "open_to_social_care": KNOWN.get(header["open_to_social_care"]),
            "child_protection_plan": header["plan"] == "child-protection",
            "looked_after": KNOWN.get(header["looked_after"]),
        },
        "completed_at": COMPLETED_AT,
        "immediate_risk": KNOWN.get(answers.danger.immediate_risk),
        "indicators": {
            id_: {"level": rated.level or None, "cce": rated.cce, "cse": rated.cse, "note": rated.note}
            for id_, rated in answers.indicators.items.items()
        },
        "vulnerabilities": {
            id_: {"historic": factor.historic, "current": factor.current, "note": factor.note}
            for id_, factor in answers.vulnerabilities.items.items()
        },
        "persons_or_places_of_risk": KNOWN.get(answers.places.persons_or_places_of_risk),
        "analysis": {
            "level": answers.analysis.level or None,
            "rationale": answers.level.rationale,
            "threshold": answers.analysis.threshold,
            "protective_factors": answers.analysis.protective_factors,
            "primary_exploitation": answers.analysis.primary_exploitation,
            "thorough_assessment": answers.level.thorough_assessment,
        },
    }
