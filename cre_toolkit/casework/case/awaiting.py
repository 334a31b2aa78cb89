"""Which assessments wait for a manager's answer: a copy, so that a queue need not read every assessment.

Source: CRE 2020, page 10; toolkit.md, B4.
"""

from collections.abc import Collection

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.models import Awaiting

TELL_MANAGER = "tell-manager"
# The reason by which low is recorded below the floor: a manager reads the protective factors.
FLOOR_LIFTED = "floor-lifted"


def needs_manager(record: Record) -> bool:
    """Whether a sent assessment goes to a manager at once, who countersigns it, returns it or sets a level.

    At medium or high, where the risk is immediate, where the level is below what the indicators point to, and
    at low below the floor. Whether it was entered from paper is the caller's to ask: that was decided on when
    it was written.
    """
    outcome = record.content["outcome"]
    asked = {action["id"] for action in outcome["actions"]}
    return TELL_MANAGER in asked or any(reason["rule"] == FLOOR_LIFTED for reason in outcome["reasons"])


def follow(*, begin: Collection[Record], end: Collection[Record]) -> None:
    """Keep the copy of one case right. A query for each of the two that is not empty.

    Args:
        begin: its assessments that wait from now on.
        end: those that waited, and were answered or withdrawn.
    """
    if end:
        Awaiting.objects.filter(record__in=end).delete()
    if begin:
        Awaiting.objects.bulk_create(
            [Awaiting(record=record, since=record.sent_at, danger=record.says_danger) for record in begin],
            ignore_conflicts=True,
        )
