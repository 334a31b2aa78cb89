"""Joining and leaving the network of practitioners: by whom, for whom, and what follows."""

import pytest

from cre_toolkit.accounts.models import User
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access, network
from cre_toolkit.children.access import NotAllowed
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.jobs.models import Message
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    give_access,
    locked_out,
    make_user,
    practitioner,
    restricted_to,
    team_manager,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def child() -> Child:
    """A child with an allocated worker, who did not add them."""
    child = ChildFactory(allocated_worker=practitioner())
    give_access(child, user=child.allocated_worker, reason=AccessGrant.Reason.ALLOCATED)
    return child


def join(by: User, child: Child, user: User) -> None:
    network.join(by=by, child=child, user=user, why="School nurse")


@pytest.mark.parametrize("keeper", [team_manager, child_protection_manager, None])
def test_the_worker_or_a_manager_lets_somebody_in_who_is_told_the_reference_alone(child, keeper):
    by, nurse = keeper() if keeper else child.allocated_worker, practitioner(name="Sam Pretend")
    join(by, child, nurse)
    join(by, child, nurse)
    assert child in access.visible_to(nurse)
    place = network.places(child).get(user=nurse)
    assert (place.reason, place.why) == ("network", "School nurse")
    message = Message.objects.get(to=nurse.email)
    assert child.reference in message.body
    assert child.family_name not in message.subject + message.body


def test_whoever_added_the_child_does_not_keep_the_network(child):
    with pytest.raises(NotAllowed, match="allocated worker"):
        join(child.created_by, child, practitioner())
    with pytest.raises(NotAllowed, match="allocated worker"):
        network.leave(by=child.created_by, child=child, user=child.allocated_worker)


def test_whoever_sees_no_child_or_is_locked_out_is_not_let_in(child):
    out = practitioner()
    locked_out(child, out)
    for user in (out, make_user(), practitioner(is_active=False)):
        with pytest.raises(network.CannotJoin, match="cannot be given the record"):
            join(child.allocated_worker, child, user)


def test_nobody_is_let_into_a_restricted_record_in_this_way(child):
    restricted_to(child, child.allocated_worker)
    with pytest.raises(network.CannotJoin, match="Name the person on it"):
        join(child.allocated_worker, child, practitioner())


def test_whoever_leaves_no_longer_sees_what_they_saw_for_any_part_of_their_own(child):
    user = child.created_by
    give_access(child, user=user, reason=AccessGrant.Reason.ASSESSED)
    give_access(child, user=user, reason=AccessGrant.Reason.NETWORK)
    network.leave(by=user, child=child, user=user)
    assert child not in access.visible_to(user)
    assert {event.detail["reason"] for event in Event.objects.filter(kind="access.ended")} == {
        "added", "assessed", "network",
    }  # fmt: skip
    assert {place.reason for place in network.past_places(child)} == {"added", "assessed", "network"}


def test_the_keeper_ends_what_somebody_else_sees(child):
    network.leave(by=child.allocated_worker, child=child, user=child.created_by)
    assert child not in access.visible_to(child.created_by)


def test_the_allocated_worker_stays(child):
    with pytest.raises(network.CannotLeave, match="Name another worker"):
        network.leave(by=child.allocated_worker, child=child, user=child.allocated_worker)


def test_whoever_left_can_be_let_in_again(child):
    user = child.created_by
    network.leave(by=user, child=child, user=user)
    join(child.allocated_worker, child, user)
    assert child in access.visible_to(user)
