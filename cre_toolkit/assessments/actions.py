"""Every write to an assessment. A draft takes anything; sending asks for what the toolkit asks for."""

import datetime
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import answers as shapes
from cre_toolkit.assessments import readiness, record
from cre_toolkit.assessments.casefile import case_file
from cre_toolkit.assessments.models import Assessment, DraftSection, Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.loading import load_authority, load_instrument
from cre_toolkit.rules.outcome import Finding, Outcome

CURRENT_INSTRUMENT = "cre-2020"


class AlreadySent(RuntimeError):
    """The assessment was sent: what was recorded never changes."""


class ChangedElsewhere(RuntimeError):
    """Somebody, or another tab, saved this section since it was opened. Nothing has been overwritten.

    Args:
        theirs: what stands in the database.
        mine: what was to be saved.
    """

    def __init__(self, theirs: DraftSection, mine: dict[str, Any]) -> None:
        self.theirs, self.mine = theirs, mine
        super().__init__(theirs.section)


class NotAccepted(ValueError):
    """The assessment cannot be sent yet.

    Args:
        outcome: what the rules say, with their problems.
        problems: those and the service's own, in the order in which they are shown.
    """

    def __init__(self, outcome: Outcome, problems: list[Finding]) -> None:
        self.outcome, self.problems = outcome, problems
        super().__init__(", ".join(problem.code for problem in problems))


@transaction.atomic
def start(*, by: User, child: Child, form_id: uuid.UUID) -> Assessment:
    """Begin an assessment of a child. The same form sent twice begins one.

    Who has an unfinished one of this child goes on with that: two drafts by one person help nobody.

    Args:
        by: its author.
        child: whom they may see.
        form_id: minted by the form.

    Raises:
        NotAllowed: assessing is not within the user's roles.
        NotVisible: the form's number belongs to somebody else's assessment.
    """
    access.check(access.standing_of(by), access.Act.ASSESS)
    mine = Assessment.objects.filter(child=child, author=by)
    draft = mine.filter(form_id=form_id).first() or mine.filter(status=Assessment.Status.DRAFT).first()
    if draft:
        return draft
    now = timezone.now()
    draft, made = Assessment.objects.get_or_create(
        form_id=form_id,
        defaults={
            "child": child,
            "author": by,
            "instrument": CURRENT_INSTRUMENT,
            "started_at": now,
            "changed_at": now,
        },
    )
    if (draft.author_id, draft.child_id) != (by.pk, child.pk):
        raise access.NotVisible(draft.reference)
    if made:
        _audit(by, draft, "assessment.started", {"instrument": draft.instrument})
    return draft


@transaction.atomic
def save_section(
    *, by: User, assessment: Assessment, section: str, answers: Mapping[str, Any], version: int
) -> DraftSection:
    """Save one section of a draft, unless it was saved by somebody else since it was opened.

    Args:
        by: the author.
        assessment: the draft.
        section: one of `Section`.
        answers: the section's answers (`answers.SECTIONS`), however unfinished.
        version: the version that was opened; 0 for a section not saved before.

    Returns:
        The section as it stands now. Saving what stands there already is no conflict, whatever the version.

    Raises:
        AlreadySent: there is no draft any more.
        BadAnswers: no page of the journey can have sent these.
        ChangedElsewhere: another version stands there; carries both.
    """
    part = shapes.read(section, answers, load_instrument(assessment.instrument))
    wanted = shapes.dump_short(part)
    now = timezone.now()
    open_draft = Assessment.objects.filter(pk=assessment.pk, author=by, status=Assessment.Status.DRAFT)
    # The update also holds the row, so that sending and saving wait for each other.
    if not open_draft.update(changed_at=now):
        raise AlreadySent(assessment.reference)
    saved = _write(by, assessment, section, wanted, version, now)
    if saved is None:
        stands = DraftSection.objects.select_related("saved_by").get(assessment=assessment, section=section)
        if stands.answers != wanted:
            raise ChangedElsewhere(stands, wanted)
        return stands
    _audit(by, assessment, "assessment.saved", {"section": section, "version": saved.version})
    return saved


def _write(
    by: User,
    assessment: Assessment,
    section: str,
    answers: dict[str, Any],
    version: int,
    now: datetime.datetime,
) -> DraftSection | None:
    """The section as written; None where another version stands there."""
    if version:
        changed = DraftSection.objects.filter(assessment=assessment, section=section, version=version).update(
            answers=answers, version=version + 1, saved_at=now, saved_by=by
        )
        if not changed:
            return None
        return DraftSection(
            assessment=assessment,
            section=section,
            answers=answers,
            version=version + 1,
            saved_at=now,
            saved_by=by,
        )
    try:
        with transaction.atomic():
            return DraftSection.objects.create(
                assessment=assessment, section=section, answers=answers, saved_at=now, saved_by=by
            )
    except IntegrityError:
        return None


def record_sent(
    *,
    by: User,
    assessment: Assessment,
    completed_at: datetime.datetime,
    referred: Mapping[str, datetime.datetime] = MappingProxyType({}),
) -> Record:
    """Turn a draft into the record of what was sent; done twice, it gives back the record (`record_once`)."""
    return record_once(by=by, assessment=assessment, completed_at=completed_at, referred=referred)[0]


@transaction.atomic
def record_once(
    *,
    by: User,
    assessment: Assessment,
    completed_at: datetime.datetime,
    referred: Mapping[str, datetime.datetime] = MappingProxyType({}),
) -> tuple[Record, bool]:
    """Turn a draft into the record of what was sent. Eight presses at once queue here; the first records.

    Args:
        by: the author.
        assessment: the draft.
        completed_at: the instant of completion, from which everything that is due counts.
        referred: since when `social_care` and `police` know of the child, as far as the caller can tell.

    Returns:
        The record, and whether it was made now.

    Raises:
        NotVisible: it is somebody else's.
        NotAccepted: the toolkit, or the service, asks for something that is not there yet.
    """
    draft = _locked(assessment)
    if draft.author_id != by.pk:
        raise access.NotVisible(assessment.reference)
    if draft.status == Assessment.Status.SENT:
        return Record.objects.select_related("assessment", "child").get(assessment=draft), False
    said = shapes.from_sections(dict(draft.sections.values_list("section", "answers")))
    instrument, series = load_instrument(draft.instrument), load_authority(draft.child.authority)
    file = case_file(draft.child, said, completed_at, draft.instrument)
    outcome = assess(instrument, series, parse_case_file(file))
    problems = [*outcome.problems, *readiness.missing(said, outcome, instrument)]
    if problems:
        raise NotAccepted(outcome, problems)
    sha256, deflated = record.sealed(
        record.content(
            assessment=draft,
            instrument=instrument,
            authority=series.on(timezone.localdate(completed_at)),
            answers=said,
            case_file=file,
            outcome=outcome.as_dict(),
            earlier=_earlier(draft),
            completed_at=completed_at,
            sent_at=completed_at,
            referred=referred,
        )
    )
    sent = Record.objects.create(
        assessment=draft,
        child=draft.child,
        author=by,
        authority=draft.child.authority,
        instrument=draft.instrument,
        edition_sha256=instrument.sha256,
        completed_at=completed_at,
        sent_at=completed_at,
        recorded_level=outcome.recorded_level or "",
        indicated_level=outcome.indicated_level or "",
        sha256=sha256,
        deflated=deflated,
    )
    Assessment.objects.filter(pk=draft.pk).update(status=Assessment.Status.SENT, changed_at=completed_at)
    draft.sections.all().delete()
    _audit(by, draft, "assessment.recorded", {"record": str(sent.pk), "level": sent.recorded_level})
    return sent, True


def _locked(assessment: Assessment) -> Assessment:
    """The draft, held until the transaction ends, with everything that its record needs. One query."""
    before = Record.objects.filter(child=OuterRef("child")).order_by("-completed_at")
    return (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("child__allocated_worker", "author__agency")
        .annotate(
            before_at=Subquery(before.values("completed_at")[:1]),
            before_level=Subquery(before.values("recorded_level")[:1]),
            before_instrument=Subquery(before.values("instrument")[:1]),
        )
        .get(pk=assessment.pk)
    )


def _earlier(draft: Any) -> record.Earlier | None:
    """The child's newest record before this one, as `_locked` read it."""
    if draft.before_at is None:
        return None
    return record.Earlier(draft.before_at, draft.before_level, draft.before_instrument)


def _audit(by: User, assessment: Assessment, kind: str, detail: dict[str, Any]) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=assessment.child.authority,
        child=assessment.child_id,
        subject_kind="assessment",
        subject=assessment.pk,
        detail=detail,
    )
