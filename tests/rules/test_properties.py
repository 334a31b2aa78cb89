"""What holds of every case, not of those alone that somebody thought of."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cre_toolkit.rules.casefile import CaseFileError, parse_case_file
from cre_toolkit.rules.deadlines import instant_text, parse_instant
from cre_toolkit.rules.levels import RANK
from cre_toolkit.rules.loading import authority_ids, load_instrument
from cre_toolkit.rules.record import parse_record
from tests.rules.cases import outcome_of
from tests.rules.generated import LEVELS, broken, case_files, rated_forms, records, ticked_forms
from tests.rules.stories import state_of

Json = dict[str, Any]

# A third of what the profile asks for: many properties, a few seconds.
some = settings(
    max_examples=settings().max_examples // 3,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

RATED_ROW = {"level": "high", "note": "Seen."}
TICKED_ROW = {"risk": True, "note": "Seen."}


def rank(level: str | None) -> int:
    return RANK[level] if level in LEVELS else 0  # type: ignore[index]


def printed(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def refusal(act: Callable[[], object]) -> CaseFileError | None:
    """The one error that bad input may cause, or None; anything else fails the test."""
    try:
        act()
    except CaseFileError as error:
        return error
    return None


@some
@given(case_files(), st.data())
def test_more_risk_never_lowers_the_indicated_level(case: Json, data: st.DataObject) -> None:
    id_ = data.draw(st.sampled_from(list(load_instrument(case["instrument"]).indicator_by_id)))
    more = json.loads(json.dumps(case))
    if case["instrument"] == "cre-2020":
        now = (more["indicators"].get(id_) or {}).get("level")
        higher = [level for level in LEVELS if rank(level) >= rank(now)]
        more["indicators"][id_] = RATED_ROW | {"level": data.draw(st.sampled_from(higher))}
    else:
        more["indicators"][id_] = TICKED_ROW
    assert rank(outcome_of(more).indicated_level) >= rank(outcome_of(case).indicated_level)


@some
@given(case_files(), st.randoms(use_true_random=False))
def test_the_order_of_indicators_is_irrelevant(case: Json, random: Any) -> None:
    keys = list(case["indicators"])
    random.shuffle(keys)
    shuffled = case | {"indicators": {key: case["indicators"][key] for key in keys}}
    assert printed(outcome_of(shuffled).as_dict()) == printed(outcome_of(case).as_dict())


@some
@given(case_files())
def test_a_floor_never_lowers(case: Json) -> None:
    """Neither that of SEND nor that of age: against the same case without any floor."""
    child = {key: value for key, value in case["child"].items() if key != "date_of_birth"}
    without = outcome_of(case | {"child": child | {"age": 15, "send": False}})
    for floored in ({"age": 15, "send": True}, {"age": 12, "send": False}, {"age": 12, "send": True}):
        outcome = outcome_of(case | {"child": child | floored})
        assert rank(outcome.indicated_level) >= rank(without.indicated_level)
        assert outcome.minimum_level in (None, "medium")


@some
@given(case_files())
def test_the_same_input_gives_the_same_bytes(case: Json) -> None:
    text = json.dumps(case)
    assert printed(outcome_of(json.loads(text)).as_dict()) == printed(outcome_of(case).as_dict())


@some
@given(case_files())
def test_accepted_exactly_where_there_is_no_problem(case: Json) -> None:
    outcome = outcome_of(case)
    assert outcome.accepted is (outcome.as_dict()["problems"] == [])
    transcribed = outcome_of(case | {"transcribed": True})
    assert {finding.code for finding in transcribed.problems} <= {"level-needed"}
    plain = outcome_of(case | {"transcribed": False})
    found = {(finding.code, finding.path) for finding in plain.problems + plain.warnings}
    assert {(finding.code, finding.path) for finding in transcribed.problems + transcribed.warnings} == found
    assert [reason.as_dict() for reason in plain.reasons] == [
        reason.as_dict() for reason in transcribed.reasons
    ]


@some
@given(case_files())
def test_a_danger_is_never_hidden(case: Json) -> None:
    ids = [action.id for action in outcome_of(case | {"immediate_risk": True}).actions]
    assert ids[:2] == ["telephone-social-care", "telephone-police"]


@some
@given(broken(case_files()))
def test_a_case_file_is_read_or_refused_and_never_crashes(case: Json) -> None:
    for data in (case, json.dumps(case), json.dumps(case).encode()):
        refused = refusal(lambda data=data: parse_case_file(data))
        if refused:
            assert "\n" not in str(refused)
        else:
            printed(outcome_of(case).as_dict())


@some
@given(st.binary(max_size=60) | st.text(max_size=60))
def test_no_bytes_crash_the_readers(data: bytes | str) -> None:
    assert refusal(lambda: parse_case_file(data))
    assert refusal(lambda: parse_record(data))


@some
@given(records(withdrawals=False))
def test_no_event_but_a_meeting_or_a_manager_lowers_the_working_level(record: Json) -> None:
    events = record["events"]
    levels = [state_of(record, event["at"])["working_level"] for event in events]
    for event, before, after in zip(events[1:], levels, levels[1:], strict=False):
        if rank(after) < rank(before):
            assert event["kind"] in ("meeting", "countersign")
            assert event.get("level") or event.get("outcome") == "agreed"


@some
@given(records(), st.randoms(use_true_random=False))
def test_events_entered_late_give_the_same_state(record: Json, random: Any) -> None:
    shuffled = list(record["events"])
    random.shuffle(shuffled)
    at = "2030-01-01T00:00:00Z"
    assert printed(state_of(record | {"events": shuffled}, at)) == printed(state_of(record, at))


@some
@given(records(), st.integers(0, 13))
def test_what_comes_later_changes_nothing_before(record: Json, count: int) -> None:
    assume(len(record["events"]) > count)
    at = record["events"][count]["at"]
    earlier = record | {"events": record["events"][: count + 1]}
    assert state_of(record, at) == state_of(earlier, at)


@some
@given(records())
def test_every_entry_is_due_or_done_and_never_both(record: Json) -> None:
    state = state_of(record, "2027-06-01T00:00:00Z")
    due = [(entry["id"], entry["event"]) for entry in state["due"]]
    done = [(entry["id"], entry["event"]) for entry in state["done"]]
    assert len(due) == len(set(due))
    assert len(done) == len(set(done))
    assert set(due).isdisjoint(done)
    assert rank(state["working_level"]) >= rank((state["agreed_level"] or {}).get("level"))


@some
@given(records(), st.data())
def test_withdrawing_what_nothing_follows_restores_the_state(record: Json, data: st.DataObject) -> None:
    """An event entered in error and withdrawn at once leaves no trace."""
    at = max([event["at"] for event in record["events"]], default="2026-01-01T09:00:00+00:00")
    later = [instant_text(parse_instant(at) + timedelta(hours=hours)) for hours in (1, 2)]
    kind = data.draw(st.sampled_from(("significant-incident", "immediate-risk", "transfer")))
    keys = {"authority": data.draw(st.sampled_from(authority_ids()))} if kind == "transfer" else {}
    wrong = [
        {"id": "wrong", "kind": kind, "at": later[0]} | keys,
        {"id": "withdrawal", "kind": "withdrawn", "at": later[1], "event": "wrong"},
    ]
    moment = "2030-01-01T00:00:00Z"
    assert state_of(record | {"events": record["events"] + wrong}, moment) == state_of(record, moment)


@some
@given(broken(records()))
def test_a_record_is_read_or_refused_and_never_crashes(record: Json) -> None:
    text = json.dumps(record)
    refused = refusal(lambda: printed(state_of(json.loads(text), "2027-01-01T00:00:00Z")))
    assert "\n" not in str(refused)


@some
@given(st.one_of(rated_forms(), ticked_forms()), st.booleans(), st.sampled_from(LEVELS))
def test_any_form_in_a_record_is_taken_or_refused(case: Json, historic: bool, level: str) -> None:
    events = [
        {
            "id": "a",
            "kind": "assessment",
            "at": "2025-01-01T00:00:00Z",
            "assessment": case,
            "historic": historic,
        },
        {
            "id": "b",
            "kind": "countersign",
            "at": "2025-01-02T00:00:00Z",
            "event": "a",
            "outcome": "set-level",
        },
        {"id": "c", "kind": "meeting", "at": "2025-01-03T00:00:00Z", "type": "cre-review", "level": level},
    ]
    events[1]["level"] = level
    record = {"authority": "derby", "child": {}, "events": events}
    refused = refusal(lambda: state_of(record, "2026-01-01T00:00:00Z"))
    assert refused is None or refused.path.startswith("events[0].assessment.")
