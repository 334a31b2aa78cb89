"""The invented children of the demonstration, and what was written about them.

Nobody of these exists. Addresses are in "Exampleton", NHS numbers in the range kept for tests, and what
is told is mild. Ages are counted from the day on which the demonstration is loaded.
"""

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions as assessments
from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.casework.models import Call
from cre_toolkit.children import actions as children
from cre_toolkit.children.models import Child

KNOWN = {"send": "no", "open_to_social_care": "yes", "plan": "child-in-need", "looked_after": "no"}


@dataclass(frozen=True, slots=True)
class Invented:
    """A child, who adds them, and what is written in their assessment (None: none is begun)."""

    by: str
    age: int
    child: dict[str, Any]
    worker: str = ""
    answers: dict[str, dict[str, Any]] | None = None
    send: bool = False
    danger: bool = False
    family: tuple[dict[str, str], ...] = ()
    agencies: tuple[dict[str, str], ...] = field(default=())


def seen(level: str, note: str, **for_what: bool) -> dict[str, Any]:
    return {"level": level, "note": note, **(for_what or {"unclear": True})}


MEDIUM: dict[str, dict[str, Any]] = {
    "danger": {"immediate_risk": "no"},
    "child": {"confirmed": True},
    "indicators": {
        "considered": True,
        "not-known-yet": "Who the older boy with the red bicycle is.",
        "items": {
            "missing": seen(
                "medium",
                "Home after midnight on three Fridays in October; last time with new trainers. Told to her"
                " form tutor by her mother on 2 November.",
                cce=True,
            ),
            "online-activity": seen(
                "low",
                "Leaves the room to answer her telephone. Seen by her mother, October.",
            ),
            "unaccounted-money-goods": seen(
                "medium",
                'New trainers and £60. She said: "From a friend." 2 November.',
                cce=True,
            ),
        },
    },
    "places": {
        "locations": "The bus station in Exampleton, by the closed café, on Friday evenings.",
        "persons": "A boy of about 17 with a red bicycle, name not known.",
        "persons_or_places_of_risk": "yes",
    },
    "vulnerabilities": {
        "items": {
            "family-conflict": {"current": True, "note": "Parents separated in the summer."},
            "social-exclusion": {"historic": True, "note": "Changed schools twice in Year 8."},
        }
    },
    "consultation": {
        "items": [
            {"agency": "education", "name": "Form tutor", "status": "contacted", "when": "2 November"},
            {"agency": "police", "status": "pending"},
        ]
    },
    "analysis": {
        "immediate-concerns": "Friday evenings at the bus station.",
        "protective-factors": "Close to her grandmother, who lives in the same street.",
        "contextual-analysis": "Two other girls of her year have been seen at the same place.",
        "primary_exploitation": "criminal",
        "threshold": "section-17",
        "level": "medium",
    },
    "actions": {
        "items": [
            {
                "action": "Meet her at the bus station on Fridays",
                "responsible": "Grandmother",
                "timescale": "From 6 pm",
            }
        ]
    },
    "sharing": {"safe-to-tell-family": "yes", "child_knows": "yes", "family_knows": "yes"},
}

HIGH: dict[str, dict[str, Any]] = {
    **MEDIUM,
    "danger": {"immediate_risk": "yes", "what": "Says that he has to pay somebody back tonight."},
    "indicators": {
        "considered": True,
        "items": {
            "weapons": seen(
                "high", "A kitchen knife in his bag, found by a teacher today at 9.10.", cce=True
            ),
            "offending": seen(
                "medium", "Stopped by an officer with another person's parcel, 12 November.", cce=True
            ),
            "need-for-money": seen("high", 'Asked three teachers for £200. "I owe them." Today.', cce=True),
        },
    },
    "analysis": {
        **MEDIUM["analysis"],
        "immediate-concerns": "A debt that is to be paid tonight, and a knife.",
        "primary_exploitation": "county-lines",
        "threshold": "section-47",
        "level": "high",
    },
}

LOW: dict[str, dict[str, Any]] = {
    **MEDIUM,
    "indicators": {
        "considered": True,
        "items": {
            "online-activity": seen(
                "low", "Hides messages from her brother. Told by him on 9 November.", cse=True
            )
        },
    },
    "places": {"persons_or_places_of_risk": "no"},
    "analysis": {
        "protective-factors": "Talks to both parents every day.",
        "threshold": "early-help",
        "level": "low",
    },
    "level": {"look_again_on": ""},
}

UNFINISHED: dict[str, dict[str, Any]] = {
    "danger": {"immediate_risk": "not-known"},
    "indicators": {
        "items": {"cars-with-adults": {"cse": True, "note": "A grey car outside school on Tuesday at 3.20."}}
    },
}


def _address(number: int) -> dict[str, str]:
    return {
        "address": f"{number} Invented Street\nExampleton",
        "postcode": "ZZ99 3VZ",
        "school": "Example Academy (invented)",
    }


CHILDREN: tuple[Invented, ...] = (
    Invented(
        "worker",
        14,
        {
            "given_names": "Amy",
            "family_name": "Fictive",
            "nhs_number": "9990000018",
            "gender": "Female",
            **KNOWN,
            **_address(1),
        },
        worker="worker",
        answers=MEDIUM,
        send=True,
        family=({"name": "Anna Fictive", "relationship": "Mother", "parental_responsibility": "yes"},),
        agencies=({"agency": "Example Academy (invented)", "person": "Tara Pretend"},),
    ),
    Invented(
        "teacher",
        15,
        {
            "given_names": "Caitlin",
            "family_name": "O’Neill",
            "known_as": "Cait",
            "gender": "Female",
            **_address(2),
        },
        answers=UNFINISHED,
    ),
    Invented(
        "teacher",
        16,
        {
            "given_names": "Minh",
            "family_name": "Nguyễn",
            "first_language": "Vietnamese",
            "needs_interpreter": "no",
            **_address(3),
        }
        | {**KNOWN, "open_to_social_care": "no", "plan": "none"},
        answers=HIGH,
        send=True,
        danger=True,
    ),
    Invented(
        "worker",
        13,
        {"given_names": "Siân", "family_name": "Ŵyn", "ethnicity": "white-british", **KNOWN, **_address(4)},
        worker="worker",
        answers=LOW,
        send=True,
    ),
    Invented(
        "worker",
        12,
        {
            "given_names": "小龙",
            "family_name": "李",
            "first_language": "Mandarin",
            "needs_interpreter": "yes",
            **KNOWN,
            **_address(5),
        },
        worker="worker",
    ),
    Invented(
        "county.worker",
        17,
        {
            "given_names": "عائشة",
            "family_name": "الخيالية",
            "looked_after": "yes",
            "send": "not-known",
            **_address(6),
        },
        worker="county.worker",
        answers={**HIGH, "danger": {"immediate_risk": "no"}},
        send=True,
    ),
    Invented(
        "county.worker",
        15,
        {"given_names": "Jordan", "family_name": "Madeup", **KNOWN, **_address(7)},
        worker="county.worker",
        answers=MEDIUM,
        send=True,
    ),
)


def load_children(users: dict[str, User]) -> None:
    """Add the children and write their assessments, each by the act that a person would use."""
    for number, invented in enumerate(CHILDREN):
        author = users[invented.by]
        child = children.add_child(
            by=author,
            form_id=uuid.uuid4(),
            authority="derbyshire" if invented.by.startswith("county") else "derby",
            date_of_birth=_birthday(invented.age, number),
            allocated_worker=users[invented.worker] if invented.worker else None,
            **invented.child,
        )
        if invented.family:
            children.set_rows(by=author, child=child, table="family", rows=list(invented.family))
        if invented.agencies:
            children.set_rows(by=author, child=child, table="agencies", rows=list(invented.agencies))
        if invented.answers is not None:
            assess(author, child, invented)


def assess(author: User, child: Child, invented: Invented) -> None:
    """Write the assessment of an invented child, and send it where that is told."""
    draft = assessments.start(by=author, child=child, form_id=uuid.uuid4())
    for section, answers in (invented.answers or {}).items():
        if section == "level":
            answers = {"look_again_on": (timezone.localdate() + datetime.timedelta(days=84)).isoformat()}
        assessments.save_section(by=author, assessment=draft, section=section, answers=answers, version=0)
    if invented.danger:
        now = timezone.now()
        calls.declare_danger(by=author, assessment=draft, at=now)
        calls.log_call(
            by=author,
            child=child,
            to=Call.To.POLICE,
            at=now,
            outcome=Call.Outcome.SPOKE,
            spoke_to="The control room (invented)",
            assessment=draft,
            form_id=uuid.uuid4(),
        )
    if invented.send:
        sending.send(by=author, assessment=draft)


def _birthday(age: int, number: int) -> datetime.date:
    """A day that makes the child so old today, and not the same for any two of them."""
    today = timezone.localdate()
    return (
        datetime.date(today.year - age - 1, 12, 1 + number)
        if today.month < 12
        else datetime.date(today.year - age, 1, 1 + number)
    )
