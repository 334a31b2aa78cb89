"""The rulebook is whole and never stale, and every rule of the contracts has a test of its name."""

import re
import runpy
from pathlib import Path

import pytest

from cre_toolkit.rules.reasons import REASON_RULES
from cre_toolkit.rules.recorded import RECORDED_RULES
from cre_toolkit.rules.rulebook import CASE_RULES, described, rulebook
from cre_toolkit.rules.scope import SCOPE_RULES

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "reference" / "rulebook.md"

SCOPE = [
    "scope-send-young-adult",
    "send-decides-scope",
    "out-of-scope",
    "age-missing",
    "born-after-completion",
    "below-matrix-age",
    "superseded",
]
LEVELS = [
    "scope-send-young-adult",
    "highest-rated-indicator",
    "tier-of-indicators",
    "floor-under-13",
    "floor-send",
    "floor-lifted",
]
RECORDED = [
    "immediate-risk-not-answered",
    "level-needed",
    "nothing-identified",
    "indicator-level-needed",
    "describe-other",
    "note-needed",
    "below-floor",
    "rationale-needed",
    "raised-without-rationale",
    "exploitation-type-needed",
    "exploitation-type-missing",
    "send-not-known",
    "send-may-apply",
    "not-known",
    "person-or-place-missing",
    "family-may-not-be-safe",
    "consider-nrm",
    "threshold-above-level",
    "unlikely-rating",
    "age-does-not-fit",
]
CASE = [
    "assessed_level",
    "agreed_level",
    "level_on_file",
    "working_level",
    "divergence",
    "bring-meeting-forward",
    "raised_in_a_meeting",
    "actions",
    "tell-manager",
    "meetings_as_actions",
    "immediate-risk",
    "reviews",
    "reassess",
    "missing-strategy-meeting",
    "return-interview",
    "missing-plan",
    "turning_18,_25",
    "closed",
    "transfer",
]
# Tests named after what the rule brings.
TESTED_AS = {"turning_18,_25": "adult_transition"}


@pytest.mark.parametrize(
    ("codes", "rules"),
    [(SCOPE, SCOPE_RULES), (LEVELS, REASON_RULES), (RECORDED, RECORDED_RULES), (CASE, CASE_RULES)],
    ids=["scope", "levels", "recorded", "case"],
)
def test_every_rule_names_its_code_in_the_contracts_order(
    codes: list[str], rules: tuple[object, ...]
) -> None:
    assert [described(rule)[0].replace(" ", "_") for rule in rules] == codes


@pytest.mark.parametrize("rule", [*SCOPE_RULES, *REASON_RULES, *RECORDED_RULES])
def test_a_function_is_named_after_its_code(rule: object) -> None:
    assert described(rule)[0].replace("-", "_") == rule.__name__  # type: ignore[attr-defined]


TESTS = re.findall(
    r"^def (test_\w+)", "\n".join(file.read_text() for file in HERE.glob("test_*.py")), re.MULTILINE
)


@pytest.mark.parametrize("code", sorted({*SCOPE, *LEVELS, *RECORDED, *CASE, "scope-child", "withdrawn"}))
def test_every_rule_has_a_test_of_its_name(code: str) -> None:
    name = TESTED_AS.get(code, code).replace("-", "_")
    assert any(test.startswith(f"test_{name}") for test in TESTS)


def test_the_page_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == rulebook(), (
        "run: .venv/bin/python -m cre_toolkit.rules.rulebook > docs/reference/rulebook.md"
    )


@pytest.mark.filterwarnings("ignore:.*found in sys.modules")
def test_the_page_is_printed_by_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_module("cre_toolkit.rules.rulebook", run_name="__main__")
    assert capsys.readouterr().out == rulebook()
