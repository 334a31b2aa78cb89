"""What pages ask of assessments. Each function says how many queries it takes."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.answers import Answers, from_sections
from cre_toolkit.assessments.casefile import case_file
from cre_toolkit.assessments.models import Assessment, DraftSection, Record
from cre_toolkit.assessments.record import inflated
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import load_authority, load_instrument
from cre_toolkit.rules.outcome import Outcome


@dataclass(frozen=True, slots=True)
class LastTime:
    """The child's last record, as far as a new draft shows it."""

    completed_at: datetime.datetime
    deflated: bytes

    @property
    def indicators(self) -> dict[str, Any]:
        """What it says about each indicator that was identified."""
        items: dict[str, Any] = inflated(self.deflated)["answers"]["indicators"]["items"]
        return items


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its author works on it, or the empty shell of one that was sent."""

    assessment: Assessment
    answers: Answers
    versions: Mapping[str, int]
    last_time: LastTime | None = None

    @property
    def child(self) -> Child:
        return self.assessment.child

    @property
    def instrument(self) -> Instrument:
        return load_instrument(self.assessment.instrument)

    @property
    def sent(self) -> bool:
        return self.assessment.status == Assessment.Status.SENT

    def version(self, section: str) -> int:
        """The version of a section that is open; 0 where it was never saved."""
        return self.versions.get(section, 0)


def drafts_of(user: User) -> QuerySet[Assessment]:
    """The user's unfinished assessments, the last worked on first."""
    return (
        Assessment.objects.filter(
            author=user, status=Assessment.Status.DRAFT, child__in=access.visible_to(user)
        )
        .select_related("child")
        .order_by("-changed_at")
    )


def drafts_on(child: Child, user: User) -> QuerySet[Assessment]:
    """The user's own unfinished assessments of a child whom they may see, as the caller has made sure."""
    return Assessment.objects.filter(child=child, author=user, status=Assessment.Status.DRAFT)


def own(user: User, reference: str, wanted: QuerySet[Assessment] | None = None) -> Assessment:
    """The user's own assessment. One query; two more where access is not by a grant of their own.

    Args:
        user: its author.
        reference: its reference.
        wanted: what to read of it.

    Raises:
        NotVisible: as `draft`.
    """
    mine = (Assessment.objects.all() if wanted is None else wanted).filter(author=user, reference=reference)
    found = (
        mine.filter(access.own_grant(user, "child__")).first()
        or mine.filter(child__in=access.visible_to(user)).first()
    )
    if found is None:
        raise access.NotVisible(reference)
    return found


def draft(user: User, reference: str, *, section: str = "", last_time: bool = False) -> Draft:
    """The user's own draft with all its sections. Two queries, or as `own`.

    Args:
        user: its author.
        reference: the assessment's.
        section: only this section, in one query: for the pages that are opened most.
        last_time: also the child's last record, for what it said.

    Raises:
        NotVisible: there is none, it is somebody else's, or the child is no longer theirs to see.
    """
    wanted: QuerySet[Any]
    if section:
        part = FilteredRelation("sections", condition=Q(sections__section=section))
        wanted = Assessment.objects.select_related("child").annotate(
            part=part, said=F("part__answers"), said_version=F("part__version")
        )
    else:
        wanted = Assessment.objects.select_related("child__allocated_worker")
    if last_time:
        records = Record.objects.filter(child=OuterRef("child")).order_by("-completed_at")
        wanted = wanted.annotate(
            last_at=Subquery(records.values("completed_at")[:1]),
            last_content=Subquery(records.values("deflated")[:1]),
        )
    found = own(user, reference, wanted)
    read: Any = found  # with what was annotated
    if section:
        said = {section: read.said} if read.said_version else {}
        versions = {section: read.said_version} if read.said_version else {}
    else:
        rows = list(found.sections.values_list("section", "answers", "version"))
        said = {name: answers for name, answers, _ in rows}
        versions = {name: version for name, _, version in rows}
    last = LastTime(read.last_at, read.last_content) if last_time and read.last_at else None
    return Draft(found, from_sections(said), versions, last)


def answers(assessment: Assessment) -> dict[str, Any]:
    """What is stored of a draft, by section. One query."""
    return dict(DraftSection.objects.filter(assessment=assessment).values_list("section", "answers"))


def outcome_of(draft: Draft, at: datetime.datetime | None = None) -> Outcome:
    """What the rules say of a draft as it stands. No query."""
    child, moment = draft.child, (at or timezone.now()).replace(microsecond=0)
    file = case_file(child, draft.answers, moment, draft.assessment.instrument)
    return assess(draft.instrument, load_authority(child.authority), parse_case_file(file))


def records_of(child: Child) -> QuerySet[Record]:
    """The sent assessments of a child whom the caller may see, the newest first, without their content."""
    return (
        Record.objects.filter(child=child)
        .defer("deflated")
        .select_related("author", "assessment")
        .order_by("-completed_at")
    )


def record(user: User, reference: str) -> Record:
    """A sent assessment by its reference, for whoever may see the child. Two queries.

    Raises:
        NotVisible: there is none, or none that this person may see.
    """
    found = (
        Record.objects.filter(assessment__reference=reference, child__in=access.visible_to(user))
        .select_related("assessment", "child", "author")
        .first()
    )
    if found is None:
        raise access.NotVisible(reference)
    return found


def child_of(reference: str) -> uuid.UUID | None:
    """Whose assessment a reference names: for the audit of a refusal alone, never for who was refused."""
    return Assessment.objects.filter(reference=reference).values_list("child", flat=True).first()
