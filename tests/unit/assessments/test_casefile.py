"""From a draft to the case file of the contract: nothing is answered for the practitioner on the way."""

import datetime

import pytest

from cre_toolkit.assessments.answers import Answers, dump, from_sections
from cre_toolkit.assessments.casefile import case_file
from cre_toolkit.children.models import Child
from cre_toolkit.rules.casefile import parse_case_file

AT = datetime.datetime(2026, 3, 27, 16, 20, tzinfo=datetime.UTC)


def file_of(child=None, **sections):
    made = case_file(child or Child(authority="derby"), from_sections(sections), AT, "cre-2020")
    parse_case_file(made)
    return made


def test_an_empty_draft_is_a_case_file_that_answers_nothing():
    made = file_of()
    assert made["immediate_risk"] is None
    assert made["persons_or_places_of_risk"] is None
    assert made["indicators"] == made["vulnerabilities"] == {}
    assert made["analysis"]["level"] is None
    assert set(made["child"].values()) == {None}


@pytest.mark.parametrize(("said", "known"), [("yes", True), ("no", False), ("not-known", None), ("", None)])
def test_yes_no_not_known_and_not_answered(said, known):
    made = file_of(danger={"immediate_risk": said}, places={"persons_or_places_of_risk": said})
    assert made["immediate_risk"] is known
    assert made["persons_or_places_of_risk"] is known


def test_a_ticked_indicator_is_identified_before_it_is_rated():
    assert file_of(indicators={"items": {"missing": {}}})["indicators"] == {
        "missing": {"level": None, "cce": False, "cse": False, "note": ""}
    }


def test_what_was_unticked_is_not_in_it():
    assert file_of(indicators={"set_aside": {"missing": {"level": "high"}}})["indicators"] == {}


def test_everything_that_rules_read():
    made = file_of(
        indicators={"items": {"missing": {"level": "high", "cce": True, "note": "Found in Leeds"}}},
        vulnerabilities={"items": {"young-carer": {"current": True}}},
        analysis={
            "level": "medium",
            "primary_exploitation": "criminal",
            "threshold": "section-17",
            "protective-factors": "Her aunt",
        },
        level={"rationale": "It has stopped", "thorough_assessment": True},
    )
    assert made["indicators"]["missing"] == {
        "level": "high",
        "cce": True,
        "cse": False,
        "note": "Found in Leeds",
    }
    assert made["vulnerabilities"]["young-carer"] == {"historic": False, "current": True, "note": ""}
    assert made["analysis"] == {
        "level": "medium",
        "rationale": "It has stopped",
        "threshold": "section-17",
        "protective_factors": "Her aunt",
        "primary_exploitation": "criminal",
        "thorough_assessment": True,
    }


def test_the_instant_carries_its_offset():
    assert file_of()["completed_at"] == "2026-03-27T16:20:00+00:00"


def test_every_key_of_the_form_has_the_id_of_the_toolkits_field():
    sections = dump(Answers())
    assert {"other-risk", "locations"} <= set(sections["places"])
    assert {"immediate-concerns", "contextual-analysis"} <= set(sections["analysis"])
    assert {"safe-to-tell-family", "family-aware", "barriers", "practitioner-risks"} <= set(
        sections["sharing"]
    )
