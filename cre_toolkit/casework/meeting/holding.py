"""Meetings that were held: recorded once, corrected by a newer version, and what follows for the case.

Source: toolkit.md, B5 to B7; case.md, `meeting`; CRE 2020, pages 8 to 10.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.entering import NotPossible, check_not_in_the_future, enter, refused
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.state import events_of, state_of, state_with
from cre_toolkit.casework.ends.closing import last_closing, reopen_for
from cre_toolkit.casework.meeting.minutes import Said
from cre_toolkit.casework.meeting.planning import check_keeps
from cre_toolkit.casework.meeting.queries import newest_minutes
from cre_toolkit.casework.models import CaseEvent, Meeting, MeetingAction, Minutes, MinutesDraft
from cre_toolkit.children import access
from cre_toolkit.children.access import Standing
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.rules.levels import below
from cre_toolkit.rules.loading import load_authority
from cre_toolkit.rules.packmodel import Level
from cre_toolkit.rules.strictjson import CaseFileError


class AlreadyRecorded(ValueError):
    """Somebody has recorded this meeting already; `minutes` is what they recorded."""

    def __init__(self, minutes: Minutes) -> None:
        super().__init__(str(minutes.pk))
        self.minutes = minutes


class Cancelled(ValueError):
    """The meeting was cancelled: one that did take place is entered anew."""


class NothingAgreed(ValueError):
    """A level without its reasons, or none without saying why; or dissent without who and why."""


@dataclass(frozen=True, slots=True)
class Agreeing:
    """Whether a meeting agrees a level, and what stands in the way, in words."""

    sets_level: bool
    """Whether meetings of this kind set the agreed level in the authority that was responsible then."""
    may: bool = False
    """Whether this person's roles let them record the level."""
    roles: tuple[str, ...] = ()
    """Whose it is to record, in the authority's words."""
    keeps_high: bool = False
    """Whether the agreed level is high and this kind may not lower it."""
    instead: tuple[str, ...] = ()
    """The kinds that may, in the authority's words."""


def agreeing(standing: Standing, child: Child, kind: str, at: datetime.datetime) -> Agreeing:
    """What somebody may record as the level that a meeting agreed. One query.

    It is for those of the authority that was responsible then: minutes may be written up after a transfer.

    Args:
        standing: of whoever records it.
        child: whose meeting.
        kind: of meeting.
        at: when it was held.
    """
    state = state_of(child, at)
    pack = load_authority(state.authority).on(timezone.localdate(at))
    if kind not in pack.level_set_by:
        return Agreeing(sets_level=False)
    agreed_by = pack.meeting_by_id[kind].level_agreed_by
    held = {role for role, authority in standing.roles if authority == pack.id}
    words = {
        "team-manager": pack.roles.team_manager,
        "child-protection-manager": pack.roles.child_protection_manager,
    }
    whose = "" if pack.id == child.authority else f" of {pack.name}"
    lowers = [id_ for id_ in pack.level_set_by if id_ not in pack.may_not_lower_from_high]
    agreed = state.agreed_level if kind in pack.may_not_lower_from_high else None
    return Agreeing(
        sets_level=True,
        may=bool(held & set(agreed_by)),
        roles=tuple(f"{words[role]}{whose}" for role in agreed_by),
        keeps_high=agreed is not None and agreed.level == "high",
        instead=tuple(pack.meeting_by_id[id_].title for id_ in lowers),
    )


def what_follows(
    *, by: User, child: Child, meeting: Meeting, held_at: datetime.datetime, level: Level | None
) -> CaseState:
    """The case as it would stand now, were the meeting recorded so. Writes nothing.

    Raises:
        NotPossible: the contract does not allow it; says why.
    """
    held = _event(by, meeting, held_at, level)
    try:
        return state_with(child, [held])
    except CaseFileError as error:
        raise refused(error, child, [*events_of(child.kept), held]) from error


@transaction.atomic
def record(
    *,
    by: User,
    child: Child,
    meeting: Meeting,
    held_at: datetime.datetime,
    said: Said,
    form_id: uuid.UUID,
) -> Minutes:
    """Record that a meeting was held, and its minutes. The same form sent twice records one.

    It becomes an event of the case; the level that it agreed is the agreed level from then on, and the clocks
    that it restarts begin again. One whose event was withdrawn (recorded in error) can be recorded anew.

    Args:
        by: who records it; they see the child, which the caller has made sure of.
        child: whose meeting.
        meeting: which.
        held_at: when it began.
        said: the minutes.
        form_id: of the form.

    Raises:
        NotAllowed: it is not theirs to record, or the level is not theirs to record.
        InTheFuture: it would have been held later than now.
        AlreadyRecorded: somebody else was first; nothing was written.
        Cancelled: it was cancelled.
        NothingAgreed: the level, or that there is none, has no reasons.
        NotPossible: the contract does not allow this level of this meeting; says why.
    """
    check_not_in_the_future(held_at)
    held = hold(child)
    standing = check_keeps(by, held, meeting)
    if earlier := _written_before(meeting, form_id):
        return earlier
    current = Meeting.objects.select_for_update(no_key=True).select_related("child").get(pk=meeting.pk)
    if current.status == Meeting.Status.CANCELLED:
        raise Cancelled("The meeting was cancelled. If it took place, plan it anew with its date")
    newest = newest_minutes(current)
    if newest and not newest.in_error:  # type: ignore[attr-defined]
        raise AlreadyRecorded(newest)
    _check_level(standing, held, current, held_at, said)
    entered = _event(by, current, held_at, said.level)
    state = enter(by=by, child=held, events=[entered])
    closing = last_closing(held) if state.closed else None
    # Minutes of a meeting that was held before the case was closed are written up after it, and open nothing.
    if closing and said.level in ("medium", "high") and entered.at >= closing.at:
        reopen_for(by=by, child=held, words=f"A meeting has agreed the level {said.level}.")
    current.status = Meeting.Status.HELD
    current.save(update_fields=["status"])
    minutes = _write(by, held, current, entered, said, form_id, version=newest.version + 1 if newest else 1)
    MinutesDraft.objects.filter(meeting=current, by=by).delete()
    _tell(by, held, current, "The minutes of meeting {} are recorded")
    return minutes


@transaction.atomic
def correct(
    *, by: User, child: Child, meeting: Meeting, version: int, said: Said, why: str, form_id: uuid.UUID
) -> Minutes:
    """Write a new version of the minutes; the ones before stay. When it was held and the level stay too.

    Where those were wrong, the meeting was recorded in error: its event is withdrawn, it is recorded anew.

    Args:
        by: who corrects it.
        child: whose meeting.
        meeting: which.
        version: the version that is corrected, as they were shown it.
        said: the whole of the minutes, as they are to read; their level is the old one's.
        why: what was wrong.
        form_id: of the form.

    Raises:
        NotAllowed: it is not theirs to correct.
        AlreadyRecorded: somebody else has corrected it since, or withdrawn it as recorded in error.
        NothingAgreed: it does not say why.
    """
    held = hold(child)
    check_keeps(by, held, meeting)
    if earlier := _written_before(meeting, form_id):
        return earlier
    newest = newest_minutes(meeting)
    if newest is None or not why.strip():
        raise NothingAgreed
    if newest.version != version or newest.in_error:  # type: ignore[attr-defined]
        raise AlreadyRecorded(newest)
    said = said.model_copy(update={"level": newest.level or None})
    minutes = _write(by, held, meeting, newest.event, said, form_id, version=version + 1, why=why)
    MinutesDraft.objects.filter(meeting=meeting, by=by).delete()
    _tell(by, held, meeting, "The minutes of meeting {} were corrected")
    return minutes


def _written_before(meeting: Meeting, form_id: uuid.UUID) -> Minutes | None:
    """The minutes that a form has written before: pressed twice, or sent again. One query.

    Raises:
        NotVisible: they are those of another meeting.
    """
    written = Minutes.objects.filter(form_id=form_id).first()
    if written and written.meeting_id != meeting.pk:
        raise access.NotVisible(meeting.reference)
    return written


def _check_level(
    standing: Standing, child: Child, meeting: Meeting, held_at: datetime.datetime, said: Said
) -> None:
    """Raise where the level is not this person's to record, not this meeting's to agree, or has no reason."""
    allowed = agreeing(standing, child, meeting.kind, held_at)
    if any(not (one.who.strip() and one.why.strip()) for one in said.dissent):
        raise NothingAgreed
    if allowed.sets_level and not said.level_why.strip():
        raise NothingAgreed
    if said.level is None or not allowed.sets_level:
        return  # what sets no level here is refused by the contract, in its words
    if not allowed.may:
        raise access.NotAllowed(
            f"The level that this meeting agrees is recorded by: {', '.join(allowed.roles)}."
        )
    if allowed.keeps_high and below(said.level, "high"):
        raise NotPossible(
            f"The agreed level is high, and this meeting may not lower it. Hold one of these:"
            f" {', '.join(allowed.instead)}"
        )


def _event(by: User, meeting: Meeting, at: datetime.datetime, level: Level | None) -> CaseEvent:
    """On the record on which the meeting was planned: should two merged ones be parted, it goes along."""
    keys = {"type": meeting.kind} | ({"level": level} if level else {})
    return event(by=by, child=meeting.child, kind=CaseEvent.Kind.MEETING, at=at, keys=keys)


def _write(
    by: User,
    child: Child,
    meeting: Meeting,
    entered: CaseEvent,
    said: Said,
    form_id: uuid.UUID,
    *,
    version: int,
    why: str = "",
) -> Minutes:
    minutes = Minutes.objects.create(
        meeting=meeting,
        child=meeting.child,
        version=version,
        event=entered,
        held_at=entered.at,
        level=said.level or "",
        content=said.model_dump(mode="json"),
        why=why,
        by=by,
        entered_at=timezone.now(),
        form_id=form_id,
    )
    _ask(minutes, said)
    audit.record(
        by=by,
        kind="minutes.recorded" if version == 1 else "minutes.corrected",
        authority=child.authority,
        child=meeting.child_id,
        subject_kind="minutes",
        subject=minutes.pk,
        detail={"type": meeting.kind, "version": version},
    )
    return minutes


def _ask(minutes: Minutes, said: Said) -> None:
    """Ask for what the minutes say: anew, or still, where earlier ones did; what was done of it stays done.

    What they leave out stays with the earlier ones, and is nobody's to do any more.
    """
    earlier = {
        (one.what, one.owner_words, one.due_on): one.pk
        for one in MeetingAction.objects.filter(minutes__meeting=minutes.meeting)
    }
    asked = {(one.what, one.owner_name, one.due_on): one.owner for one in said.actions}
    still = [earlier[one] for one in asked if one in earlier]
    MeetingAction.objects.filter(pk__in=still).update(minutes=minutes)
    MeetingAction.objects.bulk_create(
        MeetingAction(
            child=minutes.child, minutes=minutes, what=what, owner_id=owner, owner_words=words, due_on=due_on
        )
        for (what, words, due_on), owner in asked.items()
        if (what, words, due_on) not in earlier
    )


def _tell(by: User, child: Child, meeting: Meeting, subject: str) -> None:
    asked = meeting.invited.filter(user__isnull=False).values("user")
    people = access.practising().filter(access.admitted(child), pk__in=asked)
    tell(
        by=by,
        child=child,
        people={user.pk: user.email for user in people},
        subject=subject.format(meeting.reference),
        body=(
            f"{subject.format(meeting.reference)}. Sign in to CRE Toolkit and open your notifications to read"
            " them, and to see whether something is yours to do. For safety this message says nothing more."
        ),
        cause=meeting.pk,
        page="meeting",
        page_of=meeting.reference,
    )
