"""The page of what is checked in a browser names tests that there are, and no check without one."""

import re

from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "reference" / "browser-checks.md"
NAMED = re.compile(r"`(test_\w+\.py)::(\w+)`")
ROW = re.compile(r"^\| (?!check |---)", re.MULTILINE)


def test_each_check_names_a_test_and_each_test_is_there() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if ROW.match(line)]
    assert len(rows) > 20
    for row in rows:
        named = NAMED.findall(row)
        assert named, f"no test is named for {row}"
        for file, name in named:
            text = (ROOT / "tests" / "browser" / file).read_text()
            assert re.search(rf"^\s*(def|class) {name}\b", text, re.MULTILINE), f"{file} has no {name}"
