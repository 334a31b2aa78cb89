"""Every write to an assessment. A draft takes anything; sending asks for what the toolkit asks for."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import answers as shapes
from cre_toolkit.assessments.models import Assessment, DraftSection
from cre_toolkit.assessments.paper_answers import shape_of
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access, granting
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.rules.loading import load_instrument

CURRENT_INSTRUMENT = "cre-2020"

ASSESSES_NO_MORE = (
    "Your roles do not include assessing any more, so nothing can be saved or sent. What you had saved is "
    "kept: open the assessment and hand it over to a colleague."
)


class NotADraft(RuntimeError):
    """There is no draft to go on with any more: it was sent, or discarded."""


class AlreadySent(NotADraft):
    """The assessment was sent: what was recorded never changes."""


class Discarded(NotADraft):
    """The draft was discarded. Its author can restore it for a while (`drafts.restore`)."""


class ChangedElsewhere(RuntimeError):
    """Somebody, or another tab, saved this section since it was opened. Nothing has been overwritten.

    Args:
        theirs: what stands in the database.
        mine: what was to be saved.
    """

    def __init__(self, theirs: DraftSection, mine: dict[str, Any]) -> None:
        self.theirs, self.mine = theirs, mine
        super().__init__(theirs.section)


@transaction.atomic
def start(*, by: User, child: Child, form_id: uuid.UUID) -> Assessment:
    """Begin an assessment of a child. The same form sent twice begins one.

    Who has an unfinished one of this child goes on with that: two drafts by one person help nobody. Whoever
    begins one sees the child from now on by a grant of their own: it, and what they send, stays theirs to
    read though the role or the team by which they saw the child ends (service.md, "Roles").

    Args:
        by: its author.
        child: whom they may see.
        form_id: minted by the form.

    Raises:
        NotAllowed: assessing is not within the user's roles.
        NotVisible: the form's number belongs to somebody else's assessment.
    """
    standing = access.standing_of(by)
    access.check(standing, access.Act.ASSESS)
    if draft := _begun(by, child, form_id):
        return draft
    # Two records that are being merged: it begins on the one that is kept.
    child = hold(child)
    now = timezone.now()
    try:
        with transaction.atomic():
            draft = Assessment.objects.create(
                child=child,
                begun_on=access.seen_by_way_of(standing, child),
                author=by,
                instrument=CURRENT_INSTRUMENT,
                started_at=now,
                changed_at=now,
                form_id=form_id,
            )
    except IntegrityError:
        # Begun in another tab at the same instant, or with a number that is somebody else's.
        draft = _begun(by, child, form_id)
        if draft is None:
            raise access.NotVisible(str(form_id)) from None
        return draft
    granting.grant(by=by, child=draft.begun_on, reason=AccessGrant.Reason.ASSESSED, user=by, source=draft.pk)
    _audit(by, draft, "assessment.started", {"instrument": draft.instrument})
    return draft


def _begun(by: User, child: Child, form_id: uuid.UUID) -> Assessment | None:
    """What this form has begun already, or else the unfinished one. Paper is entered beside it."""
    mine = Assessment.objects.filter(child__stands_for=child.stands_for, author=by, transcribed=False)
    return mine.filter(form_id=form_id).first() or mine.filter(status=Assessment.Status.DRAFT).first()


@transaction.atomic
def save_section(
    *,
    by: User,
    assessment: Assessment,
    section: str,
    answers: Mapping[str, Any],
    version: int,
    while_typing: bool = False,
) -> DraftSection:
    """Save one section of a draft, unless it was saved by somebody else since it was opened.

    Args:
        by: the author.
        assessment: the draft.
        section: one of `Section`.
        answers: the section's answers (`answers`), however unfinished.
        version: the version that was opened; 0 for a section not saved before.
        while_typing: nobody has pressed a button: the words are kept, and nothing counts as looked at by it.

    Returns:
        The section as it stands now. Saving what stands there already is no conflict, whatever the version.

    Raises:
        NotADraft: it was sent or discarded.
        NotVisible: it is somebody else's, since it was handed over for example.
        NotAllowed: assessing is not within the user's roles any more. What is saved they can hand over.
        BadAnswers: no page of the journey can have sent these.
        ChangedElsewhere: another version stands there; carries both.
    """
    part = shapes.read(section, answers, load_instrument(assessment.instrument), shape_of(assessment))
    wanted = shapes.dump_short(part)
    now = timezone.now()
    mine = Assessment.objects.filter(pk=assessment.pk, author=by, status=Assessment.Status.DRAFT)
    # The update also holds the row, so that sending and saving wait for each other.
    if not mine.filter(access.holds(access.Act.ASSESS, by)).update(changed_at=now):
        raise why_no_draft(assessment, by)
    row: dict[str, Any] = {"answers": wanted, "saved_at": now, "saved_by": by}
    if not while_typing:
        row |= {"by_button": True, "carried": ""}
    elif not version:
        row |= {"by_button": False}
    saved = _write(assessment, section, version, row)
    if saved is None:
        stands = DraftSection.objects.select_related("saved_by").get(assessment=assessment, section=section)
        if stands.answers != wanted:
            raise ChangedElsewhere(stands, wanted)
        return stands
    _audit(by, assessment, "assessment.saved", {"section": section, "version": saved.version})
    return saved


def why_no_draft(assessment: Assessment, by: User) -> Exception:
    """Why somebody can no longer write to an assessment: what to raise. One query."""
    stands = Assessment.objects.get(pk=assessment.pk)
    if stands.author_id != by.pk:
        return access.NotVisible(assessment.reference)
    if stands.status == Assessment.Status.DRAFT:
        return access.NotAllowed(ASSESSES_NO_MORE)
    over = Discarded if stands.status == Assessment.Status.DISCARDED else AlreadySent
    return over(assessment.reference)


def _write(assessment: Assessment, section: str, version: int, row: Mapping[str, Any]) -> DraftSection | None:
    """The section as written; None where another version stands there."""
    if version:
        of_this_version = DraftSection.objects.filter(assessment=assessment, section=section, version=version)
        if not of_this_version.update(version=version + 1, **row):
            return None
        return DraftSection(assessment=assessment, section=section, version=version + 1, **row)
    try:
        with transaction.atomic():
            return DraftSection.objects.create(assessment=assessment, section=section, **row)
    except IntegrityError:
        return None


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
