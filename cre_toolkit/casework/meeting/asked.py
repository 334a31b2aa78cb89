"""What meetings ask for, as a query to filter further.

A meeting that was recorded in error asks nobody for anything, and minutes that were corrected ask for what
the newest version says.
"""

from django.db.models import Exists, OuterRef, QuerySet

from cre_toolkit.casework.models import MeetingAction, Minutes


def asked_for() -> QuerySet[MeetingAction]:
    """What the newest minutes of meetings that stand ask for, done or not."""
    newer = Minutes.objects.filter(
        meeting=OuterRef("minutes__meeting"), version__gt=OuterRef("minutes__version")
    )
    return MeetingAction.objects.filter(~Exists(newer), minutes__event__in_error=None)


def open_actions() -> QuerySet[MeetingAction]:
    """What is asked for and not done."""
    return asked_for().filter(done_at=None)
