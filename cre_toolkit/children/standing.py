"""What somebody holds at a moment, roles and teams: read with the user, and passed along."""

import uuid
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, cast

from django.db.models import F, FilteredRelation, QuerySet, UUIDField

from cre_toolkit.accounts.dated import current
from cre_toolkit.accounts.models import User
from cre_toolkit.children.permissions import ROLES_FOR, Act
from cre_toolkit.statements import Hole, statement


@dataclass(frozen=True, slots=True)
class Standing:
    """What a user holds at a moment: roles by authority, and teams.

    In a statement (`statements.py`) its roles, which decide what is asked, are its shape; who it is and which
    teams they are in are values.
    """

    user: User
    roles: frozenset[tuple[str, str]]
    teams: frozenset[uuid.UUID] = frozenset()
    # Those of the teams that they manage, where they hold a role that lets them see what the team sees.
    managed: frozenset[uuid.UUID] = frozenset()

    @property
    def practises(self) -> bool:
        """Whether any role of theirs shows them a child at all."""
        return may(self, Act.SEE_GIVEN)

    def authorities(self, act: Act) -> list[str]:
        """Where an act is within their roles."""
        return sorted({authority for role, authority in self.roles if role in ROLES_FOR[act]})

    def shape(self) -> Hashable:
        return self.roles, len(self.teams), len(self.managed)

    def values(self) -> Mapping[str, Any]:
        return {_USER: self.user.pk} | dict(zip(self._names(), self._teams(), strict=True))

    def with_holes(self) -> Self:
        holes = [Hole(name, _ID) for name in self._names()]
        return replace(
            self,
            user=cast(User, Hole(_USER, _ID)),
            teams=cast("frozenset[uuid.UUID]", frozenset(holes)),
            managed=cast("frozenset[uuid.UUID]", frozenset(holes[: len(self.managed)])),
        )

    def _teams(self) -> Sequence[uuid.UUID]:
        """The teams in an order: those that they manage first."""
        return [*sorted(self.managed), *sorted(self.teams - self.managed)]

    def _names(self) -> Sequence[str]:
        return [f"team {place}" for place in range(len(self.teams))]


_USER, _ID = "who", UUIDField()


def may(standing: Standing, act: Act) -> bool:
    """Whether an act is within the user's roles at all; which child it may be done to is `visible_to`'s."""
    return any(role in ROLES_FOR[act] for role, _ in standing.roles)


def holding(*, user: uuid.UUID) -> QuerySet[User]:
    """The user, once for each pair of a role and a team that they have now; once where they have none."""
    return User.objects.filter(pk=user).annotate(
        held=FilteredRelation("roles_held", condition=current("roles_held__")),
        part=FilteredRelation("memberships", condition=current("memberships__")),
        role=F("held__role"),
        role_in=F("held__authority"),
        team=F("part__team"),
        team_in=F("part__team__authority"),
        manages=F("part__manages"),
    )


_holding = statement(holding)


def standing_of(user: User) -> Standing:
    """The roles and teams that the user has now; none for somebody who has been deactivated.

    No query for a user whom `signed_in.find_user` gave, one for any other.
    """
    if not user.is_active:
        return Standing(user, frozenset())
    held = getattr(user, "held_now", None) or held_in(_holding(user=user.pk))
    return Standing(user, *held)


def held_in(
    rows: Sequence[Any],
) -> tuple[frozenset[tuple[str, str]], frozenset[uuid.UUID], frozenset[uuid.UUID]]:
    """Roles, teams, and the teams that are managed, among the rows of `holding`."""
    roles = frozenset((row.role, row.role_in) for row in rows if row.role)
    sees_team = {authority for role, authority in roles if role in ROLES_FOR[Act.SEE_OF_TEAM]}
    return (
        roles,
        frozenset(row.team for row in rows if row.team),
        frozenset(row.team for row in rows if row.manages and row.team_in in sees_team),
    )
