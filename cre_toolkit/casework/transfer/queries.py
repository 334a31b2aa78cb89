"""A child's case on its way to another authority: what waits for whom, and who may answer it."""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, RoleHeld, Team, User
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.models import CaseEvent, Transfer
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.permissions import ROLES_FOR
from cre_toolkit.rules.loading import load_authority

ASKED = Transfer.State.ASKED


def waiting_of(child: Child) -> Transfer | None:
    """The transfer of a child that waits for an answer, with who asked. One query."""
    return all_waiting_of(child).first()


def all_waiting_of(child: Child) -> QuerySet[Transfer]:
    """Those that wait, the earliest first: one, or where records were merged, one of each."""
    return _transfers(child).filter(state=ASKED).order_by("asked_at")


def of_receipt(passed: CaseEvent) -> Transfer | None:
    """The transfer that was received by this event, on a record of the child. One query."""
    second = datetime.timedelta(seconds=1)
    received = Transfer.objects.filter(
        state=Transfer.State.RECEIVED,
        to=passed.keys["authority"],
        settled_at__gte=passed.at,
        settled_at__lt=passed.at + second,
    )
    return received.filter(took__has_key=str(passed.child_id)).first()


def settled_of(child: Child) -> list[Transfer]:
    """Those that were answered, the newest first. One query."""
    return list(_transfers(child).exclude(state=ASKED).order_by("-settled_at"))


def may_ask(standing: access.Standing, child: Child) -> bool:
    """Whether it is somebody's to give a child to another authority: of the one that is responsible."""
    return child.authority in standing.authorities(Act.TRANSFER)


def may_receive(standing: access.Standing, transfer: Transfer) -> bool:
    """Whether it is somebody's to receive a child for the authority that is asked."""
    return transfer.to in standing.authorities(Act.RECEIVE_TRANSFER)


def to_receive(standing: access.Standing) -> QuerySet[Transfer] | None:
    """The children whom a person's authority is asked to receive, for their desk."""
    authorities = standing.authorities(Act.RECEIVE_TRANSFER)
    if not authorities:
        return None
    seen = access.sees(standing, "child__")
    return Transfer.objects.filter(seen, state=ASKED, to__in=authorities)


def not_received(standing: access.Standing) -> QuerySet[Transfer] | None:
    """The children of a person's authority whom another has not received yet, for their desk."""
    authorities = standing.authorities(Act.TRANSFER)
    if not authorities:
        return None
    seen = access.sees(standing, "child__")
    return Transfer.objects.filter(seen, state=ASKED, from_authority__in=authorities)


def came(standing: access.Standing, path: str = "") -> Q:
    """The children whom somebody's authority has received, where receiving is theirs, as a condition.

    Args:
        standing: whose.
        path: in a query of another model, how it gets to the child (`child__`).
    """
    authorities = standing.authorities(Act.RECEIVE_TRANSFER)
    if not authorities:
        return Q(pk__in=[])
    received = Transfer.objects.filter(state=Transfer.State.RECEIVED, to__in=authorities)
    return Q(
        (f"{path}authority__in", authorities), (f"{path}stands_for__in", received.values("child__stands_for"))
    )


def receiver_is_named(child: Child, to: str) -> bool:
    """Whether somebody named on a restricted record can receive it, and lift the restriction."""
    named = AccessGrant.objects.filter(
        access.current(), child__stands_for=child.pk, reason=AccessGrant.Reason.NAMED
    )
    able = ROLES_FOR[Act.RECEIVE_TRANSFER] & ROLES_FOR[Act.RESTRICT]
    return access.roles_held(to, able).filter(user__in=named.values("user"), user__is_active=True).exists()


def front_doors_of(authority: str) -> QuerySet[Team]:
    return Team.objects.filter(kind=Team.Kind.FRONT_DOOR, authority=authority)


def receivers(child: Child, to: str) -> QuerySet[User]:
    """Who is told, and can receive: the front door's people, and of a restricted record those named on it."""
    holds = RoleHeld.objects.filter(
        access.current(), user=OuterRef("pk"), authority=to, role__in=ROLES_FOR[Act.RECEIVE_TRANSFER]
    )
    at_the_door = Membership.objects.filter(access.current(), team__in=front_doors_of(to)).values("user")
    sees = Q(pk__in=at_the_door)
    if child.restricted:
        sees = Q()
    return User.objects.filter(access.admitted(child), Exists(holds), sees, is_active=True)


def happened(child: Child) -> list[Happened]:
    """What was asked of other authorities, and what they answered. Two queries."""
    events = CaseEvent.objects.filter(
        child__stands_for=child.stands_for, kind__in=(CaseEvent.Kind.TRANSFER, CaseEvent.Kind.WITHDRAWN)
    ).select_related("by")
    withdrawn = {one.keys["event"] for one in events if one.kind == CaseEvent.Kind.WITHDRAWN}
    passed = {one.at: one for one in events if one.kind == CaseEvent.Kind.TRANSFER}
    told = []
    for one in _transfers(child):
        told.append(
            Happened(
                at=one.asked_at,
                entered_at=one.asked_at,
                what=What.CASE,
                title=f"{name_of(one)} was asked to be responsible",
                by=str(one.by),
                text=one.why,
            )
        )
        if one.settled_at:
            receipt = passed.pop(one.settled_at.replace(microsecond=0), None)
            told.append(
                Happened(
                    at=one.settled_at,
                    entered_at=one.settled_at,
                    what=What.CASE,
                    title=f"Transfer to {name_of(one)}: {one.get_state_display().lower()}",
                    by=str(one.settled_by),
                    text=one.settled_words,
                    event=receipt.pk if receipt else None,
                )
            )
    # Received when this record was merged with another, which has the request.
    told += [
        Happened(
            at=one.at,
            entered_at=one.entered_at,
            what=What.CASE,
            title=f"Received by {authority_name(one.keys['authority'])}, with a record merged with this one",
            by=str(one.by),
            event=one.pk,
        )
        for one in passed.values()
        if str(one.pk) not in withdrawn
    ]
    return told


def name_of(transfer: Transfer) -> str:
    """The other authority, as it is called."""
    return authority_name(transfer.to) if transfer.to else transfer.to_whom


def authority_name(authority: str) -> str:
    """An authority of the service as its pack of today calls it."""
    return load_authority(authority).on(timezone.localdate()).name


def _transfers(child: Child) -> QuerySet[Transfer]:
    return Transfer.objects.filter(child__stands_for=child.stands_for).select_related("by", "settled_by")
