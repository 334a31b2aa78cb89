"""The rules: one whole assessment, and one case with 200 events of which 25 are assessments.

Beside each stands a floor taken in the same run, which does no more than write the same outcome, or read the
same record, as JSON: compare the two, and a busy or a slow machine disturbs neither verdict.
"""

import json
import statistics
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.figures import Figure, Times, in_turn
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.casestate import case_state
from cre_toolkit.rules.loading import load_authority, load_instrument
from cre_toolkit.rules.record import parse_record

AUTHORITY, INSTRUMENT = "derbyshire", "cre-2020"
CHILD = {"date_of_birth": "2010-02-03", "send": False, "open_to_social_care": True}
ROUNDS = 25
"""Of eight events each: 200 events, 25 of them assessments."""


def measure() -> list[Figure]:
    """The figures of the rules."""
    return [*_assessment(), *_case()]


def whole_form(level: str = "high") -> dict[str, Any]:
    """A form with something in every row: all indicators, all factors, every text."""
    instrument = load_instrument(INSTRUMENT)
    note = "Seen by two members of staff on Tuesday, told to the school the same day."
    return {
        "instrument": INSTRUMENT,
        "immediate_risk": True,
        "persons_or_places_of_risk": True,
        "indicators": {
            id_: {
                "level": ("low", "medium", "high")[place % 3],
                "cce": True,
                "cse": place % 2 == 0,
                "note": note,
            }
            for place, id_ in enumerate(instrument.indicator_by_id)
        },
        "vulnerabilities": {
            id_: {"historic": True, "current": place % 2 == 0, "note": note}
            for place, id_ in enumerate(instrument.vulnerability_by_id)
        },
        "analysis": {
            "level": level,
            "rationale": note,
            "primary_exploitation": "criminal",
            "protective_factors": note,
            "threshold": "section-47",
        },
    }


def long_record() -> dict[str, Any]:
    """A case of two years: every kind of event that asks for work."""
    events: list[dict[str, Any]] = []
    at = datetime(2025, 1, 6, 9, tzinfo=UTC)

    def add(kind: str, **keys: Any) -> str:
        nonlocal at
        at += timedelta(days=3)
        events.append({"id": f"e{len(events) + 1}", "kind": kind, "at": at.isoformat(), **keys})
        return str(events[-1]["id"])

    for number in range(ROUNDS):
        level = ("medium", "high", "low")[number % 3]
        assessed = add("assessment", assessment=whole_form(level))
        add("countersign", event=assessed, outcome=("agreed", "returned")[number % 2])
        add("meeting", type="high-risk-strategy", level="high")
        add("missing")
        add("returned")
        add("significant-incident")
        add("done", action="send-to-social-care", event=assessed)
        add("meeting", type="tasking")
    return {"authority": AUTHORITY, "child": CHILD, "events": events}


def _assessment() -> list[Figure]:
    instrument, authority = load_instrument(INSTRUMENT), load_authority(AUTHORITY)
    form = whole_form() | {
        "authority": AUTHORITY,
        "child": CHILD,
        "completed_at": "2026-03-27T16:20:00+00:00",
    }
    text = json.dumps(form)
    case_file = parse_case_file(text)
    printed = assess(instrument, authority, case_file).as_dict()
    return [
        _figure(
            "assess, a whole form",
            lambda: assess(instrument, authority, case_file),
            lambda: json.dumps(printed),
            calls=300,
            most=200e-6,
        ),
        _figure(
            "read its case file strictly", lambda: parse_case_file(text), lambda: json.loads(text), calls=300
        ),
    ]


def _case() -> list[Figure]:
    authorities = {AUTHORITY: load_authority(AUTHORITY)}
    text = json.dumps(long_record())
    record = parse_record(text)
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    printed = case_state(authorities, record, moment).as_dict()
    return [
        _figure(
            "case state, 200 events with 25 assessments",
            lambda: case_state(authorities, record, moment),
            lambda: json.dumps(printed),
            calls=10,
            most=10e-3,
        ),
        _figure("read its record strictly", lambda: parse_record(text), lambda: json.loads(text), calls=10),
    ]


def _figure(
    what: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    *,
    calls: int,
    most: float | None = None,
) -> Figure:
    mine, theirs = in_turn(ours, floor, calls=calls)
    cost = statistics.median(mine)
    return Figure(
        what,
        measured=_seconds(cost),
        floor=_seconds(statistics.median(theirs)),
        times=str(Times.of(mine, theirs)),
        goal=f"at most {_seconds(most)}" if most else "",
        reached=cost <= most if most else None,
    )


def _seconds(seconds: float) -> str:
    """In the unit that leaves no noughts: 106 µs, 5.48 ms."""
    return f"{seconds * 1e6:.3g} µs" if seconds < 1e-3 else f"{seconds * 1e3:.3g} ms"
