"""Birthdays, closing, transfers, and how what is due and done is printed (case contract)."""

import pytest

from tests.rules.stories import CHILD, Story

BIRTHDAYS = ("adult-transition", "scope-ends")


def at_working_level(level: str | None, **child: object) -> Story:
    story = Story(child=CHILD | {"date_of_birth": "2009-06-15"} | child)
    if level:
        story.assessed("2024-03-01", level, historic=True)
    return story


@pytest.mark.parametrize(
    ("at", "is_shown"),
    [
        ("2026-06-14T22:59:59Z", False),
        ("2026-06-14T23:00:00Z", True),
        ("2027-06-20", True),
        ("2040-01-01", True),
    ],
)
def test_adult_transition_is_shown_from_the_17th_birthday_on(at: str, is_shown: bool) -> None:
    story = at_working_level("medium")
    expected = [("adult-transition", None, "2027-06-15")] if is_shown else []
    assert story.dates(at, *BIRTHDAYS) == expected


@pytest.mark.parametrize("level", ["low", "medium", "high", None])
def test_adult_transition_while_the_working_level_is_medium_or_high(level: str | None) -> None:
    found = at_working_level(level).due("2027-01-01", *BIRTHDAYS)
    assert bool(found) is (level in ("medium", "high"))


def test_adult_transition_is_overdue_from_the_midnight_after_the_birthday() -> None:
    story = at_working_level("medium")

    def overdue(at: str) -> bool:
        [entry] = [entry for entry in story.state(at)["due"] if entry["id"] == "adult-transition"]
        return bool(entry["overdue"])

    assert not overdue("2027-06-15T23:59:59+01:00")
    assert overdue("2027-06-16T00:00:00+01:00")


def test_adult_transition_of_someone_born_on_29_february() -> None:
    story = at_working_level("medium", date_of_birth="2008-02-29")
    assert story.dates("2026-01-01", "adult-transition") == [("adult-transition", None, "2026-03-01")]
    assert story.due("2025-02-28", "adult-transition") == []
    assert story.due("2025-03-01", "adult-transition") != []


@pytest.mark.parametrize(
    ("at", "is_shown"), [("2033-06-14T12:00:00Z", False), ("2033-06-15T12:00:00Z", True)]
)
def test_scope_ends_with_send_from_the_24th_birthday_on(at: str, is_shown: bool) -> None:
    expected = [("scope-ends", None, "2034-06-15")] if is_shown else []
    assert at_working_level("medium", send=True).dates(at, "scope-ends") == expected
    for send in (False, None):
        assert at_working_level("medium", send=send).dates(at, "scope-ends") == []


def test_neither_birthday_where_only_an_age_is_known() -> None:
    assert at_working_level("high", date_of_birth=None, age=17, send=True).due("12-31", *BIRTHDAYS) == []


def test_a_birthday_is_done_by_done_even_before_it_is_shown() -> None:
    story = at_working_level("low")
    story.did("2024-01-01", "adult-transition", None)
    story.did("2024-01-01", "scope-ends", None)
    assert story.done() == [("adult-transition", None, "2024-01-01T10:00:00+00:00")]
    assert story.due("2027-01-01", *BIRTHDAYS) == []


def test_a_birthday_done_on_the_day_is_in_time_and_after_midnight_late() -> None:
    for at, late in (("2027-06-15T23:59:59+01:00", False), ("2027-06-16T00:00:00+01:00", True)):
        story = at_working_level("high")
        story.did(at, "adult-transition", None)
        assert [entry["late"] for entry in story.state("2028-01-01")["done"]] == [late]


def closed_story() -> Story:
    """Something of every kind, and then closed."""
    story = Story("derbyshire", CHILD | {"date_of_birth": "2009-01-15", "child_protection_plan": True})
    story.met("02-01", "cpm-vc-review", "low")
    story.assessed("03-01", "medium")
    story.add("significant-incident", "03-02")
    for day in ("03", "05", "07"):
        story.add("missing", f"03-{day}")
        story.add("returned", f"03-{day} 20:00")
    story.add("missing", "03-10")
    story.add("closed", "03-20")
    return story


def test_closed() -> None:
    story = closed_story()
    assert story.state()["closed"]
    assert {id_ for id_, _ in story.due()} == {
        "refer-police",
        "send-to-social-care",
        "tell-manager",
        "discuss-team-manager",
        "tell-cpm-vc",
        "return-interview",
        "missing-plan",
        "missing-strategy-meeting",
    }


def test_reopened_shows_it_all_again() -> None:
    story = closed_story()
    hidden = {
        "team-manager-review",
        "monthly-tasking",
        "medium-risk-strategy-meeting",
        "child-protection-plan",
        "adult-transition",
        "reassess",
        "bring-meeting-forward",
    }
    shut = {id_ for id_, _ in story.due()}
    story.add("reopened", "03-21")
    assert not story.state()["closed"]
    assert {id_ for id_, _ in story.due()} == shut | hidden


def test_done_counts_also_for_what_closing_hides() -> None:
    story = closed_story()
    story.did("03-22", "child-protection-plan", "e2")
    assert story.done("12-31", "child-protection-plan") == [
        ("child-protection-plan", "e2", "2026-03-22T10:00:00+00:00")
    ]


def test_transfer() -> None:
    story = Story("derby")
    story.add("significant-incident", "03-01")
    story.add("transfer", "03-02", authority="derbyshire")
    story.met("03-03", "core-group")
    assert story.state("03-01")["authority"] == "derby"
    assert story.state()["authority"] == "derbyshire"
    assert story.due("12-31", "reassess") == [("reassess", "e1")]


def test_transfer_to_the_same_authority_changes_nothing() -> None:
    story = Story("derby")
    before = story.state()
    story.add("transfer", "03-02", authority="derby")
    assert story.state() == before


def test_due_is_sorted_by_due_then_id_then_event_as_text() -> None:
    """A date stands at the midnight after it; what has no date comes last; "e10" comes before "e2"."""
    story = Story("derbyshire", CHILD | {"looked_after": True})
    story.assessed("03-01 22:00", "high")
    for _ in range(9):
        story.add("immediate-risk", "03-29 00:00")
    story.add("significant-incident", "03-30 00:00")
    assert (
        story.due()[6:]
        == [
            *[("telephone-police", f"e{n}") for n in (10, 2, 3, 4, 5, 6, 7, 8, 9)],
            *[("telephone-social-care", f"e{n}") for n in (10, 2, 3, 4, 5, 6, 7, 8, 9)],
            ("team-manager-review", "e1"),
            ("reassess", "e11"),
            ("monthly-tasking", "e1"),
            ("cpm-vc-review", "e1"),
            ("high-risk-strategy-meeting", "e1"),
            ("looked-after-discussion", "e1"),
        ][2:]
    )


def test_done_is_sorted_by_when_then_id_then_event() -> None:
    story = Story()
    story.assessed("03-01", "low")
    story.assessed("03-01", "low")
    for action, event in (("send-to-social-care", "e1"), ("refer-police", "e2"), ("refer-police", "e1")):
        story.did("03-02", action, event)
    story.did("03-01 12:00", "send-to-social-care", "e2")
    assert [(id_, event) for id_, event, _ in story.done()] == [
        ("send-to-social-care", "e2"),
        ("refer-police", "e1"),
        ("refer-police", "e2"),
        ("send-to-social-care", "e1"),
    ]


def test_the_json_is_the_contracts() -> None:
    story = Story()
    story.did("03-02", "refer-police", story.assessed("03-01", "low"))
    state = story.state("2026-05-01T09:00:00+01:00")
    assert state["at"] == "2026-05-01T08:00:00+00:00"
    assert list(state) == [
        "at",
        "authority",
        "closed",
        "assessed_level",
        "agreed_level",
        "level_on_file",
        "working_level",
        "divergence",
        "missing_since",
        "due",
        "done",
    ]
    assert list(state["due"][0]) == ["id", "event", "to", "due", "overdue"]
    assert list(state["done"][0]) == ["id", "event", "due", "at", "late"]
