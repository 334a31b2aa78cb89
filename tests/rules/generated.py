"""Case files and records as hypothesis makes them up: valid ones of every kind, and broken ones."""

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from cre_toolkit.rules.loading import load_instrument
from tests.rules.stories import CHILD, form

Json = dict[str, Any]

LEVELS = ("low", "medium", "high")
known = st.sampled_from((True, False, None))
maybe_level = st.sampled_from((*LEVELS, None))
notes = st.sampled_from(("", " ", "Seen.", None))


@st.composite
def children(draw: st.DrawFn) -> Json:
    child: Json = {
        key: draw(known) for key in ("open_to_social_care", "child_protection_plan", "looked_after")
    }
    child["send"] = draw(known)
    if draw(st.booleans()):
        child["age"] = draw(st.one_of(st.none(), st.integers(0, 30)))
    if draw(st.booleans()):
        born = st.dates(min_value=datetime(2000, 1, 1).date(), max_value=datetime(2026, 12, 31).date())  # noqa: DTZ001
        child["date_of_birth"] = draw(born).isoformat()
    return child


@st.composite
def rated_forms(draw: st.DrawFn) -> Json:
    """A case file of `cre-2020`, without `authority` and `completed_at`."""
    instrument = load_instrument("cre-2020")
    rows = st.fixed_dictionaries({"level": maybe_level}, optional={"cce": known, "cse": known, "note": notes})
    return {
        "instrument": instrument.id,
        "child": draw(children()),
        "immediate_risk": draw(known),
        "persons_or_places_of_risk": draw(known),
        "indicators": draw(
            st.dictionaries(st.sampled_from(list(instrument.indicator_by_id)), rows, max_size=6)
        ),
        "vulnerabilities": draw(
            st.dictionaries(
                st.sampled_from(list(instrument.vulnerability_by_id)),
                st.fixed_dictionaries({}, optional={"historic": known, "current": known, "note": notes}),
                max_size=3,
            )
        ),
        "analysis": draw(
            st.fixed_dictionaries(
                {"level": maybe_level},
                optional={
                    "rationale": notes,
                    "threshold": st.sampled_from(("section-47", "early-help", None)),
                    "protective_factors": notes,
                    "thorough_assessment": known,
                    "primary_exploitation": st.sampled_from(("sexual", "unclear", "", None)),
                },
            )
        ),
        "transcribed": draw(known),
    }


@st.composite
def ticked_forms(draw: st.DrawFn) -> Json:
    """A case file of `cse-2017`, without `authority` and `completed_at`."""
    instrument = load_instrument("cse-2017")
    rows = st.fixed_dictionaries({}, optional={"risk": known, "evidenced": known, "note": notes})
    return {
        "instrument": instrument.id,
        "child": draw(children()),
        "immediate_risk": draw(known),
        "persons_or_places_of_risk": draw(known),
        "indicators": draw(
            st.dictionaries(st.sampled_from(list(instrument.indicator_by_id)), rows, max_size=6)
        ),
        "analysis": {"level": draw(maybe_level), "rationale": draw(notes), "models": ["gang"]},
        "transcribed": draw(known),
    }


@st.composite
def case_files(draw: st.DrawFn) -> Json:
    """A case file of either instrument that can be read, accepted or not."""
    case: Json = draw(st.one_of(rated_forms(), ticked_forms()))
    years = (2016, 2018) if case["instrument"] == "cse-2017" else (2020, 2026)
    instants = st.datetimes(datetime(years[0], 1, 1), datetime(years[1], 12, 31))  # noqa: DTZ001
    completed_at = draw(instants).replace(microsecond=0, tzinfo=UTC).isoformat()
    return case | {"authority": draw(st.sampled_from(("derby", "derbyshire"))), "completed_at": completed_at}


AGREES = {
    "derby": ["cre-review"],
    "derbyshire": ["high-risk-strategy", "cpm-vc-review"],
}
MEETINGS = ("tasking", "core-group", "missing-strategy", "medium-risk-strategy", "team-manager-review")
ACTIONS = ("refer-police", "tell-manager", "high-risk-strategy-meeting", "reassess", "missing-plan")
KINDS = (
    "assessment",
    "assessment",
    "countersign",
    "agreement",
    "meeting",
    "episode",
    "done",
    "incident",
    "interview",
)


@st.composite
def records(draw: st.DrawFn, withdrawals: bool = True) -> Json:
    """A record whose events are allowed, each at an instant of its own."""
    first = authority = draw(st.sampled_from(("derby", "derbyshire")))
    events: list[Json] = []
    undecided: list[str] = []
    withdrawable: list[str] = []
    at = datetime(2026, 1, 1, 9, tzinfo=UTC)
    is_missing = is_closed = False
    kinds = (*KINDS, "withdrawn", "transfer", "closing") if withdrawals else KINDS

    def add(kind: str, **keys: Any) -> str:
        events.append({"id": f"e{len(events) + 1}", "kind": kind, "at": at.isoformat()} | keys)
        return str(events[-1]["id"])

    for kind in draw(st.lists(st.sampled_from(kinds), max_size=14)):
        at += timedelta(hours=draw(st.integers(1, 900)))
        match kind:
            case "assessment":
                historic = draw(known)
                assessed = add(
                    "assessment", assessment=form(draw(st.sampled_from(LEVELS))), historic=historic
                )
                undecided.append(assessed)
                withdrawable.append(assessed)
            case "countersign" if undecided:
                outcome = draw(st.sampled_from(("agreed", "returned", "set-level")))
                place = draw(st.integers(0, len(undecided) - 1))
                named = undecided[place] if outcome == "returned" else undecided.pop(place)
                level = draw(st.sampled_from(LEVELS)) if outcome == "set-level" else None
                add("countersign", event=named, outcome=outcome, level=level)
            case "agreement":
                type_ = draw(st.sampled_from(AGREES[authority]))
                withdrawable.append(add("meeting", type=type_, level=draw(st.sampled_from(LEVELS))))
            case "meeting":
                add("meeting", type=draw(st.sampled_from(MEETINGS)))
            case "episode":
                add("returned" if is_missing else "missing")
                is_missing = not is_missing
            case "closing":
                add("reopened" if is_closed else "closed")
                is_closed = not is_closed
            case "done" if events:
                named = draw(st.sampled_from(events))["id"]
                add("done", action=draw(st.sampled_from(ACTIONS)), event=named)
            case "incident":
                add(draw(st.sampled_from(("significant-incident", "immediate-risk"))))
            case "interview":
                add("return-interview", outcome="held")
            case "transfer":
                authority = "derby" if authority == "derbyshire" else "derbyshire"
                add("transfer", authority=authority)
            case "withdrawn" if withdrawable:
                named = withdrawable.pop(draw(st.integers(0, len(withdrawable) - 1)))
                undecided = [id_ for id_ in undecided if id_ != named]
                add("withdrawn", event=named)
    return {"authority": first, "child": CHILD, "events": events}


json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(
            ("low", "cre-2020", "derby", "2026-03-27T16:20:00Z", "2010-02-03", "9999-12-31T23:59:59Z")
        ),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def broken(draw: st.DrawFn, whole: st.SearchStrategy[Json]) -> Json:
    """Something whole, with up to three of its values replaced, taken out or put under another key."""
    value: Json = copy.deepcopy(draw(whole))
    for _ in range(draw(st.integers(1, 3))):
        place: Any = value
        while isinstance(place, dict | list) and place:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
                place = place[key]
                continue
            way = draw(st.sampled_from(("replaced", "taken out", "renamed")))
            if way == "replaced":
                place[key] = draw(json_values)
            else:
                taken = place.pop(key)
                if way == "renamed" and isinstance(place, dict):
                    place[draw(st.text(max_size=5))] = taken
            break
    return value
