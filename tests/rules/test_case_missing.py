"""Missing episodes (case contract): the strategy meeting, the return interview, the plan."""

import pytest

from tests.rules.stories import Story


def episode(story: Story, start: str, end: str | None = None) -> str:
    missing = story.add("missing", start)
    if end:
        story.add("returned", end)
    return missing


def test_missing_since() -> None:
    story = Story()
    episode(story, "03-01", "03-02")
    assert story.state()["missing_since"] is None
    episode(story, "03-05")
    assert story.state()["missing_since"] == "2026-03-05T10:00:00+00:00"
    assert story.state("03-04")["missing_since"] is None


def test_missing_strategy_meeting_is_due_72_hours_after_the_start() -> None:
    story = Story()
    missing = episode(story, "2026-03-27T22:00:00+00:00")
    expected = [("missing-strategy-meeting", missing, "2026-03-30T22:00:00+00:00")]
    assert story.dates("2026-03-27T22:00:00Z") == expected


@pytest.mark.parametrize(
    ("end", "stays"), [("03-04 09:59", False), ("03-04 10:00", False), ("03-04 10:01", True)]
)
def test_missing_strategy_meeting_goes_with_a_return_in_time(end: str, stays: bool) -> None:
    story = Story()
    missing = episode(story, "03-01", end)
    expected = [("missing-strategy-meeting", missing)] if stays else []
    assert story.due("12-31", "missing-strategy-meeting") == expected


@pytest.mark.parametrize(
    ("at", "is_done"),
    [("02-28", False), ("03-01", True), ("03-05", True), ("03-06 10:00", False), ("03-07", False)],
)
def test_missing_strategy_meeting_is_done_by_such_a_meeting_within_the_episode(
    at: str, is_done: bool
) -> None:
    story = Story()
    episode(story, "03-01", "03-06")
    story.met(at, "missing-strategy")
    story.met("03-03", "professionals")
    assert bool(story.done("12-31", "missing-strategy-meeting")) is is_done


def test_missing_strategy_meeting_done_stays_done_though_the_child_returned_in_time() -> None:
    for way in ("meeting", "done"):
        story = Story()
        missing = episode(story, "03-01")
        if way == "meeting":
            story.met("03-02", "missing-strategy")
        story.add("returned", "03-03")
        if way == "done":
            story.did("03-04", "missing-strategy-meeting", missing)
        assert [id_ for id_, *_ in story.done("12-31", "missing-strategy-meeting")] == [
            "missing-strategy-meeting"
        ]


def test_return_interview_is_due_72_hours_after_every_return() -> None:
    story = Story()
    episode(story, "03-20", "2026-03-28T20:00:00+00:00")
    episode(story, "04-01", "04-02")
    assert story.dates("12-31", "return-interview") == [
        ("return-interview", "e2", "2026-03-31T20:00:00+00:00"),
        ("return-interview", "e4", "2026-04-05T10:00:00+00:00"),
    ]


@pytest.mark.parametrize("outcome", ["held", "declined", "not-possible"])
def test_return_interview_is_done_by_the_first_of_any_outcome(outcome: str) -> None:
    story = Story()
    story.add("return-interview", "02-28", outcome="held")
    episode(story, "03-01", "03-02")
    story.add("return-interview", "03-03", outcome=outcome)
    story.add("return-interview", "03-04", outcome="held")
    assert story.done("12-31", "return-interview") == [
        ("return-interview", "e3", "2026-03-03T10:00:00+00:00")
    ]


def test_return_interview_counts_until_the_next_return() -> None:
    story = Story()
    episode(story, "03-01", "03-02")
    missing = story.add("missing", "03-03")
    story.add("return-interview", "03-04", outcome="held")
    returned = story.add("returned", "03-05")
    assert story.done("12-31", "return-interview")[0][1] == "e2"
    assert story.due("12-31", "return-interview") == [("return-interview", returned)]
    story.did("03-06", "return-interview", returned)
    story.did("03-06", "return-interview", missing)
    assert story.due("12-31", "return-interview") == []


def three(story: Story, first: str = "01-01", second: str = "02-01", third: str = "03-01") -> str:
    """Three short episodes; gives the third's id."""
    for start in (first, second):
        episode(story, start, f"{start} 12:00")
    return episode(story, third, f"{third} 12:00")


def test_missing_plan_arises_at_the_third_episode() -> None:
    story = Story()
    third = three(story)
    assert story.dates("03-01", "missing-plan") == [("missing-plan", third, "2026-03-01T10:00:00+00:00")]
    assert story.due("02-28", "missing-plan") == []


def test_missing_plan_counts_90_days_of_24_hours() -> None:
    """From 1 January, ten o'clock: 90 days end on 1 April, ten o'clock in UTC, whatever the clocks say."""
    for third, arises in (("2026-04-01T09:59:59+00:00", True), ("2026-04-01T10:00:00+00:00", False)):
        story = Story()
        episode(story, "01-01", "01-01 12:00")
        episode(story, "02-01", "02-01 12:00")
        episode(story, third)
        assert bool(story.due("12-31", "missing-plan")) is arises


def test_missing_plan_no_other_arises_while_one_is_open() -> None:
    story = Story()
    third = three(story)
    episode(story, "03-10", "03-10 12:00")
    assert story.due("12-31", "missing-plan") == [("missing-plan", third)]


@pytest.mark.parametrize(
    ("fifth", "arises"), [("2026-06-08T09:59:59+00:00", False), ("2026-06-08T10:00:00+00:00", True)]
)
def test_missing_plan_no_other_arises_within_90_days_of_its_being_done(fifth: str, arises: bool) -> None:
    story = Story()
    third = three(story)
    story.did("03-10", "missing-plan", third)
    episode(story, "05-01", "05-01 12:00")
    episode(story, "06-01", "06-01 12:00")
    last = episode(story, fifth)
    assert story.due("12-31", "missing-plan") == ([("missing-plan", last)] if arises else [])
    assert story.done("12-31", "missing-plan") == [("missing-plan", third, "2026-03-10T10:00:00+00:00")]


def test_missing_plan_done_after_a_later_episode_was_open_then() -> None:
    story = Story()
    third = three(story)
    episode(story, "03-05", "03-05 12:00")
    story.did("03-06", "missing-plan", third)
    assert story.due("12-31", "missing-plan") == []


def test_missing_plan_of_two_episodes_does_not_arise() -> None:
    story = Story()
    episode(story, "03-01", "03-02")
    episode(story, "03-03", "03-04")
    assert story.due("12-31", "missing-plan") == []
