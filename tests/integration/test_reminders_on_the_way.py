"""After a transfer the right people are reminded, and no child is forgotten between two."""

import datetime
import uuid

import pytest
import time_machine

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.lists.digest import send_digests
from cre_toolkit.casework.lists.due import Wanted, Whose, due_list
from cre_toolkit.casework.lists.reminders import remind
from cre_toolkit.casework.transfer import taking_on, transferring
from cre_toolkit.children import access
from cre_toolkit.children.actions import update_child
from cre_toolkit.children.models import Child
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    front_door,
    practitioner,
    restricted_to,
    team_manager,
)

pytestmark = pytest.mark.django_db
FACTS = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}
# A Thursday in winter: London is Greenwich.
START = datetime.datetime(2026, 1, 8, 10, 20, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def at(moment):
    return time_machine.travel(moment, tick=False)


def long_here(*people: User) -> None:
    """The clock goes back to a winter before these people were made."""
    for user in people:
        user.roles_held.update(since=START - 1000 * HOUR)
        user.memberships.update(since=START - 1000 * HOUR)


def told(user) -> list[str]:
    return list(Message.objects.filter(to=user.email).values_list("subject", flat=True))


def read_in_the_morning(user) -> str:
    """What the list of the second morning says; blank where there is none."""
    with at(START + 48 * HOUR):
        send_digests()
    found = Message.objects.filter(to=user.email, subject__contains="what is due").first()
    return found.body if found else ""


@pytest.fixture
def author():
    return practitioner()


@pytest.fixture
def city():
    return child_protection_manager()


@pytest.fixture
def county():
    return front_door(authority="derbyshire")


@pytest.fixture
def colleague(county):
    """Somebody else at the same door."""
    return front_door(county.memberships.get().team, authority="derbyshire")


@pytest.fixture
def child(author, city, county, colleague):
    long_here(author, city, county, colleague)
    with at(START):
        child = ChildFactory(created_by=author, **FACTS)
        sending.send(by=author, assessment=ready_draft(child, author, level="high"))
    return child


def ask(child, city) -> None:
    said = {"to": "derbyshire", "why": "The family moved.", "form_id": uuid.uuid4()}
    transferring.ask(by=city, child=Child.objects.get(pk=child.pk), **said)


def passed_to_the_county(child, city, county) -> None:
    with at(START + HOUR):
        ask(child, city)
        transferring.receive(by=county, child=child, words="We visit tomorrow.")
    Message.objects.all().delete()


class TestWhenAnotherAuthorityHasReceivedTheChild:
    def test_its_front_door_is_reminded_by_the_hour_and_the_earlier_author_is_not(
        self, child, author, city, county, colleague
    ):
        passed_to_the_county(child, city, county)
        with at(START + 30 * HOUR):
            remind()
        assert told(author) == []
        for receiver in (county, colleague):
            assert f"Record {child.reference}: something is overdue" in told(receiver)

    def test_it_stands_in_its_front_doors_morning_list_and_not_in_the_earlier_authors(
        self, child, author, city, county
    ):
        passed_to_the_county(child, city, county)
        assert child.reference in read_in_the_morning(county)
        assert read_in_the_morning(author) == ""

    def test_it_is_the_front_doors_own_on_the_due_list_until_a_worker_is_named(self, child, city, county):
        def mine(user):
            return due_list(access.standing_of(user), most=50, wanted=Wanted(Whose.MINE)).all

        passed_to_the_county(child, city, county)
        with at(START + 2 * HOUR):
            assert mine(county)
            worker = practitioner(authority="derbyshire")
            received = Child.objects.get(pk=child.pk)
            update_child(
                by=county, child=received, version=received.version, changes={"allocated_worker": worker}
            )
            assert mine(county) == 0
            assert mine(worker)

    def test_an_earlier_author_who_works_there_too_is_reminded(self, child, author, city, county):
        author.roles_held.create(role="practitioner", authority="derbyshire", since=START - 10 * HOUR)
        passed_to_the_county(child, city, county)
        with at(START + 30 * HOUR):
            remind()
        assert told(author)
        assert told(county) == []


def test_a_transfer_that_nobody_received_within_a_day_is_in_the_morning_lists_of_both(child, city, county):
    with at(START + HOUR):
        ask(child, city)
    assert f"yours to receive them: 1\nRecord {child.reference}" in read_in_the_morning(county)
    assert f"by the authority that was asked: 1\nRecord {child.reference}" in read_in_the_morning(city)


def test_on_the_first_morning_nobody_is_chased_for_what_was_asked_the_afternoon_before(child, city, county):
    with at(START + 4 * HOUR):
        ask(child, city)
    with at(START + 22 * HOUR):
        send_digests()
    assert "to receive them" not in "".join(Message.objects.values_list("body", flat=True))


def test_of_a_restricted_record_only_those_named_on_it_are_told(child, author, city, county):
    with at(START + HOUR):
        ask(child, city)
    restricted_to(child, author)
    assert "to receive them" not in read_in_the_morning(county)
    assert "authority that was asked" not in read_in_the_morning(city)


def test_a_child_whom_nobody_has_taken_on_within_a_day_is_in_the_lists_of_worker_and_manager(
    child, author, city
):
    manager = team_manager()
    worker = practitioner(teams=[manager.memberships.get().team])
    long_here(manager, worker)
    with at(START + HOUR):
        allocated = Child.objects.get(pk=child.pk)
        update_child(
            by=author, child=allocated, version=allocated.version, changes={"allocated_worker": worker}
        )
    assert f"to be taken on: 1\nRecord {child.reference}" in read_in_the_morning(worker)
    assert f"by people of your team: 1\nRecord {child.reference}" in read_in_the_morning(manager)
    Message.objects.all().delete()
    with at(START + 50 * HOUR):
        taking_on.take_on(by=worker, references=[child.reference])
    with at(START + 72 * HOUR):
        send_digests()
    assert "taken on" not in "".join(Message.objects.values_list("body", flat=True))
