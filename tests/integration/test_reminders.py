"""People are reminded of what is due: as often as they should be, and never of whom they may not see."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import queries as audit
from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.casework.lists.digest import send_digests
from cre_toolkit.casework.lists.reminders import remind
from cre_toolkit.casework.models import Due
from cre_toolkit.children import cover
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    child_protection_manager,
    give_access,
    locked_out,
    practitioner,
    restricted_to,
    team_manager,
)

pytestmark = pytest.mark.django_db
FACTS = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}
# A Friday in winter: London is Greenwich.
SENT = datetime.datetime(2026, 1, 9, 16, 20, tzinfo=datetime.UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def manager():
    return team_manager(TeamFactory())


@pytest.fixture
def worker(manager):
    return practitioner(teams=[manager.memberships.get().team])


def everybody_holds_roles_already():
    """The clock goes back to the winter before these people were made."""
    for user in User.objects.all():
        user.roles_held.update(since=SENT - 365 * DAY)
        user.memberships.update(since=SENT - 365 * DAY)


@pytest.fixture
def child(worker):
    everybody_holds_roles_already()
    with time_machine.travel(SENT, tick=False):
        child = ChildFactory(
            created_by=worker, allocated_worker=worker, given_names="Siân", family_name="Pretend", **FACTS
        )
        draft = ready_draft(child, worker, level="high")
        sending.send(by=worker, assessment=draft)
    Message.objects.all().delete()
    return child


def at(moment):
    return time_machine.travel(moment, tick=False)


def told(user):
    return list(Message.objects.filter(to=user.email).values_list("subject", flat=True))


class TestByTheHour:
    """What is due within 24 hours: refer-police, as the toolkit asks at any level."""

    def test_four_hours_before_and_once_overdue_and_each_once(self, child, worker):
        due = Due.objects.get(child=child, action="refer-police").due_at
        for moment, subjects in (
            (due - 5 * HOUR, 0),
            (due - 3 * HOUR, 1),
            (due - 2 * HOUR, 1),
            (due + HOUR, 2),
            (due + 10 * HOUR, 2),
        ):
            with at(moment):
                Due.objects.filter(child=child).exclude(action="refer-police").delete()
                remind()
                remind()
            assert len(told(worker)) == subjects
        assert sorted(told(worker)) == [
            f"Record {child.reference}: something is due soon",
            f"Record {child.reference}: something is overdue",
        ]

    def test_what_is_done_in_time_is_not_called_overdue(self, child, worker):
        Due.objects.filter(child=child).delete()
        with at(SENT + 2 * DAY):
            remind()
        assert told(worker) == []

    def test_a_call_that_nobody_logged_within_half_an_hour(self, worker):
        draft = AssessmentFactory(child=ChildFactory(created_by=worker), author=worker)
        now = timezone.now()
        calls.declare_danger(by=worker, assessment=draft, at=now)
        Message.objects.all().delete()
        for minutes, number in ((29, 0), (31, 1), (60, 1)):
            with at(now + datetime.timedelta(minutes=minutes)):
                remind()
            assert len(told(worker)) == number, "one for both calls, since they are of one record"

    def test_what_is_due_at_once_is_given_time_to_be_done(self, child, worker):
        at_once = Due.objects.filter(child=child, due_at=SENT)
        assert at_once.exists()
        Due.objects.filter(child=child).exclude(pk__in=at_once.values("pk")).delete()
        for hours, number in ((3, 0), (5, 1), (6, 1)):
            with at(SENT + hours * HOUR):
                remind()
            assert len(told(worker)) == number


class TestTheListOfAMorning:
    def test_from_seven_in_london_one_a_day_with_numbers_and_references_and_no_name(self, child, worker):
        morning = SENT.replace(hour=6, minute=59) + 4 * DAY
        with at(morning):
            send_digests()
        assert told(worker) == []
        for minutes in (1, 11, 600):
            with at(morning + datetime.timedelta(minutes=minutes)):
                send_digests()
        assert told(worker) == ["CRE Toolkit: what is due, 13 January 2026"]
        body = Message.objects.get(to=worker.email).body
        assert "Overdue: " in body
        assert f"Record {child.reference}" in body
        assert not any(word in body for word in ("Siân", "Pretend", "high", "High", "exploitation"))
        with at(morning + DAY + HOUR):
            send_digests()
        assert len(told(worker)) == 2

    def test_seven_is_seven_in_summer_too(self, child, worker):
        for hour, number in ((5, 0), (6, 1)):  # in UTC
            with at(datetime.datetime(2026, 7, 1, hour, 30, tzinfo=datetime.UTC)):
                send_digests()
            assert len(told(worker)) == number

    def test_to_whom_nothing_is_due_nothing_is_sent(self, child):
        colleague = practitioner()
        with at(timezone.now().replace(hour=12)):
            send_digests()
        assert told(colleague) == []

    def test_the_manager_hears_of_it_after_the_packs_days_and_not_before(self, child, worker, manager):
        due = Due.objects.get(child=child, action="refer-police").due_at
        Due.objects.filter(child=child).exclude(action="refer-police").delete()
        for days, number in ((1, 0), (2, 0), (4, 1)):
            with at(due.replace(hour=17) + days * DAY):
                send_digests()
            assert len(told(manager)) == number
        assert "Overdue for days" in Message.objects.get(to=manager.email).body

    def test_of_a_child_without_a_worker_the_child_protection_manager_hears(self, child, worker):
        chair = child_protection_manager()
        everybody_holds_roles_already()
        type(child).objects.filter(pk=child.pk).update(allocated_worker=None)
        with at(SENT.replace(hour=12) + 6 * DAY):
            send_digests()
        assert len(told(chair)) == 1

    def test_who_was_told_of_a_child_is_on_the_childs_audit_trail(self, child, worker):
        with at(SENT.replace(hour=12) + 3 * DAY):
            send_digests()
        assert audit.of_child(child.pk).filter(kind="reminder.list-sent", subject=worker.pk).count() == 1


class TestNobodyWhoMayNotSeeTheChild:
    def both(self):
        with at(SENT.replace(hour=17) + DAY):
            remind()
            send_digests()

    def test_who_sees_it_does_hear(self, child, worker):
        self.both()
        assert told(worker)

    def test_who_was_locked_out_hears_nothing(self, child, worker):
        locked_out(child, worker)
        child.lock_outs.update(since=SENT)
        self.both()
        assert told(worker) == []

    def test_to_whom_a_record_is_closed_hears_nothing(self, child, worker):
        restricted_to(child, practitioner())
        self.both()
        assert told(worker) == []

    def test_whose_access_has_ended_hears_nothing(self, child, worker):
        child.grants.update(until=SENT + HOUR)
        type(child).objects.filter(pk=child.pk).update(allocated_worker=None)
        self.both()
        assert told(worker) == []

    def test_whose_account_is_closed_hears_nothing(self, child, worker):
        User.objects.filter(pk=worker.pk).update(is_active=False)
        self.both()
        assert told(worker) == []


def test_where_the_worker_has_left_their_manager_is_reminded(child, worker, manager):
    User.objects.filter(pk=worker.pk).update(is_active=False)
    with at(SENT.replace(hour=17) + DAY):
        remind()
        remind()
    assert told(manager) == [f"Record {child.reference}: something is overdue"]


def stand_in_for(worker, manager):
    stand_in = practitioner()
    everybody_holds_roles_already()
    with at(SENT + HOUR):
        cover.arrange(
            by=manager,
            absent=worker,
            stand_in=stand_in,
            since=timezone.now(),
            until=timezone.now() + 14 * DAY,
            form_id=uuid.uuid4(),
        )
    Message.objects.all().delete()
    return stand_in


def test_where_the_stand_in_has_left_too_the_worker_is_told_after_all(child, worker, manager):
    stand_in = stand_in_for(worker, manager)
    User.objects.filter(pk=stand_in.pk).update(is_active=False)
    with at(SENT.replace(hour=17) + DAY):
        remind()
        send_digests()
    assert told(stand_in) == []
    assert any("what is due" in subject for subject in told(worker))
    assert any("overdue" in subject for subject in told(worker))


def test_on_leave_whoever_stands_in_is_reminded_instead(child, worker, manager):
    stand_in = stand_in_for(worker, manager)
    give_access(child, user=worker, since=SENT)
    with at(SENT.replace(hour=17) + DAY):
        remind()
        send_digests()
    assert told(worker) == []
    assert any("what is due" in subject for subject in told(stand_in))
    assert any("overdue" in subject for subject in told(stand_in))
