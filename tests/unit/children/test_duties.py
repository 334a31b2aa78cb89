"""What a duty shows without showing the record, and what is asked of one child at hand."""

import datetime

import pytest
from django.db.models import Q
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.children import access, viewers
from cre_toolkit.children.models import AccessGrant, Child
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    broken_glass,
    give_access,
    locked_out,
    make_user,
    practitioner,
    restricted_to,
    team_manager,
)
from tests.integration.merges import merge

pytestmark = pytest.mark.django_db

DUTIES = pytest.mark.parametrize(
    ("duty", "role"),
    [
        (access.settles, Role.FRONT_DOOR),
        (access.keeps, Role.HEAD_OF_SERVICE),
        (access.answers_for, Role.HEAD_OF_SERVICE),
        (access.finds_routes, Role.FRONT_DOOR),
        (access.monitors, Role.CHILD_PROTECTION_MANAGER),
    ],
)


def reached(condition: Q) -> set[Child]:
    return set(Child.objects.filter(condition))


@DUTIES
def test_a_duty_reaches_the_authoritys_records_but_those_closed_to_whoever_has_it(duty, role):
    holder = make_user(role)
    child, closed, secret = ChildFactory(), ChildFactory(), ChildFactory()
    ChildFactory(authority="derbyshire")
    locked_out(closed, holder)
    restricted_to(secret)
    assert reached(duty(access.standing_of(holder))) == {child}
    assert reached(duty(access.standing_of(practitioner()))) == set()


def test_a_manager_watches_over_the_missing_episodes_of_the_children_whom_they_see():
    team = TeamFactory()
    manager, worker = team_manager(team), practitioner(teams=[team])
    theirs, _another = ChildFactory(created_by=worker), ChildFactory()
    assert reached(access.monitors(access.standing_of(manager))) == {theirs}


def test_somebody_follows_whom_they_were_given_themselves_and_not_whatever_their_team_sees():
    team = TeamFactory()
    worker, auditor = practitioner(teams=[team]), make_user(Role.RECORDS_AUDITOR)
    own, of_team = ChildFactory(created_by=worker), ChildFactory()
    give_access(of_team, team=team)
    give_access(own, user=auditor)
    assert set(access.followed_by(access.standing_of(worker))) == {own}
    assert not access.followed_by(access.standing_of(auditor))


def test_a_grant_of_ones_own_is_the_quick_way_to_a_yes_for_whoever_practises():
    child, practising, auditor = ChildFactory(), practitioner(), make_user(Role.RECORDS_AUDITOR)
    for person in (practising, auditor):
        give_access(child, user=person)
    assert reached(access.own_grant(access.standing_of(practising))) == {child}
    assert reached(access.own_grant(access.standing_of(auditor))) == set()


def test_whoever_sees_a_child_by_break_glass_alone_does_not_say_who_else_does():
    child, breaker = ChildFactory(), practitioner()
    broken_glass(child, breaker)
    with pytest.raises(access.NotAllowed, match="break-glass"):
        access.check_says_who_sees(access.standing_of(breaker), child)
    give_access(child, user=breaker)
    access.check_says_who_sees(access.standing_of(breaker), child)


def test_whoever_sees_a_child_by_a_merge_alone_means_the_record_that_they_know():
    other, kept = ChildFactory(), ChildFactory()
    knows_other = other.created_by
    merge(kept, other)
    kept.refresh_from_db()
    assert access.seen_by_way_of(access.standing_of(knows_other), kept) == other
    assert access.seen_by_way_of(access.standing_of(kept.created_by), kept) == kept


def test_whose_record_a_reference_names_is_found_for_the_audit_of_a_refusal():
    child = ChildFactory()
    assert access.child_of(child.reference) == child.pk
    assert access.child_of("nothing") is None


def test_who_holds_a_role_in_an_authority_now():
    here = make_user(Role.FRONT_DOOR)
    make_user(Role.FRONT_DOOR, authority="derbyshire")
    make_user(Role.PRACTITIONER)
    assert [held.user for held in access.roles_held("derby", [Role.FRONT_DOOR])] == [here]


def test_everybody_whose_roles_show_them_children_can_be_given_one():
    practising, auditor = practitioner(), make_user(Role.RECORDS_AUDITOR)
    found = set(access.practising())
    assert practising in found
    assert auditor not in found


def test_every_act_is_told_for_the_links_of_a_page():
    may = access.acts_of(access.standing_of(practitioner()))
    assert set(may) == {act.name.lower() for act in access.Act}
    assert may["assess"]
    assert not may["administer"]


def test_access_that_has_ended_is_told_of_what_ended_last_first():
    child, now = ChildFactory(), timezone.now()
    days = [give_access(child, user=practitioner(), reason=AccessGrant.Reason.NETWORK) for _ in range(2)]
    for ago, grant in enumerate(days, start=1):
        AccessGrant.objects.filter(pk=grant.pk).update(until=now - datetime.timedelta(hours=ago))
    assert viewers.past(child) == days
