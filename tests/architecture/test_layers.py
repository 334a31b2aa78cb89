"""The layers and the purity of the rules, as pyproject.toml's import contracts say them."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import PACKAGE, ROOT, modules


def test_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_have_no_clock() -> None:
    asked = [
        f"{module.shown}:{node.lineno}"
        for module in modules(PACKAGE / "rules")
        for node in module.attributes("now", "today", "utcnow", "localtime", "monotonic")
    ]
    assert asked == [], "the moment is an input of every rule"


def test_nothing_happens_by_signal_or_in_save() -> None:
    found = []
    for module in modules():
        for node in ast.walk(module.tree):
            match node:
                case ast.ImportFrom(module=str(name)) if "signals" in name or name == "django.dispatch":
                    found.append(f"{module.shown}:{node.lineno} imports {name}")
                case ast.FunctionDef(name="save") if module.path.name == "models.py":
                    found.append(f"{module.shown}:{node.lineno} overrides save()")
    assert found == [], "a write is one visible act"
