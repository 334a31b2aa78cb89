"""`assess`: the one function behind the page, the API, the command line and the documents.

It puts the rules together and holds none itself. Lists keep the order of the contract's tables, then of the
instrument: that of `SCOPE_RULES`, `RECORDED_RULES` and `REASON_RULES`.
"""

from collections.abc import Iterator
from itertools import chain

from cre_toolkit.rules.authority import AuthoritySeries
from cre_toolkit.rules.casefile import CaseFile
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.outcome import Finding, Outcome
from cre_toolkit.rules.pathway import actions, reviews
from cre_toolkit.rules.reasons import REASON_RULES
from cre_toolkit.rules.recorded import RECORDED_RULES
from cre_toolkit.rules.scope import SCOPE_RULES, out_of_scope
from cre_toolkit.rules.situation import Situation, understand

FINDING_RULES = (*SCOPE_RULES, *RECORDED_RULES)
"""The order of problems and warnings."""


def assess(instrument: Instrument, authority: AuthoritySeries, case_file: CaseFile) -> Outcome:
    """The outcome of an assessment, with its reasons (assessment contract).

    Pure: the same case file gives the same outcome, byte for byte.

    Args:
        instrument: the case file's instrument.
        authority: the dated packs of the case file's authority; the one in force on the day of completion
        is used. case_file: what was recorded, as `parse_case_file` gives it.

    Returns:
        The outcome. It is accepted when it has no problem.
    """
    s = understand(instrument, case_file)
    pack = authority.on(s.day)
    found = list(findings(s))
    in_scope = s.in_scope is not False
    return Outcome(
        instrument=instrument.id,
        age=s.age,
        in_scope=s.in_scope,
        indicated_level=s.indicated_level,
        minimum_level=s.minimum_level,
        recorded_level=s.recorded_level,
        reasons=tuple(chain.from_iterable(rule(s) for rule in REASON_RULES)) if in_scope else (),
        problems=tuple(finding for finding in found if finding.is_problem),
        warnings=tuple(finding for finding in found if not finding.is_problem),
        counts=counts(s),
        actions=tuple(actions(s, pack)),
        reviews=tuple(reviews(s, pack)),
    )


def findings(s: Situation) -> Iterator[Finding]:
    """Problems and warnings in the order of the contract's tables.

    Someone out of scope has that one problem and no other finding. A transcribed form keeps what was
    recorded: every problem but `level-needed` becomes a warning of the same code and path.
    """
    rules = (out_of_scope,) if s.in_scope is False else FINDING_RULES
    found = chain.from_iterable(rule(s) for rule in rules)
    if not s.case_file.transcribed:
        return found
    return (as_warning(finding) for finding in found)


def as_warning(finding: Finding) -> Finding:
    """A finding about a transcribed form."""
    if finding.code == "level-needed":
        return finding
    return Finding(finding.code, finding.path, finding.text)


def counts(s: Situation) -> dict[str, int]:
    """How many indicators are identified, of which kind and at which level. Counted always, never a score."""
    levels = [found.level for found in s.identified]
    by_level = {level: levels.count(level) for level in ("low", "medium", "high")}
    if s.rated:
        return {
            "identified": len(s.identified),
            **by_level,
            "cce": sum(found.cce for found in s.identified),
            "cse": sum(found.cse for found in s.identified),
        }
    return {
        "risk": sum(found.risk for found in s.identified),
        "evidenced": sum(found.evidenced for found in s.identified),
        "identified": len(s.identified),
        **by_level,
    }
