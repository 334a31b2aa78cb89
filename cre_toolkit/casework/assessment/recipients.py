"""To whom a sent assessment goes within the service, and who is told of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast

from cre_toolkit.accounts.models import Cover, Membership, RoleHeld, Team, User
from cre_toolkit.casework.referral.reaching import worker_reached
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.children.permissions import ROLES_FOR, Act
from cre_toolkit.statements import Moment, statement


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
    covers: frozenset[uuid.UUID] = frozenset()
    """The cover, now or to come, of the author's managers: see `countersigning/leave.py`."""

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
    about = {"author": author.pk, "child": child.stands_for, "restricted": child.restricted}
    if worker:
        rows = _stand_ins_and_managers(**about, worker=worker.pk)
    else:
        rows = _front_door_and_managers(**about, authority=child.authority)
    told = {worker.pk: worker.email} if worker else {}
    told |= {person: email for person, email, *_, cover in rows if not cover}
    told.pop(author.pk, None)
    return Recipients(
        worker,
        front_door=frozenset(door for *_, door, _, _ in rows if door),
        told=told,
        has_manager=any(is_manager and person != author.pk for person, _, _, is_manager, _ in rows),
        covers=frozenset(cover for *_, cover in rows if cover),
    )


# Each row of the two statements is somebody who is told: who, their address, the team of the front door by
# which they are, whether they are as the author's manager; or the cover of such a manager.
# PostgreSQL takes a bare NULL for text, and then joins no ids to it.
_NO_ID = Cast(Value(None), output_field=UUIDField())


@statement
def _front_door_and_managers(
    *, author: uuid.UUID, child: uuid.UUID, restricted: bool, authority: str
) -> QuerySet[Membership, Any]:
    at_the_door = Q(team__kind=Team.Kind.FRONT_DOOR, team__authority=authority)
    members = _members(at_the_door | _managing(author), child, restricted)
    door, is_manager = (
        Case(When(at_the_door, then="team")),
        Case(When(at_the_door, then=False), default=True),
    )
    told = members.values_list("user", "user__email", door, is_manager, _NO_ID)
    return told.union(_covers(author, child, restricted), all=True)


@statement
def _stand_ins_and_managers(
    *, author: uuid.UUID, child: uuid.UUID, restricted: bool, worker: uuid.UUID
) -> QuerySet[Membership, Any]:
    managers = _members(_managing(author), child, restricted)
    admitted = access.admitted_to(child, restricted=restricted, path="stand_in__")
    stand_ins = Cover.objects.filter(access.current(), admitted, absent=worker, stand_in__is_active=True)
    return managers.values_list("user", "user__email", _NO_ID, Value(True), _NO_ID).union(
        stand_ins.values_list("stand_in", "stand_in__email", _NO_ID, Value(False), _NO_ID),
        _covers(author, child, restricted),
        all=True,
    )


def _covers(author: uuid.UUID, child: uuid.UUID, restricted: bool) -> QuerySet[Cover, Any]:
    """Who stands in for a manager of the author, now or later; not whom the record is closed to."""
    managers = Membership.objects.filter(access.current(), _managing(author))
    admitted = access.admitted_to(child, restricted=restricted, path="stand_in__")
    to_come = Cover.objects.filter(
        admitted, until__gt=Moment(), absent__in=managers.values("user"), stand_in__is_active=True
    )
    return to_come.values_list("stand_in", "stand_in__email", _NO_ID, Value(False), "pk")


def _members(which: Q, child: uuid.UUID, restricted: bool) -> QuerySet[Membership]:
    """Who is in a team now, with a live account. Whoever the record is closed to is told of nothing.

    The worker is never one of those (`restriction.py`).
    """
    admitted = access.admitted_to(child, restricted=restricted, path="user__")
    return Membership.objects.filter(access.current(), which, admitted, user__is_active=True)


def _managing(author: uuid.UUID) -> Q:
    """Who manages a team that the author is in, with the role by which they see what the team sees.

    Without that role they see nothing of it: mail about it would lead them nowhere.
    """
    with_the_role = RoleHeld.objects.filter(
        access.current(),
        user=OuterRef("user"),
        authority=OuterRef("team__authority"),
        role__in=ROLES_FOR[Act.SEE_OF_TEAM],
    )
    own_teams = Membership.objects.filter(access.current(), user=author).values("team")
    return Q(Exists(with_the_role), manages=True, team__in=own_teams)
