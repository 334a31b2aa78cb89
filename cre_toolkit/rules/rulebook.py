"""The rulebook: every rule by its code, in the words of its docstring, and the parameters of the packs.

    python -m cre_toolkit.rules.rulebook > docs/reference/rulebook.md

A test compares the page with what this prints, so that it is never stale.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from inspect import cleandoc
from typing import Any

from cre_toolkit.rules import casereviews, casestate, course, episodes, tasks
from cre_toolkit.rules.authority import Action, AuthorityPack
from cre_toolkit.rules.instrument import Indicator, Instrument
from cre_toolkit.rules.judgement import Judgement
from cre_toolkit.rules.loading import authority_ids, instrument_ids, load_authority, load_instrument
from cre_toolkit.rules.reasons import REASON_RULES
from cre_toolkit.rules.recorded import RECORDED_RULES
from cre_toolkit.rules.scope import SCOPE_RULES

Rule = Callable[..., Any]

EVENT_RULES: tuple[Rule, ...] = (
    Judgement.assessment,
    Judgement.countersign,
    Judgement.agreement,
    Judgement.begins,
    Judgement.ends,
    Judgement.withdrawal,
)
"""Which events are allowed."""

CASE_RULES: tuple[Any, ...] = (
    casestate.assessed_level,
    casestate.agreed_level,
    casestate.level_on_file,
    course.Course.working_level,
    course.Course.divergence,
    tasks.bring_meeting_forward,
    tasks.raised_in_a_meeting,
    tasks.assessment_actions,
    tasks.tell_manager,
    tasks.strategy_meeting,
    tasks.immediate_risk,
    casereviews.reviews,
    tasks.reassess,
    episodes.missing_strategy_meeting,
    episodes.return_interview,
    episodes.missing_plan,
    casestate.birthdays,
    casestate.is_closed,
    casestate.responsibility,
)
"""The rules of the case contract, in its order."""

_HEAD = """\
# Rulebook

Printed by `python -m cre_toolkit.rules.rulebook` from the rules' own docstrings and from the packs; not
edited by hand. What the contracts left open, and how it was read, is in [reading of the
contracts](../explanation/reading-of-the-contracts.md). Each rule has a test of its name.
"""


def rulebook() -> str:
    """The whole page, in Markdown."""
    return "\n".join(
        [
            _HEAD,
            "## Assessment: scope\n",
            *_rules(SCOPE_RULES),
            "## Assessment: the indicated level, and why\n",
            *_rules(REASON_RULES),
            "## Assessment: what the practitioner records\n",
            *_rules(RECORDED_RULES),
            "## Case: which events are allowed\n",
            *_rules(EVENT_RULES),
            "## Case: what follows from them\n",
            *_rules(CASE_RULES),
            "## Instruments\n",
            *(line for id_ in instrument_ids() for line in _instrument(load_instrument(id_))),
            "## Authorities\n",
            *(line for id_ in authority_ids() for pack in load_authority(id_).packs for line in _pack(pack)),
        ]
    )


def described(rule: Any) -> tuple[str, str]:
    """The code of a rule and what it says, from its docstring: `` `code`: what it says``.

    Args:
        rule: a function, or a property.
    """
    said, _, _ = cleandoc(rule.__doc__).partition("\n\nArgs:")
    code, _, words = said.partition("`: ")
    return code.removeprefix("`").replace("`", ""), words


def _rules(rules: Iterable[Any]) -> Iterator[str]:
    for rule in rules:
        code, words = described(rule)
        yield f"### `{code}`\n\n{words[0].upper()}{words[1:]}\n"


def _instrument(instrument: Instrument) -> Iterator[str]:
    scope, floor = instrument.scope, instrument.floor
    yield f"### `{instrument.id}`: {instrument.title}, {instrument.edition}\n"
    yield from _table(
        ("parameter", "value"),
        [
            ("levels come from", f"the {instrument.levels_from} of the identified indicators"),
            ("in scope", f"under {scope.adult_age}; with SEND under {scope.send_until_age}"),
            ("meant from age", scope.youngest_age or "-"),
            ("floor", f"{floor.level}, under {floor.under_age} or with SEND"),
            (
                "the floor's exception",
                "thorough assessment and protective factors" if floor.exception else "none",
            ),
            ("replaced on", instrument.replaced_on or "-"),
        ],
    )
    flagged = [
        (f"`{row.id}`", "; ".join(flags)) for row in instrument.indicators if (flags := list(_flags(row)))
    ]
    yield from _table(("indicator", "asks for"), flagged)


def _flags(row: Indicator) -> Iterator[str]:
    if row.unlikely_levels:
        yield f"`unlikely-rating` at {' and '.join(row.unlikely_levels)}"
    if row.needs_person_or_place:
        yield "`person-or-place-missing`"
    if row.family_may_not_be_safe:
        yield "`family-may-not-be-safe`"
    if row.consider_nrm:
        yield "`consider-nrm`"
    if row.describe:
        yield "`describe-other`"
    if row.age_below is not None:
        yield f"`age-does-not-fit` at {row.age_below} or over"


def _pack(pack: AuthorityPack) -> Iterator[str]:
    case = pack.case
    until = f" until {pack.until}" if pack.until else ""
    yield f"### `{pack.id}`: {pack.name}, from {pack.from_}{until}\n"
    on_file = {"agreed-first": "the agreed level where there is one", "working": "the working level"}
    yield from _table(
        ("parameter", "value"),
        [
            ("level on file", on_file[pack.on_file]),
            ("the agreed level is set by", _listed(pack.level_set_by)),
            ("may not lower it from high", _listed(pack.may_not_lower_from_high)),
            ("a new assessment after", _listed(case.reassess_after)),
            ("missing strategy meeting", f"{case.missing_strategy_hours} hours"),
            ("return interview", f"{case.return_interview_hours} hours"),
            ("missing plan", f"{case.missing_plan_episodes} episodes in {case.missing_plan_days} days"),
        ],
    )
    actions = [
        (
            f"`{row.id}`",
            ", ".join(row.instruments) + ("; out of scope" if row.out_of_scope else ""),
            _listed(row.when),
            ", ".join(row.levels) or "any, or none",
            row.to,
            _due(row),
        )
        for row in pack.actions
    ]
    yield from _table(("action", "under", "when", "level", "to", "due"), actions)
    reviews = [
        (f"`{row.id}`", ", ".join(row.levels), row.by, row.every, _listed(row.restarted_by))
        for row in pack.reviews
    ]
    yield from _table(("review", "level", "by", "every", "restarted by"), reviews)
    meetings = [
        (f"`{row.id}`", row.title, row.chair, _listed(row.level_agreed_by), "; ".join(row.asked))
        for row in pack.meetings
    ]
    yield from _table(("meeting", "called", "chaired by", "its level recorded by", "asked to come"), meetings)


def _due(row: Action) -> str:
    return {None: "-", 0: "now"}.get(row.due_after_hours) or f"{row.due_after_hours} hours"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "-"


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(str(cell) for cell in cells)} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(rulebook())
