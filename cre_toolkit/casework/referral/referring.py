"""Referring a child: to whom, how, and what is done of what is due by it (CRE 2020, pages 4 and 8 to 11).

Who receives it answers it (`answering.py`); who sent it chases it (`chasing.py`). What reaches nobody waits
in a queue of its own (`no_route.py`); who has no account gets a sealed document (`sealed.py`).
"""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import Team, User
from cre_toolkit.assessments.models import Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.assessment.calls import log_call
from cre_toolkit.casework.case.entering import check_not_in_the_future, enter
from cre_toolkit.casework.case.said_twice import recorded_by
from cre_toolkit.casework.case.state import Case, read
from cre_toolkit.casework.case.ticking import ticks
from cre_toolkit.casework.models import Call, Referral, ReferralStep
from cre_toolkit.casework.referral import reaching
from cre_toolkit.casework.referral.models import Channel, How, To
from cre_toolkit.casework.referral.states import State, Step
from cre_toolkit.casework.referral.steps import take_step
from cre_toolkit.children import access, granting
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.telling import tell
from cre_toolkit.jobs.allow_list import allowed

REFERRING = frozenset({"refer-front-door", "refer-social-care"})
# What a referral does of what is due; with the assessment, it is also sent to social care.
DOES: dict[To, frozenset[str]] = {
    To.FRONT_DOOR: REFERRING,
    To.OTHER_AUTHORITY: REFERRING,
    To.POLICE: frozenset({"refer-police"}),
}
KINDS = {To.FRONT_DOOR: Team.Kind.FRONT_DOOR, To.POLICE: Team.Kind.POLICE_REFERRAL}
IS_SOCIAL_CARE = (To.FRONT_DOOR, To.WORKER, To.OTHER_AUTHORITY)


class CannotReach(ValueError):
    """Nobody can be reached in this way; the message says what to do instead."""


class AddressRefused(CannotReach):
    """The address is not one to which anything may be sent; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a referral goes, and how."""

    to: To
    how: How
    name: str = ""
    """In words: who has no account, or the person who took it on the telephone."""
    channel: str = ""
    address: str = ""
    at: datetime.datetime | None = None
    """When they were telephoned."""
    their_reference: str = ""
    note: str = ""
    """What was said on the telephone."""
    authority: str = ""
    """Whose front door it is, where that is not the child's own authority and has its packs here."""
    team: uuid.UUID | None = None
    """The one team of a front door that gets it; each of its teams where it is left out."""


@transaction.atomic
@together()
def refer(*, by: User, child: Child, recipient: Recipient, why: str, form_id: uuid.UUID) -> Referral:
    """Refer a child; the newest assessment that stands goes with it. The same form sent twice refers once.

    What the referral does of what is due is done: at once within the service and by telephone, and when a
    sealed document is on its way. Where an authority has several front doors, each has one of its own.

    Args:
        by: who refers; they see the child, which the caller has made sure of.
        child: whom.
        recipient: to whom, and how.
        why: what is asked for.
        form_id: made by the form.

    Raises:
        NotAllowed: referring is not within the user's roles.
        CannotReach: there is nobody in this service to send it to, or no assessment to seal.
        entering.InTheFuture: the telephone call is later than now.
    """
    access.check(access.standing_of(by), access.Act.REFER)
    held = hold(child)
    if referred := recorded_by(Referral, child=held, form_id=form_id):
        return referred
    at = recipient.at or timezone.now()
    check_not_in_the_future(at)
    if recipient.how == How.TELEPHONE and recipient.to == To.FRONT_DOOR:
        _log(by=by, child=held, recipient=recipient, at=at, form_id=form_id)
    case = read(held)
    record = next((one.record for one in case.heard if not one.withdrawn), None)
    made = [
        Referral(
            child=held,
            record=record,
            authority=held.authority,
            to=recipient.to,
            how=recipient.how,
            why=why,
            by=by,
            at=at,
            **fields,
        )
        for fields in has_it(by, held, record, recipient)
    ]
    made[0].form_id = form_id
    if recipient.how != How.SEALED:
        tick(by=by, case=case, referrals=made, at=at)
    begin(by=by, referrals=made)
    if recipient.how == How.TELEPHONE:
        _took_it(by=by, referral=made[0], recipient=recipient)
    let_in_and_tell(by=by, referrals=made)
    return made[0]


def has_it(by: User, child: Child, record: Record | None, recipient: Recipient) -> list[dict[str, Any]]:
    """What the referrals to a recipient say of whom they reach and how they begin; one for each.

    Args:
        by: who refers.
        child: whom.
        record: the assessment that goes with it.
        recipient: to whom, and how.

    Raises:
        CannotReach: nobody is there within the service, or there is no assessment that could be sealed.
        AddressRefused: it would be mailed to an address that is not on the allow-list.
    """
    chase_at = timezone.now() + reaching.acknowledged_within(child.authority)
    match recipient.how:
        case How.TELEPHONE:
            return [{"recipient": recipient.name, "state": State.ACKNOWLEDGED}]
        case How.SEALED:
            if record is None:
                raise CannotReach(
                    "There is no assessment to seal yet. Assess the child first, or telephone them."
                )
            if recipient.channel == Channel.SECURE_MAIL and not allowed(recipient.address, child.authority):
                raise AddressRefused(
                    "Nothing may be mailed to this address: it is not on the list of safe ones. Check it,"
                    " choose another channel, or ask your administrator"
                )
            said = {"channel": recipient.channel, "address": recipient.address, "chase_at": chase_at}
            return [{"recipient": recipient.name, "state": State.PREPARED, **said}]
    return [{**one, "state": State.SENT, "chase_at": chase_at} for one in _within(by, child, recipient)]


def _within(by: User, child: Child, recipient: Recipient) -> list[dict[str, Any]]:
    """The worker, or each team, that has it within the service; `CannotReach` where nobody is there."""
    if recipient.to == To.WORKER:
        worker = reaching.worker_reached(child)
        if worker is None or worker == by:
            raise CannotReach("The record names no other allocated worker who uses this service.")
        return [{"user": worker}]
    kind = Team.Kind.FRONT_DOOR if recipient.authority else KINDS.get(recipient.to)
    teams = [team for team in reaching.teams_reached(child, recipient.authority) if team.kind == kind]
    if recipient.team:
        teams = [team for team in teams if team.pk == recipient.team]
    if not teams:
        raise CannotReach(
            "Nobody there can be reached in this service. Telephone them, or send a sealed document."
        )
    return [{"team": team} for team in teams]


def does(referral: Referral) -> frozenset[str]:
    """The ids of what is due that a referral does once it is on its way."""
    to = To(referral.to)
    with_it = referral.record_id is not None and referral.how != How.TELEPHONE and to in IS_SOCIAL_CARE
    return DOES.get(to, frozenset()) | ({reaching.SENDING} if with_it else frozenset())


@transaction.atomic
def tick(
    *,
    by: User,
    case: Case,
    referrals: Collection[Referral],
    at: datetime.datetime,
    actions: Collection[str] | None = None,
) -> None:
    """Enter what referrals of one child do of what is due, and keep with them which events those are.

    Args:
        by: who did it.
        case: as it stands before.
        referrals: of one child, held; written afterwards by the caller.
        at: when it was done.
        actions: what was done; what the referrals do by themselves where it is left out.
    """
    first = next(iter(referrals))
    child = hold(first.child)
    wanted = does(first) if actions is None else actions
    done = ticks(by=by, child=child, state=case.state, actions=wanted, at=at)
    if done:
        enter(by=by, child=child, events=done)
    for referral in referrals:
        referral.ticked = [*referral.ticked, *(str(event.pk) for event in done)]


@transaction.atomic(savepoint=False)
def begin(*, by: User, referrals: Collection[Referral]) -> None:
    """Write new referrals. One query and the audit; none for none."""
    Referral.objects.bulk_create(referrals)
    for made in referrals:
        audit.record(
            by=by,
            kind="referral.made",
            authority=made.authority,
            child=made.child_id,
            subject_kind="referral",
            subject=made.pk,
            detail={"to": made.to, "how": made.how, "state": made.state},
        )


@transaction.atomic
def _log(*, by: User, child: Child, recipient: Recipient, at: datetime.datetime, form_id: uuid.UUID) -> None:
    """The call to the front door stands among the calls too: in danger, it is the one that was due."""
    log_call(
        by=by,
        child=child,
        to=Call.To.SOCIAL_CARE,
        at=at,
        outcome=Call.Outcome.SPOKE,
        spoke_to=recipient.name,
        their_reference=recipient.their_reference,
        note=recipient.note,
        form_id=uuid.uuid5(form_id, "call"),
    )


@transaction.atomic(savepoint=False)
def _took_it(*, by: User, referral: Referral, recipient: Recipient) -> None:
    """Who was on the telephone has taken it: that is its acknowledgement."""
    ReferralStep.objects.create(
        referral=referral, kind=Step.ACKNOWLEDGED, at=referral.at, entered_at=timezone.now(), by=by,
        person=recipient.name, words=recipient.note,
    )  # fmt: skip
    audit.record(
        by=by,
        kind="referral.acknowledged",
        authority=referral.authority,
        child=referral.child_id,
        subject_kind="referral",
        subject=referral.pk,
    )


@transaction.atomic(savepoint=False)
def let_in_and_tell(*, by: User, referrals: Collection[Referral]) -> None:
    """Show the child to those who have it within the service now, and tell them."""
    inside = [one for one in referrals if one.how == How.SERVICE and one.state == State.SENT]
    for made in inside:
        granting.grant_each(
            by=by,
            child=made.child,
            reason=AccessGrant.Reason.SENT,
            users=[made.user_id] if made.user_id else [],
            teams=[made.team_id] if made.team_id else [],
            source=made.pk,
        )
        tell(
            by=by,
            child=made.child,
            people=_people_of(made),
            subject=f"Referral {made.reference} has been sent to you",
            body=(
                f"A referral with the reference {made.reference} is waiting for you in CRE Toolkit.\n\n"
                "Sign in and open your referrals to read and acknowledge it. For safety this message says"
                " nothing more."
            ),
            cause=made.pk,
            page="referral",
            page_of=made.reference,
        )


def _people_of(referral: Referral) -> dict[uuid.UUID, str]:
    """The recipients to whom the record is not closed. One query."""
    admitted = User.objects.filter(access.admitted(referral.child), is_active=True)
    theirs = (
        admitted.filter(pk=referral.user_id)
        if referral.user_id
        else admitted.filter(access.current("memberships__"), memberships__team=referral.team_id)
    )
    return dict(theirs.values_list("pk", "email"))


@transaction.atomic(savepoint=False)
def end_for_withdrawn(*, by: User, record: Record) -> None:
    """End the referrals of an assessment that was recorded in error: nobody waits for an answer any more."""
    ended = (State.RETURNED, State.ALLOCATED, State.WITHDRAWN)
    for referral in Referral.objects.filter(record=record).exclude(state__in=ended):
        take_step(by=by, referral=referral, step=Step.WITHDRAWN, changes={"chase_at": None})
