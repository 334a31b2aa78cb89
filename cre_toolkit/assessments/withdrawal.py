"""Saying that a sent assessment was an error. It is never erased: the record stays as it was, and says so."""

import datetime

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Record, Withdrawal
from cre_toolkit.audit import actions as audit


class SaysNoReason(ValueError):
    """Whoever withdraws a record says why, in words: others acted on it."""


@transaction.atomic(savepoint=False)
def record_withdrawal(
    *, by: User, record: Record, category: Withdrawal.Category, words: str, at: datetime.datetime
) -> Withdrawal:
    """Write down that a record was an error. `casework.assessment.withdrawing` sees to what follows from it.

    Args:
        by: who says so.
        record: not withdrawn yet; the caller holds its assessment.
        category: what kind of error it was.
        words: what happened, as it will stand on the record.
        at: the instant from which it no longer counts.

    Raises:
        SaysNoReason: there are no words.
    """
    if not words.strip():
        raise SaysNoReason
    withdrawal = Withdrawal.objects.create(record=record, by=by, at=at, category=category, words=words)
    audit.record(
        by=by,
        kind="assessment.withdrawn",
        authority=record.authority,
        child=record.child_id,
        subject_kind="record",
        subject=record.pk,
        detail={"category": category},
    )
    return withdrawal
