"""How somebody may stand to a child and not see the record: `DO_NOT_SEE` lists every way that there is.

Each is a function that takes a child, sets everything up, and gives the user; `relationships.py` has those
who see it.
"""

import time_machine
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, Role, RoleHeld, User
from cre_toolkit.children.models import AccessGrant
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    administrator,
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
from tests.factories.relationships import (
    TOMORROW,
    YESTERDAY,
    at_level,
    broke_the_glass,
    in_a_team_that_was_granted,
    in_the_network,
    managed_team,
    named_on_a_restricted_record,
    protection_manager_at_high,
)


def practitioner_of_the_same_authority(child):
    return practitioner()


def front_door_that_was_sent_nothing(child):
    return front_door()


def police_unit_that_was_sent_nothing(child):
    return police_referral()


def manager_of_another_team(child):
    managed_team(child)
    return team_manager()


def member_of_a_team_without_managing_it(child):
    team = TeamFactory()
    give_access(child, user=practitioner(teams=[team]))
    return practitioner(teams=[team])


def manages_without_the_role(child):
    team = TeamFactory()
    give_access(child, user=practitioner(teams=[team]))
    return make_user(Role.PRACTITIONER, teams=[team], manages=True)


def manager_in_another_authority_than_the_team(child):
    team = TeamFactory(authority="derby")
    give_access(child, user=practitioner(teams=[team]))
    return make_user(Role.TEAM_MANAGER, authority="derbyshire", teams=[team], manages=True)


def manager_whose_practitioner_left_the_team(child):
    manager, member = managed_team(child)
    Membership.objects.filter(user=member).update(until=timezone.now())
    return manager


def manager_who_left_the_team(child):
    manager, _ = managed_team(child)
    Membership.objects.filter(user=manager).update(until=timezone.now())
    return manager


def manager_of_what_a_practitioner_sees_through_another_team(child):
    theirs, other = TeamFactory(), TeamFactory()
    practitioner(teams=[theirs, other])
    give_access(child, team=other)
    return team_manager(theirs)


def left_a_team_that_was_granted(child):
    user = in_a_team_that_was_granted(child)
    Membership.objects.filter(user=user).update(until=timezone.now())
    return user


def not_yet_in_a_team_that_was_granted(child):
    user = in_a_team_that_was_granted(child)
    Membership.objects.filter(user=user).update(since=timezone.now() + TOMORROW)
    return user


def protection_manager_at_low(child):
    at_level(child, "low")
    return child_protection_manager()


def protection_manager_before_any_level(child):
    return child_protection_manager()


def protection_manager_of_another_authority(child):
    at_level(child, "high")
    return child_protection_manager(authority="derbyshire")


def protection_manager_no_longer(child):
    at_level(child, "high")
    user = child_protection_manager()
    RoleHeld.objects.filter(user=user).update(until=timezone.now())
    return user


def grant_ended(child):
    user = practitioner()
    give_access(child, user=user, until=timezone.now() + YESTERDAY)
    return user


def grant_not_begun(child):
    user = practitioner()
    give_access(child, user=user, since=timezone.now() + TOMORROW)
    return user


def deactivated(child):
    user = in_the_network(child)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    return user


def deactivated_protection_manager(child):
    user = protection_manager_at_high(child)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    return user


def role_ended(child):
    user = in_the_network(child)
    RoleHeld.objects.filter(user=user).update(until=timezone.now())
    return user


def without_any_role(child):
    user = make_user()
    give_access(child, user=user)
    return user


def analyst(child):
    at_level(child, "high")
    user = make_user(Role.ANALYST)
    give_access(child, user=user)
    return user


def records_auditor(child):
    at_level(child, "high")
    user = make_user(Role.RECORDS_AUDITOR)
    give_access(child, user=user)
    return user


def head_of_service(child):
    at_level(child, "high")
    return make_user(Role.HEAD_OF_SERVICE)


def administrator_with_a_grant(child):
    user = administrator()
    give_access(child, user=user)
    return user


def administrator_in_a_granted_team(child):
    team = TeamFactory()
    give_access(child, team=team)
    return make_user(Role.ADMINISTRATOR, teams=[team])


def manager_of_somebody_who_broke_the_glass(child):
    team = TeamFactory()
    broken_glass(child, by=practitioner(teams=[team]))
    return team_manager(team)


def broke_the_glass_the_day_before(child):
    user = practitioner()
    with time_machine.travel(timezone.now() + 2 * YESTERDAY):
        broken_glass(child, by=user)
    return user


def access_to_another_child(child):
    user = practitioner()
    give_access(ChildFactory(), user=user)
    return user


def in_the_network_of_a_restricted_record(child):
    restricted_to(child)
    return in_the_network(child)


def in_a_team_granted_a_restricted_record(child):
    restricted_to(child)
    return in_a_team_that_was_granted(child)


def manager_of_whom_a_restricted_record_names(child):
    manager, member = managed_team(child)
    restricted_to(child, member)
    return manager


def protection_manager_of_a_restricted_record(child):
    restricted_to(child)
    return protection_manager_at_high(child)


def broke_the_glass_of_a_restricted_record(child):
    user = broke_the_glass(child)
    restricted_to(child)
    return user


def taken_off_a_restricted_record(child):
    user = named_on_a_restricted_record(child)
    AccessGrant.objects.filter(user=user).update(until=timezone.now())
    return user


def locked_out_of_the_network(child):
    user = in_the_network(child)
    locked_out(child, user)
    return user


def locked_out_protection_manager(child):
    user = protection_manager_at_high(child)
    locked_out(child, user)
    return user


def locked_out_manager_of_a_practitioner(child):
    manager, _ = managed_team(child)
    locked_out(child, manager)
    return manager


def locked_out_who_broke_the_glass(child):
    user = broke_the_glass(child)
    locked_out(child, user)
    return user


def locked_out_of_a_restricted_record_that_names_them(child):
    user = named_on_a_restricted_record(child)
    locked_out(child, user)
    return user


DO_NOT_SEE = [
    practitioner_of_the_same_authority, front_door_that_was_sent_nothing, police_unit_that_was_sent_nothing,
    manager_of_another_team, member_of_a_team_without_managing_it, manages_without_the_role,
    manager_in_another_authority_than_the_team, manager_whose_practitioner_left_the_team,
    manager_who_left_the_team, manager_of_what_a_practitioner_sees_through_another_team,
    left_a_team_that_was_granted, not_yet_in_a_team_that_was_granted, protection_manager_at_low,
    protection_manager_before_any_level, protection_manager_of_another_authority,
    protection_manager_no_longer, grant_ended, grant_not_begun, deactivated, deactivated_protection_manager,
    role_ended, without_any_role, analyst, records_auditor, head_of_service, administrator_with_a_grant,
    administrator_in_a_granted_team, access_to_another_child, manager_of_somebody_who_broke_the_glass,
    broke_the_glass_the_day_before,
    in_the_network_of_a_restricted_record, in_a_team_granted_a_restricted_record,
    manager_of_whom_a_restricted_record_names, protection_manager_of_a_restricted_record,
    broke_the_glass_of_a_restricted_record, taken_off_a_restricted_record, locked_out_of_the_network,
    locked_out_protection_manager, locked_out_manager_of_a_practitioner,
    locked_out_of_a_restricted_record_that_names_them,
    locked_out_who_broke_the_glass,
]  # fmt: skip
