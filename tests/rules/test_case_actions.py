"""Actions of assessments, meetings and incidents: what does them, and what takes them away."""

import pytest

from tests.rules.cases import cre, rated
from tests.rules.stories import CHILD, Story, form

IMMEDIATE = {"immediate_risk": True}


def test_actions_are_those_of_every_assessment_at_its_moment() -> None:
    story = Story()
    story.assessed("03-01", "low", child=CHILD | {"open_to_social_care": None}, **IMMEDIATE)
    story.assessed("03-02", "low")
    assert story.dates() == [
        ("refer-front-door", "e1", "2026-03-01T10:00:00+00:00"),
        ("telephone-police", "e1", "2026-03-01T10:00:00+00:00"),
        ("telephone-social-care", "e1", "2026-03-01T10:00:00+00:00"),
        ("tell-manager", "e1", "2026-03-01T10:00:00+00:00"),
        ("refer-police", "e1", "2026-03-02T10:00:00+00:00"),
        ("send-to-social-care", "e1", "2026-03-02T10:00:00+00:00"),
        ("refer-police", "e2", "2026-03-03T10:00:00+00:00"),
        ("send-to-social-care", "e2", "2026-03-03T10:00:00+00:00"),
    ]


def test_actions_are_those_of_the_authority_responsible_then() -> None:
    story = Story("derby")
    story.assessed("03-01", "medium")
    story.add("transfer", "03-02", authority="derbyshire")
    story.assessed("03-03", "medium")
    found = story.due()
    assert ("threshold-discussion", "e1") in found
    assert ("discuss-team-manager", "e3") in found
    assert ("threshold-discussion", "e3") not in found


def test_done() -> None:
    story = Story()
    assessed = story.assessed("03-01", "low")
    story.did("03-02", "refer-police", assessed)
    story.did("03-02 10:01", "send-to-social-care", assessed)
    assert story.due() == []
    assert [(entry["id"], entry["late"]) for entry in story.state()["done"]] == [
        ("refer-police", False),
        ("send-to-social-care", True),
    ]


def test_done_the_first_counts() -> None:
    story = Story()
    assessed = story.assessed("03-01", "low")
    story.did("03-09", "refer-police", assessed)
    first = story.did("03-02", "refer-police", assessed)
    assert story.done("12-31", "refer-police") == [("refer-police", assessed, "2026-03-02T10:00:00+00:00")]
    story.add("withdrawn", "03-05", event=first)
    assert story.done("12-31", "refer-police") == [("refer-police", assessed, "2026-03-09T10:00:00+00:00")]


@pytest.mark.parametrize(
    ("at", "action", "event"),
    [
        ("02-28", "refer-police", "e1"),
        ("03-01 09:59", "refer-police", "e1"),
        ("03-02", "refer-police", None),
        ("03-02", "refer-police", "e9"),
        ("03-02", "review", "e1"),
        ("03-02", "monthly-tasking", "e1"),
        ("03-02", "contact-cpm-vc", "e1"),
        ("03-02", "anything", "e1"),
    ],
)
def test_done_that_names_no_entry_or_comes_before_it_has_no_effect(
    at: str, action: str, event: str | None
) -> None:
    story = Story()
    story.assessed("03-01", "medium")
    before = story.state()
    story.did(at, action, event)
    assert story.state() == before


def test_done_at_the_same_instant_counts_after_it_in_the_file_and_not_before() -> None:
    for is_first in (True, False):
        story = Story()
        if is_first:
            story.did("03-01", "refer-police", "e2")
        story.assessed("03-01", "low")
        if not is_first:
            story.did("03-01", "refer-police", "e1")
        assert bool(story.done()) is not is_first


def test_tell_manager_is_done_by_any_answer_to_that_assessment() -> None:
    for outcome, level in (("agreed", None), ("returned", None), ("set-level", "low")):
        story = Story()
        assessed = story.assessed("03-01", "medium")
        story.assessed("03-01 11:00", "medium")
        story.signed("03-02", assessed, outcome, level)
        assert story.done("12-31", "tell-manager")[0] == ("tell-manager", "e1", "2026-03-02T10:00:00+00:00")
        assert story.due("12-31", "tell-manager") == [("tell-manager", "e2")]


def test_tell_manager_of_a_set_level_is_done_by_it_at_once() -> None:
    story = Story()
    assessed = story.assessed("03-01", "low")
    signed = story.signed("03-02", assessed, "set-level", "high")
    assert story.done("12-31", "tell-manager") == [("tell-manager", signed, "2026-03-02T10:00:00+00:00")]


def test_tell_manager_the_first_of_done_and_answer_counts() -> None:
    story = Story()
    assessed = story.assessed("03-01", "medium")
    story.did("03-01 12:00", "tell-manager", assessed)
    story.signed("03-02", assessed)
    assert story.done("12-31", "tell-manager") == [("tell-manager", assessed, "2026-03-01T12:00:00+00:00")]


def test_tell_manager_raised_in_a_meeting_is_done_by_done_alone() -> None:
    story = Story()
    assessed = story.assessed("03-01", "low")
    meeting = story.met("03-02", "cre-review", "medium")
    story.signed("03-03", assessed)
    assert story.due("12-31", "tell-manager") == [("tell-manager", meeting)]
    story.did("03-04", "tell-manager", meeting)
    assert story.due("12-31", "tell-manager") == []


def test_immediate_risk() -> None:
    story = Story("derbyshire")
    danger = story.add("immediate-risk", "03-01")
    found = story.state("03-01 10:00")["due"]
    assert [(entry["id"], entry["event"], entry["due"], entry["overdue"]) for entry in found] == [
        ("telephone-police", danger, "2026-03-01T10:00:00+00:00", False),
        ("telephone-social-care", danger, "2026-03-01T10:00:00+00:00", False),
    ]
    assert "Starting Point" in found[1]["to"]
    story.did("03-01 10:05", "telephone-police", danger)
    assert story.due() == [("telephone-social-care", danger)]


# Without a due time ----------------------------------------------------------------------------------

PLAN = CHILD | {"child_protection_plan": True}


@pytest.mark.parametrize(("level", "stays"), [("low", True), ("medium", False), ("high", False)])
def test_without_a_due_time_it_goes_with_a_later_assessment_at_least_as_high(level: str, stays: bool) -> None:
    story = Story(child=PLAN)
    story.assessed("03-01", "medium")
    story.assessed("03-02", level)
    expected = [("child-protection-plan", "e1")] if stays else []
    assert story.due("12-31", "child-protection-plan") == [*expected, ("child-protection-plan", "e2")]
    assert story.done() == []


def test_without_a_due_time_it_goes_with_a_historic_one_and_a_set_level_too() -> None:
    story = Story(child=PLAN)
    assessed = story.assessed("03-01", "medium")
    story.assessed("03-02", "medium", historic=True)
    assert story.due("12-31", "child-protection-plan") == []
    story.signed("03-03", assessed, "set-level", "medium")
    assert story.due("12-31", "child-protection-plan") == [("child-protection-plan", "e3")]


def test_without_a_due_time_it_goes_when_its_assessment_no_longer_counts() -> None:
    story = Story(child=PLAN)
    story.assessed("03-01", "high")
    low = story.assessed("03-02", "low")
    assert ("child-protection-plan", "e1") in story.due()
    story.signed("03-03", low)
    assert story.due("12-31", "child-protection-plan") == [("child-protection-plan", "e2")]


def test_without_a_due_time_it_stays_while_it_is_of_the_newest_assessment() -> None:
    story = Story(child=PLAN)
    story.assessed("03-01", "high")
    story.met("03-02", "cre-review", "medium")
    assert story.due("12-31", "child-protection-plan") == [("child-protection-plan", "e1")]
    story.assessed("03-03", "low")
    assert story.due("12-31", "child-protection-plan") == [("child-protection-plan", "e3")]


def test_what_is_timed_stays_until_done() -> None:
    story = Story()
    story.assessed("03-01", "medium")
    story.signed("03-03", story.assessed("03-02", "high"))
    story.met("03-04", "cre-review", "low")
    assert ("threshold-discussion", "e1") in story.due()


def test_done_counts_also_for_what_is_gone() -> None:
    story = Story(child=PLAN)
    first = story.assessed("03-01", "medium")
    story.assessed("03-02", "medium")
    story.did("03-03", "child-protection-plan", first)
    assert story.done("12-31", "child-protection-plan") == [
        ("child-protection-plan", first, "2026-03-03T10:00:00+00:00")
    ]


# Meetings as actions ---------------------------------------------------------------------------------

STRATEGY = ("medium-risk-strategy-meeting", "high-risk-strategy-meeting")


@pytest.mark.parametrize("level", ["medium", "high"])
def test_meetings_as_actions_are_done_by_the_first_meeting_of_that_type(level: str) -> None:
    story = Story("derbyshire")
    story.met("02-20", f"{level}-risk-strategy")
    assessed = story.assessed("03-01", level)
    action = f"{level}-risk-strategy-meeting"
    assert story.due("12-31", *STRATEGY) == [(action, assessed)]
    story.met("03-02", "professionals")
    story.met("03-03", f"{level}-risk-strategy")
    story.met("03-04", f"{level}-risk-strategy")
    assert story.done("12-31", *STRATEGY) == [(action, assessed, "2026-03-03T10:00:00+00:00")]
    assert [entry["late"] for entry in story.state()["done"]] == [False]


def test_meetings_as_actions_are_done_also_where_the_same_meeting_takes_them_away() -> None:
    story = Story("derbyshire")
    story.assessed("03-01", "high")
    story.assessed("03-02", "low")
    story.met("03-03", "high-risk-strategy", "high")
    assert story.done("12-31", *STRATEGY) == [
        ("high-risk-strategy-meeting", "e1", "2026-03-03T10:00:00+00:00"),
        ("high-risk-strategy-meeting", "e3", "2026-03-03T10:00:00+00:00"),
    ]


def test_meetings_as_actions_that_have_gone_are_not_done_by_a_later_meeting() -> None:
    story = Story("derbyshire")
    story.assessed("03-01", "medium")
    again = story.assessed("03-05", "medium")
    story.met("03-10", "medium-risk-strategy")
    assert story.done("12-31", *STRATEGY) == [
        ("medium-risk-strategy-meeting", again, "2026-03-10T10:00:00+00:00")
    ]


def test_meetings_as_actions_raised_in_such_a_meeting_are_done_by_it() -> None:
    story = Story("derbyshire")
    story.assessed("03-01", "low")
    meeting = story.met("03-02", "high-risk-strategy", "high")
    assert story.done("12-31", *STRATEGY) == [
        ("high-risk-strategy-meeting", meeting, "2026-03-02T10:00:00+00:00")
    ]


# Raised in a meeting ---------------------------------------------------------------------------------


def test_raised_in_a_meeting_brings_what_the_assessment_has_not() -> None:
    story = Story("derby")
    story.assessed("03-01", "low")
    meeting = story.met("03-02", "cre-review", "high")
    assert story.due("12-31", "tell-manager", "threshold-discussion", "refer-police") == [
        ("refer-police", "e1"),
        ("tell-manager", meeting),
        ("threshold-discussion", meeting),
    ]


@pytest.mark.parametrize("level", ["low", "medium"])
def test_raised_in_a_meeting_asks_for_more_than_was_assessed(level: str) -> None:
    story = Story("derby")
    story.assessed("03-01", "medium")
    meeting = story.met("03-02", "cre-review", level)
    assert meeting not in {event for id_, event in story.due() if id_ not in ("review", "monthly-tasking")}


def test_raised_in_a_meeting_without_an_assessment_or_on_a_historic_one_brings_nothing() -> None:
    story = Story("derby")
    story.met("03-02", "cre-review", "high")
    assert [id_ for id_, _ in story.due()] == ["review", "monthly-tasking"]
    story.assessed("03-03", "low", historic=True)
    story.met("03-04", "cre-review", "high")
    assert [id_ for id_, _ in story.due()] == ["review", "monthly-tasking"]


def test_raised_in_a_meeting_each_such_meeting_does() -> None:
    story = Story("derbyshire")
    story.assessed("03-01", "low")
    first = story.met("03-02", "cpm-vc-review", "medium")
    second = story.met("03-03", "cpm-vc-review", "medium")
    assert story.due("12-31", "discuss-team-manager") == [
        ("discuss-team-manager", first),
        ("discuss-team-manager", second),
    ]
    assert story.due("12-31", *STRATEGY) == [("medium-risk-strategy-meeting", second)]


@pytest.mark.parametrize(("level", "stays"), [("low", True), ("medium", False)])
def test_raised_in_a_meeting_goes_with_an_assessment_as_high_as_the_meeting(level: str, stays: bool) -> None:
    story = Story("derbyshire")
    story.assessed("03-01", "low")
    meeting = story.met("03-02", "cpm-vc-review", "medium")
    story.assessed("03-03", level)
    assert (("medium-risk-strategy-meeting", meeting) in story.due()) is stays


def test_raised_in_a_meeting_above_a_level_that_a_manager_set() -> None:
    story = Story("derby")
    assessed = story.assessed("03-01", "high")
    story.signed("03-02", assessed, "set-level", "low")
    meeting = story.met("03-03", "cre-review", "medium")
    found = story.due("12-31", "threshold-discussion")
    assert found == [("threshold-discussion", "e1"), ("threshold-discussion", meeting)]


def test_raised_in_a_meeting_at_the_meetings_moment() -> None:
    """Out of scope by then: the transfer to adult safeguarding is what the case file has and had not."""
    story = Story("derby", child={"date_of_birth": "2008-03-05", "send": False, "open_to_social_care": True})
    story.assessed("03-01", "low")
    meeting = story.met("03-10", "cre-review", "high")
    assert story.due("03-11", "adult-safeguarding-transfer", "threshold-discussion") == [
        ("adult-safeguarding-transfer", meeting)
    ]


# A new assessment ------------------------------------------------------------------------------------


@pytest.mark.parametrize("authority", ["derby", "derbyshire"])
@pytest.mark.parametrize("meeting", ["team-around-family", "network", "core-group", "professionals"])
def test_reassess_after_a_meeting_in_derby(authority: str, meeting: str) -> None:
    story = Story(authority)
    met = story.met("03-01", meeting)
    asks = authority == "derby" and meeting != "professionals"
    assert story.due("12-31", "reassess") == ([("reassess", met)] if asks else [])


@pytest.mark.parametrize("authority", ["derby", "derbyshire"])
def test_reassess_after_an_incident_and_a_returned_assessment_everywhere(authority: str) -> None:
    story = Story(authority)
    assessed = story.assessed("03-01", "low", historic=True)
    returned = story.signed("03-02", assessed, "returned")
    incident = story.add("significant-incident", "03-03")
    assert story.dates("03-03", "reassess") == [
        ("reassess", returned, "2026-03-02T10:00:00+00:00"),
        ("reassess", incident, "2026-03-03T10:00:00+00:00"),
    ]


@pytest.mark.parametrize("historic", [True, False])
def test_reassess_is_done_by_the_first_assessment_that_sets_a_level(historic: bool) -> None:
    story = Story()
    first = story.assessed("03-01", "low")
    incident = story.add("significant-incident", "03-02")
    story.signed("03-03", first, "set-level", "medium")
    story.add("assessment", "03-04", assessment=form("high", child={"age": 30}), historic=True)
    assert story.due("12-31", "reassess") == [("reassess", incident)]
    story.assessed("03-05", "low", historic=historic)
    assert story.done("12-31", "reassess") == [("reassess", incident, "2026-03-05T10:00:00+00:00")]


def test_reassess_is_done_by_done() -> None:
    story = Story()
    incident = story.add("significant-incident", "03-02")
    story.did("03-03", "reassess", incident)
    story.assessed("03-05", "low")
    assert story.done("12-31", "reassess") == [("reassess", incident, "2026-03-03T10:00:00+00:00")]


def test_the_case_contract_takes_what_the_assessment_contract_gives() -> None:
    """The entries of one assessment are its own outcome's actions."""
    case = cre(
        indicators={"grooming": rated("high")}, analysis={"level": "high"}, persons_or_places_of_risk=True
    )
    child = case.pop("child") | {"looked_after": True}
    del case["authority"], case["completed_at"]
    story = Story("derbyshire", child)
    story.add("assessment", "03-01", assessment=case)
    assert {id_ for id_, _ in story.due("03-01")} == {
        "refer-police",
        "send-to-social-care",
        "tell-manager",
        "contact-cpm-vc",
        "high-risk-strategy-meeting",
        "looked-after-discussion",
        "information-report",
        "team-manager-review",
        "cpm-vc-review",
        "monthly-tasking",
    }
