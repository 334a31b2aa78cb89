"""The record states nothing that was said about a level which its author chose no longer."""

import datetime
from typing import Any

import pytest

from cre_toolkit.assessments.answers import Answers, from_sections
from cre_toolkit.assessments.casefile import case_file
from cre_toolkit.assessments.level import stated
from cre_toolkit.children.models import Child
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.loading import load_authority, load_instrument
from cre_toolkit.rules.outcome import Outcome

INSTRUMENT = load_instrument("cre-2020")
AT = datetime.datetime(2026, 3, 27, 16, 20, tzinfo=datetime.UTC)
SAID = {
    "reasons": ["protective-factors"],
    "rationale": "Her aunt is always there.",
    "thorough_assessment": True,
    "look_again_on": "2026-09-01",
    "no_look_again_why": "A meeting is planned.",
}


def outcome_of(answers: Answers, send: str) -> Outcome:
    child = Child(authority="derby", date_of_birth=datetime.date(2010, 2, 3), send=send)
    file = case_file(child, answers, AT, INSTRUMENT.id)
    return assess(INSTRUMENT, load_authority("derby"), parse_case_file(file))


def draft(level: str, rated: str) -> Answers:
    item = {"level": rated, "cse": True, "note": "Seen on 3 March."}
    return from_sections(
        {
            "indicators": {"considered": True, "items": {"missing": item}},
            "analysis": {"level": level, "protective-factors": "Her aunt."},
            "level": SAID,
        }
    )


def kept(level: str, rated: str, send: str = "no") -> dict[str, Any]:
    """What stays of `SAID` when this level is recorded and the indicators point to that one."""
    answers = draft(level, rated)
    said = stated(answers, outcome_of(answers, send)).level.model_dump(exclude_defaults=True)
    return {name: SAID[name] for name in said}


def test_reasons_for_another_level_where_the_levels_differ():
    assert "reasons" in kept("medium", "high")
    assert "reasons" not in kept("high", "high")


@pytest.mark.parametrize("name", ["look_again_on", "no_look_again_why"])
def test_when_to_look_again_where_the_level_is_low(name: str):
    assert name in kept("low", "low")
    assert name not in kept("medium", "low")


def test_thorough_assessment_where_low_is_below_the_floor():
    assert "thorough_assessment" in kept("low", "low", send="yes")
    assert "thorough_assessment" not in kept("medium", "low", send="yes")
    assert "thorough_assessment" not in kept("low", "low", send="no")


@pytest.mark.parametrize(("level", "rated"), [("low", "high"), ("medium", "high"), ("high", "high")])
def test_the_practitioners_own_words_always(level: str, rated: str):
    assert kept(level, rated)["rationale"] == "Her aunt is always there."


@pytest.mark.parametrize("level", ["low", "medium", "high"])
@pytest.mark.parametrize("rated", ["low", "medium", "high"])
@pytest.mark.parametrize("send", ["yes", "no"])
def test_the_rules_say_the_same_of_the_draft_and_of_what_is_stated(level: str, rated: str, send: str):
    answers = draft(level, rated)
    outcome = outcome_of(answers, send)
    assert outcome_of(stated(answers, outcome), send) == outcome


def test_the_draft_itself_keeps_everything():
    answers = draft("high", "high")
    stated(answers, outcome_of(answers, "no"))
    assert answers.level.model_dump() == SAID | {"written_for": ""}
