"""Until when somebody has seen what was entered on a child's case.

A mark for the page of what is new, and no record of who looked when: that is on the audit trail with the look
itself (`access.find_child`).
"""

import datetime

from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.children.models import Child, LastLook


def looked(*, by: User, child: Child, entered_at: datetime.datetime | None) -> None:
    """Somebody has opened a child's page. One query where there was something new to see, none otherwise.

    Args:
        by: who looks.
        child: as `access.find_child` gave it.
        entered_at: when the last event of the case was entered; None where there is none yet.
    """
    before: datetime.datetime | None = child.looked_at  # type: ignore[attr-defined] # it comes with the child
    if entered_at is None or (before and before >= entered_at):
        return
    LastLook.objects.bulk_create(
        [LastLook(user=by, child=child, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["user", "child"],
        update_fields=["at"],
    )
