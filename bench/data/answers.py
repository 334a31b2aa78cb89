"""What is written in the invented assessments: the lengths of ordinary work, in words of nobody."""

import datetime
from typing import Any

from cre_toolkit.rules.loading import load_instrument

INSTRUMENT = "cre-2020"
NOTES = (
    "Home after midnight on three Fridays in October, last time with new trainers. Told to the form tutor by"
    " the mother on 2 November.",
    "Seen by two members of staff at the gate on Tuesday: an adult in a grey car collected the child.",
    'Leaves the room to answer the telephone. "I am not allowed to say who it is." Told to a youth worker on'
    " 9 November.",
    "Asked three teachers for money in one week; £60 and a new telephone that nobody at home has paid for.",
)
TEXT = (
    "The adult waits at the bus station by the closed café on Friday evenings and sends messages during the"
    " day. The grandmother, who lives in the same street, collects the child from school since Monday."
)


def answers(*, level: str, indicators: int, factors: int = 5, start: int = 0) -> dict[str, dict[str, Any]]:
    """A whole draft by section, with nothing left that sending asks for.

    Args:
        level: of the practitioner, and the highest of the indicators.
        indicators: how many are identified.
        factors: how many vulnerability factors are ticked.
        start: with which indicator to begin, so that not all children have the same.
    """
    instrument = load_instrument(INSTRUMENT)
    signs = [each.id for each in instrument.indicators if not each.describe]
    circumstances = [each.id for each in instrument.vulnerabilities]
    chosen = [signs[(start + place) % len(signs)] for place in range(indicators)]
    levels = ("low", "medium", "high")[: ("low", "medium", "high").index(level) + 1]
    rated = {
        id_: {
            "level": levels[-1 - place % len(levels)],
            "cce": True,
            "cse": place % 2 == 0,
            "note": NOTES[place % len(NOTES)],
        }
        for place, id_ in enumerate(chosen)
    }
    return {
        "danger": {"immediate_risk": "no"},
        "child": {"confirmed": True},
        "indicators": {"considered": True, "not-known-yet": "Who the adult is.", "items": rated},
        "places": {"locations": TEXT, "persons": NOTES[1], "persons_or_places_of_risk": "yes"},
        "vulnerabilities": {
            "items": {
                circumstances[(start + place) % len(circumstances)]: {
                    "current": True,
                    "historic": place % 2 == 0,
                    "note": "The parents separated in the summer.",
                }
                for place in range(factors)
            }
        },
        "consultation": {
            "items": [
                {"agency": "education", "name": "Form tutor", "status": "contacted", "when": "2 November"},
                {"agency": "police", "status": "pending"},
            ]
        },
        "analysis": {
            "immediate-concerns": TEXT,
            "protective-factors": TEXT,
            "contextual-analysis": NOTES[0],
            "primary_exploitation": "criminal",
            "threshold": {"low": "early-help", "medium": "section-17", "high": "section-47"}[level],
            "level": level,
        },
        "level": {"look_again_on": _in_twelve_weeks()} if level == "low" else {},
        "actions": {
            "items": [
                {"action": "Collect the child from school", "responsible": "Grandmother", "timescale": "Now"}
            ]
        },
        "sharing": {"safe-to-tell-family": "yes", "child_knows": "yes", "family_knows": "yes"},
    }


def _in_twelve_weeks() -> str:
    return (datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(weeks=12)).isoformat()
