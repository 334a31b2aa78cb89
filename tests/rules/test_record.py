"""Reading a case record: the shape of every event, those after the moment too."""

import json
from typing import Any

import pytest

from cre_toolkit.rules.record import CaseFileError, parse_record
from tests.rules.cases import cre
from tests.rules.stories import CHILD, Story, form

AT = "2026-03-02T10:00:00+00:00"


def record(*events: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"authority": "derby", "child": CHILD, "events": list(events), **changes}


def refused(data: Any) -> CaseFileError:
    with pytest.raises(CaseFileError) as caught:
        parse_record(data)
    assert "\n" not in str(caught.value)
    return caught.value


def event(kind: str, **keys: Any) -> dict[str, Any]:
    return {"id": "e1", "kind": kind, "at": AT} | keys


GOOD = [
    event("assessment", assessment=form()),
    event("assessment", assessment=form(child={"age": 12}), historic=True),
    event("countersign", event="e0", outcome="agreed"),
    event("countersign", event="e0", outcome="returned", level=None),
    event("countersign", event="e0", outcome="set-level", level="high"),
    event("meeting", type="core-group"),
    event("meeting", type="cre-review", level="low"),
    event("significant-incident"),
    event("immediate-risk"),
    event("missing"),
    event("returned"),
    event("return-interview", outcome="not-possible"),
    event("transfer", authority="derbyshire"),
    event("closed"),
    event("reopened"),
    event("withdrawn", event="e0"),
    event("done", action="refer-police", event="e0"),
    event("done", action="adult-transition", event=None),
    event("done", action="adult-transition"),
]


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good["kind"])
def test_each_kind_of_event_is_read(good: dict[str, Any]) -> None:
    [found] = parse_record(json.dumps(record(good))).events
    assert (found.id, found.kind, found.path) == ("e1", good["kind"], "events[0]")


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good["kind"])
def test_an_event_has_no_other_keys(good: dict[str, Any]) -> None:
    assert refused(record(good | {"note": None})).path == "events[0].note"
    assert refused(record(good | {"surprise": 1})).path == "events[0].surprise"


@pytest.mark.parametrize("key", ["id", "kind", "at"])
@pytest.mark.parametrize("value", [None, "", 1, [], {}, True])
def test_every_event_has_id_kind_and_at(key: str, value: Any) -> None:
    assert refused(record(event("missing") | {key: value})).path == f"events[0].{key}"


@pytest.mark.parametrize(
    ("bad", "key"),
    [
        (event("assessment"), "assessment"),
        (event("assessment", assessment=[]), "assessment"),
        (event("assessment", assessment={}), "assessment.instrument"),
        (event("assessment", assessment=form(authority="derby")), "assessment.authority"),
        (event("assessment", assessment=form(completed_at=AT)), "assessment.completed_at"),
        (event("assessment", assessment=form() | {"authority": None}), "assessment.authority"),
        (event("assessment", assessment=form() | {"analysis": None}), "assessment.analysis"),
        (event("assessment", assessment=form() | {"child": {"name": "x"}}), "assessment.child.name"),
        (event("assessment", assessment=form() | {"child": 1}), "assessment.child"),
        (event("assessment", assessment=form(), historic="yes"), "historic"),
        (event("countersign", event="e0"), "outcome"),
        (event("countersign", outcome="agreed"), "event"),
        (event("countersign", event="e0", outcome="refused"), "outcome"),
        (event("countersign", event="e0", outcome="set-level"), "level"),
        (event("countersign", event="e0", outcome="agreed", level="low"), "level"),
        (event("countersign", event=1, outcome="agreed"), "event"),
        (event("meeting"), "type"),
        (event("meeting", type="party"), "type"),
        (event("meeting", type="cre-review", level="none"), "level"),
        (event("return-interview"), "outcome"),
        (event("return-interview", outcome="agreed"), "outcome"),
        (event("transfer"), "authority"),
        (event("transfer", authority="nottingham"), "authority"),
        (event("withdrawn"), "event"),
        (event("withdrawn", event=["e0"]), "event"),
        (event("done", event="e0"), "action"),
        (event("done", action="x", event=0), "event"),
        (event("party"), "kind"),
    ],
)
def test_what_an_event_must_say(bad: dict[str, Any], key: str) -> None:
    assert refused(record(bad)).path == f"events[0].{key}"


def test_an_error_names_the_event_by_its_id_too() -> None:
    error = refused(record(event("meeting", type="party", id="Ŵ")))
    assert error.reason.startswith('event "\\u0174": must be one of cre-review, ')
    assert refused(record(event("meeting", id=7))).reason == "must be text, not 7"


def test_ids_are_unique() -> None:
    error = refused(record(event("missing"), event("closed", id="e2"), event("returned")))
    assert str(error) == 'events[2].id: "e1" is also the id of events[0]'


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"authority": None}, "authority"),
        ({"authority": "nottingham"}, "authority"),
        ({"child": None}, "child"),
        ({"child": {"age": True}}, "child.age"),
        ({"at": "2026-03-02"}, "at"),
        ({"at": 3}, "at"),
        ({"events": {}}, "events"),
        ({"events": [1]}, "events[0]"),
        ({"instrument": "cre-2020"}, "instrument"),
    ],
)
def test_the_record_itself(changes: dict[str, Any], path: str) -> None:
    assert refused(record() | changes).path == path


def test_what_a_record_may_leave_out() -> None:
    found = parse_record({"authority": "derby", "child": {}})
    assert (found.events, found.at) == ((), None)
    assert parse_record(record(events=None, at=None)).events == ()


def test_an_assessment_without_a_child_of_its_own_has_the_records() -> None:
    own = {"age": 9, "send": None}
    found = parse_record(
        record(
            event("assessment", assessment=form()),
            event("assessment", id="e2", assessment=form(child=own)),
            event("assessment", id="e3", assessment=form() | {"child": {}}),
        )
    )
    children = [each.case_file.child for each in found.events]  # type: ignore[attr-defined]
    assert [child.age for child in children] == [None, 9, None]
    assert [child.open_to_social_care for child in children] == [True, None, None]


def test_the_authorities_of_a_record_are_its_own_and_those_of_its_transfers() -> None:
    assert parse_record(record()).authorities == {"derby"}
    story = Story("derbyshire")
    story.add("transfer", "03-02", authority="derby")
    assert parse_record(story.record).authorities == {"derby", "derbyshire"}


def test_a_case_file_is_no_record() -> None:
    assert refused(cre()).path == "instrument"
