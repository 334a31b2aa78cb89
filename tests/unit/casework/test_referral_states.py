"""The table by which referrals move, and the page that is printed from it."""

from pathlib import Path

import pytest

from cre_toolkit.casework.referral import states as referral_states
from cre_toolkit.casework.referral.states import BEGINS, MOVES, NotNow, State, Step, after

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "referral-states.md"
ENDS = {State.ALLOCATED, State.RETURNED, State.WITHDRAWN}


def test_the_page_of_the_reference_is_what_the_table_says():
    assert PAGE.read_text() == referral_states.page()


def test_every_step_stands_in_the_table_once():
    assert sorted(move.step for move in MOVES) == sorted(Step)


def test_every_state_is_reached_and_only_the_ends_lead_nowhere():
    assert {*BEGINS, *(move.after for move in MOVES if move.after)} == {*State}
    assert {*State} - {state for move in MOVES for state in move.before} == ENDS


def test_what_reaches_nobody_leaves_the_queue_by_a_route_or_with_its_assessment_alone():
    out = {
        move.step
        for move in MOVES
        if State.NO_ROUTE in move.before and move.after not in (None, State.NO_ROUTE)
    }
    assert out == {Step.ROUTED, Step.PREPARED, Step.WITHDRAWN}


def test_a_step_that_is_not_in_the_table_is_refused():
    with pytest.raises(NotNow):
        after(State.RETURNED, Step.ACCEPTED)
