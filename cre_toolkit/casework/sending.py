"""Sending an assessment: recorded, received into the case, shown to those it goes to, in one transaction.

Either all of it is there afterwards, with its audit events and its mail in the outbox, or it is a draft.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from cre_toolkit.accounts.models import Agency, Membership, Team, User
from cre_toolkit.assessments import actions as assessments
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.events import record_event
from cre_toolkit.casework.models import Call, CaseEvent
from cre_toolkit.casework.state import refresh
from cre_toolkit.children.access import grant
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.jobs.actions import mail


@dataclass(frozen=True, slots=True)
class Recipients:
    """To whom a sent assessment goes within the service."""

    users: list[User]
    teams: list[Team]
    managers: list[User]

    @property
    def reach_social_care(self) -> bool:
        """Whether anybody in social care has it by this: the allocated worker or the front door."""
        return bool(self.users or self.teams)


def _in_social_care(user: User) -> bool:
    """Whether sending to this person is sending to social care: a live account there."""
    return user.is_active and user.agency is not None and user.agency.kind == Agency.Kind.SOCIAL_CARE


def recipients_of(child: Child, author: User) -> Recipients:
    """The allocated worker where the case is open, else the front door; and the author's managers.

    Source: CRE 2020, pages 8 and 10; `assessment.md`, `send-to-social-care` and `tell-manager`. Two queries.
    """
    now = timezone.now()
    worker = child.allocated_worker if child.open_to_social_care == "yes" else None
    if worker and not (_in_social_care(worker) and worker.pk != author.pk):
        worker = None
    teams = (
        []
        if worker
        else list(
            Team.objects.filter(
                authority=child.authority, kind=Team.Kind.FRONT_DOOR, memberships__until=None
            ).distinct()
        )
    )
    current = Q(until=None) | Q(until__gt=now)
    own_teams = Membership.objects.filter(current, user=author).values("team")
    managers = User.objects.filter(
        memberships__in=Membership.objects.filter(current, team__in=own_teams, manages=True), is_active=True
    ).exclude(pk=author.pk)
    return Recipients([worker] if worker else [], teams, list(managers.distinct()))


@transaction.atomic
def send(*, by: User, assessment: Assessment) -> Record:
    """Send an assessment. Sent again, it gives back what was sent and does nothing more.

    Args:
        by: its author.
        assessment: the draft.

    Raises:
        assessments.actions.NotAccepted: what the toolkit asks for is not all there; carries the outcome.
    """
    now = timezone.now().replace(microsecond=0)
    recipients, called = recipients_of(assessment.child, by), _first_calls(assessment)
    referred = {
        agency: called.get(to) or (now if agency == "social_care" and recipients.reach_social_care else None)
        for agency, to in (("social_care", Call.To.SOCIAL_CARE), ("police", Call.To.POLICE))
    }
    # Eight presses at once queue here; the first sends, the others find the record.
    record, is_new = assessments.record_once(
        by=by,
        assessment=assessment,
        completed_at=now,
        referred={agency: at for agency, at in referred.items() if at},
    )
    if not is_new:
        return record
    child = record.child
    event = record_event(
        by=by, child=child, kind=CaseEvent.Kind.ASSESSMENT, at=record.completed_at, record=record
    )
    for user in recipients.users:
        grant(by=by, child=child, reason=AccessGrant.Reason.SENT, user=user, source=record.pk)
    for team in recipients.teams:
        grant(by=by, child=child, reason=AccessGrant.Reason.SENT, team_id=team.pk, source=record.pk)
    for action in _done_by_sending(record, called, recipients):
        record_event(
            by=by,
            child=child,
            kind=CaseEvent.Kind.DONE,
            at=record.completed_at,
            keys={"action": action, "event": str(event.pk)},
        )
    refresh(child=child)
    _tell(by, record, recipients)
    audit.record(
        by=by,
        kind="assessment.sent",
        authority=child.authority,
        child=child.pk,
        subject_kind="assessment",
        subject=record.pk,
        detail={
            "level": record.recorded_level,
            "users": [str(user.pk) for user in recipients.users],
            "teams": [str(team.pk) for team in recipients.teams],
        },
    )
    return record


def _first_calls(assessment: Assessment) -> dict[str, datetime.datetime]:
    """When somebody was first reached by telephone from this draft, by whom the call was to. One query."""
    reached = Call.objects.filter(assessment=assessment, outcome=Call.Outcome.SPOKE)
    return dict(reached.values("to").annotate(first=Min("at")).values_list("to", "first"))


def _done_by_sending(record: Record, called: Iterable[str], recipients: Recipients) -> list[str]:
    """The actions of this assessment that are done the moment it is sent.

    Sending it is done where somebody in social care has it now; a telephone call, where one was logged in the
    draft and reached somebody.
    """
    asked = [action["id"] for action in record.content["outcome"]["actions"]]
    done = set(called)
    if recipients.reach_social_care:
        done.add("send-to-social-care")
    return [action for action in asked if action in done]


def _tell(by: User, record: Record, recipients: Recipients) -> None:
    """Mail with a reference and nothing else: to the worker, the front door's people, and the managers."""
    now, reference = timezone.now(), record.assessment.reference
    door = User.objects.filter(
        memberships__in=Membership.objects.filter(
            Q(until=None) | Q(until__gt=now), team__in=recipients.teams
        ),
        is_active=True,
    )
    people: dict[uuid.UUID, User] = {
        user.pk: user for user in (*recipients.users, *recipients.managers, *door)
    }
    for user in people.values():
        mail(
            by=by,
            to=user.email,
            subject=f"Assessment {reference} has been sent to you",
            body=(
                f"An assessment with the reference {reference} is waiting for you in CRE Toolkit.\n\n"
                "Sign in to read it. For safety this message says nothing more."
            ),
            cause=record.pk,
        )
