"""What the practitioner records: a test for each row of the assessment contract's table of that name."""

from typing import Any

import pytest

from tests.rules.cases import cre, cse, outcome_of, problems, rated, rules, ticked, warnings

BLANK = ["", " ", "\n\t", "\u00a0\u2003", None]


def test_an_accepted_case_file_has_neither_problem_nor_warning() -> None:
    for case in (cre(), cse()):
        assert problems(case) == []
        assert warnings(case) == []
        assert outcome_of(case).accepted


@pytest.mark.parametrize(("answer", "is_problem"), [(None, True), (False, False), (True, False)])
def test_immediate_risk_not_answered(answer: bool | None, is_problem: bool) -> None:
    found = [("immediate-risk-not-answered", "immediate_risk")] if is_problem else []
    assert problems(cre(immediate_risk=answer)) == found
    assert problems(cse(immediate_risk=answer)) == []


def test_level_needed() -> None:
    for case in (cre(analysis={"level": None}), cse(analysis={"level": None})):
        assert problems(case) == [("level-needed", "analysis.level")]
        assert outcome_of(case).recorded_level is None
        assert outcome_of(case).reviews == ()


def test_level_needed_stays_a_problem_when_transcribed() -> None:
    case = cre(analysis={"level": None}, immediate_risk=None, transcribed=True)
    assert problems(case) == [("level-needed", "analysis.level")]
    assert warnings(case) == [("immediate-risk-not-answered", "immediate_risk")]


@pytest.mark.parametrize(("level", "is_problem"), [("low", False), ("medium", True), ("high", True)])
def test_nothing_identified(level: str, is_problem: bool) -> None:
    found = [("nothing-identified", "analysis.level")] if is_problem else []
    assert problems(cre(indicators={}, analysis={"level": level})) == found
    assert problems(cse(indicators={"sti": ticked(risk=False)}, analysis={"level": level})) == found


def test_indicator_level_needed() -> None:
    case = cre(indicators={"weapons": rated(None), "missing": rated(), "online-activity": rated(None)})
    assert problems(case) == [
        ("indicator-level-needed", "indicators.online-activity.level"),
        ("indicator-level-needed", "indicators.weapons.level"),
    ]


@pytest.mark.parametrize("note", BLANK)
@pytest.mark.parametrize("level", ["low", "medium", None])
def test_describe_other(level: str | None, note: str | None) -> None:
    case = cre(indicators={"other": rated(level, note=note)}, analysis={"rationale": "Because."})
    unrated = [] if level else [("indicator-level-needed", "indicators.other.level")]
    assert problems(case) == [*unrated, ("describe-other", "indicators.other.note")]
    assert warnings(case) == []


@pytest.mark.parametrize("note", BLANK)
def test_note_needed(note: str | None) -> None:
    case = cre(
        indicators={
            "weapons": rated("high", note=note),
            "grooming": rated(None, note=note),
            "missing": rated("medium", note=note),
            "online-activity": rated("low", note=note),
        },
        analysis={"level": "high"},
        persons_or_places_of_risk=True,
    )
    assert problems(case) == [
        ("indicator-level-needed", "indicators.grooming.level"),
        ("note-needed", "indicators.missing.note"),
        ("note-needed", "indicators.weapons.note"),
    ]
    assert warnings(case) == [("note-needed", "indicators.online-activity.note")]


@pytest.mark.parametrize("note", BLANK)
def test_note_needed_is_a_warning_in_the_matrix(note: str | None) -> None:
    case = cse(indicators={"groomed": ticked(note=note), "sti": ticked(risk=False, note=note)})
    assert problems(case) == []
    assert warnings(case) == [("note-needed", "indicators.groomed.note")]


def test_below_floor() -> None:
    case = cre(child={"send": True}, analysis={"level": "low", "rationale": "Because."})
    assert problems(case) == [("below-floor", "analysis.level")]


def test_below_floor_holds_while_no_indicator_has_a_level() -> None:
    """The floor stands where something is identified; a comparison with null gives nothing."""
    case = cre(child={"send": True}, indicators={"missing": rated(None)}, analysis={"level": "low"})
    assert problems(case) == [
        ("indicator-level-needed", "indicators.missing.level"),
        ("below-floor", "analysis.level"),
    ]


@pytest.mark.parametrize("rationale", BLANK)
def test_rationale_needed(rationale: str | None) -> None:
    case = cre(indicators={"missing": rated("high")}, analysis={"rationale": rationale})
    assert problems(case) == [("rationale-needed", "analysis.rationale")]
    assert problems(cre(indicators={"missing": rated("high")}, analysis={"rationale": "x"})) == []


def test_rationale_needed_comes_beside_below_floor() -> None:
    assert problems(cse("sti", child={"age": 12}, analysis={"level": "low"})) == [
        ("below-floor", "analysis.level"),
        ("rationale-needed", "analysis.rationale"),
    ]


def test_rationale_needed_for_a_lifted_floor_too() -> None:
    lifted = {"level": "low", "thorough_assessment": True, "protective_factors": "Parents act."}
    case = cre(child={"send": True}, indicators={"missing": rated("low")}, analysis=lifted)
    assert problems(case) == [("rationale-needed", "analysis.rationale")]
    assert rules(case)[-1] == "floor-lifted"


@pytest.mark.parametrize("rationale", BLANK)
def test_raised_without_rationale(rationale: str | None) -> None:
    for case in (cre(analysis={"level": "high"}), cse(analysis={"level": "high"})):
        case["analysis"]["rationale"] = rationale
        assert problems(case) == []
        assert warnings(case) == [("raised-without-rationale", "analysis.rationale")]


def test_raised_without_rationale_compares_with_nothing_while_nothing_is_rated() -> None:
    assert warnings(cre(indicators={"missing": rated(None)}, analysis={"level": "high"})) == []


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(("level", "is_problem"), [("low", False), ("medium", True), ("high", True)])
def test_exploitation_type_needed(level: str, is_problem: bool, blank: str | None) -> None:
    found = [("exploitation-type-needed", "analysis.primary_exploitation")] if is_problem else []
    case = cre(analysis={"level": level, "primary_exploitation": blank, "rationale": "Because."})
    assert problems(case) == found


def test_exploitation_type_missing() -> None:
    case = cre(
        indicators={
            "weapons": rated(cce=False),
            "missing": rated(cce=None, cse=None),
            "offending": rated(cse=True, cce=False),
            "online-activity": rated(),
        }
    )
    assert warnings(case) == [
        ("exploitation-type-missing", "indicators.missing"),
        ("exploitation-type-missing", "indicators.weapons"),
    ]


@pytest.mark.parametrize("level", ["low", "medium", None])
def test_send_not_known(level: str | None) -> None:
    case = cre(child={"send": None}, analysis={"level": level, "rationale": "Because."})
    found = ("send-not-known", "child.send")
    assert (found in problems(case)) is (level == "low")
    assert (found in warnings(case)) is (level != "low")


def test_send_not_known_needs_something_identified() -> None:
    assert warnings(cre(child={"send": None}, indicators={}, analysis={"level": "low"})) == []
    assert problems(cre(child={"send": None}, indicators={}, analysis={"level": "low"})) == []


def test_send_not_known_stands_back_where_send_decides_scope() -> None:
    case = cre(child={"date_of_birth": None, "age": 20, "send": None}, analysis={"level": "low"})
    assert [code for code, _ in problems(case)] == ["send-decides-scope", "rationale-needed"]


@pytest.mark.parametrize("send", [False, None])
@pytest.mark.parametrize(
    ("case", "factor"),
    [
        (cre(), {"capacity-learning-disability": {"historic": True}}),
        (cre(), {"capacity-learning-disability": {"current": True, "note": ""}}),
        (cse(), {"learning-disability": {"present": True}}),
    ],
)
def test_send_may_apply(case: dict[str, Any], factor: dict[str, Any], send: bool | None) -> None:
    found = ("send-may-apply", "child.send")
    changed = case | {"vulnerabilities": factor, "child": case["child"] | {"send": send}}
    assert found in warnings(changed)
    assert found not in warnings(changed | {"child": case["child"] | {"send": True}})


@pytest.mark.parametrize(
    "factor",
    [
        {"capacity-learning-disability": {"historic": False, "current": None}},
        {"capacity-learning-disability": None},
        {"young-carer": {"current": True}},
    ],
)
def test_send_may_apply_needs_the_factor_recorded(factor: dict[str, Any]) -> None:
    assert warnings(cre(vulnerabilities=factor)) == []


def test_not_known() -> None:
    case = cre(
        child={"open_to_social_care": None, "child_protection_plan": None, "looked_after": None},
        persons_or_places_of_risk=None,
    )
    assert warnings(case) == [
        ("not-known", "child.open_to_social_care"),
        ("not-known", "child.child_protection_plan"),
        ("not-known", "child.looked_after"),
        ("not-known", "persons_or_places_of_risk"),
    ]
    assert warnings(cre(child={"looked_after": None})) == [("not-known", "child.looked_after")]


@pytest.mark.parametrize("indicator", ["grooming", "abused-by-adult", "unsafe-places", "abduction"])
@pytest.mark.parametrize("answer", [True, False, None])
def test_person_or_place_missing(indicator: str, answer: bool | None) -> None:
    case = cre(
        indicators={indicator: rated("high"), "missing": rated()},
        analysis={"level": "high"},
        persons_or_places_of_risk=answer,
    )
    found = ("person-or-place-missing", "persons_or_places_of_risk")
    assert (found in warnings(case)) is (answer is not True)


def test_person_or_place_missing_is_said_once() -> None:
    case = cre("grooming", "unsafe-places")
    assert warnings(case) == [("person-or-place-missing", "persons_or_places_of_risk")]


def test_family_may_not_be_safe() -> None:
    assert warnings(cre("fgm", "forced-marriage")) == [
        ("family-may-not-be-safe", "indicators.forced-marriage"),
        ("family-may-not-be-safe", "indicators.fgm"),
    ]


def test_consider_nrm() -> None:
    assert warnings(cre("modern-slavery")) == [("consider-nrm", "indicators.modern-slavery")]


@pytest.mark.parametrize(
    ("threshold", "is_above"),
    [
        ("early-help", False),
        ("section-17", False),
        ("section-47", True),
        ("complex-abuse", True),
        (" ", False),
    ],
)
def test_threshold_above_level(threshold: str, is_above: bool) -> None:
    low = {"level": "low", "threshold": threshold}
    found = [("threshold-above-level", "analysis.threshold")] if is_above else []
    assert warnings(cre(indicators={"missing": rated("low")}, analysis=low)) == found
    assert warnings(cse("sti", analysis=low)) == found
    assert warnings(cre(analysis={"threshold": threshold})) == []


@pytest.mark.parametrize(
    ("indicator", "level", "is_unlikely"),
    [
        ("abused-by-adult", "low", True),
        ("abused-by-adult", "medium", False),
        ("abduction", "low", True),
        ("abduction", "medium", True),
        ("abduction", "high", False),
        ("abduction", None, False),
        ("missing", "low", False),
    ],
)
def test_unlikely_rating(indicator: str, level: str | None, is_unlikely: bool) -> None:
    case = cre(
        indicators={indicator: rated(level), "weapons": rated()},
        persons_or_places_of_risk=True,
        analysis={"level": "high", "rationale": "Because."},
    )
    found = [("unlikely-rating", f"indicators.{indicator}.level")] if is_unlikely else []
    assert warnings(case) == found


@pytest.mark.parametrize(
    ("indicator", "fits", "does_not_fit"),
    [("under-13-sexual-activity", 12, 13), ("inciting-under-16", 15, 16), ("under-16-exchange", 15, 16)],
)
def test_age_does_not_fit(indicator: str, fits: int, does_not_fit: int) -> None:
    found = ("age-does-not-fit", f"indicators.{indicator}")
    for age, is_found in ((fits, False), (does_not_fit, True)):
        case = cse(indicator, child={"age": age}, analysis={"level": "high"})
        assert (found in warnings(case)) is is_found


def test_the_order_is_that_of_the_table() -> None:
    """Every row that can stand beside the others, as warnings of one transcribed form."""
    case = cre(
        child={"send": None, "looked_after": None},
        indicators={
            "fgm": rated("medium", note=""),
            "other": rated("low", note=""),
            "modern-slavery": rated("low", cce=False, note=""),
            "abduction": rated("low"),
            "missing": rated(None),
        },
        vulnerabilities={"capacity-learning-disability": {"current": True}},
        analysis={"level": "low", "threshold": "section-47"},
        immediate_risk=None,
        transcribed=True,
    )
    assert [code for code, _ in warnings(case)] == [
        "immediate-risk-not-answered",
        "indicator-level-needed",
        "describe-other",
        "note-needed",
        "note-needed",
        "rationale-needed",
        "exploitation-type-missing",
        "send-not-known",
        "send-may-apply",
        "not-known",
        "person-or-place-missing",
        "family-may-not-be-safe",
        "consider-nrm",
        "threshold-above-level",
        "unlikely-rating",
    ]
    assert outcome_of(case).accepted
