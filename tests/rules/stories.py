"""Case records for the tests of the case contract, told event by event.

Days of 2026 are written short: "03-02" is ten in the morning in UTC, "03-02 16:00" another time.
"""

from typing import Any

from cre_toolkit.rules.casestate import case_state
from cre_toolkit.rules.deadlines import parse_instant
from cre_toolkit.rules.loading import authority_ids, load_authority
from cre_toolkit.rules.record import parse_record
from tests.rules.cases import cre, rated

Json = dict[str, Any]

CHILD: Json = {
    "date_of_birth": "2012-06-15",
    "send": False,
    "open_to_social_care": True,
    "child_protection_plan": False,
    "looked_after": False,
}


def when(short: str) -> str:
    """A short day or time as an instant; a whole instant as it is."""
    if "T" in short:
        return short
    day, _, time = short.partition(" ")
    return f"{day if day.count('-') == 2 else f'2026-{day}'}T{time or '10:00'}:00+00:00"


def form(level: str = "medium", analysis: Json | None = None, **changes: Any) -> Json:
    """A case file as it stands in a record: one indicator at the level, accepted, the record's child."""
    case = cre(
        indicators={"missing": rated(level)},
        analysis={"level": level, "rationale": "Because.", **(analysis or {})},
    )
    for key in ("authority", "completed_at", "child"):
        del case[key]
    return case | changes


class Story:
    """The record of one case. Each method adds an event and returns its id: `e1`, `e2` and so on."""

    def __init__(self, authority: str = "derby", child: Json | None = None) -> None:
        self.record: Json = {"authority": authority, "child": CHILD if child is None else child, "events": []}

    def add(self, kind: str, at: str, **keys: Any) -> str:
        events = self.record["events"]
        event = {"id": f"e{len(events) + 1}", "kind": kind, "at": when(at)} | keys
        events.append(event)
        return str(event["id"])

    def assessed(
        self, at: str, level: str = "medium", *, historic: bool | None = None, **changes: Any
    ) -> str:
        return self.add("assessment", at, assessment=form(level, **changes), historic=historic)

    def signed(self, at: str, event: str, outcome: str = "agreed", level: str | None = None) -> str:
        return self.add("countersign", at, event=event, outcome=outcome, level=level)

    def met(self, at: str, type: str, level: str | None = None) -> str:  # noqa: A002 - the contract's word
        return self.add("meeting", at, type=type, level=level)

    def did(self, at: str, action: str, event: str | None) -> str:
        return self.add("done", at, action=action, event=event)

    def state(self, at: str = "12-31") -> Json:
        """The state at a moment, as the contract's JSON."""
        return state_of(self.record, at)

    def due(self, at: str = "12-31", *ids: str) -> list[tuple[str, str | None]]:
        """What is due at a moment (of these ids): id and event."""
        return [
            (entry["id"], entry["event"]) for entry in self.state(at)["due"] if not ids or entry["id"] in ids
        ]

    def done(self, at: str = "12-31", *ids: str) -> list[tuple[str, str | None, str]]:
        """What is done at a moment (of these ids): id, event and when."""
        found = [entry for entry in self.state(at)["done"] if not ids or entry["id"] in ids]
        return [(entry["id"], entry["event"], entry["at"]) for entry in found]

    def dates(self, at: str = "12-31", *ids: str) -> list[tuple[str, str | None, str | None]]:
        """What is due at a moment (of these ids): id, event and due."""
        found = [entry for entry in self.state(at)["due"] if not ids or entry["id"] in ids]
        return [(entry["id"], entry["event"], entry["due"]) for entry in found]


def state_of(record: Json, at: str) -> Json:
    authorities = {id_: load_authority(id_) for id_ in authority_ids()}
    return case_state(authorities, parse_record(record), parse_instant(when(at))).as_dict()
