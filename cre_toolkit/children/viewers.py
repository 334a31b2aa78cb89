"""Who may see one child's record, and why: the other side of `access.visible_to` (toolkit.md, row F5)."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, RoleHeld, Team, User
from cre_toolkit.children import access
from cre_toolkit.children.access import SEEN_BY_CHILD_PROTECTION_MANAGER, current
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.permissions import ROLES_FOR, Act


class Because(StrEnum):
    """What makes somebody one of those who may see a record."""

    GRANTED = "granted"
    TEAM = "team"
    MANAGES = "manages"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who may see a record, and why."""

    user: User
    because: Because
    # Of the grant that it comes from; blank where it comes from a role.
    reason: str = ""
    since: datetime.datetime | None = None
    # Through which team, where it is through one.
    team: Team | None = None
    # When it ends by itself, where it does.
    until: datetime.datetime | None = None
    # What was said by whoever gave it by hand: what this person does for the child.
    why: str = ""


def viewers(child: Child) -> list[Viewer]:
    """Everybody who may see the child's record now, each as often as there are reasons. Four queries.

    The other side of `visible_to`: whoever is named here sees the child there, and nobody else does.
    """
    grants = list(
        AccessGrant.objects.filter(current(), child=child)
        .select_related("user__agency", "team")
        .order_by("since")
    )
    users = {grant.user_id for grant in grants if grant.user_id}
    teams = {grant.team_id for grant in grants if grant.team}
    theirs = Membership.objects.filter(current(), user__in=users)
    memberships = list(
        Membership.objects.filter(
            current(), Q(team__in=teams) | Q(manages=True, team__in=theirs.values("team"))
        ).select_related("user__agency", "team")
    )
    worked_with = set(theirs.values_list("user", "team"))
    roles = _roles_in_play(child, {*users, *(membership.user_id for membership in memberships)})

    managers = {(held.user_id, held.authority) for held in roles if held.role in ROLES_FOR[Act.SEE_OF_TEAM]}
    found: list[Viewer] = []
    for grant in grants:
        if grant.user:
            granted = Viewer(grant.user, Because.GRANTED, grant.reason, grant.since)
            found.append(replace(granted, until=grant.until, why=grant.why))
        for member in memberships:
            if grant.team_id == member.team_id:
                because = Because.TEAM
            elif (
                (grant.user_id, member.team_id) in worked_with
                and member.manages
                and grant.reason != AccessGrant.Reason.BREAK_GLASS
                and member.user_id != grant.user_id
                and (member.user_id, member.team.authority) in managers
            ):
                because = Because.MANAGES
            else:
                continue
            found.append(Viewer(member.user, because, grant.reason, grant.since, member.team))
    if child.working_level in SEEN_BY_CHILD_PROTECTION_MANAGER:
        found += [Viewer(held.user, Because.ROLE) for held in roles if _in_charge(held, child)]
    practising = {held.user_id for held in roles if held.role in ROLES_FOR[Act.SEE_GIVEN]}
    return [viewer for viewer in found if viewer.user.is_active and viewer.user.pk in practising]


def _roles_in_play(child: Child, users: Iterable[uuid.UUID]) -> list[RoleHeld]:
    """The roles by which one of these users, or a child protection manager, may see the record.

    None of somebody to whom it is closed: no role of theirs counts here.
    """
    in_charge = Q(role__in=ROLES_FOR[Act.SEE_AT_LEVEL], authority=child.authority)
    held = RoleHeld.objects.filter(current(), access.admitted(child, "user__"), Q(user__in=users) | in_charge)
    return list(held.select_related("user__agency"))


def _in_charge(held: RoleHeld, child: Child) -> bool:
    return held.role in ROLES_FOR[Act.SEE_AT_LEVEL] and held.authority == child.authority


# Of access that has ended: more than anybody reads on a page. The audit trail has all of it.
MOST_PAST = 50


def past(child: Child) -> list[AccessGrant]:
    """Access to a child's record that has ended, what ended last first. One query.

    Args:
        child: the record that stands for the child.
    """
    ended = AccessGrant.objects.filter(child__stands_for=child.stands_for, until__lte=timezone.now())
    return list(ended.select_related("user", "team").order_by("-until", "-pk")[:MOST_PAST])
