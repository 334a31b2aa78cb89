"""Migrations: whole or not at all, and free of code that will change under them."""

import ast

import pytest
from django.db import connection

from tests.architecture.source import Module, modules

MIGRATIONS = [module for module in modules(migrations=True) if module.path.name != "__init__.py"]


@pytest.mark.parametrize("module", MIGRATIONS, ids=lambda module: module.name)
def test_a_migration_that_dies_half_way_leaves_nothing(module: Module) -> None:
    turned_off = [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "atomic" for target in node.targets)
    ]
    assert turned_off == [], "atomic stays on"


@pytest.mark.parametrize("module", MIGRATIONS, ids=lambda module: module.name)
def test_a_migration_imports_no_living_code(module: Module) -> None:
    imported = [
        name
        for node in ast.walk(module.tree)
        for name in _imported(node)
        if name.startswith("cre_toolkit") and name != "cre_toolkit.ids"
    ]
    assert imported == []


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.ImportFrom(module=str(name)):
            return [name]
        case ast.Import(names=names):
            return [alias.name for alias in names]
    return []


def test_both_engines_undo_a_migration_that_fails() -> None:
    assert connection.features.can_rollback_ddl
