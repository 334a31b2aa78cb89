"""Children handed on to several colleagues, and the receipt: each says that they have taken over."""

import pytest

from cre_toolkit.accounts.refusals import NotVisible
from cre_toolkit.casework.transfer import handing_on, taking_on
from cre_toolkit.children import access
from cre_toolkit.children.actions import update_child
from cre_toolkit.children.models import Child
from cre_toolkit.jobs.models import Message
from tests.factories.people import ChildFactory, TeamFactory, locked_out, practitioner, team_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def manager(team):
    return team_manager(team)


@pytest.fixture
def worker(team):
    return practitioner(teams=[team])


@pytest.fixture
def colleague(team):
    return practitioner(teams=[team])


def allocated(to, by=None) -> Child:
    child = ChildFactory(created_by=by or to)
    update_child(by=by or to, child=child, version=child.version, changes={"allocated_worker": to})
    return child


def waiting(user) -> list[Child]:
    return [one.child for one in taking_on.to_take_on(access.standing_of(user))]


def of_team(user) -> list[Child]:
    return [one.child for one in taking_on.to_be_taken_on(access.standing_of(user))]


def test_several_colleagues_take_on_somebodys_children_at_once(manager, worker, colleague, team):
    other = practitioner(teams=[team])
    one, two, three = (allocated(worker) for _ in range(3))
    done = handing_on.hand_on_each(
        by=manager,
        worker=worker,
        shares={colleague: [one.reference, two.reference], other: [three.reference]},
    )
    assert {to: each.children for to, each in done.items()} == {colleague: 2, other: 1}
    assert {*waiting(colleague)} == {one, two}
    assert waiting(other) == [three]
    assert Message.objects.filter(to=worker.email).count() == 1


def test_where_one_cannot_take_a_child_on_nothing_is_done(manager, worker, colleague):
    child, stranger = allocated(worker), practitioner(authority="derbyshire")
    shares = {colleague: [child.reference], stranger: [allocated(worker).reference]}
    with pytest.raises(handing_on.CannotTakeOn):
        handing_on.hand_on_each(by=manager, worker=worker, shares=shares)
    child.refresh_from_db()
    assert child.allocated_worker == worker


def test_until_they_say_so_it_is_seen_by_them_and_their_manager(manager, worker, colleague):
    child = allocated(worker)
    handing_on.hand_on(by=manager, worker=worker, to=colleague, references=[child.reference])
    assert waiting(colleague) == of_team(manager) == [child]
    assert taking_on.take_on(by=colleague, references=[child.reference]) == 1
    assert taking_on.take_on(by=colleague, references=[child.reference]) == 0
    assert waiting(colleague) == of_team(manager) == []


def test_whoever_names_themselves_has_taken_the_child_on(worker):
    allocated(worker)
    assert waiting(worker) == []


def test_a_child_who_goes_on_to_somebody_else_no_longer_waits_for_the_first(manager, worker, colleague):
    child = allocated(worker, by=colleague)
    assert waiting(worker) == [child]
    handing_on.hand_on(by=manager, worker=worker, to=colleague, references=[child.reference])
    assert waiting(worker) == []


def test_nobody_takes_on_what_was_not_allocated_to_them(worker, colleague):
    child = allocated(worker, by=colleague)
    assert taking_on.take_on(by=practitioner(), references=[child.reference]) == 0
    assert waiting(worker) == [child]


def test_a_record_that_is_closed_to_somebody_does_not_wait_for_them(worker, colleague):
    locked_out(allocated(worker, by=colleague), worker)
    assert waiting(worker) == []


def test_a_manager_reminds_those_of_their_team_alone(manager, worker, colleague):
    assert not taking_on.remind(by=manager, worker=worker)
    allocated(worker, by=colleague)
    assert taking_on.remind(by=manager, worker=worker)
    assert not taking_on.remind(by=manager, worker=worker), "once a day, however often it is pressed"
    assert Message.objects.filter(to=worker.email, subject__contains="are waiting").count() == 1
    with pytest.raises(NotVisible):
        taking_on.remind(by=team_manager(), worker=worker)
