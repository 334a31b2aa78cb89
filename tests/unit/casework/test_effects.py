"""Which act makes which event: the table is complete, and each act does what its line says."""

import ast
import uuid
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings
from django.utils import timezone

from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.casework.case import effects, in_error
from cre_toolkit.casework.case.effects import EFFECTS
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.models import Call, CaseEvent
from cre_toolkit.children.models import Child
from cre_toolkit.rules.authority import ActionId, CaseActionId
from tests.factories.assessments import ready_draft
from tests.factories.events import incident_on
from tests.factories.meetings import held_meeting
from tests.factories.people import ChildFactory

CASEWORK = Path(settings.BASE_DIR) / "cre_toolkit" / "casework"
MAKES = {"case.events.record_events"}
"""What writes events down: whoever calls it, by whatever way, makes events."""
LINES = {effect.act: effect for effect in EFFECTS}


@cache
def called() -> dict[str, set[str]]:
    """Every function of `casework`, as `folder.module.function`, and those of `casework` that it calls."""
    found = {}
    for path in CASEWORK.glob("*/*.py"):
        tree = ast.parse(path.read_text())
        here = f"{path.parent.name}.{path.stem}"
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        known = {node.name: f"{here}.{node.name}" for node in functions} | _imported(tree)
        found |= {f"{here}.{node.name}": set(_calls(node, known)) for node in functions}
    return found


def _imported(tree):
    """What a module takes from `casework`, modules and functions alike: by which name, and which it is."""
    within = "cre_toolkit.casework."
    return {
        name.asname or name.name: f"{node.module.removeprefix(within)}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(within)
        for name in node.names
    }


def _calls(function, known):
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) if name in known:
                    yield known[name]
                case ast.Attribute(value=ast.Name(id=module), attr=name) if module in known:
                    yield f"{known[module]}.{name}"


def reached(start, until=()):
    """Everything that a function calls, and they in turn; not what those of `until` call."""
    seen, waiting = set(), [start]
    while waiting:
        for name in called().get(waiting.pop(), ()):
            if name not in seen:
                seen.add(name)
                if name not in until:
                    waiting.append(name)
    return seen


def test_whoever_makes_an_event_stands_in_the_table_or_does_it_through_one_that_does():
    somebody_calls = set().union(*called().values())
    roots = set(called()) - somebody_calls - set(LINES)
    assert [root for root in sorted(roots) if reached(root, until=LINES) & MAKES] == []


@pytest.mark.parametrize("act", LINES)
def test_every_act_of_the_table_is_there_and_makes_events(act):
    assert act in called()
    assert reached(act) & MAKES


def test_every_kind_of_event_is_made_by_an_act():
    assert {kind for effect in EFFECTS for kind in effect.events} == set(CaseEvent.Kind.values)


def test_whatever_can_fall_due_is_done_by_an_act():
    can_be_done = {id_ for effect in EFFECTS for id_ in effect.does}
    assert sorted({*get_args(ActionId), *get_args(CaseActionId)} - can_be_done) == []


def test_an_act_stands_in_the_table_once_and_the_page_is_printed_from_it():
    assert len(LINES) == len(EFFECTS)
    printed = Path(settings.BASE_DIR) / "docs" / "reference" / "acts-and-events.md"
    assert printed.read_text() == effects.page(), "python -m cre_toolkit.casework.case.effects > that file"


# --- What each line says, on a real case --------------------------------------------------------------------


def assessed(level="high", authority="derby", **facts):
    known = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}
    child = ChildFactory(authority=authority, **known | facts)
    sending.send(by=child.created_by, assessment=ready_draft(child, level=level))
    return Child.objects.get(pk=child.pk)


def in_danger(child):
    draft = ready_draft(child, immediate_risk="yes")
    calls.declare_danger(by=draft.author, assessment=draft, at=timezone.now())
    return draft


def telephone(child):
    calls.log_call(
        by=child.created_by, child=child, to=Call.To.POLICE, at=timezone.now(), outcome=Call.Outcome.SPOKE,
        form_id=uuid.uuid4(),
    )  # fmt: skip


# By act: what stands before it, and doing it.
RUNS = {
    "assessment.sending.send": (
        incident_on,
        lambda child, _: sending.send(by=child.created_by, assessment=ready_draft(child)),
    ),
    "assessment.calls.declare_danger": (lambda child: None, lambda child, _: in_danger(child)),
    "assessment.calls.log_call": (in_danger, lambda child, _: telephone(child)),
    "note.incidents.record_incident": (lambda child: None, lambda child, _: incident_on(child)),
    "case.in_error.withdraw": (
        incident_on,
        lambda child, was: in_error.withdraw(by=child.created_by, entered=was.event, why="Another child."),
    ),
    "meeting.holding.record": (lambda child: None, lambda child, _: held_meeting(child, days=0)),
}


@pytest.mark.django_db
@pytest.mark.parametrize("act", RUNS)
def test_a_real_run_makes_the_events_of_its_line_and_does_no_more_than_it_says(act):
    before, run = RUNS[act]
    child = assessed()
    was = before(child)
    events = set(CaseEvent.objects.values_list("pk", flat=True))
    done = {(one.entry.id, one.entry.event_id) for one in state_of(child).done}
    run(child, was)
    made = set(CaseEvent.objects.exclude(pk__in=events).values_list("kind", flat=True))
    now_done = {
        one.entry.id for one in state_of(child).done if (one.entry.id, one.entry.event_id) not in done
    }
    line = LINES[act]
    assert made, act
    assert made <= set(line.events)
    assert now_done <= set(line.does)
