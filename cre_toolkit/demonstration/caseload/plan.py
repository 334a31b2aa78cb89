"""What will happen in the invented caseload, worked out from a seed: the same seed and day, the same plan.

Nothing here touches the database: `load` lives through the plan by the acts that people use.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Literal

from cre_toolkit.demonstration.caseload import words
from cre_toolkit.demonstration.caseload.forms import completed_form, paper_form, paper_matrix

Kind = Literal["sent", "danger", "draft", "review", "paper"]
LEVELS = ("low", "medium", "high")
STORY = datetime.timedelta(days=400)
"""Nothing is told of an earlier day."""
# What whoever adds a child again says alike.
AGAIN = ("family_name", "date_of_birth", "gender", "address", "postcode")
ROADS = ("Street", "Road", "Close")


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in an authority, by the part of their address before the @."""

    authority: str
    workers: tuple[str, ...]
    others: tuple[str, ...]
    """Practitioners of other agencies, who add children and assess too."""


@dataclass(frozen=True, slots=True)
class Told:
    """One assessment: when, by whom, of what kind, and what is written in it, by section."""

    on: datetime.date
    kind: Kind
    by: str
    answers: dict[str, dict[str, Any]]
    withdrawn: bool = False
    """Recorded in error, and withdrawn on the next day."""
    instrument: str = "cre-2020"
    """The form of a paper one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A child, who adds them, and what is told of them, the earliest first."""

    authority: str
    added_by: str
    added_on: datetime.date
    details: dict[str, Any]
    worker: str
    family: tuple[dict[str, str], ...]
    told: tuple[Told, ...]
    merged_into: int | None = None
    """The place of the child who is the same: the front door merges the two records on the next day."""


def plan(seed: int, number: int, today: datetime.date, staff: Sequence[Staff]) -> list[Planned]:
    """A caseload of so many children.

    Args:
        seed: which one.
        number: of children; the first authority has three quarters of them.
        today: the day from which everything is counted back.
        staff: of each authority.
    """
    chance = Random(seed)  # noqa: S311 - invented people need no secret
    city, county = staff
    children: list[Planned] = []
    for place in range(number):
        of = county if place % 4 == 3 else city
        twin = children[-4] if place % 15 == 4 and len(children) >= 4 else None
        again = children[-8] if place % 45 == 8 and len(children) >= 8 else None
        child = _child(chance, place, of, today, sibling=twin, again=again)
        if again and place % 90 == 8:
            # Of those who were added twice, the front door has settled every other.
            added_on = max(child.added_on, again.added_on + datetime.timedelta(days=1))
            child = replace(child, added_on=added_on, merged_into=place - 8)
        children.append(child)
    return children


def _child(
    chance: Random,
    place: int,
    staff: Staff,
    today: datetime.date,
    *,
    sibling: Planned | None,
    again: Planned | None,
) -> Planned:
    """One child: now and then the sibling of an earlier one, or an earlier one whom somebody adds again."""
    worker = staff.workers[place // 4 % len(staff.workers)]
    age = chance.choices(range(9, 18), weights=(0, 1, 1, 4, 8, 10, 10, 9, 7))[0]
    born = today - datetime.timedelta(days=round(age * 365.25) + chance.randrange(1, 360))
    given, gender = chance.choice(words.GIVEN)
    details: dict[str, Any] = {
        "given_names": given,
        "family_name": chance.choice(words.FAMILY),
        "gender": gender,
        "date_of_birth": born,
        "address": f"{chance.randrange(1, 90)} Invented {chance.choice(ROADS)}\nExampleton",
        # ZZ is no postcode area.
        "postcode": f"ZZ{chance.randrange(10, 99)} {chance.randrange(1, 10)}ZZ",
        "school": chance.choice(words.SCHOOLS),
        "open_to_social_care": "yes" if chance.random() < 0.7 else "no",
        "send": chance.choices(("no", "yes", "not-known"), weights=(80, 12, 8))[0],
        "looked_after": "yes" if chance.random() < 0.1 else "no",
        "plan": chance.choices(("none", "early-help", "child-in-need", "child-protection"), (4, 3, 4, 1))[0],
    }
    story = _story(chance, staff, worker, details, today)
    if place % 20 == 6:
        story = (_earlier_form(chance, worker, story[0].on if story else today), *story)
    if sibling:
        details |= {key: sibling.details[key] for key in ("family_name", "address", "postcode", "school")}
    if again:
        details |= {key: again.details[key] for key in AGAIN}
        details["given_names"] = again.details["given_names"][:3]
        story = ()
    if details["open_to_social_care"] == "no":
        details |= {"looked_after": "no", "plan": "none"}
    added_by = story[0].by if story else chance.choice(staff.others)
    first = story[0].on if story else today - datetime.timedelta(days=chance.randrange(1, 200))
    return Planned(
        authority=staff.authority,
        added_by=added_by,
        added_on=first - datetime.timedelta(days=1),
        details=details,
        worker=worker if details["open_to_social_care"] == "yes" or story else "",
        family=_family(chance, details["family_name"]),
        told=story,
    )


def _family(chance: Random, family_name: str) -> tuple[dict[str, str], ...]:
    mother = {"name": f"A. {family_name}", "relationship": "Mother", "parental_responsibility": "yes"}
    father = {"name": f"B. {family_name}", "relationship": "Father", "parental_responsibility": "not-known"}
    return (mother, father)[: chance.randrange(3)]


def _story(
    chance: Random, staff: Staff, worker: str, details: dict[str, Any], today: datetime.date
) -> tuple[Told, ...]:
    """What was written about the child, in the order of the days."""
    course = chance.choices(
        ((), ("draft",), ("sent",), ("sent", "review"), ("sent", "review", "review"), ("sent", "draft")),
        weights=(8, 6, 38, 28, 12, 8),
    )[0]
    theme = chance.choice(tuple(words.THEMES))
    ago = chance.randrange(3, 70) + 45 * max(0, len(course) - 1)
    told: list[Told] = []
    level = chance.choices(LEVELS, weights=(42, 40, 18))[0]
    # Low is not recorded while nobody knows whether SEND applies.
    if details["send"] == "not-known" and course:
        details["send"] = "no"
    if course and (today - details["date_of_birth"]).days > 17 * 365 and chance.random() < 0.5:
        told.append(_paper(chance, worker, today))
    for kind in course:
        on = today - datetime.timedelta(days=ago)
        floored = details["send"] == "yes" or (on - details["date_of_birth"]).days < 13 * 366
        level = "medium" if floored and level == "low" else level
        by = worker if kind == "review" or chance.random() < 0.6 else chance.choice(staff.others)
        danger = kind == "sent" and level == "high" and chance.random() < 0.3
        answers = completed_form(chance, on, theme, level, danger=danger, floored=floored)
        told.append(
            Told(
                on=on,
                kind="danger" if danger else kind,  # type: ignore[arg-type]
                by=by,
                answers=answers,
                withdrawn=kind == "sent" and chance.random() < 0.03,
            )
        )
        ago = max(1, ago - chance.randrange(30, 60))
        level = chance.choice(LEVELS[max(0, LEVELS.index(level) - 1) : LEVELS.index(level) + 1])
    return tuple(told)


def _paper(chance: Random, worker: str, today: datetime.date) -> Told:
    """A matrix of 2017 that was found in the file and entered some months ago."""
    entered = today - datetime.timedelta(days=chance.randrange(200, 300))
    completed = datetime.date(2018, chance.randrange(1, 13), chance.randrange(1, 28))
    answers = paper_matrix(chance, completed)
    return Told(on=entered, kind="paper", by=worker, answers=answers, instrument="cse-2017")


def _earlier_form(chance: Random, worker: str, before: datetime.date) -> Told:
    """A CRE form of the year before, which stood in the paper file alone and was entered first of all."""
    entered = before - datetime.timedelta(days=7)
    completed = entered - datetime.timedelta(days=chance.randrange(200, 400))
    answers = paper_form(chance, completed, chance.choice(tuple(words.THEMES)))
    return Told(on=entered, kind="paper", by=worker, answers=answers)
