"""Sending an assessment: recorded, received into the case, shown to those it goes to, in one transaction.

Either all of it is there afterwards, with its audit events and its mail in the outbox, or it is a draft.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, UUIDField, Value
from django.utils import timezone

from cre_toolkit.accounts.models import Cover, Membership, RoleHeld, Team, User
from cre_toolkit.assessments import recording
from cre_toolkit.assessments.actions import Discarded
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.assessments.record import Earlier
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.assessment.calls import TOLD_BY, counts_for
from cre_toolkit.casework.case.awaiting import needs_manager
from cre_toolkit.casework.case.events import event, record_events
from cre_toolkit.casework.case.state import events_of, heard_in, refresh
from cre_toolkit.casework.countersigning.asking import ask_in_charge
from cre_toolkit.casework.ends.closing import reopen_for
from cre_toolkit.casework.models import Call, CaseEvent, Referral
from cre_toolkit.casework.referral.models import How, To
from cre_toolkit.casework.referral.no_route import tell_finders
from cre_toolkit.casework.referral.reaching import SENDING, acknowledged_within, worker_reached
from cre_toolkit.casework.referral.referring import begin
from cre_toolkit.casework.referral.states import State
from cre_toolkit.children import access, granting
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.permissions import ROLES_FOR, Act
from cre_toolkit.children.telling import tell


@dataclass(frozen=True, slots=True)
class Recipients:
    """To whom a sent assessment goes within the service."""

    worker: User | None = None
    """The allocated worker, where social care has it by them."""
    front_door: frozenset[uuid.UUID] = frozenset()
    """The teams of the front door, where social care has it by them."""
    told: Mapping[uuid.UUID, str] = field(default_factory=dict)
    """Who is told, with their addresses: worker and stand-ins, or the front door's people; managers."""
    has_manager: bool = False
    """Whether a manager of the author is among those who are told."""

    @property
    def reach_social_care(self) -> bool:
        """Whether anybody in social care has it by this."""
        return self.worker is not None or bool(self.front_door)


def recipients_of(child: Child, author: User) -> Recipients:
    """The allocated worker where the case is open, else the front door; and the author's managers. One query.

    Whoever stands in for a worker on leave is told too: the worker is not there to read it.

    A front door counts where somebody is there to open it: a live account that is in the team now, and to
    whom the record is not closed. An author who is the allocated worker has it already. Nobody is told of
    what they sent themselves.
    Source: CRE 2020, pages 8 and 10; `assessment.md`, `send-to-social-care` and `tell-manager`.

    Args:
        child: with the allocated worker.
        author: who sends.
    """
    worker = worker_reached(child)
    own_teams = Membership.objects.filter(access.current(), user=author).values("team")
    # Who manages a team without the role sees nothing of it: mail about it would lead them nowhere.
    with_the_role = RoleHeld.objects.filter(
        access.current(),
        user=OuterRef("user"),
        authority=OuterRef("team__authority"),
        role__in=ROLES_FOR[Act.SEE_OF_TEAM],
    )
    wanted = Q(Exists(with_the_role), manages=True, team__in=own_teams)
    if not worker:
        wanted |= Q(team__kind=Team.Kind.FRONT_DOOR, team__authority=child.authority)
    # Whoever the record is closed to is told of nothing. The worker is never one of them (`restriction.py`).
    who = Membership.objects.filter(access.current(), wanted, access.admitted(child, "user__"))
    rows = who.filter(user__is_active=True).values_list(
        "team", "team__kind", "team__authority", "user", "user__email"
    )
    if worker:
        rows = rows.union(_stand_ins(child, worker), all=True)
    door, told, has_manager = set(), {worker.pk: worker.email} if worker else {}, False
    for team, kind, authority, person, email in rows:
        if not worker and kind == Team.Kind.FRONT_DOOR and authority == child.authority:
            door.add(team)
        elif kind and person != author.pk:
            has_manager = True
        told[person] = email
    told.pop(author.pk, None)
    return Recipients(worker, frozenset(door), told, has_manager)


def _stand_ins(child: Child, worker: User) -> QuerySet[Cover, Any]:
    """Who stands in for the worker now, as rows of the query for everybody else."""
    now = Cover.objects.filter(
        access.current(), access.admitted(child, "stand_in__"), absent=worker, stand_in__is_active=True
    )
    nothing = Value("", output_field=CharField())
    return now.values_list(
        Value(None, output_field=UUIDField()), nothing, nothing, "stand_in", "stand_in__email"
    )


@transaction.atomic
@together()
def send(*, by: User, assessment: Assessment) -> Record:
    """Send an assessment. Sent again, it gives back what was sent and does nothing more.

    Args:
        by: its author.
        assessment: the draft.

    Raises:
        NotVisible: it is somebody else's, or a form from paper, which is sent to nobody.
        Discarded: it was discarded, and not restored.
        assessments.recording.NotAccepted: what the toolkit asks for is not all there; carries the outcome.
    """
    now = timezone.now().replace(microsecond=0)
    # Eight presses at once queue here; the first sends, the others find the record. A call that is being
    # logged comes before, and is known below, or after, and does what this makes due.
    draft = recording.hold(by, assessment)
    if draft.transcribed:
        raise access.NotVisible(draft.reference)
    if draft.status == Assessment.Status.SENT:
        return Record.objects.select_related("assessment", "child").get(assessment=draft)
    if draft.status == Assessment.Status.DISCARDED:
        raise Discarded(draft.reference)
    child = draft.child
    events, recipients = events_of(child), recipients_of(child, by)
    made = _calls_made(draft, events)
    referred = {"social_care": now} if recipients.reach_social_care else {}
    for to, agency in TOLD_BY.items():
        if to in made.known:
            referred[agency] = made.answering.get(to) or made.known[to]
    record = recording.record_held(
        by=by, draft=draft, completed_at=now, earlier=_earlier(events), referred=referred
    )
    received = _received(by=by, record=record, done={*made.answering, *_done_by_sending(recipients)})
    state = refresh(child=child, held=True, events=[*events, *received])
    if state.closed:
        reopen_for(by=by, child=child, words="A new assessment was sent.")
    referrals = _referrals(by, record, recipients, received)
    begin(by=by, referrals=referrals)
    for referral in referrals:
        if referral.state == State.NO_ROUTE:
            tell_finders(by=by, referral=referral)
    granting.grant_each(
        by=by,
        child=record.child,
        reason=AccessGrant.Reason.SENT,
        users=[recipients.worker.pk] if recipients.worker and recipients.worker != by else [],
        teams=recipients.front_door,
        source=record.pk,
    )
    _tell(by, record, recipients)
    # A manager who had the draft themselves cannot answer.
    if needs_manager(record) and (draft.begun_by_id or not recipients.has_manager):
        ask_in_charge(by=by, record=record)
    audit.record(
        by=by,
        kind="assessment.sent",
        authority=child.authority,
        child=child.pk,
        subject_kind="record",
        subject=record.pk,
        detail={
            "level": record.recorded_level,
            "users": [str(recipients.worker.pk)] if recipients.worker else [],
            "teams": sorted(map(str, recipients.front_door)),
        },
    )
    return record


def _earlier(events: Iterable[CaseEvent]) -> Earlier | None:
    """The child's newest assessment that stands: it answers "previously assessed?"."""
    found = next((heard.record for heard in heard_in(events) if not heard.withdrawn), None)
    return Earlier(found.completed_at, found.recorded_level, found.instrument) if found else None


@dataclass(frozen=True, slots=True)
class _CallsMade:
    """When somebody was first reached by telephone from a draft, by whom the call was to."""

    known: dict[str, datetime.datetime]
    """About any danger that was said in it: since when they know of the child."""
    answering: dict[str, datetime.datetime]
    """Since the danger was said last: they need not be called again."""


def _calls_made(draft: Assessment, events: Iterable[CaseEvent]) -> _CallsMade:
    """The calls that reached somebody, from a draft with these events of its case. One query."""
    kind = CaseEvent.Kind.IMMEDIATE_RISK
    dangers = [one for one in events if one.kind == kind and one.draft_id == draft.pk]
    made = _CallsMade({}, {})
    for call in Call.objects.filter(assessment=draft, outcome=Call.Outcome.SPOKE).order_by("at"):
        about = [danger for danger in dangers if counts_for(call, danger)]
        if about or not dangers:
            made.known.setdefault(call.to, call.at)
        if not dangers or (dangers[-1] in about and call.entered_at >= dangers[-1].entered_at):
            made.answering.setdefault(call.to, call.at)
    return made


def _done_by_sending(recipients: Recipients) -> Iterable[str]:
    """What is done the moment it is sent: the sending itself, where somebody in social care has it now."""
    return [SENDING] if recipients.reach_social_care else []


def _received(*, by: User, record: Record, done: Iterable[str]) -> list[CaseEvent]:
    """Write the record into the child's case, with what it asks for that is done already, by action."""
    received = event(
        by=by, child=record.child, kind=CaseEvent.Kind.ASSESSMENT, at=record.completed_at, record=record
    )
    asked = {action["id"] for action in record.content["outcome"]["actions"]}
    ticks = [
        event(
            by=by,
            child=record.child,
            kind=CaseEvent.Kind.DONE,
            at=record.completed_at,
            keys={"action": action, "event": str(received.pk)},
        )
        for action in sorted(asked.intersection(done))
    ]
    record_events(by=by, events=[received, *ticks])
    return [received, *ticks]


def _referrals(
    by: User, record: Record, recipients: Recipients, received: Iterable[CaseEvent]
) -> list[Referral]:
    """One for each recipient, yet to be written: sent is not received, and each answers (toolkit.md, B1).

    What was to be sent to social care and reaches nobody there is one for the queue that somebody owns (B14).
    An author who is the allocated worker has it.
    """
    ticked = [str(event.pk) for event in received if event.keys.get("action") == SENDING]
    said: dict[str, Any] = {"child": record.child, "record": record, "authority": record.authority, "by": by}
    said |= {"at": record.sent_at, "how": How.SERVICE}
    if recipients.reach_social_care:
        chase_at = record.sent_at + acknowledged_within(record.authority)
        said |= {"state": State.SENT, "chase_at": chase_at, "ticked": ticked}
        if recipients.worker:
            return [Referral(to=To.WORKER, user=recipients.worker, **said)] if recipients.worker != by else []
        return [Referral(to=To.FRONT_DOOR, team_id=team, **said) for team in sorted(recipients.front_door)]
    asked = {action["id"] for action in record.content["outcome"]["actions"]}
    return [Referral(to=To.NOBODY, state=State.NO_ROUTE, **said)] if SENDING in asked else []


def _tell(by: User, record: Record, recipients: Recipients) -> None:
    """A reference and nothing else."""
    reference = record.assessment.reference
    tell(
        by=by,
        child=record.child.kept,
        people=recipients.told,
        subject=f"Assessment {reference} has been sent to you",
        body=(
            f"An assessment with the reference {reference} is waiting for you in CRE Toolkit.\n\n"
            "Sign in and search for the reference to read it. For safety this message says nothing more."
        ),
        cause=record.pk,
        page="assessment-record",
        page_of=reference,
    )
