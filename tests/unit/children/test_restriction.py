"""Restricted records and lock-outs: the acts, and that nobody is left without the child whom it needs."""

import pytest

from cre_toolkit.accounts.models import User
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access, lock_outs, restriction
from cre_toolkit.children.access import NotAllowed
from cre_toolkit.children.actions import update_child
from cre_toolkit.children.models import AccessGrant, Child, LockOut, Restriction
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    give_access,
    make_user,
    practitioner,
    team_manager,
)

pytestmark = pytest.mark.django_db
RELATIVE = LockOut.Conflict.RELATIVE


@pytest.fixture
def manager() -> User:
    return team_manager()


@pytest.fixture
def child(manager: User) -> Child:
    child = ChildFactory()
    give_access(child, user=manager)
    return child


def restrict(manager: User, child: Child, *named: User) -> None:
    restriction.restrict(by=manager, child=child, named=named, why="The child of a colleague")


def lock_out(manager: User, child: Child, user: User) -> None:
    lock_outs.lock_out(by=manager, child=child, user=user, conflict=RELATIVE, why="")


def who_sees(child: Child) -> set[User]:
    return {user for user in User.objects.all() if child in access.visible_to(user)}


class TestRestricting:
    def test_only_those_named_see_it_from_then_on_and_whoever_restricts_is_named(self, child, manager):
        worker, in_network = practitioner(), practitioner()
        give_access(child, user=in_network)
        restrict(manager, child, worker)
        assert who_sees(child) == {manager, worker}
        assert Event.objects.filter(kind="child.restricted", child=child.pk, actor=manager.pk).count() == 1

    def test_twice_is_once(self, child, manager):
        restrict(manager, child, practitioner())
        restrict(manager, child, practitioner())
        assert Restriction.objects.count() == 1
        assert len(who_sees(child)) == 2

    def test_it_is_for_two_people_at_least(self, child, manager):
        with pytest.raises(restriction.Refused, match="at least two people"):
            restrict(manager, child)
        child.refresh_from_db()
        assert not child.restricted

    def test_the_allocated_worker_is_among_them(self, child, manager):
        child.allocated_worker = practitioner()
        child.save()
        with pytest.raises(restriction.Refused, match="allocated worker has to be named"):
            restrict(manager, child, practitioner())
        restrict(manager, child, child.allocated_worker)

    def test_nobody_is_named_who_sees_no_child_or_is_locked_out(self, child, manager):
        out = practitioner(name="Sam Pretend")
        lock_out(manager, child, out)
        for user in (out, make_user(name="Sam Pretend"), practitioner(name="Sam Pretend", is_active=False)):
            with pytest.raises(restriction.Refused, match="cannot be for Sam Pretend"):
                restrict(manager, child, practitioner(), user)

    def test_it_is_not_for_everybody_to_do(self, child):
        with pytest.raises(NotAllowed):
            restrict(child.created_by, child, practitioner())

    def test_lifted_everybody_sees_it_as_before_and_whoever_was_only_named_no_longer(self, child, manager):
        restrict(manager, child, practitioner())
        restriction.lift(by=manager, child=child)
        restriction.lift(by=manager, child=child)
        assert who_sees(child) == {manager, child.created_by}
        assert Event.objects.filter(kind="child.restriction-lifted").count() == 1
        assert Restriction.objects.get().until is not None

    def test_it_can_be_restricted_again(self, child, manager):
        restrict(manager, child, practitioner())
        restriction.lift(by=manager, child=child)
        restrict(manager, child, practitioner())
        assert len(who_sees(child)) == 2


class TestNaming:
    @pytest.fixture
    def worker(self, child, manager) -> User:
        worker = practitioner()
        restrict(manager, child, worker)
        return worker

    def test_one_more_person(self, child, manager, worker):
        nurse = practitioner()
        restriction.name(by=manager, child=child, user=nurse, why="School nurse")
        assert who_sees(child) == {manager, worker, nurse}
        assert restriction.named_on(child).get(user=nurse).why == "School nurse"

    def test_whoever_is_taken_off_no_longer_sees_it(self, child, manager, worker):
        nurse = practitioner()
        restriction.name(by=manager, child=child, user=nurse, why="")
        restriction.take_off(by=manager, child=child, user=worker)
        assert who_sees(child) == {manager, nurse}

    def test_the_last_but_one_stays(self, child, manager, worker):
        with pytest.raises(restriction.Refused, match="at least two people"):
            restriction.take_off(by=manager, child=child, user=worker)

    def test_whoever_alone_can_change_it_stays(self, child, manager, worker):
        restriction.name(by=manager, child=child, user=practitioner(), why="")
        with pytest.raises(restriction.Refused, match="who can change this"):
            restriction.take_off(by=manager, child=child, user=manager)
        restriction.name(by=manager, child=child, user=child_protection_manager(), why="")
        restriction.take_off(by=manager, child=child, user=manager)
        assert manager not in who_sees(child)

    def test_whoever_left_the_service_is_taken_off_whatever_follows(self, child, manager, worker):
        User.objects.filter(pk=worker.pk).update(is_active=False)
        restriction.take_off(by=manager, child=child, user=worker)
        assert who_sees(child) == {manager}

    def test_only_somebody_named_becomes_the_allocated_worker(self, child, manager, worker):
        with pytest.raises(NotAllowed, match="cannot be given to this worker"):
            update_child(
                by=manager, child=child, version=child.version, changes={"allocated_worker": practitioner()}
            )
        update_child(by=manager, child=child, version=child.version, changes={"allocated_worker": worker})
        assert child.allocated_worker == worker


class TestLockingOut:
    def test_no_role_team_or_network_lets_them_see_it(self, child, manager):
        user = child_protection_manager()
        give_access(child, user=user)
        lock_out(manager, child, user)
        lock_out(manager, child, user)
        assert user not in who_sees(child)
        event = Event.objects.get(kind="access.locked-out")
        assert (event.subject, event.detail) == (user.pk, {"conflict": "relative"})

    def test_ended_they_see_what_they_saw(self, child, manager):
        user = practitioner()
        give_access(child, user=user)
        lock_out(manager, child, user)
        for _ in range(2):
            lock_outs.let_in_again(by=manager, child=child, user=user)
        assert user in who_sees(child)
        assert Event.objects.filter(kind="access.let-in-again").count() == 1

    def test_of_a_restricted_record_they_are_no_longer_named(self, child, manager):
        worker, nurse = practitioner(), practitioner()
        restrict(manager, child, worker, nurse)
        lock_out(manager, child, nurse)
        lock_outs.let_in_again(by=manager, child=child, user=nurse)
        assert who_sees(child) == {manager, worker}
        with pytest.raises(restriction.Refused, match="at least two people"):
            lock_out(manager, child, worker)

    def test_the_allocated_worker_is_changed_first(self, child, manager):
        child.allocated_worker = practitioner()
        child.save()
        with pytest.raises(lock_outs.CannotLockOut, match="Name another worker"):
            lock_out(manager, child, child.allocated_worker)

    def test_it_is_not_for_everybody_to_do(self, child):
        with pytest.raises(NotAllowed):
            lock_out(child.created_by, child, practitioner())
        with pytest.raises(NotAllowed):
            lock_outs.let_in_again(by=child.created_by, child=child, user=practitioner())

    def test_a_lock_out_is_not_ended_by_any_other_grant(self, child, manager):
        user = practitioner()
        lock_out(manager, child, user)
        for reason in AccessGrant.Reason:
            give_access(child, user=user, reason=reason)
        assert user not in who_sees(child)


def test_nobody_is_named_once_the_restriction_is_lifted(manager: User, child: Child) -> None:
    restrict(manager, child, practitioner())
    restriction.lift(by=manager, child=child)
    with pytest.raises(restriction.Refused, match="lifted meanwhile"):
        restriction.name(by=manager, child=child, user=team_manager(), why="He helps")
