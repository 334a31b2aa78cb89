"""The hazard log names what holds against each hazard: the tests that it names exist."""

import re

import pytest

from tests.architecture.source import ROOT

LOG = (ROOT / "docs" / "safety" / "hazard-log.md").read_text()
HAZARDS = re.split(r"^## ", LOG, flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.partition(" ")[0])
def test_each_hazard_says_how_what_holds_and_what_is_left_and_its_tests_exist(hazard: str) -> None:
    assert [label for label in ("*How:*", "*What holds:*", "*What is left:*") if label not in hazard] == []
    named = re.findall(r"^- `([\w/]+\.py)(?:::(\w+))?`$", hazard, re.MULTILINE)
    assert named, "at least one test"
    for path, function in named:
        source = (ROOT / "tests" / path).read_text()
        assert not function or f"def {function}(" in source, f"{path}::{function} is gone"
