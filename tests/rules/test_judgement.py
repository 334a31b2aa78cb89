"""Which events are allowed, and what a withdrawal takes with it (case contract, "In")."""

from typing import Any

import pytest

from cre_toolkit.rules.strictjson import CaseFileError
from tests.rules.cases import cse
from tests.rules.stories import CHILD, Story, form


def refused(story: Story, at: str = "12-31") -> CaseFileError:
    with pytest.raises(CaseFileError) as caught:
        story.state(at)
    assert "\n" not in str(caught.value)
    return caught.value


def test_an_assessment_that_is_not_accepted_is_an_error() -> None:
    story = Story()
    story.assessed("03-02", "medium", analysis={"primary_exploitation": None})
    error = refused(story)
    assert error.path == "events[0].assessment.analysis.primary_exploitation"
    assert error.reason.startswith('event "e1": is not accepted (exploitation-type-needed): ')


def test_an_assessment_without_a_level_is_not_accepted_even_when_historic() -> None:
    story = Story()
    story.add("assessment", "03-02", assessment=form(analysis={"level": None}), historic=True)
    assert refused(story).path == "events[0].assessment.analysis.level"


def test_historic_is_taken_as_transcribed() -> None:
    story = Story()
    story.assessed("03-02", "medium", analysis={"primary_exploitation": None}, historic=True)
    assert story.state()["working_level"] == "medium"


def test_what_comes_after_the_moment_is_not_judged() -> None:
    story = Story()
    story.assessed("03-02", "medium", analysis={"primary_exploitation": None})
    story.signed("03-03", "nothing")
    story.add("returned", "03-04")
    story.add("withdrawn", "03-05", event="nothing")
    story.met("03-06", "tasking", "high")
    assert story.state("03-01")["due"] == []


TURNS = [("missing", "returned"), ("closed", "reopened")]


@pytest.mark.parametrize(("begin", "end"), TURNS)
def test_missing_and_closed_come_in_turn(begin: str, end: str) -> None:
    story = Story()
    for day, kind in enumerate((begin, end, begin, end), start=1):
        story.add(kind, f"03-{day:02}")
    story.state()
    story.add(end, "03-05")
    assert str(refused(story)) == f'events[4].kind: event "e5": "{end}" comes without "{begin}" before it'


@pytest.mark.parametrize(("begin", "end"), TURNS)
def test_missing_and_closed_never_come_twice(begin: str, end: str) -> None:
    story = Story()
    story.add(begin, "03-01")
    story.add(begin, "03-02")
    expected = f'events[1].kind: event "e2": "{begin}" comes a second time without "{end}" between'
    assert str(refused(story)) == expected


def test_turns_are_taken_by_time_and_not_by_place() -> None:
    story = Story()
    story.add("returned", "03-02")
    story.add("missing", "03-01")
    assert story.state()["missing_since"] is None
    assert story.state("03-01")["missing_since"] == "2026-03-01T10:00:00+00:00"


@pytest.mark.parametrize("kind", ["meeting", "set-level", "later", "nothing", "itself"])
def test_a_countersign_names_an_earlier_assessment(kind: str) -> None:
    story = Story()
    assessed = story.assessed("03-02")
    named = {
        "meeting": story.met("03-03", "core-group"),
        "set-level": story.signed("03-04", assessed, "set-level", "high"),
        "later": story.assessed("03-20"),
        "nothing": "e99",
        "itself": "e5",
    }[kind]
    story.signed("03-05", named)
    error = refused(story)
    assert str(error) == f'events[4].event: event "e5": "{named}" is not an earlier assessment'


@pytest.mark.parametrize("first", [("agreed", None), ("set-level", "high")])
@pytest.mark.parametrize("second", [("agreed", None), ("set-level", "low")])
def test_an_assessment_is_decided_once(first: tuple[str, str | None], second: tuple[str, str | None]) -> None:
    story = Story()
    assessed = story.assessed("03-02")
    story.signed("03-03", assessed, "returned")
    decided = story.signed("03-04", assessed, *first)
    story.signed("03-05", assessed, "returned")
    story.signed("03-08", assessed, *second)
    assert refused(story).path == "events[4].outcome"
    story.add("withdrawn", "03-07", event=decided)
    story.state()


SETS = {
    "derby": ["cre-review"],
    "derbyshire": ["high-risk-strategy", "cpm-vc-review", "medium-risk-strategy", "team-manager-review"],
}
TYPES = [
    "cre-review",
    "high-risk-strategy",
    "medium-risk-strategy",
    "cpm-vc-review",
    "team-manager-review",
    "team-around-family",
    "network",
    "core-group",
    "missing-strategy",
    "tasking",
    "professionals",
]


@pytest.mark.parametrize("authority", SETS)
@pytest.mark.parametrize("type_", TYPES)
def test_meetings_that_set_the_agreed_level(authority: str, type_: str) -> None:
    story = Story(authority)
    story.met("03-02", type_, "medium")
    if type_ in SETS[authority]:
        assert story.state()["agreed_level"]["level"] == "medium"
    else:
        assert refused(story).path == "events[0].level"
    without = Story(authority)
    without.met("03-02", type_)
    assert without.state()["agreed_level"] is None


@pytest.mark.parametrize("type_", ["medium-risk-strategy", "team-manager-review"])
@pytest.mark.parametrize("level", ["low", "medium"])
def test_meetings_that_may_not_lower_the_agreed_level_from_high(type_: str, level: str) -> None:
    story = Story("derbyshire")
    high = story.met("03-02", "high-risk-strategy", "high")
    story.met("03-10", type_, level)
    assert refused(story).path == "events[1].level"
    story.add("withdrawn", "03-03", event=high)
    assert story.state()["agreed_level"]["level"] == level


def test_meetings_that_may_not_lower_may_repeat_high_and_lower_from_medium() -> None:
    story = Story("derbyshire")
    story.met("03-02", "high-risk-strategy", "high")
    story.met("03-03", "team-manager-review", "high")
    story.met("03-04", "cpm-vc-review", "medium")
    story.met("03-05", "team-manager-review", "low")
    assert story.state()["agreed_level"]["level"] == "low"


def test_an_agreed_level_of_before_the_transfer_may_not_be_lowered_either() -> None:
    story = Story("derby")
    story.met("03-02", "cre-review", "high")
    story.add("transfer", "03-03", authority="derbyshire")
    story.met("03-04", "team-manager-review", "medium")
    assert refused(story).path == "events[2].level"


def test_a_meeting_is_judged_by_the_authority_responsible_then() -> None:
    story = Story("derby")
    transfer = story.add("transfer", "03-02", authority="derbyshire")
    meeting = story.met("03-03", "high-risk-strategy", "high")
    story.add("withdrawn", "03-05", event=transfer)
    assert story.state()["agreed_level"]["event"] == meeting
    assert story.state()["authority"] == "derby"
    story.met("03-06", "high-risk-strategy", "high")
    assert refused(story).path == "events[3].level"


@pytest.mark.parametrize("kind", ["missing", "returned", "closed", "reopened", "withdrawn"])
def test_what_is_never_withdrawn(kind: str) -> None:
    story = Story()
    incident = story.add("significant-incident", "03-01")
    named = {
        "missing": story.add("missing", "03-02"),
        "returned": story.add("returned", "03-03"),
        "closed": story.add("closed", "03-04"),
        "reopened": story.add("reopened", "03-05"),
        "withdrawn": story.add("withdrawn", "03-06", event=incident),
    }[kind]
    story.add("withdrawn", "03-10", event=named)
    assert (
        str(refused(story))
        == f'events[6].event: event "e7": "{named}" is "{kind}", which cannot be withdrawn'
    )


@pytest.mark.parametrize("named", ["e99", "e2", "e3"])
def test_a_withdrawal_names_an_earlier_event(named: str) -> None:
    story = Story()
    story.add("significant-incident", "03-01")
    story.add("withdrawn", "03-02", event=named)
    story.add("significant-incident", "03-03")
    assert refused(story).path == "events[1].event"


def test_what_is_withdrawn_cannot_be_withdrawn_again() -> None:
    story = Story()
    incident = story.add("significant-incident", "03-01")
    story.add("withdrawn", "03-02", event=incident)
    story.add("withdrawn", "03-03", event=incident)
    assert refused(story).path == "events[2].event"


WITHDRAWABLE: list[tuple[str, dict[str, Any]]] = [
    ("assessment", {"assessment": form("high")}),
    ("meeting", {"type": "cre-review", "level": "high"}),
    ("meeting", {"type": "core-group"}),
    ("significant-incident", {}),
    ("immediate-risk", {}),
    ("return-interview", {"outcome": "held"}),
    ("transfer", {"authority": "derbyshire"}),
    ("countersign", {"event": "e1", "outcome": "set-level", "level": "high"}),
    ("countersign", {"event": "e1", "outcome": "returned"}),
    ("done", {"action": "refer-police", "event": "e1"}),
]


@pytest.mark.parametrize(("kind", "keys"), WITHDRAWABLE)
def test_withdrawn(kind: str, keys: dict[str, Any]) -> None:
    """What is withdrawn counts as if it had never been: from the withdrawal on, and not before."""
    story = Story()
    story.assessed("03-01", "medium")
    without = story.state()
    event = story.add(kind, "03-02", **keys)
    with_it = story.state()
    story.add("withdrawn", "03-04", event=event)
    assert story.state() == without
    if kind != "return-interview":
        assert with_it != without
        assert story.state("03-03") != {**without, "at": story.state("03-03")["at"]}


def test_withdrawn_takes_every_done_and_countersign_with_it_whenever_entered() -> None:
    story = Story()
    story.assessed("03-01", "medium")
    without = story.state()
    wrong = story.assessed("03-02", "high")
    story.signed("03-03", wrong)
    story.did("03-03", "refer-police", wrong)
    story.add("withdrawn", "03-04", event=wrong)
    story.signed("03-05", wrong)
    story.signed("03-05", wrong, "returned")
    story.did("03-05", "refer-police", wrong)
    assert story.state() == without


def test_a_withdrawal_never_makes_a_wrong_event_right() -> None:
    story = Story()
    wrong = story.assessed("03-02", "medium", analysis={"primary_exploitation": None})
    story.add("withdrawn", "03-03", event=wrong)
    assert refused(story).path.startswith("events[0].assessment")


def test_history_may_be_countersigned_and_returned() -> None:
    """A returned assessment of any kind asks for a new one; agreed, history lowers nothing."""
    story = Story(child=CHILD | {"age": None})
    story.assessed("2017-01-01", "high")
    matrix = cse("groomed", child={"age": 9})
    del matrix["authority"], matrix["completed_at"]
    old = story.add("assessment", "2018-01-01", assessment=matrix)
    story.signed("2018-01-02", old)
    returned = story.signed("2018-01-03", old, "returned")
    assert story.state()["working_level"] == "high"
    assert story.due("12-31", "reassess") == [("reassess", returned)]
