"""From a draft to the record of what was sent: asked for everything at once, then sealed for good."""

import datetime
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import answers as shapes
from cre_toolkit.assessments import readiness, record
from cre_toolkit.assessments.actions import ASSESSES_NO_MORE
from cre_toolkit.assessments.casefile import case_file
from cre_toolkit.assessments.level import stated
from cre_toolkit.assessments.models import Assessment, DraftSection, Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.loading import load_authority, load_instrument
from cre_toolkit.rules.outcome import Finding, Outcome
from cre_toolkit.statements import statement


class NotAccepted(ValueError):
    """The assessment cannot be sent yet.

    Args:
        outcome: what the rules say, with their problems.
        problems: those and the service's own, in the order in which they are shown.
    """

    def __init__(self, outcome: Outcome, problems: list[Finding]) -> None:
        self.outcome, self.problems = outcome, problems
        super().__init__(", ".join(problem.code for problem in problems))


def hold(by: User, assessment: Assessment) -> Assessment:
    """The author's assessment with what every record needs of it, locked with its child. One query.

    Whoever saves, sends or discards it, and whatever else happens on the child's case, waits until the
    transaction ends. So eight presses at once queue here, and the first of them sends.

    Args:
        by: its author.
        assessment: the draft, or what was sent of it since.

    Raises:
        NotVisible: it is somebody else's.
        NotAllowed: assessing is not within their roles any more.
    """
    # PostgreSQL gives back no row whose author or child changed while we waited, since it is joined with
    # theirs. Handed over, it is nobody's here; on the record that the child's was merged into, it is found.
    found = _locked(author=by.pk, assessment=assessment.pk) or _locked(author=by.pk, assessment=assessment.pk)
    if found and found[0].child.allocated_worker_id and not found[0].child.allocated_worker:
        # Another was allocated while we waited; PostgreSQL joined the one before. The child is held by now.
        found = _locked(author=by.pk, assessment=assessment.pk)
    if not found:
        raise access.NotVisible(assessment.reference)
    held = found[0]
    read: Any = held  # with what was annotated
    if held.status == Assessment.Status.DRAFT and not read.may_assess:
        raise access.NotAllowed(ASSESSES_NO_MORE)
    if held.begun_on_id == held.child_id:
        # One and the same, also in memory: what is said of the one is said of the other.
        held.begun_on = held.child
    return held


@statement
def _locked(*, author: uuid.UUID, assessment: uuid.UUID) -> QuerySet[Assessment]:
    # First the assessment, then its child, as everywhere. NO KEY: rows that point to them can be written.
    locked = Assessment.objects.select_for_update(of=("self", "child"), no_key=True)
    return (
        locked.select_related("child__allocated_worker__agency", "begun_on", "author__agency")
        .annotate(may_assess=access.holds(access.Act.ASSESS, author))
        .filter(pk=assessment, author=author)
    )


@statement
def _said_in(*, draft: uuid.UUID) -> QuerySet[DraftSection, Any]:
    return DraftSection.objects.filter(assessment=draft).values_list("section", "answers", "carried")


@transaction.atomic(savepoint=False)
def record_held(
    *,
    by: User,
    draft: Assessment,
    completed_at: datetime.datetime,
    earlier: record.Earlier | None = None,
    referred: Mapping[str, datetime.datetime] = MappingProxyType({}),
) -> Record:
    """Turn a draft into the record of what was sent.

    Args:
        by: the author.
        draft: as `hold` gave it, in the same transaction; not sent yet.
        completed_at: the instant of completion, from which everything that is due counts.
        earlier: the child's newest record that stands, where there is one.
        referred: since when `social_care` and `police` know of the child, as far as the caller can tell.

    Raises:
        NotAccepted: the toolkit, or the service, asks for something that is not there yet.
    """
    rows = _said_in(draft=draft.pk)
    answers = shapes.from_sections({section: said for section, said, _ in rows})
    carried = {section: where for section, _, where in rows if where}
    instrument, series = load_instrument(draft.instrument), load_authority(draft.child.authority)
    outcome = assess(
        instrument, series, parse_case_file(case_file(draft.child, answers, completed_at, draft.instrument))
    )
    today = timezone.localdate(completed_at)
    problems = [*outcome.problems, *readiness.missing(answers, outcome, instrument, carried, on=today)]
    if problems:
        raise NotAccepted(outcome, problems)
    said = stated(answers, outcome)
    content = record.content(
        assessment=draft,
        instrument=instrument,
        authority=series.on(timezone.localdate(completed_at)),
        answers=said,
        case_file=case_file(draft.child, said, completed_at, draft.instrument),
        outcome=outcome.as_dict(),
        earlier=earlier,
        previous=_previous(draft),
        completed_at=completed_at,
        sent_at=completed_at,
        referred=referred,
    )
    return keep(by=by, draft=draft, content=content)


@transaction.atomic(savepoint=False)
def keep(
    *, by: User, draft: Assessment, content: dict[str, Any], kind: str = "assessment.recorded"
) -> Record:
    """Seal the content of a record for good. Its draft is one no longer.

    Args:
        by: the author.
        draft: as `hold` gave it, in the same transaction.
        content: what the record holds (`assessments/record.py`).
        kind: the audit event's kind.
    """
    sha256, deflated = record.sealed(content)
    outcome = content["outcome"]
    completed_at, sent_at = (
        datetime.datetime.fromisoformat(content[key]) for key in ("completed_at", "sent_at")
    )
    kept = Record.objects.create(
        assessment=draft,
        child=draft.begun_on,
        author=by,
        authority=draft.child.authority,
        instrument=content["instrument"],
        edition_sha256=content["edition_sha256"],
        completed_at=completed_at,
        sent_at=sent_at,
        recorded_level=outcome["recorded_level"] or "",
        indicated_level=outcome["indicated_level"] or "",
        sha256=sha256,
        deflated=deflated,
    )
    Assessment.objects.filter(pk=draft.pk).update(status=Assessment.Status.SENT, changed_at=sent_at)
    draft.sections.all().delete()
    audit.record(
        by=by,
        kind=kind,
        authority=draft.child.authority,
        child=draft.child_id,
        subject_kind="assessment",
        subject=draft.pk,
        detail={"record": str(kept.pk), "level": kept.recorded_level, "sha256": sha256},
    )
    return kept


def _previous(draft: Assessment) -> record.Previous | None:
    """The record that this one reviews. One query, for a review alone."""
    if draft.previous_id is None:
        return None
    reviewed = Record.objects.filter(assessment=draft.previous_id)
    return record.Previous(*reviewed.values_list("assessment__reference", "completed_at").get())
