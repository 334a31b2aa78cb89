"""Assessed, agreed and working level, level on file, divergence (case contract, "Rules")."""

import pytest

from tests.rules.cases import cse
from tests.rules.stories import Story, form


def test_levels_are_null_without_assessment_and_meeting() -> None:
    state = Story().state()
    assert [state[key] for key in ("assessed_level", "agreed_level", "level_on_file", "working_level")] == [
        None
    ] * 4
    assert (state["divergence"], state["due"], state["done"]) == (None, [], [])


def test_assessed_level_is_the_newest_assessments() -> None:
    story = Story()
    story.assessed("03-05", "low")
    story.assessed("03-01", "high")
    assert story.state()["assessed_level"] == {
        "level": "low",
        "since": "2026-03-05T10:00:00+00:00",
        "event": "e1",
    }


def test_agreed_level_is_the_newest_meetings_that_set_one() -> None:
    story = Story()
    story.met("03-01", "cre-review", "high")
    newest = story.met("03-05", "cre-review", "low")
    story.met("03-06", "cre-review")
    assert story.state()["agreed_level"] == {
        "level": "low",
        "since": "2026-03-05T10:00:00+00:00",
        "event": newest,
    }


@pytest.mark.parametrize(("authority", "meeting"), [("derby", "cre-review"), ("derbyshire", "cpm-vc-review")])
def test_level_on_file(authority: str, meeting: str) -> None:
    """Derby keeps the agreed level whatever is assessed since; Derbyshire shows the working level always."""
    story = Story(authority)
    story.assessed("03-01", "low")
    assert story.state()["level_on_file"] == "low"
    story.met("03-02", meeting, "medium")
    story.assessed("03-03", "high")
    on_file = {"derby": "medium", "derbyshire": "high"}[authority]
    assert (story.state()["level_on_file"], story.state()["working_level"]) == (on_file, "high")
    story.add("transfer", "03-04", authority="derbyshire" if authority == "derby" else "derby")
    assert story.state()["level_on_file"] == {"medium": "high", "high": "medium"}[on_file]


def test_working_level_is_the_highest_of_every_assessment() -> None:
    story = Story()
    for day, level in (("01", "low"), ("02", "high"), ("03", "medium"), ("04", "low")):
        story.assessed(f"03-{day}", level)
    assert [story.state(f"03-{day}")["working_level"] for day in ("01", "02", "03", "04")] == ["low"] + [
        "high"
    ] * 3


def test_working_level_starts_anew_with_every_agreed_level() -> None:
    story = Story()
    story.assessed("03-01", "high")
    story.met("03-02", "cre-review", "low")
    assert story.state()["working_level"] == "low"
    story.assessed("03-03", "medium")
    story.assessed("03-04", "low")
    assert story.state()["working_level"] == "medium"


def test_working_level_is_never_below_the_agreed_one() -> None:
    story = Story()
    story.met("03-02", "cre-review", "medium")
    assessed = story.assessed("03-03", "low")
    story.signed("03-04", assessed)
    assert story.state()["working_level"] == "medium"


def test_an_assessment_at_the_instant_of_the_meeting_comes_before_it() -> None:
    story = Story()
    story.met("03-02", "cre-review", "low")
    story.assessed("03-02", "high")
    state = story.state()
    assert (state["working_level"], state["divergence"]) == ("low", None)


def test_a_meeting_without_a_level_does_not_come_last() -> None:
    story = Story("derbyshire")
    story.met("03-02", "high-risk-strategy")
    story.assessed("03-02", "high")
    assert ("high-risk-strategy-meeting", "e2") in story.due()


def test_agreed_puts_aside_what_was_assessed_before() -> None:
    story = Story()
    story.assessed("03-01", "high")
    medium = story.assessed("03-02", "medium")
    story.assessed("03-03", "low")
    story.signed("03-04", medium)
    assert [story.state(f"03-{day}")["working_level"] for day in ("03", "04")] == ["high", "medium"]


def test_agreed_leaves_what_was_assessed_after() -> None:
    story = Story()
    low = story.assessed("03-01", "low")
    story.assessed("03-02", "high")
    story.signed("03-03", low)
    assert story.state()["working_level"] == "high"


def test_returned_puts_nothing_aside() -> None:
    story = Story()
    story.assessed("03-01", "high")
    story.signed("03-03", story.assessed("03-02", "low"), "returned")
    assert story.state()["working_level"] == "high"


def test_set_level_takes_the_place_of_the_one_it_is_on() -> None:
    story = Story()
    story.assessed("03-01", "high")
    medium = story.assessed("03-02", "medium")
    signed = story.signed("03-03", medium, "set-level", "low")
    state = story.state()
    assert state["working_level"] == "low"
    assert state["assessed_level"] == {"level": "low", "since": "2026-03-03T10:00:00+00:00", "event": signed}


def test_set_level_leaves_what_was_assessed_between() -> None:
    story = Story()
    first = story.assessed("03-01", "medium")
    story.assessed("03-02", "high")
    story.signed("03-03", first, "set-level", "low")
    state = story.state()
    assert (state["working_level"], state["assessed_level"]["level"]) == ("high", "low")


def test_set_level_counts_though_the_meeting_put_its_assessment_aside() -> None:
    story = Story()
    first = story.assessed("03-01", "medium")
    story.met("03-02", "cre-review", "low")
    story.signed("03-03", first, "set-level", "high")
    state = story.state()
    assert (state["working_level"], state["divergence"]) == ("high", "assessed-above-agreed")


def test_agreed_after_a_set_level_puts_aside_by_their_moments() -> None:
    story = Story()
    first = story.assessed("03-01", "medium")
    second = story.assessed("03-02", "low")
    story.signed("03-03", first, "set-level", "high")
    story.signed("03-04", second)
    assert story.state()["working_level"] == "high"


def test_set_level_is_accepted_whatever_the_form_says() -> None:
    """The same case file with that level would have problems of its own."""
    story = Story(child={"date_of_birth": "2016-01-01", "send": None})
    low = {"thorough_assessment": True, "protective_factors": "Parents act.", "primary_exploitation": None}
    assessed = story.add("assessment", "03-01", assessment=form("low", low, child={"age": 14, "send": False}))
    story.signed("03-02", assessed, "set-level", "high")
    assert story.state()["working_level"] == "high"


def test_set_level_that_cannot_be_recorded_any_more_changes_nothing() -> None:
    """Eighteen without SEND when the manager answers: out of scope, so the assessment stands as it was."""
    story = Story(child={"date_of_birth": "2008-03-05", "send": False, "open_to_social_care": True})
    assessed = story.assessed("03-01", "high")
    story.signed("03-10", assessed, "set-level", "low")
    state = story.state()
    assert (state["working_level"], state["assessed_level"]["event"]) == ("high", assessed)


def test_set_level_on_history_counts_where_it_can() -> None:
    """Recorded as out of scope by an age; by the date of birth, a child when the manager answers."""
    story = Story()
    child = {"date_of_birth": "2026-03-05", "age": 30}
    assessed = story.add("assessment", "03-01", assessment=form("low", child=child), historic=True)
    assert story.state()["assessed_level"] is None
    story.signed("03-10", assessed, "set-level", "high")
    assert story.state()["working_level"] == "high"


def test_the_matrix_is_history() -> None:
    story = Story()
    matrix = cse(
        "trafficked", analysis={"level": "high"}, child={"age": 12, "send": False}, immediate_risk=True
    )
    del matrix["authority"], matrix["completed_at"]
    old = story.add("assessment", "2018-03-01", assessment=matrix)
    story.signed("2018-03-02", old, "set-level", "high")
    state = story.state()
    assert (state["assessed_level"], state["working_level"], state["due"]) == (None, None, [])


def test_what_has_no_recorded_level_is_history_alone() -> None:
    story = Story()
    story.assessed("03-01", "medium")
    adult = {"age": 30, "open_to_social_care": False}
    story.add("assessment", "03-02", assessment=form("high", child=adult, immediate_risk=True), historic=True)
    story.signed("03-03", "e2")
    state = story.state()
    assert (state["assessed_level"]["event"], state["working_level"]) == ("e1", "medium")
    assert {event for _, event in story.due()} == {"e1"}


DIVERGENCE = {"low": "assessed-below-agreed", "medium": None, "high": "assessed-above-agreed"}


@pytest.mark.parametrize("level", DIVERGENCE)
def test_divergence(level: str) -> None:
    story = Story()
    story.assessed("03-01", "high")
    story.met("03-02", "cre-review", "medium")
    assert story.state()["divergence"] is None
    assessed = story.assessed("03-03", level)
    assert story.state()["divergence"] == DIVERGENCE[level]
    forward = [("bring-meeting-forward", assessed)] if level == "high" else []
    assert story.due("12-31", "bring-meeting-forward") == forward


def test_bring_meeting_forward_once_while_the_divergence_is_unbroken() -> None:
    story = Story()
    story.met("03-01", "cre-review", "low")
    story.assessed("03-02", "medium")
    story.assessed("03-03", "high")
    [due] = story.dates("12-31", "bring-meeting-forward")
    assert due == ("bring-meeting-forward", "e2", "2026-03-02T10:00:00+00:00")
    story.assessed("03-04", "low")
    assert story.due("12-31", "bring-meeting-forward") == []
    again = story.assessed("03-05", "high")
    assert story.due("12-31", "bring-meeting-forward") == [("bring-meeting-forward", again)]
    story.met("03-06", "cre-review", "medium")
    assert story.due("12-31", "bring-meeting-forward") == []


def test_bring_meeting_forward_goes_done_or_not_when_the_divergence_does() -> None:
    story = Story()
    story.met("03-01", "cre-review", "low")
    assessed = story.assessed("03-02", "medium")
    story.did("03-03", "bring-meeting-forward", assessed)
    assert story.due("12-31", "bring-meeting-forward") == []
    assert story.done("12-31", "bring-meeting-forward")[0][1] == assessed
    story.assessed("03-04", "low")
    assert story.due("12-31", "bring-meeting-forward") == []
    assert story.done("12-31", "bring-meeting-forward") == []
    again = story.assessed("03-05", "high")
    story.did("03-06", "bring-meeting-forward", assessed)
    assert story.due("12-31", "bring-meeting-forward") == [("bring-meeting-forward", again)]


def test_a_historic_assessment_sets_the_level_and_brings_no_actions() -> None:
    story = Story()
    story.assessed("03-01", "high", historic=True, immediate_risk=True)
    state = story.state()
    assert state["working_level"] == "high"
    assert [(entry["id"], entry["event"]) for entry in state["due"]] == [
        ("review", "e1"),
        ("monthly-tasking", "e1"),
    ]


def test_a_transcribed_assessment_that_is_not_historic_brings_its_actions() -> None:
    story = Story()
    story.assessed("03-01", "high", transcribed=True)
    assert ("tell-manager", "e1") in story.due()
