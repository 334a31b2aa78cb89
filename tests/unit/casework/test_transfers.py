"""A child goes to another authority: asked, received, and until then as it was (case.md, `transfer`)."""

import datetime
import uuid

import pytest
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.case.state import read, state_of
from cre_toolkit.casework.ends import closing
from cre_toolkit.casework.models import CaseEvent, Closing, Transfer
from cre_toolkit.casework.referral import answering, referring
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.referral.models import How, Reason, To
from cre_toolkit.casework.referral.queries import Show
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.casework.transfer import transferring
from cre_toolkit.children import access
from cre_toolkit.children.access import NotAllowed
from cre_toolkit.children.actions import update_child
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.people import (
    ChildFactory,
    RoleHeldFactory,
    TeamFactory,
    child_protection_manager,
    front_door,
    give_access,
    locked_out,
    police_referral,
    practitioner,
    restricted_to,
)

pytestmark = pytest.mark.django_db
State = Transfer.State


def sees(user, child) -> bool:
    return access.visible_to(user).filter(pk=child.pk).exists()


@pytest.fixture
def county():
    """Somebody at the other authority's front door."""
    return front_door(authority="derbyshire")


@pytest.fixture
def city():
    return child_protection_manager()


@pytest.fixture
def child():
    """At medium in Derby, with an allocated worker."""
    child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
    sending.send(by=child.created_by, assessment=ready_draft(child, child.created_by))
    child.refresh_from_db()
    worker = practitioner()
    update_child(
        by=child.created_by, child=child, version=child.version, changes={"allocated_worker": worker}
    )
    return child


def ask(child, by, form_id=None, **said):
    said = {"to": "derbyshire", "why": "The family moved.", **said}
    return transferring.ask(by=by, child=child, form_id=form_id or uuid.uuid4(), **said)


def receive(child, by):
    transferring.receive(by=by, child=child, words="We visit tomorrow.")
    child.refresh_from_db()


def test_until_it_is_received_nothing_changes_and_it_is_seen_to_wait(child, city, county):
    before = state_of(child)
    ask(child, city)
    child.refresh_from_db()
    assert child.authority == "derby"
    assert child.allocated_worker
    assert state_of(child).due == before.due
    assert [one.child for one in transfers.not_received(access.standing_of(city))] == [child]
    assert [one.child for one in transfers.to_receive(access.standing_of(county))] == [child]
    assert Message.objects.filter(to=county.email, subject__contains=child.reference).exists()


def test_received_the_other_authority_is_responsible_and_its_rules_say_what_is_due(child, city, county):
    ask(child, city)
    receive(child, county)
    state = state_of(child)
    assert (child.authority, state.authority) == ("derbyshire", "derbyshire")
    passed = CaseEvent.objects.get(kind=CaseEvent.Kind.TRANSFER)
    assert (passed.keys, passed.from_authority) == ({"authority": "derbyshire"}, "derby")
    reviews = {one.id for one in state.due if one.is_review}
    assert "team-manager-review" in reviews
    assert child.allocated_worker is None


def test_who_worked_there_no_longer_sees_the_record_and_who_made_it_does(child, city, county):
    nurse, worker = practitioner(), child.allocated_worker
    give_access(child, user=nurse)
    both = practitioner()
    RoleHeldFactory(user=both, role=Role.PRACTITIONER, authority="derbyshire")
    give_access(child, user=both)
    ask(child, city)
    assert all(sees(user, child) for user in (nurse, worker, both, county))
    receive(child, county)
    assert not sees(nurse, child)
    assert not sees(worker, child)
    assert not sees(city, child)
    assert sees(both, child)
    assert sees(child.created_by, child)
    assert sees(county, child)
    assert sees(child_protection_manager(authority="derbyshire"), child)


def test_a_child_who_comes_back_is_the_first_authoritys_again(child, city, county):
    ask(child, city)
    receive(child, county)
    door = front_door()
    ask(child, child_protection_manager(authority="derbyshire"), to="derby")
    receive(child, door)
    assert child.authority == state_of(child).authority == "derby"
    assert [one.from_authority for one in CaseEvent.objects.filter(kind="transfer").order_by("at", "id")] == [
        "derby",
        "derbyshire",
    ]


def test_declined_it_stays_and_those_who_asked_are_told(child, city, county):
    ask(child, city)
    transferring.decline(by=county, child=child, words="The family has not moved.")
    child.refresh_from_db()
    assert child.authority == "derby"
    assert not sees(county, child)
    told = Message.objects.filter(subject__contains="declined")
    assert {one.to for one in told} == {city.email, child.allocated_worker.email}
    assert transfers.settled_of(child)[0].settled_words == "The family has not moved."


def test_taken_back_it_cannot_be_received_any_more(child, city, county):
    ask(child, city)
    transferring.take_back(by=city, child=child, words="She stays with her aunt.")
    assert not sees(county, child)
    with pytest.raises(transferring.Refused, match="Nothing waits"):
        transferring.receive(by=county, child=child, words="x")


def test_a_form_sent_twice_asks_once_and_one_authority_is_asked_at_a_time(child, city, county):
    form_id = uuid.uuid4()
    assert ask(child, city, form_id) == ask(child, city, form_id)
    with pytest.raises(transferring.Refused, match="asked already"):
        ask(child, city)


def test_it_is_received_by_those_who_are_asked_and_by_nobody_else(child, city, county):
    with pytest.raises(NotAllowed):
        ask(child, county)
    with pytest.raises(NotAllowed):
        ask(child, practitioner())
    ask(child, city)
    for other in (city, front_door(), practitioner(authority="derbyshire")):
        with pytest.raises(NotAllowed):
            transferring.receive(by=other, child=child, words="x")


def test_an_authority_without_a_front_door_here_cannot_be_asked_here(child, city):
    with pytest.raises(transferring.Refused, match="Nobody is at the front door of Derbyshire"):
        ask(child, city)


def test_a_restricted_record_is_received_by_somebody_named_on_it_and_stays_restricted(child, city, county):
    elsewhere = child_protection_manager(authority="derbyshire")
    restricted_to(child, city, child.allocated_worker)
    with pytest.raises(transferring.Refused, match="restricted"):
        ask(child, city)
    restricted_to(child, elsewhere)
    ask(child, city)
    assert not sees(county, child)
    assert not Message.objects.filter(to=county.email, subject__contains=child.reference).exists()
    receive(child, elsewhere)
    assert child.authority == "derbyshire"
    assert child.restricted
    assert not sees(county, child)


def test_reminded_at_most_once_a_day(child, city, county):
    transfer = ask(child, city)
    assert transferring.chase(by=city, child=child)
    assert not transferring.chase(by=city, child=child)
    transfer.refresh_from_db()
    assert transfer.chased == 1
    assert Message.objects.filter(to=county.email, cause=transfer.pk).count() == 2


class TestAnAuthorityThatDoesNotUseTheService:
    OUTSIDE = {"to": "", "to_whom": "Example Borough", "how": "By courier"}

    def test_the_case_is_closed_when_it_has_confirmed_and_not_before(self, child, city):
        ask(child, city, **self.OUTSIDE)
        assert not state_of(child).closed
        transferring.confirm(by=city, child=child, words="Their duty manager, by telephone today.")
        child.refresh_from_db()
        assert state_of(child).closed
        assert closing.last_closing(child).reason == Closing.Reason.MOVED
        assert child.authority == "derby"

    def test_whoever_is_asked_here_receives_here(self, child, city, county):
        ask(child, city)
        with pytest.raises(transferring.Refused, match="uses this service"):
            transferring.confirm(by=city, child=child, words="x")


def test_of_a_closed_case_it_says_to_open_it_first(child, city, county):
    closing.close(by=city, child=child, reason=Closing.Reason.SAFER, words="x", form_id=uuid.uuid4())
    with pytest.raises(transferring.Refused, match="closed"):
        ask(child, city)


def test_the_timeline_says_who_was_asked_and_what_was_answered(child, city, county):
    ask(child, city)
    receive(child, county)
    assert [line.title for line in transfers.happened(Child.objects.get(pk=child.pk))] == [
        "Derbyshire was asked to be responsible",
        "Transfer to Derbyshire: received",
    ]


def test_received_in_error_it_is_withdrawn_and_the_first_authority_is_responsible_again(child, city, county):
    ask(child, city)
    receive(child, county)
    (passed,) = [line.event for line in transfers.happened(child) if line.event]
    in_error.withdraw(by=county, entered=CaseEvent.objects.get(pk=passed), why="The family has not moved.")
    child.refresh_from_db()
    assert child.authority == state_of(child).authority == "derby"
    told = Message.objects.filter(subject__contains="was withdrawn").values_list("to", flat=True)
    assert city.email in told


def inbox(user):
    return referral_queries.inbox(access.standing_of(user), show=Show.NEW, page=1, most=9).referrals


def withdraw(child, by) -> None:
    passed = CaseEvent.objects.filter(child=child, kind=CaseEvent.Kind.TRANSFER).order_by("at", "id").last()
    in_error.withdraw(by=by, entered=passed, why="The family has not moved.")
    child.refresh_from_db()


class TestWithdrawnAsAnErrorEverythingIsAsBeforeTheRequest:
    def test_the_worker_and_whoever_saw_the_record_are_back(self, child, city, county):
        worker, nurse = child.allocated_worker, practitioner()
        team = TeamFactory()
        give_access(child, user=nurse)
        give_access(child, team=team)
        colleague = practitioner(teams=[team])
        taken_on = timezone.now() - datetime.timedelta(days=3)
        child.grants.filter(user=worker, reason="allocated").update(taken_on_at=taken_on)
        ask(child, city)
        receive(child, county)
        assert not any(sees(user, child) for user in (worker, nurse, colleague))
        withdraw(child, county)
        assert child.allocated_worker == worker
        assert all(sees(user, child) for user in (worker, nurse, colleague, child.created_by))
        back = child.grants.get(user=worker, reason="allocated", until=None)
        assert back.taken_on_at == taken_on
        told = Message.objects.filter(subject__contains="was withdrawn").values_list("to", flat=True)
        assert worker.email in told

    def test_a_worker_who_is_no_user_of_the_service_is_named_again(self, city, county):
        child = ChildFactory(worker_name="A. Pretend", worker_contact="01632 960001")
        ask(child, city)
        receive(child, county)
        assert child.worker_name == ""
        withdraw(child, county)
        assert (child.worker_name, child.worker_contact) == ("A. Pretend", "01632 960001")

    def test_the_other_authority_no_longer_sees_the_record_but_by_what_it_made_meanwhile(
        self, child, city, county
    ):
        theirs, author = (practitioner(authority="derbyshire") for _ in range(2))
        ask(child, city)
        receive(child, county)
        update_child(by=county, child=child, version=child.version, changes={"allocated_worker": theirs})
        give_access(child, user=author, reason=AccessGrant.Reason.ASSESSED)
        sending.send(by=author, assessment=ready_draft(child, author))
        withdraw(child, county)
        assert not sees(theirs, child)
        assert sees(author, child)
        (unanswered,) = inbox(county)
        said = {"reason": Reason.MORE_NEEDED, "words": "Send it to Derby."}
        answering.return_it(by=county, referral=unanswered, form_id=uuid.uuid4(), **said)
        assert not sees(county, child)
        assert len(read(child).heard) == 2

    def test_whoever_was_locked_out_meanwhile_is_not_the_worker_again(self, child, city, county):
        worker = child.allocated_worker
        ask(child, city)
        receive(child, county)
        locked_out(child, worker)
        withdraw(child, county)
        assert child.allocated_worker is None
        assert not sees(worker, child)

    def test_where_the_child_came_back_by_a_transfer_since_nothing_is_given_back(self, child, city, county):
        ask(child, city)
        receive(child, county)
        first, door = CaseEvent.objects.get(kind=CaseEvent.Kind.TRANSFER), front_door()
        ask(child, child_protection_manager(authority="derbyshire"), to="derby")
        receive(child, door)
        in_error.withdraw(by=city, entered=first, why="It was asked for the wrong child.")
        child.refresh_from_db()
        assert (child.authority, child.allocated_worker) == ("derby", None)


def test_whoever_is_locked_out_meanwhile_hears_nothing_of_the_answer(child, city, county):
    ask(child, city)
    locked_out(child, city)
    receive(child, county)
    assert not Message.objects.filter(to=city.email).exists()


class TestAReferralThatNobodyHasAnswered:
    """Taken out of its recipient's sight, it would be lost while its sender reads "Sent"."""

    @pytest.fixture
    def officer(self):
        return police_referral()

    @pytest.fixture
    def referral(self, child, city, county, officer):
        recipient = referring.Recipient(To.POLICE, How.SERVICE)
        referred = referring.refer(
            by=child.created_by, child=child, recipient=recipient, why="Two men.", form_id=uuid.uuid4()
        )
        ask(child, city)
        receive(child, county)
        return referred

    def test_stays_with_the_police_and_is_seen_to_be_open_by_the_authority_that_received(
        self, child, county, officer, referral
    ):
        assert inbox(officer) == [referral]
        assert sees(county, child)
        (open_still,) = [one for one in referral_queries.of_child(child) if one.to == To.POLICE]
        assert open_still.state == referral.state

    def test_accepted_the_police_go_on_with_the_child(self, child, officer, referral):
        answering.accept(by=officer, referral=referral, words="We visit.", form_id=uuid.uuid4())
        assert sees(officer, child)

    def test_returned_for_whatever_reason_it_shows_the_record_no_longer(self, child, officer, referral):
        said = {"reason": Reason.MORE_NEEDED, "words": "Which men?"}
        answering.return_it(by=officer, referral=referral, form_id=uuid.uuid4(), **said)
        assert not sees(officer, child)

    def test_accepted_by_the_first_authoritys_front_door_it_shows_them_the_record_no_longer(
        self, child, city, county
    ):
        door = front_door()
        referred = referring.refer(
            by=child.created_by,
            child=child,
            recipient=referring.Recipient(To.FRONT_DOOR, How.SERVICE),
            why="x",
            form_id=uuid.uuid4(),
        )
        ask(child, city)
        receive(child, county)
        assert inbox(door) == [referred]
        answering.accept(by=door, referral=referred, words="We pass it on.", form_id=uuid.uuid4())
        assert not sees(door, child)

    def test_answered_before_the_receipt_it_ends_with_it(self, child, city, county, officer):
        recipient = referring.Recipient(To.POLICE, How.SERVICE)
        referred = referring.refer(
            by=child.created_by, child=child, recipient=recipient, why="Two men.", form_id=uuid.uuid4()
        )
        answering.accept(by=officer, referral=referred, words="We visit.", form_id=uuid.uuid4())
        ask(child, city)
        receive(child, county)
        assert not sees(officer, child)
