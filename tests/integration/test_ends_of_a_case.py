"""Closing, death, transfer and transition over the pages, as those go through them whose act it is."""

import datetime
import time
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.models import CaseEvent, Closing, Death, Due, Transfer, TransitionStep
from cre_toolkit.children.models import Child
from tests.factories.assessments import ready_draft
from tests.factories.missing import ago, gone
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    front_door,
    give_access,
    practitioner,
    team_manager,
)
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
CLOSING = {"reason": "safer", "words": "Her aunt is with her."}


@pytest.fixture
def manager():
    return team_manager()


@pytest.fixture
def child(manager):
    child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
    sending.send(by=child.created_by, assessment=ready_draft(child, child.created_by))
    give_access(child, user=manager)
    return child


@pytest.fixture
def at_the_desk(manager):
    """The manager's window."""
    return signed_in(manager)


def page(client, name, child) -> str:
    return client.get(reverse(name, args=[child.reference])).content.decode()


def post(client, name, child, **said):
    given = {"form_id": str(uuid.uuid4()), **said}
    return client.post(reverse(name, args=[child.reference]), given, follow=True)


def day(name: str, on: datetime.date) -> dict[str, int]:
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def death(**said):
    return {**day("died_on", timezone.localdate()), "known": "exactly", "told_by": "The police", **said}


class TestClosing:
    def test_it_is_said_before_what_stays_due_and_what_goes(self, at_the_desk, child):
        said = page(at_the_desk, "child-close", child)
        stays, goes = said.split("What drops off the lists undone")
        assert "Refer the child to the Police Referral Unit" in stays
        assert "review meeting" in goes

    def test_of_a_child_who_is_missing_it_is_said_and_they_stay_on_the_lists(self, at_the_desk, child):
        gone(child, ago(hours=3))
        assert "The child has been missing since" in page(at_the_desk, "child-close", child)
        post(at_the_desk, "child-close", child, **CLOSING)
        assert Due.objects.filter(child=child, action="missing-now").exists()

    def test_closed_the_record_can_be_read_says_so_and_offers_to_open_it(self, at_the_desk, child):
        post(at_the_desk, "child-close", child, **CLOSING)
        said = page(at_the_desk, "child", child)
        assert "the case is closed" in said
        assert reverse("child-reopen", args=[child.reference]) in said
        assert "Her aunt is with her." in page(at_the_desk, "child-reopen", child)
        assert "Her aunt is with her." in page(at_the_desk, "child-timeline", child)
        post(at_the_desk, "child-reopen", child, words="A new concern.")
        assert "the case is closed" not in page(at_the_desk, "child", child)

    def test_without_a_reason_it_stays_open_and_the_error_says_how_to_mend_it(self, at_the_desk, child):
        answer = post(at_the_desk, "child-close", child)
        assert answer.status_code == 422
        assert "Select why the case is closed" in answer.content.decode()
        assert not Closing.objects.exists()

    def test_pressed_again_in_another_tab_it_says_that_it_is_closed(self, at_the_desk, child):
        post(at_the_desk, "child-close", child, **CLOSING)
        answer = post(at_the_desk, "child-close", child, **CLOSING)
        assert "closed already" in answer.content.decode()
        assert Closing.objects.count() == 1


class TestDeath:
    def test_the_record_and_the_search_say_it_plainly_and_offer_no_assessment(self, at_the_desk, child):
        said = post(at_the_desk, "child-death", child, **death()).content.decode()
        assert "The child has died" in said
        record = page(at_the_desk, "child", child)
        assert "Has died" in record
        assert "Start an assessment" not in record
        assert "What is not known" not in record
        found = at_the_desk.post(reverse("search"), {"name": child.name}).content.decode()
        assert f"Died on {timezone.localdate():%-d %B %Y}" in found

    def test_the_record_of_a_child_who_has_died_asks_nobody_for_anything(self, at_the_desk, manager):
        child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
        give_access(child, user=manager)
        plan = {"items": [{"action": "Meet him on Fridays", "responsible": "His aunt", "timescale": "Now"}]}
        sending.send(by=child.created_by, assessment=ready_draft(child, child.created_by, actions=plan))
        before = page(at_the_desk, "child", child)
        assert "Meet him on Fridays" in before
        assert "Working level" in before
        assert "Waits for a manager" in before
        post(at_the_desk, "child-death", child, **death())
        record = page(at_the_desk, "child", child)
        assert "Meet him on Fridays" not in record
        assert "Working level" not in record
        assert "Waits for a manager" not in record

    def test_it_can_be_taken_back_where_it_was_an_error(self, at_the_desk, child):
        post(at_the_desk, "child-death", child, **death())
        said = post(at_the_desk, "child-death-error", child, words="The wrong record.").content.decode()
        assert "The death is taken back" in said
        assert "Has died" not in said

    def test_it_needs_a_fresh_sign_in(self, manager, child):
        with time_machine.travel(time.time(), tick=False) as clock:
            client = signed_in(manager)
            clock.shift(300)
            said = death(form_id=str(uuid.uuid4()))
            answer = client.post(reverse("child-death", args=[child.reference]), said)
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
        assert not Death.objects.exists()

    def test_the_error_says_how_to_mend_it(self, at_the_desk, child):
        answer = post(at_the_desk, "child-death", child, **death(told_by=""))
        assert answer.status_code == 422
        assert "Enter who told us, and how" in answer.content.decode()


class TestTransfer:
    def test_asked_by_a_manager_and_received_at_the_other_front_door(self, at_the_desk, child):
        receiver = front_door(authority="derbyshire")
        post(at_the_desk, "child-transfer", child, to="derbyshire", why="The family moved.")
        assert "has not received the child yet" in page(at_the_desk, "child", child)
        assert "1 child has not been received" in at_the_desk.get("/").content.decode()
        theirs = signed_in(receiver)
        assert "1 child of another authority waits" in theirs.get("/").content.decode()
        assert child.reference in theirs.get(reverse("transfers")).content.decode()
        then = post(theirs, "child-transfer", child, then="receive", words="We visit tomorrow.")
        assert then.request["PATH_INFO"] == reverse("child-edit", args=[child.reference, "workers"])
        assert "Say now who the worker is" in then.content.decode()
        assert Child.objects.get(pk=child.pk).authority == "derbyshire"
        assert "We visit tomorrow." in page(theirs, "child-timeline", child)
        assert page(theirs, "child-transfer", child).count("Received on") == 1

    def test_received_in_error_it_is_withdrawn_from_the_timeline_after_reading_what_follows(
        self, at_the_desk, child
    ):
        theirs = signed_in(front_door(authority="derbyshire"))
        post(at_the_desk, "child-transfer", child, to="derbyshire", why="The family moved.")
        post(theirs, "child-transfer", child, then="receive", words="We visit tomorrow.")
        passed = CaseEvent.objects.get(kind=CaseEvent.Kind.TRANSFER)
        address = reverse("child-event-in-error", args=[child.reference, passed.pk])
        assert address in page(theirs, "child-timeline", child)
        assert "with the worker and everybody who saw the record then" in theirs.get(address).content.decode()
        said = theirs.post(address, {"why": "The family has not moved."}, follow=True).content.decode()
        assert "You saw this child’s record because of it, and no longer do" in said
        assert page(at_the_desk, "child-timeline", child).count("The family has not moved.") == 1

    def test_an_authority_outside_the_service_is_named_with_the_channel(self, at_the_desk, child):
        answer = post(at_the_desk, "child-transfer", child, to="outside", why="The family moved.")
        assert "Enter which authority, and who there" in answer.content.decode()
        outside = {"to": "outside", "to_whom": "Example Borough", "how": "By courier", "why": "They moved."}
        post(at_the_desk, "child-transfer", child, **outside)
        said = post(at_the_desk, "child-transfer", child, then="confirm", words="Their manager, today.")
        assert "The case is closed here" in said.content.decode()
        assert state_of(child).closed

    def test_reminding_needs_no_words_and_declining_does(self, at_the_desk, child):
        receiver = signed_in(front_door(authority="derbyshire"))
        post(at_the_desk, "child-transfer", child, to="derbyshire", why="They moved.")
        assert "Reminded." in post(at_the_desk, "child-transfer", child, then="chase").content.decode()
        assert "Why is it taken back?" in page(at_the_desk, "child-transfer", child)
        again = post(at_the_desk, "child-transfer", child, then="chase").content.decode()
        assert "less than a day ago" in again
        declined = post(receiver, "child-transfer", child, then="decline")
        assert declined.status_code == 422
        assert "Enter why you decline" in declined.content.decode()
        assert Transfer.objects.get().state == Transfer.State.ASKED


class TestTransition:
    SAID = {
        "birthday": "18",
        "who": "Alia Pretend",
        "wants": "“My worker.”",
        "shared": "yes",
        "shared_why": "She agrees.",
        **day("on", datetime.date(2026, 11, 1)),
    }

    def test_a_step_is_recorded_and_stands_on_the_page_and_the_timeline(self, child):
        client = signed_in(child.created_by)
        said = post(client, "child-transition", child, step="begun", **self.SAID).content.decode()
        assert "“My worker.”" in said
        assert "Transition to adult services at 18" in page(client, "child-timeline", child)

    def test_it_is_offered_from_the_17th_birthday_or_where_something_is_recorded(self):
        today = timezone.localdate()
        young = ChildFactory(date_of_birth=today - datetime.timedelta(days=365 * 13))
        nearly = ChildFactory(
            created_by=young.created_by, date_of_birth=today - datetime.timedelta(days=365 * 17 + 30)
        )
        client = signed_in(young.created_by)

        def offered(child) -> bool:
            return reverse("child-transition", args=[child.reference]) in page(client, "child", child)

        assert offered(nearly)
        assert not offered(young)
        assert "is planned from the 17th birthday on, " in page(client, "child-transition", young)
        assert "is planned from the 17th birthday on" not in page(client, "child-transition", nearly)
        post(client, "child-transition", young, step="begun", **self.SAID)
        assert offered(young)

    def test_agreed_it_asks_what_and_from_when(self, child):
        answer = post(signed_in(child.created_by), "child-transition", child, step="agreed", **self.SAID)
        assert answer.status_code == 422
        assert "Enter what is agreed" in answer.content.decode()
        assert "Enter the day from which it holds" in answer.content.decode()
        assert not TransitionStep.objects.exists()

    def test_the_list_leads_to_whoever_turns_18_and_says_how_many_months_are_left(self):
        manager = child_protection_manager()
        born = timezone.localdate().replace(day=1) - datetime.timedelta(days=365 * 17 + 100)
        child = ChildFactory(date_of_birth=born)
        give_access(child, user=manager)
        said = signed_in(manager).get(reverse("transitions")).content.decode()
        assert reverse("child-transition", args=[child.reference]) in said
        assert "months left" in said


def test_a_worker_says_that_they_have_taken_a_child_on(manager, child):
    worker = practitioner()
    give_access(child, user=worker)
    Child.objects.filter(pk=child.pk).update(allocated_worker=worker)
    child.grants.create(user=worker, reason="allocated", since=timezone.now(), given_by=manager)
    client = signed_in(worker)
    assert "has not said yet that they have taken over" in page(client, "child", child)
    assert "whom you have not said that you have taken on" in client.get("/").content.decode()
    nothing = client.post(reverse("taking-on"), follow=True).content.decode()
    assert "Select the children whom you have taken on" in nothing
    said = client.post(reverse("taking-on"), {"children": [child.reference]}, follow=True).content.decode()
    assert "1 child taken on" in said
    assert "has not said yet" not in page(client, "child", child)
