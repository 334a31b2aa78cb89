"""Actions and reviews: the assessment contract's tables, cell by cell where authorities differ."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.rules.cases import COMPLETED_AT, cre, cse, outcome_of, rated

NOW = datetime(2026, 3, 27, 16, 20, tzinfo=UTC)
TOMORROW = NOW + timedelta(hours=24)


def actions(case: dict[str, Any]) -> dict[str, datetime | None]:
    return {action.id: action.due for action in outcome_of(case).actions}


def at_level(level: str | None, authority: str = "derby", **changes: Any) -> dict[str, Any]:
    return cre(
        indicators={"missing": rated(level)} if level else {"missing": rated("high")},
        analysis={"level": level},
        authority=authority,
        **changes,
    )


@pytest.mark.parametrize("level", ["low", "medium", "high", None])
@pytest.mark.parametrize("authority", ["derby", "derbyshire"])
def test_telephone_social_care_and_telephone_police(level: str | None, authority: str) -> None:
    danger = actions(at_level(level, authority, immediate_risk=True))
    assert list(danger)[:2] == ["telephone-social-care", "telephone-police"]
    assert danger["telephone-social-care"] == danger["telephone-police"] == NOW
    assert "telephone-police" not in actions(at_level(level, authority))


@pytest.mark.parametrize(("is_open", "refers"), [(True, False), (False, True), (None, True)])
def test_refer_front_door(is_open: bool | None, refers: bool) -> None:
    case = cre(child={"open_to_social_care": is_open})
    assert actions(case).get("refer-front-door") == (NOW if refers else None)
    assert "refer-front-door" not in actions(case | {"indicators": {}})


def test_refer_police() -> None:
    assert actions(cre())["refer-police"] == TOMORROW
    assert "refer-police" not in actions(cre(indicators={}, analysis={"level": "low"}))


@pytest.mark.parametrize(
    ("authority", "is_open", "to"),
    [
        ("derby", True, "Allocated social worker"),
        ("derby", False, "First Contact Team"),
        ("derbyshire", None, "Starting Point"),
    ],
)
def test_send_to_social_care(authority: str, is_open: bool | None, to: str) -> None:
    case = cre(indicators={}, child={"open_to_social_care": is_open}, authority=authority)
    [sent] = [action for action in outcome_of(case).actions if action.id == "send-to-social-care"]
    assert sent.due == TOMORROW
    assert to.lower() in sent.to.lower()


def test_a_day_is_24_hours_across_a_change_of_clocks() -> None:
    case = cre(completed_at="2026-03-28T20:00:00+00:00")
    assert actions(case)["refer-police"] == datetime(2026, 3, 29, 20, tzinfo=UTC)


@pytest.mark.parametrize("level", ["low", "medium", "high", None])
def test_tell_manager(level: str | None) -> None:
    told = "tell-manager" in actions(at_level(level))
    assert told is (level in ("medium", "high"))


def test_tell_manager_at_any_level_below_the_indicated_one_or_in_danger() -> None:
    low = {"level": "low", "rationale": "Because."}
    assert actions(cre(analysis=low))["tell-manager"] == NOW
    assert "tell-manager" in actions(at_level("low", immediate_risk=True))
    assert "tell-manager" not in actions(at_level("low"))
    assert "tell-manager" not in actions(at_level(None, immediate_risk=True))


BY_LEVEL = {
    "derby": {"low": [], "medium": ["threshold-discussion"], "high": ["threshold-discussion"], None: []},
    "derbyshire": {
        "low": [],
        "medium": ["discuss-team-manager", "tell-cpm-vc", "medium-risk-strategy-meeting"],
        "high": ["contact-cpm-vc", "high-risk-strategy-meeting"],
        None: [],
    },
}


@pytest.mark.parametrize("level", ["low", "medium", "high", None])
@pytest.mark.parametrize("authority", ["derby", "derbyshire"])
@pytest.mark.parametrize("is_open", [True, False])
def test_actions_by_level(authority: str, level: str | None, is_open: bool) -> None:
    """`threshold-discussion` to `medium-risk-strategy-meeting`."""
    found = actions(at_level(level, authority, child={"open_to_social_care": is_open}))
    anyhow = ["refer-front-door", "refer-police", "send-to-social-care", "tell-manager"]
    for_open_cases = ["threshold-discussion", "tell-cpm-vc"]
    expected = [id_ for id_ in BY_LEVEL[authority][level] if is_open or id_ not in for_open_cases]
    assert [id_ for id_ in found if id_ not in anyhow] == expected
    for id_ in expected:
        assert found[id_] == (None if id_.endswith("meeting") else NOW)


@pytest.mark.parametrize("authority", ["derby", "derbyshire"])
@pytest.mark.parametrize("level", ["low", None])
def test_child_protection_plan_and_looked_after_discussion(authority: str, level: str | None) -> None:
    child = {"child_protection_plan": True, "looked_after": True}
    found = actions(at_level(level, authority, child=child, persons_or_places_of_risk=True))
    assert list(found)[-3:] == ["child-protection-plan", "looked-after-discussion", "information-report"]
    assert found["child-protection-plan"] is None
    assert found["looked-after-discussion"] is None


@pytest.mark.parametrize(("known", "reports"), [(True, True), (False, False), (None, False)])
def test_information_report(known: bool | None, reports: bool) -> None:
    for case in (cre(persons_or_places_of_risk=known), cse(persons_or_places_of_risk=known)):
        assert ("information-report" in actions(case)) is reports
    assert actions(cre(persons_or_places_of_risk=True))["information-report"] == TOMORROW


@pytest.mark.parametrize("authority", ["derby", "derbyshire"])
def test_adult_safeguarding_transfer(authority: str) -> None:
    adult = {"date_of_birth": None, "age": 18, "send": True}
    assert actions(cre(child=adult, authority=authority))["adult-safeguarding-transfer"] is None
    danger = actions(cre(child=adult, authority=authority, immediate_risk=True))
    assert danger["adult-safeguarding-transfer"] == NOW
    assert list(danger)[-1] == "adult-safeguarding-transfer"
    assert "adult-safeguarding-transfer" not in actions(cre(child={"date_of_birth": None, "age": 17}))


@pytest.mark.parametrize("level", ["low", "medium", "high", None])
@pytest.mark.parametrize("authority", ["derby", "derbyshire"])
def test_refer_social_care(authority: str, level: str | None) -> None:
    """Under `cse-2017`: the telephone calls, this one and the information report, nothing else."""
    case = cse(
        authority=authority,
        analysis={"level": level, "rationale": "Because."},
        immediate_risk=True,
        persons_or_places_of_risk=True,
        child={"open_to_social_care": True, "looked_after": True},
    )
    refers = ["refer-social-care"] if level in ("medium", "high") else []
    assert list(actions(case)) == [
        "telephone-social-care",
        "telephone-police",
        *refers,
        "information-report",
    ]
    assert outcome_of(case).reviews == ()


def test_actions_do_not_wait_until_it_is_accepted() -> None:
    case = cre(indicators={"missing": rated("high", note="")}, analysis={"level": "high"})
    assert not outcome_of(case).accepted
    assert "threshold-discussion" in actions(case)


REVIEWS = {
    ("derby", "high"): [("review", "2026-04-24", "P4W")],
    ("derby", "medium"): [("review", "2026-05-08", "P6W")],
    ("derbyshire", "high"): [
        ("team-manager-review", "2026-04-24", "P4W"),
        ("cpm-vc-review", "2026-06-27", "P3M"),
    ],
    ("derbyshire", "medium"): [("team-manager-review", "2026-05-08", "P6W")],
}


@pytest.mark.parametrize("level", ["low", "medium", "high", None])
@pytest.mark.parametrize("authority", ["derby", "derbyshire"])
def test_reviews(authority: str, level: str | None) -> None:
    found = [
        (review.id, str(review.due), review.every)
        for review in outcome_of(at_level(level, authority)).reviews
    ]
    tasking = [("monthly-tasking", "2026-04-27", "P1M")] if level in ("medium", "high") else []
    assert found == REVIEWS.get((authority, str(level)), []) + tasking


def test_reviews_are_counted_from_the_day_in_london() -> None:
    case = at_level("medium", completed_at="2026-06-01T23:30:00Z")
    assert str(outcome_of(case).reviews[0].due) == "2026-07-14"


@pytest.mark.parametrize(
    ("completed_at", "due"),
    [("2026-11-30", "2027-02-28"), ("2027-11-30", "2028-02-29"), ("2026-01-31", "2026-04-30")],
)
def test_three_months_end_on_the_last_day_of_a_shorter_month(completed_at: str, due: str) -> None:
    case = at_level("high", "derbyshire", completed_at=f"{completed_at}T12:00:00Z")
    assert str(outcome_of(case).reviews[1].due) == due


def test_before_the_first_pack_the_first_holds() -> None:
    case = at_level("medium", completed_at="2001-01-01T00:00:00Z", child={"date_of_birth": "1990-01-01"})
    assert actions(case)["threshold-discussion"] == datetime(2001, 1, 1, tzinfo=UTC)


def test_the_json_is_the_contracts() -> None:
    printed = outcome_of(cre(completed_at=COMPLETED_AT)).as_dict()
    assert list(printed) == [
        "instrument",
        "age",
        "in_scope",
        "indicated_level",
        "minimum_level",
        "recorded_level",
        "accepted",
        "reasons",
        "problems",
        "warnings",
        "counts",
        "actions",
        "reviews",
    ]
    assert list(printed["actions"][0]) == ["id", "to", "due", "text", "source"]
    assert list(printed["reviews"][0]) == ["id", "by", "due", "every"]
    assert printed["actions"][0]["due"] == "2026-03-28T16:20:00+00:00"
