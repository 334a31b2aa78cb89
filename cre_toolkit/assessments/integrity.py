"""Whether sent assessments still say what was recorded, by the hash that stands on the audit trail.

The database refuses to change a record, but not its owner. An event of the trail holds the record's hash
under a key that the database never sees: whoever alters a record cannot alter that (`audit/verifying.py`).
"""

import hashlib
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from cre_toolkit.assessments.deflating import inflated
from cre_toolkit.assessments.models import Record
from cre_toolkit.audit import queries as audit

# The kinds of event by which a record comes to be.
KEPT = ("assessment.recorded", "assessment.transcribed")
AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Altered:
    """A record that is not as it was recorded, and how that shows."""

    reference: str
    how: str


def altered() -> Iterator[Altered]:
    """Every record that has been altered in the database. It reads them all."""
    recorded = {
        uuid.UUID(detail["record"]): detail["sha256"]
        for detail in audit.of_kind(*KEPT).values_list("detail", flat=True).iterator(chunk_size=AT_A_TIME)
    }
    records = Record.objects.select_related("assessment").order_by("pk")
    for record in records.iterator(chunk_size=AT_A_TIME):
        reference = record.assessment.reference
        sha256 = recorded.pop(record.pk, None)
        if sha256 is None:
            yield Altered(reference, "the audit trail knows nothing of it")
        elif sha256 != record.sha256:
            yield Altered(reference, "its hash is not the one that was recorded")
        elif _hash_of(record) != sha256:
            yield Altered(reference, "what it says is not what was recorded")
        elif not _stands_beside(record):
            yield Altered(reference, "a column beside it says something else")


def _hash_of(record: Record) -> str:
    try:
        return hashlib.sha256(inflated(record.deflated)).hexdigest()
    except zlib.error:
        return ""


def _stands_beside(record: Record) -> bool:
    """Whether the columns that repeat the content for queries say what it says."""
    outcome = record.content["outcome"]
    return (record.recorded_level, record.indicated_level, record.instrument) == (
        outcome["recorded_level"] or "",
        outcome["indicated_level"] or "",
        record.content["instrument"],
    )
