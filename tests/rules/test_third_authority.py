"""What differs between authorities is data: another pack, another outcome, and no other code."""

from datetime import date
from typing import Any

import pytest

from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.authority import AuthorityPack, AuthoritySeries
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.casestate import case_state
from cre_toolkit.rules.deadlines import parse_instant
from cre_toolkit.rules.loading import load_authority, load_instrument
from cre_toolkit.rules.record import parse_record
from cre_toolkit.rules.strictjson import CaseFileError
from tests.rules.cases import cre
from tests.rules.stories import Story, when

DERBY = load_authority("derby").packs[0]


def series(*packs: AuthorityPack) -> AuthoritySeries:
    return AuthoritySeries(id="derby", packs=packs)


def another(**changes: Any) -> AuthorityPack:
    """Derby's pack with other parts, read anew."""
    return AuthorityPack.model_validate(DERBY.model_dump(by_alias=True) | changes)


def changed(**changes: Any) -> AuthoritySeries:
    return series(another(**changes))


def state(story: Story, authority: AuthoritySeries, at: str = "12-31") -> dict[str, Any]:
    return case_state({"derby": authority}, parse_record(story.record), parse_instant(when(at))).as_dict()


def test_hours_and_numbers_are_the_packs() -> None:
    case = DERBY.case.model_dump() | {
        "missing_strategy_hours": 48,
        "return_interview_hours": 24,
        "missing_plan_episodes": 2,
        "missing_plan_days": 10,
        "reassess_after": ("professionals",),
    }
    story = Story()
    for day in ("01", "05", "15"):
        story.add("missing", f"03-{day}")
        story.add("returned", f"03-{day} 12:00")
    story.met("03-20", "professionals")
    found = {(entry["id"], entry["event"]): entry["due"] for entry in state(story, changed(case=case))["due"]}
    assert found == {
        ("return-interview", "e2"): "2026-03-02T12:00:00+00:00",
        ("return-interview", "e4"): "2026-03-06T12:00:00+00:00",
        ("return-interview", "e6"): "2026-03-16T12:00:00+00:00",
        ("missing-plan", "e3"): "2026-03-05T10:00:00+00:00",
        ("reassess", "e7"): "2026-03-20T10:00:00+00:00",
    }


def test_who_agrees_a_level_and_which_stands_on_file_is_the_packs() -> None:
    story = Story()
    story.met("03-01", "network", "medium")
    story.assessed("03-02", "high")
    network = changed(level_set_by=("network",), on_file="working")
    assert state(story, network)["level_on_file"] == "high"
    with pytest.raises(CaseFileError, match="sets no agreed level in Derby"):
        state(story, load_authority("derby"))


def test_reviews_are_the_packs_at_any_level() -> None:
    yearly = DERBY.reviews[0].model_dump() | {"levels": ("low",), "every": "P12M"}
    story = Story()
    story.assessed("03-01", "low", historic=True)
    [due] = state(story, changed(reviews=(yearly,)))["due"]
    assert (due["id"], due["event"], due["due"]) == ("review", "e1", "2027-03-01")


def test_a_pack_may_leave_out_the_telephone_calls() -> None:
    story = Story()
    story.add("immediate-risk", "03-01")
    assert state(story, changed(actions=()))["due"] == []


def test_the_pack_is_the_one_in_force_on_the_day_of_completion_in_london() -> None:
    later = another(**{"from": date(2026, 6, 2), "actions": ()})
    instrument = load_instrument("cre-2020")
    for completed_at, count in (("2026-06-01T22:59:59Z", 4), ("2026-06-01T23:00:00Z", 0)):
        outcome = assess(instrument, series(DERBY, later), parse_case_file(cre(completed_at=completed_at)))
        assert len(outcome.actions) == count
