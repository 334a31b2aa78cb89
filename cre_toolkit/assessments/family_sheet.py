"""What a child or family may be given about an assessment: only where it is safe, and kept as it was given.

Source: toolkit.md, A5 ("is it safe to tell the family?") and E3. What stands on a sheet: `family_content`.
"""

import json
import uuid
from dataclasses import asdict
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.family_content import Said, content
from cre_toolkit.assessments.models import Assessment, FamilySheet, Record
from cre_toolkit.assessments.newest import is_last
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.access import Act


class WhyNot(StrEnum):
    """Why nothing is offered to give to the family."""

    WITHDRAWN = "withdrawn"
    PAPER = "paper"
    NOT_LAST = "not-last"
    NOT_SAFE = "not-safe"
    NOT_KNOWN = "not-known"
    NOT_ANSWERED = "not-answered"


_BY_ANSWER = {"yes": None, "no": WhyNot.NOT_SAFE, "not-known": WhyNot.NOT_KNOWN}


class NotOffered(PermissionError):
    """Nothing may be given to the family about this assessment.

    Args:
        why: the reason.
    """

    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why)


def why_not(record: Record) -> WhyNot | None:
    """Why nothing is offered; None where it may be. The assessment's own answer decides (A5). One query.

    An assessment that was superseded is no longer asked: what was safe then may not be now.

    Args:
        record: the sent assessment, read with its assessment and its withdrawal.
    """
    if hasattr(record, "withdrawal"):
        return WhyNot.WITHDRAWN
    if record.assessment.transcribed:
        return WhyNot.PAPER
    if not is_last(record):
        return WhyNot.NOT_LAST
    answer = record.content["answers"]["sharing"].get("safe-to-tell-family", "")
    return _BY_ANSWER.get(answer, WhyNot.NOT_ANSWERED)


@transaction.atomic
def give(*, by: User, record: Record, said: Said, form_id: uuid.UUID) -> FamilySheet:
    """Make the sheet that the child or family is given, and keep it. The same form sent twice makes one.

    Sent again with other words (Back, and corrected), it makes another: what was made stays as it was given.

    Args:
        by: who gives it.
        record: a sent assessment of a child whom they may see.
        said: what stands on it.
        form_id: minted by the form.

    Raises:
        NotAllowed: giving something to a family is not within the user's roles.
        NotOffered: it is not safe, or nobody has said that it is.
    """
    access.check(access.standing_of(by), Act.GIVE_FAMILY_SHEET)
    # One that is withdrawn in this moment waits, or is seen here.
    Assessment.objects.select_for_update(no_key=True).get(pk=record.assessment_id)
    record = Record.objects.select_related("assessment", "withdrawal").get(pk=record.pk)
    if (why := why_not(record)) is not None:
        raise NotOffered(why)
    now = timezone.now()
    sheet, made = FamilySheet.objects.get_or_create(
        form_id=uuid.uuid5(form_id, json.dumps([str(record.pk), str(by.pk), asdict(said)])),
        defaults={"record": record, "by": by, "at": now, "content": content(said, by, now)},
    )
    if made:
        audit.record(
            by=by,
            kind="family-sheet.given",
            authority=record.authority,
            child=record.child_id,
            subject_kind="family-sheet",
            subject=sheet.pk,
            detail={"for": said.for_whom},
        )
    return sheet


def sheets_of(record: Record) -> list[FamilySheet]:
    """What has been given about an assessment, the newest first. One query."""
    return list(FamilySheet.objects.filter(record=record).select_related("by").order_by("-at"))


def sheet_of(record: Record, reference: str) -> FamilySheet:
    """One sheet about an assessment that the caller may see. One query.

    Raises:
        NotVisible: there is none of that reference about it.
    """
    found = FamilySheet.objects.filter(record=record, reference=reference).first()
    if found is None:
        raise access.NotVisible(reference)
    return found
