"""What was recorded of a child stands on whichever of their records it was written: nobody reads only one."""

import ast

import pytest

from tests.architecture.source import Module, modules

READERS = ("cre_toolkit.assessments", "cre_toolkit.casework", "cre_toolkit.documents")
READERS += ("cre_toolkit.records", "cre_toolkit.web")
# Modules that mean one record of a child and no other, each with its reason.
MEAN_ONE_RECORD = {
    "cre_toolkit.assessments.moving": "moves the drafts of one record to another",
    "cre_toolkit.casework.lists.around": "family, agencies and network are those of the record that was kept",
    "cre_toolkit.casework.ends.merging": "joins and parts two records",
}


def _of_one_record(call: ast.Call) -> bool:
    """Whether a question to the database is about the things of one record alone."""
    asked = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if asked == "OuterRef":
        return any(isinstance(each, ast.Constant) and each.value == "child" for each in call.args)
    if asked not in ("filter", "exclude", "get", "Q"):
        return False
    return any(
        keyword.arg in ("child", "child_id")
        or (keyword.arg == "child__in" and "visible_to" in ast.unparse(keyword.value))
        for keyword in call.keywords
    )


@pytest.mark.parametrize(
    "module",
    [each for each in modules() if each.name.startswith(READERS) and each.name not in MEAN_ONE_RECORD],
    ids=lambda module: module.name,
)
def test_whoever_asks_about_a_child_asks_about_every_record_of_theirs(module: Module) -> None:
    found = [
        f"line {call.lineno}: {ast.unparse(call)[:80]}"
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and _of_one_record(call)
    ]
    assert found == [], "ask by child__stands_for, or child__stands_for__in (docs/adr/0005)"
