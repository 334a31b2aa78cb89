"""Whom a referral can reach within the service, and who is told of what becomes of it."""

import datetime
import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import Agency, Membership, RoleHeld, Team, User
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.models import Child
from cre_toolkit.children.permissions import ROLES_FOR
from cre_toolkit.rules.loading import load_authority

SENDING = "send-to-social-care"


def acknowledged_within(authority: str) -> datetime.timedelta:
    """After how long without an answer a referral is chased.

    Our reading: the toolkit gives no time for the answer. What is to be sent within 24 hours at most (CRE
    2020, page 11) is not left lying for longer than that either; the hours are those of the pack's row.
    """
    pack = load_authority(authority).on(timezone.localdate())
    hours = [row.due_after_hours or 0 for row in pack.actions if row.id == SENDING]
    return datetime.timedelta(hours=max(hours, default=24))


def in_social_care(user: User) -> bool:
    """Whether sending to this person is sending to social care: a live account there."""
    return user.is_active and user.agency is not None and user.agency.kind == Agency.Kind.SOCIAL_CARE


def worker_reached(child: Child) -> User | None:
    """The allocated worker, where social care has an open case by them."""
    worker = child.allocated_worker if child.open_to_social_care == "yes" else None
    return worker if worker and in_social_care(worker) else None


def teams_reached(child: Child, authority: str = "") -> list[Team]:
    """The front door's and the police unit's teams in which somebody is there to open it. One query.

    A team counts where it has a live account to which the record is not closed.

    Args:
        child: whose record.
        authority: whose teams; those of the child's own where it is left out.
    """
    there = Membership.objects.filter(
        access.current(), access.admitted(child, "user__"), team=OuterRef("pk"), user__is_active=True
    )
    kinds = (Team.Kind.FRONT_DOOR, Team.Kind.POLICE_REFERRAL)
    found = Team.objects.filter(Exists(there), authority=authority or child.authority, kind__in=kinds)
    return list(found.select_related("agency").order_by("name"))


def managing(people: Iterable[uuid.UUID]) -> QuerySet[User]:
    """Those who manage a team of one of these people, with the role by which they see what the team sees."""
    with_the_role = RoleHeld.objects.filter(
        access.current(),
        user=OuterRef("user"),
        authority=OuterRef("team__authority"),
        role__in=ROLES_FOR[Act.SEE_OF_TEAM],
    )
    teams = Membership.objects.filter(access.current(), user__in=people).values("team")
    manage = Membership.objects.filter(Exists(with_the_role), access.current(), manages=True, team__in=teams)
    return User.objects.filter(pk__in=manage.values("user"), is_active=True)


def sender_and_managers(sender: User, child: Child) -> dict[uuid.UUID, str]:
    """Whom to tell of what became of a referral, by their ids. One query."""
    told = User.objects.filter(
        access.admitted(child), Q(pk=sender.pk) | Q(pk__in=managing([sender.pk]).values("pk")), is_active=True
    )
    return dict(told.values_list("pk", "email"))


def finders(child: Child) -> dict[uuid.UUID, str]:
    """Those whose duty it is to find a route for what reaches nobody in the child's authority. One query."""
    held = access.roles_held(child.authority, ROLES_FOR[Act.FIND_ROUTE])
    found = User.objects.filter(access.admitted(child), is_active=True, pk__in=held.values("user"))
    return dict(found.values_list("pk", "email"))
