"""Danger said again, or in a draft that is another's by now, and calls that were about something else."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.assessments import drafts
from cre_toolkit.casework.assessment import calls, sending, withdrawing
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.models import Call, CaseEvent
from cre_toolkit.children import access
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory, practitioner
from tests.integration.journeys import answer, signed_in, url

pytestmark = pytest.mark.django_db

CALLS = ["telephone-police", "telephone-social-care"]
MONDAY = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.UTC)
WEDNESDAY = MONDAY + datetime.timedelta(days=2)


@pytest.fixture
def draft():
    return draft_begun_now()


def draft_begun_now():
    return ready_draft(ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no"))


@pytest.fixture
def client(draft):
    return signed_in(draft.author)


def due(child):
    return [entry.action for entry in queries.due_for(child) if entry.is_call]


def telephone(draft, at=None, **said):
    for to in Call.To:
        given = {"outcome": Call.Outcome.SPOKE, "form_id": uuid.uuid4(), "assessment": draft, **said}
        calls.log_call(by=draft.author, child=draft.child, to=to, at=at or timezone.now(), **given)


def moment(at):
    """When a call was made, as it is typed."""
    at = timezone.localtime(at)
    return {"time": f"{at:%H:%M}", "day_day": at.day, "day_month": at.month, "day_year": at.year}


class TestSaidAgain:
    @pytest.fixture
    def draft(self):
        """On Monday danger was said, both were telephoned, and it was over."""
        with time_machine.travel(MONDAY) as clock:
            draft = draft_begun_now()
            client = signed_in(draft.author)
            answer(client, "danger", draft, immediate_risk="yes", what="He is outside.")
            telephone(draft)
            assert due(draft.child) == []
            clock.shift(datetime.timedelta(hours=1))
            answer(client, "danger", draft, immediate_risk="no", what="He has gone.")
        return draft

    def test_it_asks_for_both_calls_anew(self, draft):
        with time_machine.travel(WEDNESDAY):
            answer(signed_in(draft.author), "danger", draft, immediate_risk="yes", what="He is back.")
            assert due(draft.child) == CALLS

    def test_calls_made_before_it_are_not_done_for_it_by_sending(self, draft):
        with time_machine.travel(WEDNESDAY):
            client = signed_in(draft.author)
            answer(client, "danger", draft, immediate_risk="yes", what="He is back.")
            record = sending.send(by=draft.author, assessment=draft)
            assert due(draft.child) == CALLS
            page = client.get(url("sent", draft)).content.decode()
            assert "Telephoned:" not in page
            # The police have known of the child since Monday all the same.
            assert record.content["referred"]["police"].startswith("2026-11-23")

    def test_one_call_since_then_does_it(self, draft):
        with time_machine.travel(WEDNESDAY):
            client = signed_in(draft.author)
            answer(client, "danger", draft, immediate_risk="yes", what="He is back.")
            telephone(draft)
            record = sending.send(by=draft.author, assessment=draft)
            assert due(draft.child) == []
            assert record.content["referred"]["police"].startswith("2026-11-25")

    def test_saving_the_page_on_which_it_stands_says_it_no_second_time(self, draft):
        with time_machine.travel(WEDNESDAY) as clock:
            client = signed_in(draft.author)
            answer(client, "danger", draft, immediate_risk="yes", what="He is back.")
            telephone(draft)
            clock.shift(datetime.timedelta(days=1))
            answer(signed_in(draft.author), "danger", draft, immediate_risk="yes", what="At the school gate.")
            assert due(draft.child) == []
            assert CaseEvent.objects.filter(kind="immediate-risk").count() == 2

    def test_said_in_error_every_time_is_withdrawn(self, draft):
        with time_machine.travel(WEDNESDAY):
            answer(signed_in(draft.author), "danger", draft, immediate_risk="yes")
            record = sending.send(by=draft.author, assessment=draft)
            assert len(withdrawing.dangers_standing(record)) == 2
            withdrawing.withdraw(
                by=draft.author,
                record=record,
                category="wrong-child",
                words="Another child.",
                danger_too=True,
            )
            assert withdrawing.dangers_standing(record) == []
            assert due(draft.child) == []


class TestSaidAboutADraftHandedOver:
    @pytest.fixture
    def handed_over(self, draft):
        drafts.hand_over(by=draft.author, assessment=draft, to=practitioner())
        draft.refresh_from_db()
        return draft

    def say(self, client, draft):
        return client.post(
            url("danger", draft), {"immediate_risk": "yes", "what": "He is here", "version": 1}
        )

    def test_it_is_declared_and_the_numbers_are_there(self, client, handed_over):
        response = self.say(client, handed_over)
        page = response.content.decode()
        assert response.status_code == 409
        assert due(handed_over.child) == CALLS
        for words in ("999", "01332 641172", "He is here", "handed over"):
            assert words in page
        assert reverse("child-calls", args=[handed_over.child.reference]) in page

    def test_it_is_declared_anew_though_the_new_author_has_said_so_before(self, handed_over):
        before = handed_over.begun_by
        answer(signed_in(handed_over.author), "danger", handed_over, immediate_risk="yes")
        telephone(handed_over)
        assert due(handed_over.child) == []
        with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
            self.say(signed_in(before), handed_over)
            assert due(handed_over.child) == CALLS

    def test_pressed_twice_it_is_said_once(self, client, handed_over):
        for _ in range(2):
            self.say(client, handed_over)
        assert CaseEvent.objects.count() == 1

    def test_who_does_not_see_the_child_declares_nothing_and_has_the_numbers(self, handed_over):
        response = self.say(signed_in(practitioner()), handed_over)
        page = response.content.decode()
        assert response.status_code == 404
        assert not CaseEvent.objects.exists()
        for words in ("999", "01332 641172", "01629 533190", "He is here"):
            assert words in page


class TestCallsAboutSomethingElse:
    """A call of long before is on the record, and does nothing about the danger of today."""

    LONG_AGO = calls.MADE_BEFORE + datetime.timedelta(minutes=1)

    @pytest.fixture(autouse=True)
    def danger(self, draft, client):
        answer(client, "danger", draft, immediate_risk="yes")

    def test_it_is_still_due_and_the_page_says_so(self, draft, client):
        page = reverse("child-calls", args=[draft.child.reference])
        typed = {"form_id": uuid.uuid4(), "outcome": "spoke", **moment(timezone.now() - self.LONG_AGO)}
        said = {f"telephone-police-{name}": value for name, value in typed.items()}
        response = client.post(page, {"to": "telephone-police", **said}, follow=True)
        assert "long before the danger was said, so a call is still due" in response.content.decode()
        assert due(draft.child) == CALLS

    def test_it_is_not_done_by_sending(self, draft):
        telephone(draft, at=timezone.now() - self.LONG_AGO)
        record = sending.send(by=draft.author, assessment=draft)
        assert due(draft.child) == CALLS
        assert "police" not in record.content["referred"]

    def test_who_telephoned_first_and_wrote_later_has_telephoned(self, draft):
        telephone(draft, at=timezone.now() - datetime.timedelta(hours=2))
        assert due(draft.child) == []

    def test_what_was_logged_late_does_the_assessment_as_well(self, draft):
        """Said days before it was sent, a call of then is about the danger of which the assessment tells."""
        with time_machine.travel(timezone.now() + datetime.timedelta(days=3)):
            sending.send(by=draft.author, assessment=draft)
            telephone(draft, at=timezone.now() - datetime.timedelta(days=2, hours=12))
            assert due(draft.child) == []


class TestBackAndAnotherAnswer:
    """A form that was sent, corrected and sent again logs what it says now; nothing is overwritten."""

    @pytest.fixture
    def send(self, draft, client):
        answer(client, "danger", draft, immediate_risk="yes")
        form_id, at = uuid.uuid4(), moment(timezone.now())

        def send(**said):
            named = {f"telephone-police-{k}": v for k, v in {"form_id": form_id, **at, **said}.items()}
            page = client.post(url("calls", draft), {"to": "telephone-police", **named}, follow=True)
            return page.content.decode()

        return send

    def test_is_logged_as_another_call_and_does_what_it_says(self, draft, send):
        assert "The call is logged." in send(outcome="no-answer")
        assert "telephone-police" in due(draft.child)
        assert "logged as another call" in send(outcome="spoke")
        assert "telephone-police" not in due(draft.child)
        assert {call.outcome for call in Call.objects.all()} == {"no-answer", "spoke"}

    def test_sent_twice_it_is_one_other_call(self, send):
        send(outcome="no-answer")
        for _ in range(2):
            send(outcome="spoke")
        assert Call.objects.count() == 2


def test_a_form_number_of_another_childs_call_logs_nothing(draft):
    """Neither as it was, nor with other words."""
    telephone_form = uuid.uuid4()
    calls.log_call(
        by=draft.author,
        child=draft.child,
        to=Call.To.POLICE,
        at=timezone.now(),
        outcome=Call.Outcome.SPOKE,
        form_id=telephone_form,
    )
    other = ChildFactory()
    with pytest.raises(access.NotVisible):
        calls.log_call(
            by=other.created_by,
            child=other,
            to=Call.To.POLICE,
            at=timezone.now(),
            outcome=Call.Outcome.NO_ANSWER,
            form_id=telephone_form,
        )
