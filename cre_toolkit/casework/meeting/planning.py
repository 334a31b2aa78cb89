"""Planning a meeting: when, who chairs, who is asked to come; moving it, bringing it forward, cancelling it.

Source: toolkit.md, B5, B6 and B7; CRE 2020, pages 8 to 10 and 22.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.queries import meeting_title
from cre_toolkit.casework.case.said_twice import recorded_by
from cre_toolkit.casework.case.state import Case, state_of
from cre_toolkit.casework.case.ticking import ticks
from cre_toolkit.casework.meeting.invitations import tell_invited
from cre_toolkit.casework.models import CaseEvent, Invited, Meeting
from cre_toolkit.children import access, viewers
from cre_toolkit.children.access import Act, Standing
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.rules.authority import AuthorityPack, MeetingKind
from cre_toolkit.rules.loading import load_authority

BRING_FORWARD = "bring-meeting-forward"


class NotHeldHere(ValueError):
    """The authority that is responsible at that time, `authority` by name, holds no meeting of this kind."""

    def __init__(self, authority: str) -> None:
        super().__init__(authority)
        self.authority = authority


class NotPlanned(ValueError):
    """It is not planned any more: somebody has recorded it, or cancelled it."""


class Changed(ValueError):
    """Somebody else has changed the meeting since it was shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """When and where a meeting is, who chairs and who is asked to come."""

    at: datetime.datetime
    minutes_long: int = 60
    place: str = ""
    chair: User | None = None
    chair_words: str = ""
    people: Sequence[User] = ()
    """Users who are asked to come; they can see the child."""
    others: Sequence[tuple[str, str]] = ()
    """Everybody else: who, and an address or none."""


def keeps(standing: Standing, child: Child, meeting: Meeting | None = None) -> bool:
    """Whether somebody who sees a child plans and records its meetings.

    A manager does, and so does the allocated worker, and whoever chairs the meeting in question.
    """
    return keeps_chaired_by(standing, child, meeting.chair_id if meeting else None)


def keeps_chaired_by(standing: Standing, child: Child, chair: uuid.UUID | None) -> bool:
    """The same of a meeting of which nothing but who chairs it is at hand."""
    own = standing.user.pk in (child.allocated_worker_id, chair)
    return access.may(standing, Act.KEEP_MEETINGS) or (own and access.may(standing, Act.KEEP_MEETINGS_OF_OWN))


def check_keeps(by: User, child: Child, meeting: Meeting | None = None) -> Standing:
    """Raise `NotAllowed`, saying whose it is, unless `keeps`; gives what they hold."""
    standing = access.standing_of(by)
    if not keeps(standing, child, meeting):
        raise access.NotAllowed(
            "Meetings are planned and recorded by whoever chairs them, the allocated worker, their manager"
            " and the child protection manager. Ask one of them."
        )
    return standing


def pack_at(child: Child, at: datetime.datetime) -> AuthorityPack:
    """The pack of the authority that is responsible for a child at the moment of a meeting. One query."""
    return load_authority(state_of(child, at).authority).on(timezone.localdate(at))


def kinds_held(child: Child, case: Case) -> list[MeetingKind]:
    """The kinds of meeting that can be planned or entered: of the child's authority, then of those before it.

    Args:
        child: whose meetings.
        case: theirs.
    """
    passed = [event.from_authority for event in case.events if event.kind == CaseEvent.Kind.TRANSFER]
    packs = [
        load_authority(id_).on(timezone.localdate()) for id_ in dict.fromkeys([child.authority, *passed])
    ]
    found: dict[str, MeetingKind] = {}
    for kind in (kind for pack in packs for kind in pack.meetings):
        found.setdefault(kind.id, kind)
    return list(found.values())


def title_of(meeting: Meeting, authority: str) -> str:
    """What a meeting is called where it is held, or was."""
    return meeting_title(meeting.kind, authority, meeting.at)


def can_come(child: Child) -> list[User]:
    """Who can be asked to come, or to chair, by their account: people who see the child. Four queries.

    Not everybody in a team that was sent something: a front door is many people.
    """
    found = {one.user.pk: one.user for one in viewers.viewers(child) if one.because != viewers.Because.TEAM}
    return sorted(found.values(), key=lambda user: (user.name, str(user.pk)))


@transaction.atomic
def plan(*, by: User, child: Child, kind: str, planned: Plan, form_id: uuid.UUID) -> Meeting:
    """Plan a meeting, and tell those who are asked to come. The same form sent twice plans one.

    One that lies in the past is entered so that it can be recorded: nobody is told of it.

    Args:
        by: who plans it; they see the child, which the caller has made sure of.
        child: whose meeting.
        kind: the contract's type.
        planned: when, where, who.
        form_id: of the form.

    Raises:
        NotAllowed: meetings about this child are not theirs to plan.
        NotHeldHere: the authority that is responsible for the child then holds no such meeting.
        NotVisible: the form's number belongs to a meeting about another child.
    """
    held = hold(child)
    standing = check_keeps(by, held)
    if earlier := recorded_by(Meeting, child=held, form_id=form_id):
        return earlier
    pack = pack_at(held, planned.at)
    if kind not in pack.meeting_by_id:
        raise NotHeldHere(pack.name)
    now = timezone.now()
    meeting = Meeting.objects.create(
        child=held,
        kind=kind,
        at=planned.at.replace(microsecond=0),
        minutes_long=planned.minutes_long,
        place=planned.place,
        chair=planned.chair,
        chair_words=planned.chair_words,
        planned_by=by,
        planned_at=now,
        form_id=form_id,
    )
    _invite(meeting, planned)
    _audit(by, held, meeting, "meeting.planned")
    if meeting.at > now:
        tell_invited(by=by, child=held, meeting=meeting, news="planned")
        # A manager who plans the meeting that agrees a level has brought it forward (B7).
        if kind in pack.level_set_by:
            _do_bring_forward(by, standing, held)
    return meeting


@transaction.atomic
def move(*, by: User, child: Child, meeting: Meeting, version: int, planned: Plan, why: str) -> Meeting:
    """Change when or where a meeting is, who chairs, who is asked to come; those who are asked are told.

    A manager who brings it forward does what the divergence of the levels asks for (B7).

    Args:
        by: who changes it; they see the child, which the caller has made sure of.
        child: whose meeting.
        meeting: which.
        version: the version that they were shown.
        planned: as it is to be.
        why: why it is moved.

    Raises:
        NotAllowed: it is not theirs to change.
        NotPlanned: it was held, or cancelled.
        Changed: somebody else changed it first; nothing was written.
    """
    held, current, standing = _held(by, child, meeting, version)
    earlier = planned.at < current.at and current.kind in pack_at(held, current.at).level_set_by
    current.at, current.minutes_long = planned.at.replace(microsecond=0), planned.minutes_long
    current.place, current.why = planned.place, why
    current.chair, current.chair_words = planned.chair, planned.chair_words
    current.version += 1
    current.save()
    left_out = _invite(current, planned)
    _audit(by, held, current, "meeting.changed")
    tell_invited(by=by, child=held, meeting=current, news="changed", left_out=left_out)
    if earlier:
        _do_bring_forward(by, standing, held)
    return current


@transaction.atomic
def cancel(*, by: User, child: Child, meeting: Meeting, version: int, why: str) -> Meeting:
    """Cancel a meeting that is planned; those who were asked to come are told.

    Args and errors as in `move`; `why`: why it does not take place.
    """
    held, current, _ = _held(by, child, meeting, version)
    current.status, current.why = Meeting.Status.CANCELLED, why
    current.version += 1
    current.save()
    _audit(by, held, current, "meeting.cancelled")
    tell_invited(by=by, child=held, meeting=current, news="cancelled")
    return current


def _held(by: User, child: Child, meeting: Meeting, version: int) -> tuple[Child, Meeting, Standing]:
    """The child and the meeting as they stand, locked, where they are this person's to change."""
    held = hold(child)
    current = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    standing = check_keeps(by, held, current)
    if current.status != Meeting.Status.PLANNED:
        raise NotPlanned(current.reference)
    if current.version != version:
        raise Changed(current.reference)
    return held, current, standing


def _invite(meeting: Meeting, planned: Plan) -> list[Invited]:
    """Write down who is asked to come. Returns those who were and are no longer."""
    before = list(meeting.invited.select_related("user"))
    meeting.invited.all().delete()
    people = {user.pk: user for user in (*planned.people, *filter(None, [planned.chair]))}
    Invited.objects.bulk_create(
        [
            *(Invited(meeting=meeting, user=user) for user in people.values()),
            *(Invited(meeting=meeting, name=name, email=email) for name, email in planned.others),
        ]
    )
    still = {email for _, email in planned.others}
    return [one for one in before if (one.user_id not in people if one.user_id else one.email not in still)]


def _do_bring_forward(by: User, standing: Standing, child: Child) -> None:
    if not access.may(standing, Act.KEEP_MEETINGS):
        return
    done = ticks(by=by, child=child, state=state_of(child), actions=[BRING_FORWARD], at=timezone.now())
    if done:
        enter(by=by, child=child, events=done)


def _audit(by: User, child: Child, meeting: Meeting, kind: str) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=child.authority,
        child=child.pk,
        subject_kind="meeting",
        subject=meeting.pk,
        detail={"type": meeting.kind, "version": meeting.version},
    )
