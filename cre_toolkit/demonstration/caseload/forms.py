"""Completed forms for the invented caseload, as the sections of a draft hold them."""

import datetime
from random import Random
from typing import Any

from cre_toolkit.demonstration.caseload import words

Answers = dict[str, dict[str, Any]]
LEVELS = ("low", "medium", "high")


def completed_form(
    chance: Random, on: datetime.date, theme: str, level: str, *, danger: bool, floored: bool
) -> Answers:
    """A whole CRE form that may be sent.

    Args:
        on: the day on which it is completed.
        theme: one of `words.THEMES`.
        level: what the indicators show at the highest; the practitioner mostly agrees.
        danger: whether the child is in immediate danger.
        floored: whether low is below the toolkit's minimum (under 13, or SEND).
    """
    told = words.THEMES[theme]
    items = _indicators(chance, on, theme, level)
    recorded, reasons = _own_level(chance, level, floored=floored)
    places = level != "low" or chance.random() < 0.3
    analysis = {
        "immediate-concerns": chance.choice(told["concerns"]) if recorded != "low" else "",
        "protective-factors": chance.choice(words.PROTECTS),
        "contextual-analysis": chance.choice(words.CONTEXTS),
        "primary_exploitation": chance.choice(told["types"]) if recorded != "low" else "",
        "threshold": {"low": "early-help", "medium": "section-17", "high": "section-47"}[recorded],
        "level": recorded,
    }
    return {
        "danger": {"immediate_risk": "yes", "what": "Is to meet somebody tonight who is owed money."}
        if danger
        else {"immediate_risk": "no"},
        "child": {"confirmed": True},
        "indicators": {"considered": True, "items": items},
        "places": {
            "locations": chance.choice(told["places"]) if places else "",
            "persons": chance.choice(told["persons"]) if places else "",
            "persons_or_places_of_risk": "yes" if places else "no",
        },
        "vulnerabilities": {
            "items": {
                id_: {chance.choice(("current", "historic")): True, "note": note}
                for id_, note in chance.sample(words.FACTORS, chance.randrange(1, 4))
            }
        },
        "consultation": {
            "items": [
                {"agency": "education", "status": "contacted", "when": _day(on)},
                {"agency": "police", "status": "contacted" if recorded == "high" else "pending"},
            ]
        },
        "analysis": {key: value for key, value in analysis.items() if value},
        "level": reasons
        | (
            {"look_again_on": (on + datetime.timedelta(days=chance.randrange(60, 100))).isoformat()}
            if recorded == "low"
            else {}
        ),
        "actions": {
            "items": [
                {"action": action, "responsible": who, "timescale": when}
                for action, who, when in chance.sample(words.ACTIONS, chance.randrange(1, 3))
            ]
        },
        "sharing": {"safe-to-tell-family": "yes", "child_knows": "yes", "family_knows": "yes"},
    }


def paper_matrix(chance: Random, completed: datetime.date) -> Answers:
    """A CSE matrix of 2017 as somebody typed it in from paper."""
    low, medium = (
        ("late-or-missing", "unknown-adults", "peer-issues"),
        ("associating-known-risk", "out-overnight"),
    )
    marked = [*chance.sample(low, 2), *chance.sample(medium, chance.randrange(2))]
    return {
        "paper": _by_whom(completed),
        "marks": {"items": {id_: {"risk": True, "evidenced": chance.random() < 0.5} for id_ in marked}},
        "factors": {"items": {"family-conflict": {"present": True}}},
        "summary": {"level": "medium" if len(marked) > 2 else "low"},
    }


def paper_form(chance: Random, completed: datetime.date, theme: str) -> Answers:
    """A CRE form as somebody typed it in from paper; low, as what came since tells more."""
    said = completed_form(chance, completed, theme, "low", danger=False, floored=False)
    kept = ("danger", "indicators", "places", "vulnerabilities", "analysis", "actions")
    return {"paper": _by_whom(completed), **{section: said[section] for section in kept}}


def _by_whom(completed: datetime.date) -> dict[str, str]:
    return {
        "completed_on": completed.isoformat(),
        "author": "P. Former (invented)",
        "agency": "Example City children’s social care (invented)",
        "role": "Social worker",
    }


def _indicators(chance: Random, on: datetime.date, theme: str, level: str) -> dict[str, dict[str, Any]]:
    """Some of what the theme can show: one indicator at the level at least, none above it."""
    told = words.THEMES[theme]
    up_to = LEVELS[: LEVELS.index(level) + 1]
    leading = chance.choice([id_ for id_ in told["indicators"] if level in words.NOTICED[id_]])
    others = [id_ for id_ in told["indicators"] if id_ != leading]
    chosen = {leading: level}
    for id_ in chance.sample(others, chance.randrange(1, min(6, len(others)))):
        if could := [each for each in up_to if each in words.NOTICED[id_]]:
            chosen[id_] = chance.choice(could)
    return {
        id_: {
            "level": rated,
            chance.choice(told["for"]): True,
            "note": (
                f"{chance.choice(words.NOTICED[id_][rated])}. {chance.choice(words.SOURCES)},"
                f" {_day(on - datetime.timedelta(days=chance.randrange(1, 21)))}."
            ),
        }
        for id_, rated in chosen.items()
    }


def _own_level(chance: Random, indicated: str, *, floored: bool) -> tuple[str, dict[str, Any]]:
    """The practitioner's own level, and why it differs where it does."""
    place, roll = LEVELS.index(indicated), chance.random()
    if roll < 0.08 and place > (1 if floored else 0):
        return LEVELS[place - 1], words.LOWER
    if roll > 0.95 and place < len(LEVELS) - 1:
        return LEVELS[place + 1], words.HIGHER
    return indicated, {}


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B}"
