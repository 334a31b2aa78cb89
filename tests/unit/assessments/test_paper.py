"""What a paper form says to the rules: what stands on it, at the moment that it names, and nothing more."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from cre_toolkit.assessments.answers import BadAnswers, from_sections, read
from cre_toolkit.assessments.paper import level_of, needed, outcome_at
from cre_toolkit.assessments.paper_answers import PaperAnswers
from cre_toolkit.assessments.paper_casefile import case_file, completed_at, impossible
from cre_toolkit.children.models import Child
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.loading import load_instrument
from tests.factories.paper import MATRIX, RATED

CSE, CRE = load_instrument("cse-2017"), load_instrument("cre-2020")
LONDON = ZoneInfo("Europe/London")
NOW = datetime.datetime(2026, 11, 26, 9, 30, tzinfo=LONDON)


def child(**facts):
    return Child(**{"authority": "derby", "date_of_birth": datetime.date(2004, 5, 6), **facts})


def form(sections=MATRIX, **more):
    wanted = {name: sections.get(name, {}) | more.get(name, {}) for name in {*sections, *more}}
    return from_sections(wanted, PaperAnswers)


class TestWhenItWasCompleted:
    def at(self, day, time=""):
        return completed_at(form(paper={"completed_on": day, "completed_time": time}), NOW)

    def test_at_the_time_that_it_gives(self):
        assert self.at("2018-06-05", "16:20") == datetime.datetime(2018, 6, 5, 16, 20, tzinfo=LONDON)

    @pytest.mark.parametrize("day", ["2018-06-05", "2018-12-05"])
    def test_at_noon_in_london_where_it_gives_none(self, day):
        noon = self.at(day).astimezone(LONDON)
        assert (noon.date().isoformat(), noon.hour, noon.minute) == (day, 12, 0)

    def test_a_form_of_this_morning_is_not_completed_later_than_now(self):
        assert self.at("2026-11-26") == NOW

    def test_without_a_date_nobody_knows(self):
        assert self.at("") is None


class TestWhatNoPaperCanSay:
    def codes(self, born=datetime.date(2004, 5, 6), **paper):
        return [finding.code for finding in impossible(child(date_of_birth=born), form(paper=paper), NOW)]

    def test_no_date(self):
        assert self.codes(completed_on="") == ["paper-date-needed"]

    def test_a_day_that_has_not_come(self):
        assert self.codes(completed_on="2026-11-27") == ["paper-date-in-future"]

    def test_an_hour_of_today_that_has_not_come(self):
        assert self.codes(completed_on="2026-11-26", completed_time="09:31") == ["paper-date-in-future"]

    def test_a_day_before_the_child_was_born(self):
        assert self.codes(born=datetime.date(2018, 6, 6)) == ["paper-date-before-birth"]

    def test_the_day_of_birth_itself_is_possible(self):
        assert self.codes(born=datetime.date(2018, 6, 5)) == []


class TestWhatTheRulesRead:
    def file(self, answers, instrument, **facts):
        at = completed_at(answers, NOW)
        return case_file(child(**facts), answers, at, instrument)

    def test_the_matrix_in_the_contracts_own_shape(self):
        file = self.file(form(), CSE)
        assert file["transcribed"] is True
        assert file["indicators"]["groomed"] == {"risk": True, "evidenced": True, "note": ""}
        assert file["vulnerabilities"]["care-history"]["present"] is True
        assert file["analysis"]["models"] == ["adult-on-child", "internet"]
        assert file["analysis"]["protective_factors"] == "A close aunt."
        assert file["narrative"]["review-date"] == "2018-09-03"
        assert "protective-factors" not in file["narrative"]
        assert parse_case_file(file).transcribed

    def test_a_form_that_rates_in_the_shape_of_the_live_one(self):
        file = self.file(form(RATED), CRE)
        assert file["indicators"]["grooming"] == {"level": "high", "cce": False, "cse": True, "note": ""}
        assert file["completed_at"] == "2020-03-09T16:20:00+00:00"
        assert parse_case_file(file).transcribed

    def test_what_is_known_today_is_not_known_of_that_day(self):
        file = self.file(
            form(RATED, paper={"send": ""}), CRE, send="yes", open_to_social_care="yes", looked_after="yes"
        )
        assert file["child"] == {
            "date_of_birth": "2004-05-06",
            "age": None,
            "send": None,
            "open_to_social_care": None,
            "child_protection_plan": None,
            "looked_after": None,
        }

    def test_what_the_form_says_about_disabilities_counts(self):
        assert self.file(form(RATED, paper={"send": "yes"}), CRE)["child"]["send"] is True

    def test_the_authority_that_the_form_names_else_the_childs_own(self):
        assert self.file(form(), CSE)["authority"] == "derby"
        assert self.file(form(paper={"authority": "derbyshire"}), CSE)["authority"] == "derbyshire"

    @pytest.mark.parametrize(("judged", "then"), [(15, 6), (5, None)])
    def test_an_age_that_was_judged_later_is_carried_back_but_not_below_nought(self, judged, then):
        guessed = {
            "date_of_birth": None, "estimated_age": judged, "estimated_on": datetime.date(2026, 11, 1),
        }  # fmt: skip
        file = self.file(form(), CSE, **guessed)
        assert file["child"]["age"] == then


class TestWhatRecordingAsksFor:
    def asked(self, answers, instrument=CSE, **facts):
        at = completed_at(answers, NOW) or NOW
        outcome = outcome_at(child(**facts), answers, at, instrument)
        return [finding.code for finding in needed(child(**facts), answers, outcome, NOW)], outcome

    def test_a_level(self):
        codes, _ = self.asked(form(summary={"level": ""}))
        assert codes == ["level-needed"]

    def test_everything_else_that_the_rules_miss_is_a_warning(self):
        blank = {"items": {"grooming": {"cse": True}}}
        codes, outcome = self.asked(
            form(RATED, indicators=blank, analysis={"level": "low", "primary_exploitation": ""}), CRE
        )
        assert codes == []
        assert {"immediate-risk-not-answered", "indicator-level-needed"} <= {
            finding.code for finding in outcome.warnings
        }

    def test_a_matrix_that_was_used_after_it_was_replaced_is_kept_with_a_warning(self):
        codes, outcome = self.asked(form(paper={"completed_on": "2019-05-01"}))
        assert codes == []
        assert "superseded" in [finding.code for finding in outcome.warnings]

    def test_a_level_below_the_floor_was_recorded_and_stays_so(self):
        codes, outcome = self.asked(form(summary={"level": "low"}), date_of_birth=datetime.date(2007, 1, 1))
        assert (codes, outcome.recorded_level, outcome.minimum_level) == ([], "low", "medium")

    def test_a_form_about_somebody_out_of_scope_keeps_its_level_in_words(self):
        answers = form(RATED)
        codes, outcome = self.asked(answers, CRE, date_of_birth=datetime.date(2000, 1, 1))
        assert (codes, outcome.in_scope, outcome.recorded_level) == ([], False, None)
        assert level_of(answers, CRE) == "high"


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("marks", {"items": {"grooming": {"risk": True}}}),
        ("factors", {"items": {"young-carer": {"present": True}}}),
        ("summary", {"models": ["county-lines"]}),
        ("summary", {"threshold": "none"}),
        ("summary", {"texts": {"evidence": "x"}}),
        ("summary", {"level": "extreme"}),
        ("paper", {"authority": "atlantis"}),
        ("paper", {"completed_on": "5 June 2018"}),
        ("paper", {"completed_time": "noon"}),
        ("paper", {"recorded": True}),
    ],
)
def test_what_the_matrix_does_not_have_is_refused(section, said):
    with pytest.raises(BadAnswers):
        read(section, said, CSE, PaperAnswers)


def test_a_live_assessment_has_no_section_of_paper():
    with pytest.raises(BadAnswers):
        read("paper", {}, CRE)
