"""A manager sets another level: what was done about the danger and by referrals is not asked for again."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.casework.case import in_error, queries
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.countersigning.answers import Answer, Outcome, countersign
from cre_toolkit.casework.lists import timeline
from cre_toolkit.casework.models import Call, CaseEvent, Due, Referral
from cre_toolkit.casework.referral import answering, referring
from cre_toolkit.casework.referral.models import How, Reason, To
from cre_toolkit.casework.referral.referring import Recipient
from cre_toolkit.children.models import Notice
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory, child_protection_manager, front_door, police_referral

pytestmark = pytest.mark.django_db
HIGH = Answer(Outcome.SET_LEVEL, "high", "The car was seen three times.")
POLICE = Recipient(To.POLICE, How.SERVICE)


@pytest.fixture
def manager(db):
    return child_protection_manager()


def sent(immediate_risk="no"):
    child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
    draft = ready_draft(child, immediate_risk=immediate_risk)
    return sending.send(by=draft.author, assessment=draft)


def telephoned(record, to, outcome=Call.Outcome.SPOKE):
    now = timezone.now()
    said = {"by": record.author, "child": record.child, "form_id": uuid.uuid4()}
    return calls.log_call(to=to, at=now, outcome=outcome, **said)


def referred(record, recipient=POLICE):
    said = {"why": "Look into the car", "form_id": uuid.uuid4()}
    return referring.refer(by=record.author, child=record.child, recipient=recipient, **said)


def set_high(manager, record):
    record.child.refresh_from_db()
    return countersign(by=manager, record=record, answer=HIGH, form_id=uuid.uuid4())


def due(child):
    """What is due, as often as it is."""
    return sorted(entry.action for entry in queries.due_for(child))


class TestCalls:
    def test_a_call_about_the_danger_is_not_made_again_for_the_new_level(self, manager):
        record = sent("yes")
        telephoned(record, Call.To.POLICE)
        set_high(manager, record)
        assert [action for action in due(record.child) if action in Call.To.values] == [
            "telephone-social-care"
        ]

    def test_one_that_nobody_answered_is_still_due_and_stands_once(self, manager):
        record = sent("yes")
        telephoned(record, Call.To.POLICE, Call.Outcome.NO_ANSWER)
        set_high(manager, record)
        assert due(record.child).count("telephone-police") == 1

    def test_made_in_error_it_is_due_again_for_the_new_level_too(self, manager):
        record = sent("yes")
        telephoned(record, Call.To.POLICE)
        done = CaseEvent.objects.get(kind="done", keys__action="telephone-police")
        set_high(manager, record)
        in_error.withdraw(by=manager, entered=done, why="It was about another child.")
        assert len([one for one in state_of(record.child).due if one.id == "telephone-police"]) == 2


class TestReferrals:
    def test_the_police_who_were_sent_the_child_are_told_of_the_level_and_not_referred_to_again(
        self, manager
    ):
        officer, record = police_referral(), sent()
        referred(record)
        set_high(manager, record)
        assert "refer-police" not in due(record.child)
        assert Notice.objects.filter(user=officer, text__contains="another level").count() == 1

    def test_returned_it_is_due_again_for_the_new_level_too(self, manager):
        officer, record = police_referral(), sent()
        referral = referred(record)
        set_high(manager, record)
        answering.return_it(
            by=officer,
            referral=Referral.objects.get(pk=referral.pk),
            reason=Reason.MORE_NEEDED,
            words="Which car?",
            form_id=uuid.uuid4(),
        )
        asked = {entry.event_id for entry in state_of(record.child).due if entry.id == "refer-police"}
        assert asked == set(
            map(
                str,
                CaseEvent.objects.filter(kind__in=["assessment", "countersign"]).values_list("pk", flat=True),
            )
        )

    def test_who_was_told_outside_the_service_is_to_be_told_of_the_new_level(self, manager):
        record = sent()
        by_telephone = Recipient(To.POLICE, How.TELEPHONE, name="Sergeant Invented", at=timezone.now())
        referred(record, by_telephone)
        assert "refer-police" not in due(record.child)
        set_high(manager, record)
        assert due(record.child).count("refer-police") == 1

    def test_the_answer_taken_back_nothing_of_it_is_due_or_done(self, manager):
        police_referral()
        record = sent()
        referred(record)
        before = due(record.child)
        given = set_high(manager, record)
        in_error.withdraw(
            by=manager, entered=in_error.find(record.child, given.event_id), why="Wrong record."
        )
        assert set(due(record.child)) - {"tell-manager"} == set(before) - {"tell-manager"}


class TestOneLine:
    def test_what_the_new_level_asks_for_as_well_stands_once_as_it_was_due_first(self, manager):
        with time_machine.travel(timezone.now() - datetime.timedelta(hours=3)):
            record = sent()
        first = {entry.action: entry.due_at for entry in queries.due_for(record.child)}
        set_high(manager, record)
        now_due = queries.due_for(record.child)
        assert sorted({entry.action for entry in now_due}) == due(record.child)
        assert (
            next(entry.due_at for entry in now_due if entry.action == "refer-police") == first["refer-police"]
        )

    def test_so_it_does_on_the_lists_and_doing_it_does_both(self, manager):
        record = sent()
        set_high(manager, record)
        assert Due.objects.filter(child=record.child, action="refer-police").count() == 1
        police_referral()
        referred(record)
        assert "refer-police" not in due(record.child)


class TestTheTimeline:
    def titles(self, record):
        told = timeline.timeline(record.child, most=100).entries
        return [(one.title, one.by) for one in told]

    def test_what_was_done_before_the_level_was_set_is_not_told_as_the_managers(self, manager):
        record = sent("yes")
        telephoned(record, Call.To.POLICE)
        set_high(manager, record)
        made = [by for title, by in self.titles(record) if title == "The police were telephoned"]
        assert made == [record.author.name]

    def test_one_act_that_does_what_both_levels_ask_for_is_told_once(self, manager):
        police_referral()
        record = sent()
        set_high(manager, record)
        referred(record)
        did = "The child was referred to the Police Referral Unit"
        assert [title for title, _ in self.titles(record)].count(did) == 1

    def test_taken_back_it_is_taken_back_for_both_and_told_once(self, manager):
        police_referral()
        record = sent()
        set_high(manager, record)
        referred(record)
        did = "The child was referred to the Police Referral Unit"
        told = timeline.timeline(record.child, most=100).entries
        line = next(one for one in told if one.title == did)
        in_error.withdraw(by=manager, entered=in_error.find(record.child, line.event), why="Not sent.")
        assert "refer-police" in due(record.child)
        assert [(one.title, one.in_error) for one in timeline.timeline(record.child, most=100).entries].count(
            (did, True)
        ) == 1

    def test_what_was_sent_is_the_new_level(self, manager):
        front_door()
        record = sent()
        set_high(manager, record)
        titles = self.titles(record)
        assert ("The level that a manager set was sent to social care", manager.name) in titles
        assert ("The assessment was sent to social care", record.author.name) in titles
        assert ("The assessment was sent to social care", manager.name) not in titles
