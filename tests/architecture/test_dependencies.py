"""What we build on: each piece with its purpose, locked by hash, from no named host."""

import json
import re

import pytest

from tests.architecture.source import ROOT

REQUIREMENTS = ROOT / "requirements"
INPUTS = sorted(REQUIREMENTS.glob("*.in"))
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==(\S+)", (REQUIREMENTS / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_each_dependency_says_what_it_is_for(path: object) -> None:
    lines = (REQUIREMENTS / str(path)).read_text().splitlines()
    silent = [
        line
        for above, line in zip(["", *lines], lines, strict=False)
        if line and not line.startswith(("#", "-")) and not above.startswith("# ")
    ]
    assert silent == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_each_locked_package_carries_hashes(path: object) -> None:
    text = (REQUIREMENTS / str(path)).read_text()
    assert re.findall(r"^[^\s#].*(?<!\\)$", text, re.MULTILINE) == [], "every pin is followed by its hashes"


def test_tests_run_on_what_the_service_runs_on() -> None:
    base, dev = pins("base.txt"), pins("dev.txt")
    assert {name: dev.get(name) for name in base} == base


def test_locks_name_no_host() -> None:
    for path in LOCKS:
        assert "://" not in path.read_text(), path.name
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_browser_packages_are_checked_too() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
