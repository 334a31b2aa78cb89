"""The pages of guidance: each names its title and its source, and keeps to the service's words."""

import re
from pathlib import Path

import pytest

from cre_toolkit.rules.loading import BUILT_IN

PAGES = sorted((BUILT_IN / "guidance").glob("*.md"))

# The child is harmed, the adult acts; a level is assessed on a day, and never says that a child is safe.
NOT_OUR_WORDS = re.compile(
    r"puts? (themselves|himself|herself) at risk|lifestyle|refuses? to engage|promiscuous|streetwise"
    r"|young offender|attention.seeking|child prostitut",
    re.IGNORECASE,
)


def test_the_pages_that_the_assessment_links_to() -> None:
    assert {page.stem for page in PAGES} >= {
        "completing-the-assessment",
        "what-is-exploitation",
        "key-issues",
        "who-is-vulnerable",
        "send",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
class TestEachPage:
    def test_names_its_title_and_its_source(self, page: Path) -> None:
        head = re.match(r"---\ntitle: (.+)\nsource: (.+)\n---\n\n", page.read_text(encoding="utf-8"))
        assert head
        assert re.search(r"CRE 2020, pages? \d", head[2])

    def test_keeps_to_our_words(self, page: Path) -> None:
        assert NOT_OUR_WORDS.findall(page.read_text(encoding="utf-8")) == []
