"""Case files for the tests of the rules: an accepted one of each instrument, to be changed in one place."""

from typing import Any

from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.loading import load_authority, load_instrument
from cre_toolkit.rules.outcome import Finding, Outcome

NOTE = "Seen by two members of staff."
COMPLETED_AT = "2026-03-27T16:20:00+00:00"

Json = dict[str, Any]


def rated(level: str | None = "medium", **changes: Any) -> Json:
    """An indicator of `cre-2020`."""
    return {"level": level, "cce": True, "cse": False, "note": NOTE, **changes}


def ticked(**changes: Any) -> Json:
    """An indicator of `cse-2017`."""
    return {"risk": True, "evidenced": False, "note": NOTE, **changes}


def cre(*indicators: str, child: Json | None = None, analysis: Json | None = None, **changes: Any) -> Json:
    """A case file of `cre-2020`, medium and accepted, without a warning.

    Args:
        indicators: the ids of those identified, all rated medium; `missing` where none is given.
        child: changes to the child.
        analysis: changes to the analysis.
        changes: other keys of the case file.
    """
    facts = {
        "date_of_birth": "2010-02-03",
        "send": False,
        "open_to_social_care": True,
        "child_protection_plan": False,
        "looked_after": False,
    }
    return {
        "instrument": "cre-2020",
        "authority": "derby",
        "child": facts | (child or {}),
        "completed_at": COMPLETED_AT,
        "immediate_risk": False,
        "persons_or_places_of_risk": False,
        "indicators": {id_: rated() for id_ in indicators or ("missing",)},
        "analysis": {"level": "medium", "primary_exploitation": "criminal"} | (analysis or {}),
        **changes,
    }


def cse(*indicators: str, child: Json | None = None, analysis: Json | None = None, **changes: Any) -> Json:
    """A case file of `cse-2017`, medium and accepted, without a warning."""
    return {
        "instrument": "cse-2017",
        "authority": "derby",
        "child": {"age": 15, "send": False} | (child or {}),
        "completed_at": "2018-06-01T09:00:00+01:00",
        "indicators": {id_: ticked() for id_ in indicators or ("groomed",)},
        "analysis": {"level": "medium"} | (analysis or {}),
        **changes,
    }


def outcome_of(case: Json) -> Outcome:
    case_file = parse_case_file(case)
    return assess(load_instrument(case_file.instrument), load_authority(case_file.authority), case_file)


def named(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """The code and path of each finding."""
    return [(finding.code, finding.path) for finding in findings]


def problems(case: Json) -> list[tuple[str, str]]:
    return named(outcome_of(case).problems)


def warnings(case: Json) -> list[tuple[str, str]]:
    return named(outcome_of(case).warnings)


def rules(case: Json) -> list[str]:
    """The rules that gave the reasons."""
    return [reason.rule for reason in outcome_of(case).reasons]
