"""Whom the toolkit is for: a test for each row of the assessment contract's table "Scope"."""

import pytest

from tests.rules.cases import cre, cse, outcome_of, problems, rated, rules, ticked, warnings

NO_AGE = {"date_of_birth": None}


@pytest.mark.parametrize(
    ("child", "age"),
    [
        ({"date_of_birth": "2026-03-27"}, 0),
        ({"date_of_birth": "2008-03-28"}, 17),
        ({"date_of_birth": "2010-03-27"}, 16),
        ({"date_of_birth": "2010-03-28"}, 15),
        ({"date_of_birth": "2010-03-28", "age": 30}, 15),
        (NO_AGE | {"age": 17}, 17),
        (NO_AGE | {"age": 0}, 0),
    ],
)
def test_scope_child(child: dict[str, object], age: int) -> None:
    outcome = outcome_of(cre(child=child))
    assert (outcome.age, outcome.in_scope, outcome.accepted) == (age, True, True)
    assert "scope-child" not in rules(cre(child=child))


def test_the_age_is_that_of_the_day_in_london() -> None:
    """At half past eleven in the evening in UTC it is the next day in London in summer."""
    child = {"date_of_birth": "2008-06-02"}
    assert outcome_of(cre(child=child, completed_at="2026-06-01T22:59:59Z")).age == 17
    assert outcome_of(cre(child=child, completed_at="2026-06-01T23:30:00Z")).age == 18
    assert outcome_of(cre(child=child, completed_at="2026-06-01T19:30:00-04:00")).age == 18


@pytest.mark.parametrize(("day", "age"), [("2026-02-28", 17), ("2026-03-01", 18), ("2028-02-29", 20)])
def test_someone_born_on_29_february_has_a_birthday_on_1_march(day: str, age: int) -> None:
    case = cre(child={"date_of_birth": "2008-02-29", "send": True}, completed_at=f"{day}T12:00:00Z")
    assert outcome_of(case).age == age


@pytest.mark.parametrize("age", [18, 24])
def test_scope_send_young_adult(age: int) -> None:
    case = cre(child=NO_AGE | {"age": age, "send": True})
    outcome = outcome_of(case)
    assert (outcome.in_scope, outcome.accepted, outcome.minimum_level) == (True, True, "medium")
    assert rules(case)[0] == "scope-send-young-adult"
    assert warnings(case) == [("adult-police-route", "child")]


@pytest.mark.parametrize("age", [18, 24])
def test_send_decides_scope(age: int) -> None:
    case = cre(child=NO_AGE | {"age": age, "send": None})
    assert outcome_of(case).in_scope is True
    assert problems(case) == [("send-decides-scope", "child.send")]
    assert warnings(case) == [("adult-police-route", "child")]
    assert rules(case) == ["highest-rated-indicator"]


def test_send_decides_scope_stands_after_the_adult_route_when_transcribed() -> None:
    case = cre(child=NO_AGE | {"age": 18, "send": None}, transcribed=True)
    assert warnings(case) == [("adult-police-route", "child"), ("send-decides-scope", "child.send")]
    assert outcome_of(case).accepted


@pytest.mark.parametrize(
    ("age", "send"), [(18, False), (24, False), (25, False), (25, None), (25, True), (99, True)]
)
@pytest.mark.parametrize("immediate_risk", [True, False, None])
def test_out_of_scope(age: int, send: bool | None, immediate_risk: bool | None) -> None:
    case = cre(
        "abduction",
        child=NO_AGE | {"age": age, "send": send},
        immediate_risk=immediate_risk,
        persons_or_places_of_risk=True,
        indicators={"abduction": rated("low", note=""), "other": rated(None, note="", cce=False)},
        analysis={"level": None},
    )
    outcome = outcome_of(case)
    assert (outcome.age, outcome.in_scope) == (age, False)
    assert (outcome.indicated_level, outcome.minimum_level, outcome.recorded_level) == (None, None, None)
    assert (outcome.reasons, outcome.reviews, outcome.warnings) == ((), (), ())
    assert problems(case) == [("out-of-scope", "child")]
    assert outcome.counts["identified"] == 2
    calls = [("telephone-social-care", True), ("telephone-police", True)] if immediate_risk else []
    assert [(action.id, action.due is not None) for action in outcome.actions] == [
        *calls,
        ("adult-safeguarding-transfer", bool(immediate_risk)),
    ]
    assert "adult services" in outcome.problems[0].text
    assert all("dult" in action.to + action.text for action in outcome.actions)


def test_out_of_scope_of_the_matrix_leaves_the_telephone_calls_alone() -> None:
    case = cse(child={"age": 30}, immediate_risk=True, completed_at="2026-01-01T00:00:00Z")
    assert problems(case) == [("out-of-scope", "child")]
    assert [action.id for action in outcome_of(case).actions] == ["telephone-social-care", "telephone-police"]


def test_out_of_scope_and_transcribed_is_kept_without_a_level() -> None:
    outcome = outcome_of(cre(child=NO_AGE | {"age": 30}, transcribed=True))
    assert (outcome.accepted, outcome.recorded_level) == (True, None)
    assert [finding.code for finding in outcome.warnings] == ["out-of-scope"]


def test_age_missing() -> None:
    case = cre(child=NO_AGE)
    outcome = outcome_of(case)
    assert (outcome.age, outcome.in_scope, outcome.recorded_level) == (None, None, "medium")
    assert problems(case) == [("age-missing", "child.date_of_birth")]
    assert [review.id for review in outcome.reviews] == ["review", "monthly-tasking"]


def test_age_missing_leaves_out_the_rules_that_ask_for_an_age() -> None:
    case = cse("under-13-sexual-activity", child={"age": None}, analysis={"level": "high"})
    assert outcome_of(case).minimum_level is None
    assert warnings(case) == []


def test_age_missing_keeps_the_floor_of_send() -> None:
    assert outcome_of(cre(child=NO_AGE | {"send": True})).minimum_level == "medium"


@pytest.mark.parametrize("born", ["2026-03-28", "9999-12-31"])
def test_born_after_completion(born: str) -> None:
    case = cre(child={"date_of_birth": born})
    outcome = outcome_of(case)
    assert (outcome.age, outcome.in_scope) == (None, None)
    assert problems(case) == [("born-after-completion", "child.date_of_birth")]


def test_born_after_completion_uses_the_age_beside_it() -> None:
    case = cre(child={"date_of_birth": "2026-03-28", "age": 12})
    assert (outcome_of(case).age, outcome_of(case).minimum_level) == (12, "medium")
    assert problems(case) == [("born-after-completion", "child.date_of_birth")]


def test_born_after_completion_is_judged_by_the_day_in_london() -> None:
    case = cre(child={"date_of_birth": "2026-06-02"}, completed_at="2026-06-01T23:30:00Z")
    assert outcome_of(case).age == 0


@pytest.mark.parametrize(("age", "found"), [(9, [("below-matrix-age", "child")]), (10, []), (None, [])])
def test_below_matrix_age(age: int | None, found: list[tuple[str, str]]) -> None:
    assert warnings(cse(child={"age": age})) == found


def test_below_matrix_age_is_not_asked_under_the_joint_toolkit() -> None:
    assert warnings(cre(child=NO_AGE | {"age": 5})) == []


@pytest.mark.parametrize(
    ("completed_at", "found"),
    [
        ("2019-04-30T23:59:59+01:00", []),
        ("2019-04-30T22:59:59Z", []),
        ("2019-04-30T23:00:00Z", [("superseded", "instrument")]),
        ("2019-05-01T00:00:00+01:00", [("superseded", "instrument")]),
        ("2026-01-01T00:00:00Z", [("superseded", "instrument")]),
    ],
)
def test_superseded(completed_at: str, found: list[tuple[str, str]]) -> None:
    assert problems(cse(completed_at=completed_at)) == found


def test_superseded_is_a_warning_of_what_is_transcribed() -> None:
    case = cse(
        completed_at="2026-01-01T00:00:00Z", transcribed=True, indicators={"groomed": ticked(note=" ")}
    )
    assert problems(case) == []
    assert warnings(case) == [("superseded", "instrument"), ("note-needed", "indicators.groomed.note")]


def test_the_order_is_that_of_the_table() -> None:
    case = cse(child={"age": 9}, completed_at="2019-05-01T09:00:00Z", transcribed=True)
    assert [code for code, _ in warnings(case)] == ["below-matrix-age", "superseded"]
