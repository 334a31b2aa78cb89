"""The clocks of the reviews (case contract, rule `reviews`)."""

import pytest

from tests.rules.stories import Story

Due = tuple[str, str | None, str | None]


def review(story: Story, id_: str, at: str = "12-31") -> tuple[str | None, str | None] | None:
    """Event and date of a review, or None."""
    found = story.dates(at, id_)
    return (found[0][1], found[0][2]) if found else None


@pytest.mark.parametrize(
    ("authority", "level", "expected"),
    [
        ("derby", "medium", {"review": "2026-04-12", "monthly-tasking": "2026-04-01"}),
        ("derby", "high", {"review": "2026-03-29", "monthly-tasking": "2026-04-01"}),
        ("derbyshire", "medium", {"team-manager-review": "2026-04-12", "monthly-tasking": "2026-04-01"}),
        (
            "derbyshire",
            "high",
            {
                "team-manager-review": "2026-03-29",
                "monthly-tasking": "2026-04-01",
                "cpm-vc-review": "2026-06-01",
            },
        ),
        ("derby", "low", {}),
        ("derbyshire", "low", {}),
    ],
)
def test_reviews_by_working_level(authority: str, level: str, expected: dict[str, str]) -> None:
    story = Story(authority)
    story.assessed("03-01", level, historic=True)
    assert story.dates("03-01") == sorted(
        ((id_, "e1", due) for id_, due in expected.items()), key=lambda entry: (entry[2], entry[0])
    )


RESTARTS = {
    ("derby", "review"): {"cre-review"},
    ("derby", "monthly-tasking"): {"tasking"},
    ("derbyshire", "team-manager-review"): {
        "team-manager-review",
        "high-risk-strategy",
        "medium-risk-strategy",
    },
    ("derbyshire", "cpm-vc-review"): {"cpm-vc-review", "high-risk-strategy"},
    ("derbyshire", "monthly-tasking"): {"tasking"},
}
MEETINGS = [
    "cre-review",
    "high-risk-strategy",
    "medium-risk-strategy",
    "cpm-vc-review",
    "team-manager-review",
    "tasking",
    "core-group",
    "missing-strategy",
]


@pytest.mark.parametrize(("authority", "id_"), RESTARTS)
@pytest.mark.parametrize("meeting", MEETINGS)
def test_reviews_are_restarted_only_by_the_meeting_that_counts(
    authority: str, id_: str, meeting: str
) -> None:
    story = Story(authority)
    assessed = story.assessed("03-01", "high")
    met = story.met("03-10", meeting)
    found = review(story, id_)
    assert found is not None
    assert found[0] == (met if meeting in RESTARTS[authority, id_] else assessed)


def test_reviews_are_not_restarted_by_a_fresh_assessment_of_the_same_level() -> None:
    story = Story()
    first = story.assessed("03-01", "medium")
    story.assessed("03-10", "medium")
    assert review(story, "review") == (first, "2026-04-12")


def test_reviews_are_brought_forward_by_a_higher_level() -> None:
    story = Story()
    met = story.met("03-01", "cre-review", "medium")
    assert review(story, "review") == (met, "2026-04-12")
    late = story.assessed("03-20", "high")
    assert review(story, "review") == (met, "2026-04-12")
    story.record["events"][1]["at"] = "2026-03-10T10:00:00+00:00"
    assert review(story, "review") == (late, "2026-04-07")


def test_reviews_are_not_put_off_by_a_lower_level() -> None:
    story = Story()
    high = story.assessed("03-01", "high")
    medium = story.assessed("03-05", "medium")
    story.signed("03-06", medium)
    assert story.state()["working_level"] == "medium"
    assert review(story, "review") == (high, "2026-03-29")
    met = story.met("03-20", "cre-review", "medium")
    assert review(story, "review") == (met, "2026-05-01")


def test_reviews_of_one_date_come_from_the_first_event() -> None:
    story = Story()
    first = story.assessed("03-01 09:00", "medium")
    story.assessed("03-01 10:00", "high")
    assert review(story, "monthly-tasking") == (first, "2026-04-01")


def test_reviews_start_anew_when_the_level_rises_from_low() -> None:
    story = Story()
    story.assessed("03-01", "high")
    story.met("03-02", "tasking")
    story.met("03-05", "cre-review", "low")
    assert [review(story, "review"), review(story, "monthly-tasking")] == [None, None]
    again = story.assessed("03-10", "medium")
    assert review(story, "review") == (again, "2026-04-21")
    assert review(story, "monthly-tasking") == (again, "2026-04-10")


def test_reviews_count_only_where_the_level_that_then_held_has_them() -> None:
    story = Story("derbyshire")
    story.assessed("03-01", "medium")
    story.met("03-05", "high-risk-strategy")
    assert review(story, "cpm-vc-review") is None
    high = story.assessed("03-10", "high")
    assert review(story, "cpm-vc-review") == (high, "2026-06-10")
    assert review(story, "team-manager-review") == (high, "2026-04-07")


def test_reviews_of_a_meeting_that_restarts_and_raises_at_once() -> None:
    story = Story("derbyshire")
    story.assessed("03-01", "medium")
    met = story.met("03-10", "high-risk-strategy", "high")
    assert review(story, "team-manager-review") == (met, "2026-04-07")
    assert review(story, "cpm-vc-review") == (met, "2026-06-10")
    assert review(story, "monthly-tasking") == ("e1", "2026-04-01")


def test_reviews_are_those_of_the_authority_responsible_now_for_earlier_events_too() -> None:
    story = Story("derby")
    story.assessed("03-01", "high")
    met = story.met("03-10", "cre-review")
    assert review(story, "review") == (met, "2026-04-07")
    story.add("transfer", "03-20", authority="derbyshire")
    assert review(story, "review") is None
    assert review(story, "team-manager-review") == ("e1", "2026-03-29")
    assert review(story, "cpm-vc-review") == ("e1", "2026-06-01")


def test_reviews_are_overdue_from_the_next_midnight_in_london() -> None:
    story = Story()
    story.assessed("03-06", "high")

    def overdue(at: str) -> bool:
        return [entry["overdue"] for entry in story.state(at)["due"] if entry["id"] == "review"] == [True]

    assert review(story, "review") == ("e1", "2026-04-03")
    assert not overdue("2026-04-03T23:59:59+01:00")
    assert overdue("2026-04-04T00:00:00+01:00")


def test_reviews_take_their_days_in_london() -> None:
    story = Story()
    story.assessed("2026-06-01T23:30:00Z", "medium")
    assert review(story, "review") == ("e1", "2026-07-14")
