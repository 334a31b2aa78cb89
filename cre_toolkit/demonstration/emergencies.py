"""Who broke the glass in the demonstration: one to read with its review, and one that waits for its own.

Both opened the record of Xiaolong, whose worker is Sam Pretend: Maya Pretend, who manages him, reviews them.
"""

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.children import access, break_glass
from cre_toolkit.children.models import BreakGlass, BreakGlassReview


@transaction.atomic
def load_break_glass(users: dict[str, User]) -> None:
    """Break the glass twice, and review the first, each by its own act.

    Args:
        users: those who are there, by the part of their address before the @; the children are loaded.
    """
    child = access.visible_to(users["worker"]).get(given_names="小龙")
    by_school = break_glass.break_glass(
        by=users["teacher"],
        child=child,
        category=BreakGlass.Category.OUT_OF_HOURS,
        why="He was still at school at seven and would not say why. I needed to know whom to ring.",
    )
    break_glass.review(
        by=users["manager"],
        broken=by_school,
        outcome=BreakGlassReview.Outcome.JUSTIFIED,
        words="I spoke to Tara Pretend and to the caretaker. She rang Sam's number within ten minutes.",
    )
    break_glass.break_glass(
        by=users["police"],
        child=child,
        category=BreakGlass.Category.DANGER,
        why="Found at the bus station at night with an adult who left. We looked for who works with him.",
    )
