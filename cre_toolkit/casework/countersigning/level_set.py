"""The level that a manager set in place of an assessment's own, for lists that say what was assessed.

Source: case.md, `countersign`. Whoever goes by a list must not go by the level that counts no longer.
"""

from django.db.models import OuterRef, Subquery

from cre_toolkit.casework.models import Countersignature


def level_set(record: str) -> Subquery:
    """That level, where one was set and stands: to annotate a query with; no query more.

    Args:
        record: the name of the field that leads to the assessment's record (`pk` of records themselves).
    """
    stands = Countersignature.objects.filter(record=OuterRef(record), event__in_error=None)
    return Subquery(stands.exclude(level="").values("level")[:1])
