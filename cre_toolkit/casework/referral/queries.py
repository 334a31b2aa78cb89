"""What pages ask of referrals: the inbox, what was sent, what reaches nobody, and one of them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from cre_toolkit.accounts.models import Cover, Membership, User
from cre_toolkit.assessments.models import Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.countersigning.level_set import level_set
from cre_toolkit.casework.models import Referral
from cre_toolkit.casework.referral.answering import receive
from cre_toolkit.casework.referral.chasing import WAITED_FOR
from cre_toolkit.casework.referral.models import Reason, To
from cre_toolkit.casework.referral.states import State, Step
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, NotVisible, Standing
from cre_toolkit.children.models import Child
from cre_toolkit.statements import Moment


class Show(StrEnum):
    """What the inbox and the list of what was sent can be narrowed to."""

    NEW = "new"
    LATE = "late"
    ACCEPTED = "accepted"
    RETURNED = "returned"


SHOWS: dict[Show, tuple[State, ...]] = {
    Show.NEW: (State.SENT, State.RECEIVED, State.ACKNOWLEDGED),
    Show.LATE: WAITED_FOR,
    Show.ACCEPTED: (State.ACCEPTED, State.ALLOCATED),
    Show.RETURNED: (State.RETURNED,),
}
# What was referred of a child who has died can be read; nobody is asked to do anything about it.
_ALIVE = Q(child__died_on=None)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of referrals, how many each choice has, and whether there are more."""

    referrals: list[Referral]
    counts: dict[Show, int]
    more: bool


def mine(standing: Standing) -> Q:
    """Whatever was referred to somebody: to them, to a team of theirs, or to whom they stand in for."""
    away = Cover.objects.filter(access.current(), stand_in=standing.user)
    return Q(user=standing.user) | Q(user__in=away.values("absent")) | Q(team__pk__in=standing.teams)


def inbox(standing: Standing, *, show: Show, page: int, most: int) -> Listed:
    """What was referred to somebody, whoever may see its child: what is late first, then the newest.

    Args:
        standing: whose.
        show: which of it.
        page: which page, from 1.
        most: how many a page has.
    """
    return _listed(received_by(standing), show, page, most)


def received_by(standing: Standing) -> QuerySet[Referral]:
    """Everything that was referred to somebody, of children whom they see."""
    seen = access.visible_to(standing.user, standing).values("pk")
    return Referral.objects.filter(mine(standing), child__stands_for__in=seen)


def sent_by(standing: Standing) -> QuerySet[Referral]:
    """Everything that somebody referred, or those whom they manage; of children whom they see."""
    seen = access.visible_to(standing.user, standing).values("pk")
    theirs = Q(by=standing.user)
    if standing.managed:
        managed = Membership.objects.filter(access.current(), team__pk__in=standing.managed)
        theirs |= Q(by__in=managed.values("user"))
    return Referral.objects.filter(theirs, child__stands_for__in=seen)


def sent(standing: Standing, *, show: Show, page: int, most: int) -> Listed:
    """The same of what somebody, or those whom they manage, sent; arguments as in `inbox`."""
    return _listed(sent_by(standing), show, page, most)


def late(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """Those that nobody has acknowledged in time, or that are not on their way yet."""
    return referrals.filter(_ALIVE, state__in=WAITED_FOR, chase_at__lte=Moment())


def _listed(referrals: QuerySet[Referral], show: Show, page: int, most: int) -> Listed:
    chosen = late(referrals) if show == Show.LATE else referrals.filter(state__in=SHOWS[show])
    # Late first: what is waited for is sorted by when it is late, everything else stands after it.
    rows: QuerySet[Any] = (
        chosen.annotate(level_set=level_set("record"))
        .select_related("child", "team", "user", "by", "record")
        .order_by(F("chase_at").asc(nulls_last=True), "-at", "pk")
    )
    before = (page - 1) * most
    found = list(rows[before : before + most + 1])
    counted = dict(referrals.order_by().values_list("state").annotate(Count("pk")))
    counts = {each: sum(counted.get(state, 0) for state in states) for each, states in SHOWS.items()}
    counts[Show.LATE] = late(referrals).count()
    return Listed(found[:most], counts, len(found) > most)


def to_answer(standing: Standing) -> QuerySet[Referral] | None:
    """What waits for somebody to acknowledge it; None for whom that is no duty."""
    if not access.may(standing, Act.ANSWER_REFERRALS):
        return None
    unanswered = received_by(standing).filter(_ALIVE, state__in=(State.SENT, State.RECEIVED))
    return unanswered.exclude(by=standing.user)


def to_chase(standing: Standing) -> QuerySet[Referral] | None:
    """What somebody, or whom they manage, sent and nobody has acknowledged in time."""
    return late(sent_by(standing)) if access.may(standing, Act.REFER) else None


def without_owner(standing: Standing) -> QuerySet[Referral] | None:
    """What reaches nobody, and nobody has taken on; None for whom the queue is no duty."""
    if not access.may(standing, Act.FIND_ROUTE):
        return None
    theirs = access.finds_routes(standing, "child__")
    return Referral.objects.filter(theirs, _ALIVE, state=State.NO_ROUTE, owner=None)


def queue(standing: Standing) -> QuerySet[Referral]:
    """The entries of the queue of what reaches nobody: of whose duty it is, and of children whom they see."""
    seen = access.finds_routes(standing, "child__") | access.sees(standing, "child__")
    waiting = Q(state=State.NO_ROUTE) | Q(state=State.PREPARED, owner__isnull=False)
    entries = Referral.objects.filter(seen, waiting, _ALIVE).annotate(level_set=level_set("record"))
    return entries.select_related("child", "owner", "by__agency", "record")


def find(*, standing: Standing, reference: str) -> Referral:
    """One referral of a child whom somebody may see, with its steps; the look is on the trail.

    Opened by its recipient for the first time, it is received. Must run in a transaction.

    Raises:
        NotVisible: there is none, or it is not for this person.
    """
    found = with_steps(
        Referral.objects.filter(access.sees(standing, "child__"), reference=reference), standing
    )
    if not found:
        raise NotVisible(reference)
    look(standing, found[0])
    if receive(by=standing.user, standing=standing, referral=found[0]):
        return with_steps(Referral.objects.filter(pk=found[0].pk), standing)[0]
    return found[0]


def is_seen(user: User, referral: Referral) -> bool:
    """Whether somebody sees a referral, now that it may have been returned. Two queries."""
    sees = access.sees(access.standing_of(user), "child__")
    return Referral.objects.filter(sees, pk=referral.pk).exists()


def find_queued(*, standing: Standing, reference: str) -> Referral:
    """One entry of the queue, as `queue` gives it; the look is on the trail.

    Raises:
        NotVisible: there is none, or it is not for this person.
    """
    found = queue(standing).filter(reference=reference).first()
    if found is None:
        raise NotVisible(reference)
    look(standing, found)
    return found


def child_of(reference: str) -> uuid.UUID | None:
    """Whose referral a reference names: for the audit of a refusal alone, never for who was refused."""
    return Referral.objects.filter(reference=reference).values_list("child", flat=True).first()


def look(standing: Standing, referral: Referral) -> None:
    """Write a look at a referral to the trail."""
    audit.record(
        by=standing.user,
        kind="referral.viewed",
        authority=referral.authority,
        child=referral.child_id,
        subject_kind="referral",
        subject=referral.pk,
    )


def with_steps(referrals: QuerySet[Referral], standing: Standing | None = None) -> list[Referral]:
    """Referrals, each with its steps as `history`, in their order. One query.

    Args:
        referrals: which.
        standing: of the reader: whether they stand in for the recipient is then `stands_in`.
    """
    rows: QuerySet[Any] = referrals.annotate(level_set=level_set("record")).select_related(
        "child__allocated_worker", "team", "user", "by__agency", "owner", "record__assessment"
    )
    if standing:
        away = Cover.objects.filter(access.current(), stand_in=standing.user, absent=OuterRef("user"))
        rows = rows.annotate(stands_in=Exists(away))
    rows = rows.annotate(
        step_kind=F("steps__kind"),
        step_at=F("steps__at"),
        step_entered_at=F("steps__entered_at"),
        step_by=F("steps__by__name"),
        step_person=F("steps__person"),
        step_reason=F("steps__reason"),
        step_words=F("steps__words"),
        step_worker=F("steps__worker__name"),
    )
    found = []
    for _, same in groupby(
        rows.order_by("at", "pk", "steps__entered_at", "steps__pk"), key=lambda row: row.pk
    ):
        each = list(same)
        each[0].history = [_taken(row) for row in each if row.step_kind]
        found.append(each[0])
    return found


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as a page shows it."""

    kind: Step
    at: Any
    entered_at: Any
    by: str
    person: str
    reason: str
    words: str
    worker: str


def _taken(row: Any) -> Taken:
    return Taken(
        kind=Step(row.step_kind),
        at=row.step_at,
        entered_at=row.step_entered_at,
        by=row.step_by or "the service",
        person=row.step_person,
        reason=str(Reason(row.step_reason).label) if row.step_reason else "",
        words=row.step_words,
        worker=row.step_worker or "",
    )


def of_record(record: Record, standing: Standing) -> list[Referral]:
    """To whom an assessment went, with how far it has got. One query. Its recipient receives it by this."""
    found = with_steps(Referral.objects.filter(record=record), standing)
    for referral in found:
        receive(by=standing.user, standing=standing, referral=referral)
    return found


def of_child(child: Child) -> list[Referral]:
    """Every referral of a child, the newest last. One query."""
    return with_steps(Referral.objects.filter(child__stands_for=child.stands_for))


def happened(child: Child) -> list[Happened]:
    """What the timeline tells of referrals: how each began, and every step. One query."""
    return [line for referral in of_child(child) for line in _lines(referral)]


def _lines(referral: Referral) -> Iterable[Happened]:
    page, page_of = "referral", (referral.reference,)
    found_since = any(step.kind in (Step.ROUTED, Step.PREPARED) for step in referral.history)
    title = f"Referred to {referral.whom}, {referral.get_how_display().lower()}"
    if referral.to == To.NOBODY or found_since:
        title = "An assessment reaches nobody in social care"
    by = referral.by.name
    yield Happened(referral.at, referral.at, What.REFERRAL, title, by, referral.why, page, page_of)
    for step in referral.history:
        what = step.kind.label.lower() + (f", {step.person}" if step.person else "")
        yield Happened(
            step.at,
            step.entered_at,
            What.REFERRAL,
            f"Referral to {referral.whom}: {what}",
            step.by,
            "\n".join(filter(None, (step.reason, step.words, step.worker))),
            page,
            page_of,
        )
