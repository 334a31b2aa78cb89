"""What the service asks for beside the rules, what it only reminds of, and how far each page is."""

import dataclasses
import datetime

import pytest

from cre_toolkit.assessments import readiness
from cre_toolkit.assessments.answers import from_sections
from cre_toolkit.assessments.casefile import case_file
from cre_toolkit.assessments.progress import Progress, progress
from cre_toolkit.children.models import Child
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.loading import load_authority, load_instrument

INSTRUMENT = load_instrument("cre-2020")
AT = datetime.datetime(2026, 3, 27, 16, 20, tzinfo=datetime.UTC)


def missing(**sections):
    answers = from_sections(sections)
    child = Child(authority="derby", date_of_birth=datetime.date(2010, 2, 3), send="no")
    outcome = assess(
        INSTRUMENT, load_authority("derby"), parse_case_file(case_file(child, answers, AT, INSTRUMENT.id))
    )
    return [finding.code for finding in readiness.missing(answers, outcome, INSTRUMENT, on=AT.date())]


def test_all_indicators_are_to_be_considered():
    assert missing() == ["considered-all"]
    assert missing(indicators={"considered": True}) == []


def test_a_low_level_has_a_day_to_look_again_or_a_reason_why_none():
    low = {"indicators": {"considered": True}, "analysis": {"level": "low"}}
    assert missing(**low) == ["look-again"]
    assert missing(**low, level={"no_look_again_why": "   "}) == ["look-again"]
    assert missing(**low, level={"no_look_again_why": "The review is on 3 May."}) == []
    assert missing(**low, level={"look_again_on": "2026-05-03"}) == []
    assert missing(**low, level={"look_again_on": "2026-03-27"}) == []


def test_a_day_to_look_again_that_is_over_is_none():
    low = {"indicators": {"considered": True}, "analysis": {"level": "low"}}
    assert missing(**low, level={"look_again_on": "2026-03-26"}) == ["look-again"]


@pytest.mark.parametrize("level", ["medium", "high"])
def test_other_levels_are_reviewed_anyhow(level):
    assert missing(indicators={"considered": True}, analysis={"level": level}) == []


def test_out_of_scope_asks_for_nothing_more():
    answers = from_sections({})
    outcome = assess(INSTRUMENT, load_authority("derby"), parse_case_file(_adult(answers)))
    assert readiness.missing(answers, dataclasses.replace(outcome), INSTRUMENT, on=AT.date()) == []


def _adult(answers):
    child = Child(authority="derby", date_of_birth=datetime.date(1999, 1, 1), send="no")
    return case_file(child, answers, AT, INSTRUMENT.id)


def test_reasons_that_were_written_for_another_level_are_to_be_read_again():
    def reminded(level, **said):
        found = readiness.reminders(from_sections({"analysis": {"level": level}, "level": said}))
        return [each.text for each in found if each.code == "written-for-another-level"]

    said = {"rationale": "Her aunt is there.", "written_for": "low"}
    assert reminded("high", **said) == ["Read your reasons again: you wrote them when your level was low."]
    assert reminded("low", **said) == []
    assert reminded("high") == []


def test_reminders_go_away_when_they_are_answered():
    def codes(**sections):
        return [finding.code for finding in readiness.reminders(from_sections(sections))]

    assert codes() == ["nobody-consulted", "safe-to-tell", "no-actions"]
    assert codes(consultation={"items": [{"agency": "police", "status": "pending"}]}) == [
        "safe-to-tell",
        "no-actions",
    ]
    assert (
        codes(
            consultation={"items": [{"agency": "police", "status": "attempted"}]},
            sharing={"safe-to-tell-family": "not-known"},
            actions={"items": [{"action": "Met at the gate"}]},
        )
        == []
    )


class TestProgress:
    def of(self, page, **sections):
        return progress(from_sections(sections), frozenset(sections))[page]

    def test_danger_is_done_with_yes_or_no_and_not_known_is_on_the_way(self):
        assert self.of("danger") is Progress.NOT_STARTED
        assert self.of("danger", danger={"immediate_risk": "not-known"}) is Progress.STARTED
        for answer in ("yes", "no"):
            assert self.of("danger", danger={"immediate_risk": answer}) is Progress.DONE

    def test_rating_waits_for_ticking(self):
        assert self.of("rating") is Progress.NOT_YET
        assert self.of("rating", indicators={"items": {"missing": {}}}) is Progress.NOT_STARTED
        some = {"items": {"missing": {"level": "low"}, "grooming": {}}}
        assert self.of("rating", indicators=some) is Progress.STARTED

    def test_rating_is_done_when_each_has_its_level_and_its_evidence_where_that_is_asked_for(self):
        without = {"items": {"missing": {"level": "high"}}}
        assert self.of("rating", indicators=without) is Progress.STARTED
        whole = {"items": {"missing": {"level": "high", "note": "Seen"}, "grooming": {"level": "low"}}}
        assert self.of("rating", indicators=whole) is Progress.DONE

    def test_the_level_waits_for_the_practitioners_own(self):
        assert self.of("level") is Progress.NOT_YET
        assert self.of("level", analysis={"level": "low"}) is Progress.NOT_STARTED

    def test_the_analysis_is_done_with_a_level_and_what_it_asks_for(self):
        assert self.of("analysis", analysis={"level": "high"}) is Progress.STARTED
        whole = {"level": "high", "primary_exploitation": "unclear"}
        assert self.of("analysis", analysis=whole) is Progress.DONE

    def test_nothing_can_be_the_answer_about_vulnerabilities(self):
        assert self.of("vulnerabilities") is Progress.NOT_STARTED
        assert self.of("vulnerabilities", vulnerabilities={}) is Progress.DONE
