"""Invented people: users, agencies, teams, roles, children, and who may see whom.

    from tests.factories.people import ChildFactory, TeamFactory, give_access, practitioner, team_manager

    worker = practitioner()                                # signs in with PASSWORD, practises in Derby
    child = ChildFactory(created_by=worker)                # the worker may see the child
    manager = team_manager(TeamFactory())                  # a team of their own
    colleague = practitioner(teams=[manager.memberships.get().team])
    give_access(child, user=colleague)                     # and so the manager may see the child, too

Every name, address and number is made up; NHS numbers are of the range 999 that is kept for tests.
"""

import datetime
from collections.abc import Iterable
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from cre_toolkit.accounts.models import Agency, Membership, Role, RoleHeld, Team, User
from cre_toolkit.children import break_glass, duplicates, keys
from cre_toolkit.children.matching import Why
from cre_toolkit.children.models import (
    AccessGrant,
    AgencyInvolved,
    BreakGlass,
    Child,
    FamilyMember,
    LockOut,
    PossibleDuplicate,
    Restriction,
)
from cre_toolkit.children.weighing import Weighed

PASSWORD = "an invented pass phrase"


def nhs_number(number: int) -> str:
    """A valid NHS number of the test range, the same for the same number (1 to 899,999)."""
    # Every eleventh nine digits have no check digit; the ones before them step in.
    start = f"999{number:06d}"
    digit = -sum(int(figure) * weight for figure, weight in zip(start, range(10, 1, -1), strict=True)) % 11
    return nhs_number(number - 1) if digit == 10 else f"{start}{digit}"


class AgencyFactory(DjangoModelFactory[Agency]):
    class Meta:
        model = Agency
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Invented agency {n}")
    kind = Agency.Kind.SOCIAL_CARE


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Invented team {n}")
    agency = factory.SubFactory(AgencyFactory)
    authority = "derby"


class UserFactory(DjangoModelFactory[User]):
    """Somebody who can sign in, with no role: most tests want `practitioner()` or another of the below."""

    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Invented Worker {n}")
    email = factory.Sequence(lambda n: f"worker{n}@example.org")
    job_title = "Social worker"
    telephone = "01332 496 0100"
    agency = factory.SubFactory(AgencyFactory, name="Invented City Council")
    password = Password(PASSWORD)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    since = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=365))


class RoleHeldFactory(DjangoModelFactory[RoleHeld]):
    class Meta:
        model = RoleHeld

    user = factory.SubFactory(UserFactory)
    role = Role.PRACTITIONER
    authority = "derby"
    since = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=365))


def make_user(
    *roles: Role, authority: str = "derby", teams: Iterable[Team] = (), manages: bool = False, **fields: Any
) -> User:
    """A user who holds these roles in one authority and belongs to these teams (or manages them)."""
    user = UserFactory(**fields)
    for role in roles:
        RoleHeldFactory(user=user, role=role, authority=authority)
    for team in teams:
        MembershipFactory(user=user, team=team, manages=manages)
    return user


def practitioner(**given: Any) -> User:
    """A practitioner; `authority`, `teams` and the user's own fields as in `make_user`."""
    return make_user(Role.PRACTITIONER, **given)


def team_manager(*teams: Team, **given: Any) -> User:
    """The manager of these teams; of one made for them where none is given."""
    mine = teams or (TeamFactory(authority=given.get("authority", "derby")),)
    return make_user(Role.TEAM_MANAGER, teams=mine, manages=True, **given)


def child_protection_manager(**given: Any) -> User:
    return make_user(Role.CHILD_PROTECTION_MANAGER, **given)


def front_door(*teams: Team, **given: Any) -> User:
    """Somebody of the front door, in its team (one made for them where none is given)."""
    mine = teams or (TeamFactory(kind=Team.Kind.FRONT_DOOR, authority=given.get("authority", "derby")),)
    return make_user(Role.FRONT_DOOR, teams=mine, **given)


def police_referral(*teams: Team, **given: Any) -> User:
    """Somebody of the Police Referral Unit, in its team (one made for them where none is given)."""
    mine = teams or (TeamFactory(kind=Team.Kind.POLICE_REFERRAL, authority=given.get("authority", "derby")),)
    return make_user(Role.POLICE_REFERRAL, teams=mine, **given)


def administrator(**given: Any) -> User:
    return make_user(Role.ADMINISTRATOR, **given)


def give_access(
    child: Child,
    *,
    user: User | None = None,
    team: Team | None = None,
    reason: AccessGrant.Reason = AccessGrant.Reason.NETWORK,
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
) -> AccessGrant:
    """A grant as it stands in the table: from a minute ago and for good, unless said otherwise."""
    return AccessGrant.objects.create(
        child=child,
        user=user,
        team=team,
        reason=reason,
        since=since or timezone.now() - datetime.timedelta(minutes=1),
        until=until,
    )


def locked_out(child: Child, user: User) -> LockOut:
    """Somebody must not see this child, since a minute ago."""
    return LockOut.objects.create(
        child=child,
        user=user,
        conflict=LockOut.Conflict.RELATIVE,
        since=timezone.now() - datetime.timedelta(minutes=1),
        by=child.created_by,
    )


def restricted_to(child: Child, *people: User) -> Child:
    """The record is for these people alone, since a minute ago; named besides those who are named already."""
    since = timezone.now() - datetime.timedelta(minutes=1)
    if not child.restricted:
        Restriction.objects.create(child=child, why="Invented", since=since, by=child.created_by)
    Child.objects.filter(pk=child.pk).update(restricted=True)
    child.restricted = True
    already = child.grants.filter(reason=AccessGrant.Reason.NAMED, until=None).values_list("user", flat=True)
    for person in {*people} - {*User.objects.filter(pk__in=already)}:
        give_access(child, user=person, reason=AccessGrant.Reason.NAMED)
    return child


class ChildFactory(DjangoModelFactory[Child]):
    """A child on the record, to be found by search, and seen by whoever added them."""

    class Meta:
        model = Child
        skip_postgeneration_save = True

    authority = "derby"
    given_names = "Amy"
    family_name = factory.Sequence(lambda n: f"Invented{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}")
    date_of_birth = datetime.date(2011, 5, 14)
    nhs_number = ""
    postcode = "DE1 2QY"
    address = "1 Invented Street, Derby"
    created_at = factory.LazyFunction(timezone.now)
    created_by = factory.LazyFunction(practitioner)

    @factory.post_generation
    def as_an_action_would(self: Child, create: bool, extracted: object, **given: object) -> None:
        """What adding a child brings besides its row: the keys it is found by, and the adder's access."""
        if create:
            keys.rebuild(self)
            give_access(self, user=self.created_by, reason=AccessGrant.Reason.ADDED)


def noted_pair(
    one: Child, other: Child, points: float = 80.0, why: Iterable[Why] = (Why.SOUNDS_LIKE, Why.BORN)
) -> PossibleDuplicate:
    """Two records on the work list of those that may be of one child."""
    pair = duplicates.in_order(one.pk, other.pk)
    how = Weighed(points, tuple(why), shown=True, likely=True)
    duplicates.note(by=None, authority=one.authority, found={pair: how})
    return PossibleDuplicate.objects.select_related("child", "other").get(child=pair[0], other=pair[1])


def broken_glass(child: Child, by: User | None = None) -> BreakGlass:
    """Somebody without access opened the record: a practitioner of the authority, unless said otherwise."""
    return break_glass.break_glass(
        by=by or practitioner(authority=child.authority),
        child=child,
        category=BreakGlass.Category.DANGER,
        why="Nobody who works with her could be reached.",
    )


class FamilyMemberFactory(DjangoModelFactory[FamilyMember]):
    class Meta:
        model = FamilyMember

    child = factory.SubFactory(ChildFactory)
    name = "Invented Parent"
    relationship = "Mother"
    parental_responsibility = "yes"


class AgencyInvolvedFactory(DjangoModelFactory[AgencyInvolved]):
    class Meta:
        model = AgencyInvolved

    child = factory.SubFactory(ChildFactory)
    agency = "Invented Academy"
    person = "Invented Teacher"
