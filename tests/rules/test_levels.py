"""The indicated level, the floor and the reasons: the assessment contract's table "Indicated level"."""

import pytest

from cre_toolkit.rules.loading import load_instrument
from tests.rules.cases import cre, cse, outcome_of, rated, rules, ticked


def test_highest_rated_indicator() -> None:
    case = cre(
        indicators={
            "weapons": rated("high"),
            "missing": rated("low"),
            "grooming": rated("high"),
            "online-activity": rated(None),
        },
        analysis={"level": "high"},
    )
    outcome = outcome_of(case)
    assert outcome.indicated_level == "high"
    assert [(reason.rule, reason.indicator) for reason in outcome.reasons] == [
        ("highest-rated-indicator", "grooming"),
        ("highest-rated-indicator", "weapons"),
    ]
    assert outcome.reasons[0].source.startswith("CRE 2020, section 1")


def test_highest_rated_indicator_gives_nothing_while_none_is_rated() -> None:
    outcome = outcome_of(cre(indicators={"missing": rated(None), "weapons": {}}))
    assert (outcome.indicated_level, outcome.reasons) == (None, ())
    assert outcome.counts == {"identified": 2, "low": 0, "medium": 0, "high": 0, "cce": 1, "cse": 0}


def test_nothing_identified_has_no_level_and_no_reason() -> None:
    outcome = outcome_of(cre(indicators={"missing": None}, child={"send": True}, analysis={"level": "low"}))
    assert (outcome.indicated_level, outcome.minimum_level, outcome.reasons) == (None, None, ())
    assert outcome.accepted


@pytest.mark.parametrize(
    ("indicators", "level"),
    [
        (["sti"], "low"),
        (["sti", "groomed"], "medium"),
        (["trafficked"], "high"),
        (["trafficked", "sti", "groomed"], "high"),
    ],
)
@pytest.mark.parametrize("how", [{"risk": True}, {"risk": False, "evidenced": True}, {"evidenced": True}])
def test_tier_of_indicators(indicators: list[str], level: str, how: dict[str, bool]) -> None:
    case = cse(indicators={id_: ticked(**how) for id_ in indicators}, analysis={"level": level})
    outcome = outcome_of(case)
    assert outcome.indicated_level == level
    tiers = load_instrument("cse-2017").indicator_by_id
    assert [(reason.rule, reason.indicator) for reason in outcome.reasons] == [
        ("tier-of-indicators", id_) for id_ in tiers if id_ in indicators and tiers[id_].tier == level
    ]


def test_tier_of_indicators_passes_over_what_is_neither_risk_nor_evidenced() -> None:
    outcome = outcome_of(cse(indicators={"trafficked": ticked(risk=False), "sti": {}, "groomed": ticked()}))
    assert outcome.indicated_level == "medium"
    assert outcome.counts == {"risk": 1, "evidenced": 0, "identified": 1, "low": 0, "medium": 1, "high": 0}


@pytest.mark.parametrize(("age", "minimum"), [(12, "medium"), (13, None)])
def test_floor_under_13(age: int, minimum: str | None) -> None:
    case = cre(child={"date_of_birth": None, "age": age}, indicators={"missing": rated("low")})
    outcome = outcome_of(case)
    assert (outcome.minimum_level, outcome.indicated_level) == (minimum, minimum or "low")
    assert ("floor-under-13" in rules(case)) is (minimum is not None)


def test_floor_under_13_holds_while_no_indicator_has_a_level() -> None:
    case = cre(child={"date_of_birth": None, "age": 12}, indicators={"missing": rated(None)})
    outcome = outcome_of(case)
    assert (outcome.minimum_level, outcome.indicated_level) == ("medium", None)
    assert rules(case) == ["floor-under-13"]


def test_floor_send() -> None:
    case = cre(child={"send": True}, indicators={"missing": rated("low")})
    assert outcome_of(case).indicated_level == "medium"
    assert rules(case) == ["highest-rated-indicator", "floor-send"]


def test_both_floors_are_reasons() -> None:
    for case in (
        cre(child={"send": True, "date_of_birth": "2016-01-01"}),
        cse(child={"send": True, "age": 11}),
    ):
        assert rules(case)[-2:] == ["floor-under-13", "floor-send"]


def test_a_floor_never_lowers() -> None:
    case = cre(child={"send": True}, indicators={"missing": rated("high")}, analysis={"level": "high"})
    assert (outcome_of(case).minimum_level, outcome_of(case).indicated_level) == ("medium", "high")


LOW_BELOW_THE_FLOOR = {"level": "low", "rationale": "Explained."}


@pytest.mark.parametrize(
    ("analysis", "is_lifted"),
    [
        ({"thorough_assessment": True, "protective_factors": "Parents act."}, True),
        ({"thorough_assessment": True, "protective_factors": " \n"}, False),
        ({"thorough_assessment": False, "protective_factors": "Parents act."}, False),
        ({"protective_factors": "Parents act."}, False),
    ],
)
def test_floor_lifted(analysis: dict[str, object], is_lifted: bool) -> None:
    case = cre(
        child={"send": True}, indicators={"missing": rated("low")}, analysis=LOW_BELOW_THE_FLOOR | analysis
    )
    assert outcome_of(case).accepted is is_lifted
    assert (rules(case)[-1] == "floor-lifted") is is_lifted


def test_floor_lifted_is_no_reason_where_nothing_had_to_be_lifted() -> None:
    case = cre(
        child={"send": True}, analysis={"thorough_assessment": True, "protective_factors": "Parents act."}
    )
    assert "floor-lifted" not in rules(case)


def test_the_matrix_has_no_exception_to_its_floor() -> None:
    case = cse(
        "sti", child={"age": 12}, analysis=LOW_BELOW_THE_FLOOR | {"protective_factors": "Parents act."}
    )
    assert [problem.code for problem in outcome_of(case).problems] == ["below-floor"]
