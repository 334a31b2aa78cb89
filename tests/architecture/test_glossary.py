"""GLOSSARY.md leads from each word to the module that owns it."""

import re

from tests.architecture.source import PACKAGE, ROOT


def test_every_module_that_the_glossary_names_is_there() -> None:
    rows = [line for line in (ROOT / "GLOSSARY.md").read_text().splitlines() if line.startswith("| ")]
    named = set(re.findall(r"`([a-z_0-9/-]+(?:/|\.py|\.lock))`", "\n".join(rows)))
    assert len(named) > 20
    assert sorted(path for path in named if not (PACKAGE / path).exists()) == []
