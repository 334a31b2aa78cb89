"""The newest assessment of a child that stands: the one that a review takes up."""

from cre_toolkit.assessments.models import Record
from cre_toolkit.children.models import Child


def last_to_review(child: Child, instrument: str) -> Record | None:
    """The child's newest assessment on that form that stands: what a review takes up. One query."""
    return (
        Record.objects.filter(child__stands_for=child.stands_for, instrument=instrument, withdrawal=None)
        .select_related("assessment")
        .order_by("-completed_at", "-pk")
        .first()
    )


def is_last(record: Record) -> bool:
    """Whether a record that stands is the newest on its form: the one that a review takes up. One query."""
    newer = Record.objects.filter(
        child__stands_for=record.child.stands_for,
        instrument=record.instrument,
        withdrawal=None,
        completed_at__gt=record.completed_at,
    )
    return not newer.exists()
