"""Habits of the house that no linter knows."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT, files, modules

TEXT = (".cfg", ".css", ".html", ".in", ".jinja", ".js", ".json", ".md", ".mjs", ".py", ".scss", ".sh")
TEXT += (".toml", ".txt", ".typ", ".yaml", ".yml")
# Written in two halves, so that this file keeps its own rules.
LEFT_FOR_LATER = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error"]))
NOT_RUN = re.compile("|".join([r"mark\." + "skip", r"pytest\." + "skip", "xf" + "ail"]))
MACHINE_PATHS = re.compile("|".join(["/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "file:" + "///"]))


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if pattern.search(line)
    ]


def test_a_module_is_one_idea() -> None:
    """None is longer than 400 lines."""
    everything = [
        module for folder in (PACKAGE, ROOT / "tests", ROOT / "bench") for module in modules(folder)
    ]
    assert [m.shown for m in everything if len(m.path.read_text().splitlines()) > 400] == []


def test_nothing_is_left_for_later() -> None:
    assert lines_with(LEFT_FOR_LATER, files(".py", ".html", ".js", ".scss", ".jinja", ".typ")) == []


def test_every_test_runs() -> None:
    assert lines_with(NOT_RUN, [path for path in files(".py") if path.is_relative_to(ROOT / "tests")]) == []


def test_no_file_names_the_machine_it_was_written_on() -> None:
    named = [path for path in files(*TEXT) if path.suffix] + [ROOT / "Makefile", ROOT / ".ci" / "run"]
    assert lines_with(MACHINE_PATHS, named) == []


TEMPLATES = files(".html", ".jinja")


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style element", r"<style[\s>]"),
        ("a style attribute", r"<[^>]*\sstyle\s*="),
        ("a script of its own", r"<script(?![^>]*\ssrc=)"),
        ("an event handler", r"<[^>]*\son[a-z]+\s*="),
        ("an address that is a script", r"javascript:"),
        ("what is not escaped", r"\|\s*safe\b|autoescape\s+off"),
    ],
)
def test_templates_hold_nothing_that_the_content_security_policy_would_refuse(
    what: str, pattern: str
) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0][:80]}"
        for path in TEMPLATES
        for match in re.finditer(pattern, path.read_text(), re.IGNORECASE)
    ]
    assert found == [], f"a template with {what}"


def test_every_link_between_the_documents_lands() -> None:
    links = [
        (path, target)
        for path in files(".md")
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
        if "://" not in target and not target.startswith(("mailto:", "/"))
    ]
    assert [
        f"{path.relative_to(ROOT)}: {target}" for path, target in links if not (path.parent / target).exists()
    ] == []


def test_a_page_is_rendered_after_its_transaction() -> None:
    """Views answer with a TemplateResponse, which Django renders when the view has ended (pages.md)."""
    at_once = re.compile(r"import .*\brender$")
    assert lines_with(at_once, [module.path for module in modules(PACKAGE / "web" / "views")]) == []
