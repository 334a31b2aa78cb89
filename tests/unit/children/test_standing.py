"""What somebody holds comes with them, in the query that reads them for a request."""

import uuid

import pytest

from cre_toolkit.accounts.models import Role
from cre_toolkit.children.signed_in import find_user
from cre_toolkit.children.standing import standing_of
from tests.factories.people import TeamFactory, UserFactory, make_user, team_manager

pytestmark = pytest.mark.django_db


def test_nobody_is_found_where_there_is_nobody():
    assert find_user(uuid.uuid4()) is None


def test_whoever_is_found_brings_roles_and_teams_along(django_assert_num_queries):
    manager = team_manager(TeamFactory(), TeamFactory())
    with django_assert_num_queries(1):
        found = find_user(manager.pk)
        standing = standing_of(found)
    assert standing.roles == {(Role.TEAM_MANAGER, "derby")}
    assert len(standing.teams) == len(standing.managed) == 2


def test_it_is_the_same_as_what_is_asked_of_the_database_anew():
    for user in (make_user(Role.PRACTITIONER, Role.FRONT_DOOR), UserFactory(), team_manager()):
        anew, found = standing_of(user), standing_of(find_user(user.pk))
        assert (found.roles, found.teams, found.managed) == (anew.roles, anew.teams, anew.managed)


def test_a_closed_account_holds_nothing():
    assert not standing_of(find_user(make_user(Role.PRACTITIONER, is_active=False).pk)).roles
