"""The tables of attacks and of ASVS requirements name tests that there are, and leave no row unanswered."""

import re

import pytest

from tests.architecture.source import ROOT

SAFETY = ROOT / "docs" / "safety"
TABLES = ("attacks.md", "asvs.md")
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
ANSWERED = ("Not yet", "Nothing to attack", "Does not apply", "Written down in")


def rows(page: str) -> list[list[str]]:
    """The rows of the page's tables, without their headings, by cell."""
    lines = re.findall(r"^\|(.+)\|$", (SAFETY / page).read_text(), re.MULTILINE)
    found = [[cell.strip() for cell in line.split(" | ")] for line in lines]
    return [row for row in found if row[0] not in ("attack", "number") and set(row[0]) - set("-|")]


@pytest.mark.parametrize("page", TABLES)
def test_each_row_names_a_test_or_says_why_there_is_none(page: str) -> None:
    assert len(rows(page)) > 40
    for row in rows(page):
        assert NAMED.search(row[-1]) or row[-1].startswith(ANSWERED), row


@pytest.mark.parametrize("page", TABLES)
def test_each_test_that_is_named_is_there(page: str) -> None:
    for path, function in NAMED.findall((SAFETY / page).read_text()):
        source = (ROOT / "tests" / path).read_text()
        assert f"def {function}(" in source, f"{path}::{function} is gone"


def test_a_requirement_stands_once_and_each_chapter_in_its_order() -> None:
    numbers = [tuple(map(int, row[0].split("."))) for row in rows("asvs.md")]
    assert len(numbers) == len(set(numbers))
    for chapter in {number[0] for number in numbers}:
        of_chapter = [number for number in numbers if number[0] == chapter]
        assert of_chapter == sorted(of_chapter)
