"""Whatever can be due has a few words of its own for the lists."""

from typing import get_args

from cre_toolkit.casework.case.looking_again import LOOK_AGAIN
from cre_toolkit.casework.case.state import MISSING
from cre_toolkit.casework.case.task_titles import TITLES
from cre_toolkit.rules.authority import ActionId, CaseActionId, ReviewId


def test_whatever_can_be_due_has_a_title():
    due = {*get_args(ActionId), *get_args(CaseActionId), *get_args(ReviewId), LOOK_AGAIN, MISSING}
    assert set(TITLES) == due
