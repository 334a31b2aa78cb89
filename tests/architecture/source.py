"""The project's own files and what their source says, for the tests of this folder."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "cre_toolkit"
# Not ours: installed, built, or left behind by a run.
NOT_OURS = {
    ".git",
    ".venv",
    "build",
    "htmlcov",
    "node_modules",
    "static",
    "test-results",
    "var",
    "__pycache__",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
}


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)

    @property
    def shown(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text())

    @property
    def functions(self) -> list[ast.FunctionDef]:
        """The functions at the module's top level that other modules may call."""
        return [
            node
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        ]

    def attributes(self, *names: str) -> Iterator[ast.Attribute]:
        """Every `something.name` in the module."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and node.attr in names:
                yield node


def files(*suffixes: str) -> list[Path]:
    """The project's own files, those with these suffixes where any are given."""
    return sorted(path for path in _walk(ROOT) if not suffixes or path.suffix in suffixes)


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from _walk(path)
        elif not path.name.startswith(".coverage"):
            yield path


def modules(under: Path = PACKAGE, *, migrations: bool = False) -> list[Module]:
    """The Python modules under a folder; migrations only where they are asked for."""
    return [
        Module(path)
        for path in files(".py")
        if path.is_relative_to(under) and (path.parent.name == "migrations") == migrations
    ]


def orm_writes(node: ast.AST) -> list[ast.Call]:
    """The calls below a node that write to the database through the ORM."""
    return [call for call in ast.walk(node) if isinstance(call, ast.Call) and _writes(call)]


def _writes(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id="self") | ast.Call(func=ast.Name(id="super"))):
            return False  # a view's or a form's own method
        case ast.Attribute(attr="save") if call.args:
            return False  # a file's, told where to: a model's takes keywords alone
        case ast.Attribute(
            attr="bulk_create" | "bulk_update" | "get_or_create" | "update_or_create" | "save" | "delete"
        ):
            return True
        case ast.Attribute(attr="create" | "update", value=receiver):
            # A QuerySet's or a manager's: dictionaries and digests have an update() of their own.
            return any(
                isinstance(part, ast.Attribute) and part.attr in ("objects", "filter", "exclude", "all")
                for part in ast.walk(receiver)
            )
    return False
