"""What the rules ask about a child, as the two contracts write it."""

import datetime
from typing import Any

from cre_toolkit.children.models import Child, YesNoUnknown

_ANSWERS: dict[str, bool | None] = {YesNoUnknown.YES: True, YesNoUnknown.NO: False}


def facts(child: Child, day: datetime.date) -> dict[str, Any]:
    """The child's part of a case file (`assessment.md`) as the record stands.

    Not known and not yet answered are both null there: the rules treat neither as "no".

    Args:
        child: the record.
        day: the day on which an estimated age is taken.
    """
    on_plan = None if child.plan in ("", Child.Plan.NOT_KNOWN) else child.plan == Child.Plan.CHILD_PROTECTION
    return {
        "date_of_birth": child.date_of_birth.isoformat() if child.date_of_birth else None,
        "age": None if child.date_of_birth else child.age_on(day),
        "send": _ANSWERS.get(child.send),
        "open_to_social_care": _ANSWERS.get(child.open_to_social_care),
        "child_protection_plan": on_plan,
        "looked_after": _ANSWERS.get(child.looked_after),
    }
