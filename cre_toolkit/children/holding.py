"""Holding a child's record while something is done about it: acts on one child wait for each other."""

import uuid
from collections.abc import Collection

from django.db.models import Subquery

from cre_toolkit.children.models import Child


def hold(child: Child) -> Child:
    """The child's row as it stands, locked until the transaction ends. One query; two for a merged record.

    An act that reads a case and then writes to it holds the child first: two acts on one case wait for each
    other here, so that the later reads what the earlier wrote. Who locks an assessment as well, locks it
    before. Of a record that has been merged into another, the one that was kept is held, and it alone: who
    parts the two holds both.
    """
    stands_for = Child.objects.filter(pk=child.pk).values("stands_for")
    # NO KEY: rows that point to the child can still be written.
    row = Child.objects.select_for_update(no_key=True).get(pk=Subquery(stands_for))
    if row.merged_into_id:
        # Merged while we waited.
        return hold(row)
    if row.pk != child.pk and not stands_for.filter(stands_for=row.pk).exists():
        # Parted while we waited.
        return hold(child)
    return row


def hold_each(children: Collection[uuid.UUID]) -> list[Child]:
    """The rows of many children, each locked as `hold` locks one. One query.

    Held in one order by everybody, so that two who do this at once do not wait for each other for ever. A
    record that was merged into another while we waited is left out.
    """
    rows = Child.objects.select_for_update(no_key=True).filter(pk__in=children, merged_into=None)
    return list(rows.order_by("pk"))


def every_record(child: Child) -> list[Child]:
    """Every record of a child, with its worker, first the one that stands for them. One query.

    Args:
        child: the record that stands for the child, held.
    """
    merged = Child.objects.filter(stands_for=child.pk).exclude(pk=child.pk)
    return [child, *merged.select_related("allocated_worker").order_by("pk")]
