"""What pages ask of assessments. Each function says how many queries it takes."""

import datetime
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, User
from cre_toolkit.assessments.answers import Answers, Rated, from_sections
from cre_toolkit.assessments.casefile import case_file
from cre_toolkit.assessments.models import RESTORED_WITHIN, Assessment, DraftSection, Record, Withdrawal
from cre_toolkit.assessments.paper_answers import PaperAnswers, shape_of
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.children.permissions import ROLES_FOR, Act
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import load_authority, load_instrument
from cre_toolkit.rules.outcome import Outcome
from cre_toolkit.statements import statement


@dataclass(frozen=True)
class LastTime:
    """The record that a draft reviews, else the child's last one, as far as the draft shows it."""

    reference: str
    completed_at: datetime.datetime
    deflated: bytes
    withdrawn: bool = False
    newer: str = ""
    """In a review, the reference of an assessment that was completed after the one reviewed, and when."""
    newer_at: datetime.datetime | None = None

    @property
    def day(self) -> str:
        """The day of its completion, as `2026-03-27`."""
        return timezone.localdate(self.completed_at).isoformat()

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What it says, by section, as the record holds it."""
        said: dict[str, Any] = Record(deflated=self.deflated).content["answers"]
        return said

    @cached_property
    def indicators(self) -> dict[str, Rated]:
        """What it says about each indicator that was identified."""
        items: dict[str, Any] = self.answers["indicators"]["items"]
        return {id_: Rated.model_validate(said) for id_, said in items.items()}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its author works on it, or the empty shell of one that was sent."""

    assessment: Assessment
    answers: Answers
    versions: Mapping[str, int]
    last_time: LastTime | None = None
    carried: Mapping[str, str] = field(default_factory=dict)
    """Sections whose words were taken from elsewhere and not looked at yet, and from where (`Carried`)."""
    by_button: frozenset[str] = frozenset()
    """The sections that were saved by the button, not only while typing; where all sections are read."""

    @property
    def is_review(self) -> bool:
        return self.assessment.previous_id is not None

    @property
    def unchanged(self) -> frozenset[str]:
        """In a review, the indicators that are as they were last time."""
        return frozenset(id_ for id_, rated in self.answers.indicators.items.items() if rated.as_on)

    @property
    def child(self) -> Child:
        return self.assessment.child

    @property
    def instrument(self) -> Instrument:
        return load_instrument(self.assessment.instrument)

    @property
    def sent(self) -> bool:
        return self.assessment.status == Assessment.Status.SENT

    @property
    def on_paper(self) -> PaperAnswers:
        """The answers of a draft that is entered from paper, with the sections that only paper has."""
        return cast(PaperAnswers, self.answers)

    def version(self, section: str) -> int:
        """The version of a section that is open; 0 where it was never saved."""
        return self.versions.get(section, 0)


def drafts_of(user: User, standing: access.Standing | None = None) -> list[Assessment]:
    """The user's unfinished assessments, the last worked on first. One query; two without their standing."""
    return _drafts_of(standing=standing or access.standing_of(user))


@statement
def _drafts_of(*, standing: access.Standing) -> QuerySet[Assessment]:
    return _of(standing).filter(status=Assessment.Status.DRAFT).order_by("-changed_at")


def discarded_by(user: User) -> QuerySet[Assessment]:
    """What the user has discarded and can still restore, the latest first. One query.

    A review in which the assessment of another child is taken up, since two records were parted, is not
    restored.
    """
    since = timezone.now() - RESTORED_WITHIN
    of_this_child = Q(previous=None) | Q(previous__child__stands_for=F("child__stands_for"))
    theirs = _of(access.standing_of(user)).filter(of_this_child, status=Assessment.Status.DISCARDED)
    return theirs.filter(discarded_at__gt=since).order_by("-discarded_at")


def _of(standing: access.Standing) -> QuerySet[Assessment]:
    seen = access.visible_to(standing.user, standing)
    mine = Assessment.objects.filter(author=standing.user, child__stands_for__in=seen)
    return mine.select_related("child", "begun_by")


def colleagues(child: Child, but: User) -> QuerySet[User]:
    """Who may take over an assessment of a child: whoever assesses in the child's authority. One query."""
    held = access.roles_held(child.authority, ROLES_FOR[Act.ASSESS])
    them = User.objects.filter(access.admitted(child), is_active=True, pk__in=held.values("user"))
    others = them.exclude(pk=but.pk)
    return others.select_related("agency").order_by("name", "email")


def teammates(child: Child, of: User) -> QuerySet[User]:
    """Of those who may take over an assessment, who is in a team with its author. One query."""
    own = Membership.objects.filter(access.current(), user=of)
    theirs = Membership.objects.filter(access.current(), team__in=own.values("team"))
    return colleagues(child, of).filter(pk__in=theirs.values("user"))


def drafts_on(child: Child, user: User) -> list[Assessment]:
    """The user's own unfinished assessments of a child whom they may see, as the caller has made sure."""
    return _drafts_on(child=child.stands_for, user=user.pk)


@statement
def _drafts_on(*, child: uuid.UUID, user: uuid.UUID) -> QuerySet[Assessment]:
    mine = Assessment.objects.filter(author=user, status=Assessment.Status.DRAFT)
    return mine.filter(child__stands_for=child)


def own(user: User, reference: str) -> Assessment:
    """The user's own assessment, with its child. One query; two where access is not by a grant of their own.

    Args:
        user: its author.
        reference: its reference.

    Raises:
        NotVisible: as `draft`.
    """
    return _found(_own, user, reference)


def _found(find: Callable[..., list[Assessment]], user: User, reference: str, **asked: Any) -> Assessment:
    """The assessment of a child whom the user sees, by a grant of their own or by any reason there is."""
    standing = access.standing_of(user)
    for by_grant in (True, False):
        if found := find(standing=standing, reference=reference, by_grant=by_grant, **asked):
            return found[0]
    raise access.NotVisible(reference)


def _seen(standing: access.Standing, *, by_grant: bool) -> Q:
    if by_grant:
        return access.own_grant(standing, "child__")
    return Q(child__stands_for__in=access.visible_to(standing.user, standing))


@statement
def _own(*, standing: access.Standing, reference: str, by_grant: bool) -> QuerySet[Assessment]:
    mine = Assessment.objects.filter(author=standing.user, reference=reference)
    seen = mine.filter(_seen(standing, by_grant=by_grant))
    return seen.select_related("child", "author", "begun_by")[:1]


@statement
def _of_child_seen(*, standing: access.Standing, reference: str, by_grant: bool) -> QuerySet[Assessment]:
    seen = Assessment.objects.filter(_seen(standing, by_grant=by_grant), reference=reference)
    return seen.select_related("child")[:1]


def about_a_child_seen(user: User, reference: str) -> Assessment:
    """An assessment of a child whom the user may see, whoever is its author. One query, or as `own`.

    For danger, which may be said on a page that was open when the draft was handed over: not for reading it.

    Args:
        user: who says it.
        reference: the assessment's.

    Raises:
        NotVisible: there is none, or the child is not theirs to see.
    """
    return _found(_of_child_seen, user, reference)


@statement
def _draft(
    *,
    standing: access.Standing,
    reference: str,
    section: str,
    one_section: bool,
    last_time: bool,
    by_grant: bool,
) -> QuerySet[Assessment]:
    """The author's own assessment, as `draft` reads it."""
    wanted: QuerySet[Any] = Assessment.objects.all()
    if one_section:
        part = FilteredRelation("sections", condition=Q(sections__section=section))
        wanted = wanted.select_related("child").annotate(
            part=part,
            said=F("part__answers"),
            said_version=F("part__version"),
            said_carried=F("part__carried"),
        )
    else:
        wanted = wanted.select_related("child__allocated_worker", "begun_by")
    if last_time:
        records = Record.objects.filter(
            child__stands_for=OuterRef("child__stands_for"),
            instrument=OuterRef("instrument"),
            withdrawal=None,
        ).order_by("-completed_at")
        wanted = wanted.annotate(
            last_reference=Subquery(records.values("assessment__reference")[:1]),
            last_at=Subquery(records.values("completed_at")[:1]),
            last_content=Subquery(records.values("deflated")[:1]),
            reviewed_reference=F("previous__reference"),
            reviewed_at=F("previous__record__completed_at"),
            reviewed_content=F("previous__record__deflated"),
            reviewed_withdrawn=F("previous__record__withdrawal"),
        )
    mine = wanted.filter(author=standing.user, reference=reference)
    return mine.filter(_seen(standing, by_grant=by_grant))[:1]


def draft(
    user: User,
    reference: str,
    *,
    section: str = "",
    last_time: bool = False,
    transcribed: bool | None = False,
) -> Draft:
    """The user's own draft with all its sections. Two queries, or as `own`.

    Args:
        user: its author.
        reference: the assessment's.
        section: only this section, in one query: for the pages that are opened most.
        last_time: also the record that it reviews, else the child's last one, for what that said.
        transcribed: whether it is entered from paper, which has pages of its own; None for either.

    Raises:
        NotVisible: there is none, it is somebody else's, or the child is no longer theirs to see.
    """
    asked = {"section": section, "one_section": bool(section), "last_time": last_time}
    found = _found(_draft, user, reference, **asked)
    if transcribed not in (None, found.transcribed):
        raise access.NotVisible(reference)
    read: Any = found  # with what was annotated
    if section:
        said = {section: read.said} if read.said_version else {}
        versions = {section: read.said_version} if read.said_version else {}
        carried = {section: read.said_carried} if read.said_carried else {}
        by_button = frozenset[str]()
    else:
        rows = list(found.sections.values_list("section", "answers", "version", "carried", "by_button"))
        said = {name: answers for name, answers, *_ in rows}
        versions = {name: version for name, _, version, *_ in rows}
        carried = {name: where for name, _, _, where, _ in rows if where}
        by_button = frozenset(name for name, *_, pressed in rows if pressed)
    last = _last_time(read) if last_time else None
    return Draft(found, from_sections(said, shape_of(found)), versions, last, carried, by_button)


def _last_time(read: Any) -> LastTime | None:
    """The record that a draft reviews, withdrawn or not; else the child's last one that stands."""
    if read.previous_id:
        is_newer = read.last_at is not None and read.last_at > read.reviewed_at
        return LastTime(
            read.reviewed_reference,
            read.reviewed_at,
            read.reviewed_content,
            withdrawn=read.reviewed_withdrawn is not None,
            newer=read.last_reference if is_newer else "",
            newer_at=read.last_at if is_newer else None,
        )
    return LastTime(read.last_reference, read.last_at, read.last_content) if read.last_at else None


def answers(assessment: Assessment) -> dict[str, Any]:
    """What is stored of a draft, by section. One query."""
    return dict(DraftSection.objects.filter(assessment=assessment).values_list("section", "answers"))


def outcome_of(draft: Draft, at: datetime.datetime | None = None) -> Outcome:
    """What the rules say of a draft as it stands. No query."""
    child, moment = draft.child, (at or timezone.now()).replace(microsecond=0)
    file = case_file(child, draft.answers, moment, draft.assessment.instrument)
    return assess(draft.instrument, load_authority(child.authority), parse_case_file(file))


def unfinished_among(user: User, children: Collection[Child]) -> set[uuid.UUID]:
    """Those of some children of whom the user has an unfinished assessment. One query."""
    kept = {child.stands_for: child.pk for child in children}
    mine = Assessment.objects.filter(
        author=user, status=Assessment.Status.DRAFT, transcribed=False, child__stands_for__in=kept
    )
    return {kept[stands_for] for stands_for in mine.values_list("child__stands_for", flat=True)}


def records_of(child: Child) -> QuerySet[Record]:
    """The sent assessments of a child whom the caller may see, the newest first, without their content."""
    return (
        Record.objects.filter(child__stands_for=child.stands_for)
        .defer("deflated")
        .select_related("author", "assessment", "withdrawal__by")
        .order_by("-completed_at")
    )


def history_of(child: Child, user: User) -> QuerySet[Assessment]:
    """All that was assessed of a child whom the user may see, with its records whole, the newest first by
    completion; and before them the user's own that is not finished. One query.
    """
    unfinished = Q(status=Assessment.Status.DRAFT, author=user)
    return (
        Assessment.objects.filter(
            unfinished | Q(status=Assessment.Status.SENT), child__stands_for=child.stands_for
        )
        .select_related("record__withdrawal__by")
        .order_by(F("record__completed_at").desc(nulls_first=True), "-changed_at")
    )


def record(user: User, reference: str, standing: access.Standing | None = None) -> Record:
    """A sent assessment by its reference, for whoever may see the child.

    One query; two without their standing.

    Args:
        user: who asks.
        reference: the assessment's.
        standing: their roles, where the caller has read them already.

    Raises:
        NotVisible: there is none, or none that this person may see.
    """
    seen = access.visible_to(user, standing)
    found = (
        Record.objects.filter(assessment__reference=reference, child__stands_for__in=seen)
        .select_related("assessment", "child", "author", "withdrawal__by")
        .first()
    )
    if found is None:
        raise access.NotVisible(reference)
    return found


def withdrawal_of_reviewed(record: Record) -> Withdrawal | None:
    """That the assessment which a record reviewed was withdrawn, where it was. At most one query."""
    if record.assessment.previous_id is None:
        return None
    return Withdrawal.objects.filter(record__assessment=record.assessment.previous_id).first()


def child_of(reference: str) -> uuid.UUID | None:
    """Whose assessment a reference names: for the audit of a refusal alone, never for who was refused."""
    return Assessment.objects.filter(reference=reference).values_list("child", flat=True).first()
