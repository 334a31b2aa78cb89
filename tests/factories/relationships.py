"""How somebody may stand to a child and see the record: `SEE` lists every way that there is.

Each is a function that takes a child, sets everything up, and gives the user; `no_relationships.py` has those
who do not see it. Who asks for either must get the same answer in every way of asking.
"""

import datetime

from django.utils import timezone

from cre_toolkit.accounts.models import Role, User
from cre_toolkit.children.models import AccessGrant, Child, LockOut
from tests.factories.people import (
    TeamFactory,
    broken_glass,
    child_protection_manager,
    front_door,
    give_access,
    locked_out,
    make_user,
    police_referral,
    practitioner,
    restricted_to,
    team_manager,
)

YESTERDAY = datetime.timedelta(days=-1)
TOMORROW = datetime.timedelta(days=1)


def at_level(child: Child, level: str) -> None:
    Child.objects.filter(pk=child.pk).update(working_level=level)


def managed_team(child: Child, **given) -> tuple[User, User]:
    """A manager, and a practitioner of the team who is in the child's network."""
    team = TeamFactory(authority=given.get("authority", "derby"))
    member = practitioner(teams=[team])
    give_access(child, user=member)
    return team_manager(team, **given), member


def who_added(child):
    return child.created_by


def in_the_network(child):
    user = practitioner()
    give_access(child, user=user)
    return user


def in_the_network_from_the_county(child):
    user = practitioner(authority="derbyshire")
    give_access(child, user=user)
    return user


def champion_in_the_network(child):
    user = make_user(Role.CHAMPION)
    give_access(child, user=user)
    return user


def in_a_team_that_was_granted(child):
    team = TeamFactory()
    give_access(child, team=team)
    return practitioner(teams=[team])


def manager_of_a_team_that_was_granted(child):
    team = TeamFactory()
    give_access(child, team=team)
    return team_manager(team)


def front_door_that_was_sent(child):
    user = front_door()
    give_access(child, team=user.memberships.get().team, reason=AccessGrant.Reason.SENT)
    return user


def police_unit_that_was_sent(child):
    user = police_referral()
    give_access(child, team=user.memberships.get().team, reason=AccessGrant.Reason.SENT)
    return user


def manager_of_a_practitioner(child):
    return managed_team(child)[0]


def manager_of_a_practitioner_who_left_the_service(child):
    manager, member = managed_team(child)
    User.objects.filter(pk=member.pk).update(is_active=False)
    return manager


def protection_manager_at_medium(child):
    at_level(child, "medium")
    return child_protection_manager()


def protection_manager_at_high(child):
    at_level(child, "high")
    return child_protection_manager()


def protection_manager_who_was_sent(child):
    user = child_protection_manager()
    give_access(child, user=user, reason=AccessGrant.Reason.SENT)
    return user


def granted_until_tomorrow(child):
    user = practitioner()
    give_access(child, user=user, until=timezone.now() + TOMORROW)
    return user


def administrator_who_practises_too(child):
    user = make_user(Role.ADMINISTRATOR, Role.PRACTITIONER)
    give_access(child, user=user)
    return user


def broke_the_glass(child):
    user = practitioner()
    broken_glass(child, by=user)
    return user


def named_on_a_restricted_record(child):
    user = practitioner()
    restricted_to(child, user, child.created_by)
    return user


def protection_manager_named_on_a_restricted_record(child):
    at_level(child, "high")
    user = child_protection_manager()
    restricted_to(child, user, child.created_by)
    return user


def locked_out_until_yesterday(child):
    user = in_the_network(child)
    gone = timezone.now() + YESTERDAY
    LockOut.objects.filter(pk=locked_out(child, user).pk).update(since=gone + YESTERDAY, until=gone)
    return user


SEE = [
    who_added, in_the_network, in_the_network_from_the_county, champion_in_the_network,
    in_a_team_that_was_granted, manager_of_a_team_that_was_granted, front_door_that_was_sent,
    police_unit_that_was_sent, manager_of_a_practitioner, manager_of_a_practitioner_who_left_the_service,
    protection_manager_at_medium, protection_manager_at_high, protection_manager_who_was_sent,
    granted_until_tomorrow, administrator_who_practises_too, broke_the_glass, named_on_a_restricted_record,
    protection_manager_named_on_a_restricted_record, locked_out_until_yesterday,
]  # fmt: skip
