"""Words that a child or a family should not have to read, and which words may be plainer.

What people write is never altered: they are shown what stands out, and decide (service.md, "Words", 1 and 3;
CRE 2020, page 5: "professional terminology ... should not be used directly with children or their families").
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import instrument_ids, load_instrument

PLAINER: Final = {
    # Short forms, and the words that they stand for.
    "CRE": "say what you are worried about",
    "CCE": "say what you are worried about",
    "CSE": "say what you are worried about",
    "NRM": "say who will be asked for help",
    "child at risk of exploitation": "say what you are worried about",
    "criminal exploitation": "say that somebody gets the child to break the law for them",
    "sexual exploitation": "say that somebody gets the child to do sexual things",
    "exploitation": "say what somebody does to the child",
    "exploited": "say what somebody does to the child",
    # How professionals talk of an assessment.
    "risk assessment": "say that you wrote down what you are worried about",
    "risk indicator": "say what was seen or heard",
    "risk indicators": "say what was seen or heard",
    "low risk": "say how worried you are, and why",
    "medium risk": "say how worried you are, and why",
    "high risk": "say how worried you are, and why",
    "vulnerability factor": "say what makes things harder",
    "vulnerability factors": "say what makes things harder",
    "safeguarding": "say keeping safe",
    "section 17": "say that the child may get extra help",
    "section 47": "say that social care has to look into it",
    "multi-agency": "say who works together",
    "strategy meeting": "say who meets, and what about",
    "perpetrator": "say who, or: the person who did this",
    "perpetrators": "say who, or: the people who did this",
    "disclosed": "say told us",
    "disclosure": "say what the child told us",
    # Words that put what was done to a child on the child.
    "lifestyle choice": "say what adults did",
    "putting yourself at risk": "say who puts the child in danger",
    "putting themselves at risk": "say who puts the child in danger",
    "putting himself at risk": "say who puts the child in danger",
    "putting herself at risk": "say who puts the child in danger",
    "refuses to engage": "say what makes it hard to talk",
    "promiscuous": "say what adults did",
    "streetwise": "say what the child has had to learn",
}
"""A term, and what to say instead."""
_OF_THE_FORM = "it is a phrase of the form: say it in your own words"


def labels(instrument: Instrument) -> Iterator[str]:
    """Every label of a form: its titles, questions, indicators, factors and lists.

    Args:
        instrument: the edition.
    """
    yield from (instrument.title, instrument.short_title)
    for titled in (instrument.groups, instrument.sections):
        yield from (each.title for each in titled)
    for rows in (
        instrument.indicators,
        instrument.vulnerabilities,
        instrument.fields,
        instrument.exploitation_types,
        instrument.models,
        instrument.thresholds,
    ):
        yield from (each.label for each in rows)


def to_say_plainly(text: str) -> list[tuple[str, str]]:
    """What stands out in a text for a child or family: each term once, as it was written, and what to say.

    Args:
        text: what somebody wrote for them.
    """
    found: dict[str, tuple[str, str]] = {}
    for match in _terms().finditer(text):
        term = match.group()
        found.setdefault(term.casefold(), (term, _instead(term)))
    return list(found.values())


def _instead(term: str) -> str:
    return _plainer().get(" ".join(term.split()).casefold(), _OF_THE_FORM)


@cache
def _plainer() -> dict[str, str]:
    return {term.casefold(): instead for term, instead in PLAINER.items()}


@cache
def _terms() -> re.Pattern[str]:
    """All terms, the longest first. A label of one word ("Address", "Other") is a word like any other."""
    of_forms = (label for id_ in instrument_ids() for label in labels(load_instrument(id_)))
    terms = {*PLAINER, *(label for label in of_forms if len(label.split()) > 1)}
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    either = "|".join(r"\s+".join(map(re.escape, term.split())) for term in longest_first)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
