"""Every write is an act: a keyword-only function that takes `by`, is atomic, and is on the audit trail."""

import ast

import pytest

from tests.architecture.source import Module, modules, orm_writes

# Modules that write without being acts, each with its reason.
NOT_ACTS = {
    "cre_toolkit.accounts.shared_cache": "forgets counts of attempts, which are about no record",
    "cre_toolkit.audit.chain": "numbers the events: an event about that would have to be numbered again",
    "cre_toolkit.audit.gathering": "writes the events that `audit.record` was given, at the end of their act",
    "cre_toolkit.children.last_looks": "moves a mark of what somebody has seen: the look itself is an event",
    "cre_toolkit.children.keys": "rebuilds copies of what stands in the child's row",
    "cre_toolkit.casework.case.awaiting": "rebuilds copies of what is worked out from the events",
    "cre_toolkit.casework.case.pack_days": "rebuilds copies of what is worked out from the events",
    "cre_toolkit.casework.case.state": "rebuilds copies of what is worked out from the events",
    "cre_toolkit.records.keeping": "rebuilds copies of what is counted from the record and the schedule",
    "cre_toolkit.jobs.queue": "the service itself tends its queue",
    "cre_toolkit.jobs.tasks": "the service itself does the jobs",
}
# Here nothing is written: these show, ask or describe.
NO_WRITES = ("api", "web", "queries", "rules", "documents")

WRITERS = [
    (module, function)
    for module in modules()
    if module.name not in NOT_ACTS
    and not module.name.startswith("cre_toolkit.demonstration")
    and not set(module.name.split(".")) & set(NO_WRITES)
    for function in module.functions
    if orm_writes(function)
]


def described(case: tuple[Module, ast.FunctionDef]) -> str:
    return f"{case[0].name}.{case[1].name}"


def test_there_are_acts_to_look_at() -> None:
    assert {"cre_toolkit.assessments.actions.save_section", "cre_toolkit.jobs.actions.mail_each"} <= set(
        map(described, WRITERS)
    )


@pytest.mark.parametrize("case", WRITERS, ids=described)
def test_an_act_says_who_acts_and_takes_keywords_alone(case: tuple[Module, ast.FunctionDef]) -> None:
    arguments = case[1].args
    by_place = [*arguments.posonlyargs, *arguments.args, *filter(None, [arguments.vararg])]
    assert [argument.arg for argument in by_place] == [], "keyword-only: (*, by, ...)"
    assert "by" in {argument.arg for argument in arguments.kwonlyargs}, "takes by="


@pytest.mark.parametrize(
    "case", [case for case in WRITERS if case[0].name != "cre_toolkit.audit.actions"], ids=described
)
def test_an_act_is_atomic_and_on_the_audit_trail(case: tuple[Module, ast.FunctionDef]) -> None:
    function = case[1]
    assert any(ast.unparse(mark).startswith("transaction.atomic") for mark in function.decorator_list), (
        "decorated with @transaction.atomic, so that the act and its event stand or fall together"
    )
    assert any(_hands_on_who_acts(call) for call in ast.walk(function)), (
        "calls audit.record(by=...), or another act that does"
    )


def _hands_on_who_acts(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    return any(isinstance(value, ast.Name) and value.id == "by" for value in given)


@pytest.mark.parametrize(
    "module", [m for m in modules() if set(m.name.split(".")) & set(NO_WRITES)], ids=lambda m: m.name
)
def test_views_and_questions_write_nothing(module: Module) -> None:
    assert [f"line {call.lineno}: {ast.unparse(call)}" for call in orm_writes(module.tree)] == []


# Where children are looked up. Everybody else asks `children.access`, which gives what may be seen.
MAY_LOOK_UP_CHILDREN = {
    "cre_toolkit.children.access",
    "cre_toolkit.children.actions",
    "cre_toolkit.children.queries",
    "cre_toolkit.children.pairs",  # compares records for those whose duty that is
    "cre_toolkit.children.unseen",  # tells whoever may break the glass that there is a record, and no more
    "cre_toolkit.children.looks",  # finds every record of a child whom the caller has found
    "cre_toolkit.children.trail",  # puts references to the children of audit events, by a policy of its own
    "cre_toolkit.children.holding",  # locks the row of a child whom the caller has found
    "cre_toolkit.children.merging",  # the same, on the way to and from one record
    "cre_toolkit.children.restriction",  # closes every record of a child whom the caller has found
    "cre_toolkit.children.sweep",  # the service itself looks for records of one child
    "cre_toolkit.records.destroying",  # removes every record of a child on whom two people agreed
    "cre_toolkit.records.keeping",  # the service itself counts how long each record is kept
    "cre_toolkit.records.queries",  # lists references for those whose duty that is
    "cre_toolkit.records.subject_access",  # finds the child of a request for those whose duty that is
    "cre_toolkit.records.reviewing",  # asks the policy about the child of a proposal
    "cre_toolkit.casework.case.state",  # writes its copy of the working level
    "cre_toolkit.casework.case.rebuilding",  # the service itself compares the copies of every case
}


@pytest.mark.parametrize(
    "module", [m for m in modules() if m.name not in MAY_LOOK_UP_CHILDREN], ids=lambda m: m.name
)
def test_no_child_is_found_past_the_access_policy(module: Module) -> None:
    found = [
        f"line {node.lineno}"
        for node in module.attributes("objects")
        if isinstance(node.value, ast.Name) and node.value.id == "Child"
    ]
    assert found == [], "ask children.access.visible_to or find_child"


def test_the_exceptions_are_there_to_be_excepted() -> None:
    assert {module.name for module in modules()} >= MAY_LOOK_UP_CHILDREN | set(NOT_ACTS)
