"""The death of a child: said with care, seen by the right people, and the end of everything that reminds."""

import datetime
import uuid

import pytest
from django.utils import timezone

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case.state import read, state_of
from cre_toolkit.casework.countersigning import queue as countersign_queue
from cre_toolkit.casework.ends import closing, death, transitions
from cre_toolkit.casework.meeting.queries import to_come_to
from cre_toolkit.casework.models import CaseEvent, Closing, Death, Due, Referral, Transfer
from cre_toolkit.casework.referral.chasing import tell_senders
from cre_toolkit.casework.referral.queries import queue, to_answer, to_chase, without_owner
from cre_toolkit.casework.referral.states import State
from cre_toolkit.casework.transfer import transferring
from cre_toolkit.children import access
from cre_toolkit.children.access import NotAllowed, standing_of
from cre_toolkit.children.models import Child
from cre_toolkit.jobs.models import Message
from cre_toolkit.records import keeping
from tests.factories.assessments import ready_draft
from tests.factories.meetings import planned_meeting
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    child_protection_manager,
    front_door,
    give_access,
    practitioner,
)
from tests.factories.referrals import referral_on

pytestmark = pytest.mark.django_db


def today() -> datetime.date:
    return timezone.localdate()


def record(child, by=None, form_id=None, **said):
    said = {"died_on": today(), "known": Death.Known.EXACTLY, "told_by": "The police, by telephone", **said}
    by = by or child_protection_manager()
    return death.record_death(by=by, child=child, told=death.Told(**said), form_id=form_id or uuid.uuid4())


@pytest.fixture
def child():
    """At medium, with reviews and things to do, and about to turn 18."""
    child = ChildFactory(
        date_of_birth=today() - datetime.timedelta(days=365 * 17 + 200),
        send="no",
        open_to_social_care="no",
        plan="none",
        looked_after="no",
    )
    sending.send(by=child.created_by, assessment=ready_draft(child, child.created_by))
    return child


def test_nothing_is_due_any_more_and_no_list_has_it(child):
    assert Due.objects.filter(child=child).exists()
    record(child)
    child.refresh_from_db()
    assert child.died_on == today()
    assert not Due.objects.filter(child=child).exists()
    assert read(child).due == []


def test_the_case_is_closed_with_that_reason(child):
    record(child)
    assert state_of(child).closed
    assert closing.last_closing(child).reason == Closing.Reason.DIED


def test_they_no_longer_turn_18(child):
    manager = child_protection_manager()
    give_access(child, user=manager)
    standing = access.standing_of(manager)
    assert [row.child for row in transitions.turning(standing, today())] == [child]
    record(child)
    assert transitions.turning(standing, today()) == []


def test_the_message_says_neither_the_name_nor_that_a_child_has_died(child):
    record(child)
    told = Message.objects.get(cause=Death.objects.get().pk, to=child.created_by.email)
    said = (told.subject + told.body).casefold()
    assert child.reference.casefold() in said
    assert all(word not in said for word in (child.given_names.casefold(), "death", "died", "dead"))


def test_it_can_be_read_by_those_who_could_read_it_before(child):
    colleague = practitioner()
    give_access(child, user=colleague)
    record(child)
    assert access.visible_to(colleague).filter(pk=child.pk).exists()


def test_a_form_sent_twice_records_it_once_and_another_form_is_refused(child):
    form_id = uuid.uuid4()
    assert record(child, form_id=form_id) == record(child, form_id=form_id)
    with pytest.raises(death.Refused, match="already"):
        record(child)
    assert Death.objects.count() == 1


@pytest.mark.parametrize("day", [today() + datetime.timedelta(days=1), datetime.date(2000, 1, 1)])
def test_a_day_that_cannot_be_is_refused_with_nothing_written(child, day):
    with pytest.raises(death.Refused, match="The day must"):
        record(child, died_on=day)
    child.refresh_from_db()
    assert child.died_on is None
    assert not state_of(child).closed


def test_it_is_for_managers_to_record(child):
    with pytest.raises(NotAllowed):
        record(child, by=practitioner())


def test_a_case_of_a_child_who_has_died_is_not_opened_again(child):
    record(child)
    with pytest.raises(closing.Refused, match="has died"):
        closing.reopen(by=practitioner(), child=child, words="A concern.", form_id=uuid.uuid4())


def test_recorded_in_error_everything_is_due_again_and_both_stay_on_the_record(child):
    before = set(Due.objects.values_list("action", "sorts_at"))
    record(child)
    death.take_back(by=child_protection_manager(), child=child, why="It was another child’s record.")
    child.refresh_from_db()
    assert child.died_on is None
    assert not state_of(child).closed
    assert set(Due.objects.values_list("action", "sorts_at")) == before
    assert [line.day_only for line in death.happened(child)] == [True, False], "nobody knows its time"
    titles = [line.title for line in death.happened(child)]
    assert [line.in_error for line in death.happened(child)] == [True, False]
    assert titles[1] == "The death was recorded in error"


def test_of_a_case_that_was_closed_before_it_stays_closed_when_taken_back(child):
    closing.close(
        by=child_protection_manager(),
        child=child,
        reason=Closing.Reason.SAFER,
        words="x",
        form_id=uuid.uuid4(),
    )
    record(child)
    death.take_back(by=child_protection_manager(), child=child, why="In error.")
    assert state_of(child).closed
    assert CaseEvent.objects.filter(kind="reopened").count() == 0


def test_a_transfer_that_waits_ends(child):
    transferring.ask(
        by=child_protection_manager(),
        child=child,
        why="Moved.",
        to_whom="Example Borough",
        how="By courier",
        form_id=uuid.uuid4(),
    )
    record(child)
    assert Transfer.objects.get().state == Transfer.State.TAKEN_BACK


def test_of_a_looked_after_child_who_died_under_18_the_record_is_kept_for_15_years(child):
    Child.objects.filter(pk=child.pk).update(looked_after="yes")
    record(child)
    child.refresh_from_db()
    kept = {each.by.id: each.until for each in keeping.count(child)}
    assert kept["looked-after"].year == today().year + 15


def test_nobody_is_asked_to_meet_to_countersign_or_to_chase(child):
    meeting = planned_meeting(child)
    chair, manager = standing_of(meeting.chair), standing_of(child_protection_manager())
    referral = referral_on(child, team=TeamFactory(), state=State.SENT)
    Referral.objects.filter(pk=referral.pk).update(chase_at=timezone.now() - datetime.timedelta(days=1))
    assert to_come_to(chair).exists()
    assert countersign_queue.queue(manager).exists()
    record(child)
    Message.objects.all().delete()
    tell_senders()
    assert not Message.objects.exists()
    assert not to_come_to(chair).exists()
    assert not countersign_queue.queue(manager).exists()
    assert not to_chase(standing_of(child.created_by)).exists()


def test_nobody_is_asked_to_find_a_route_or_to_acknowledge(child):
    referral_on(child)
    door = TeamFactory()
    referral_on(child, team=door, state=State.SENT)
    give_access(child, team=door)
    finder, receiver = standing_of(child_protection_manager()), standing_of(front_door(door))

    def asked():
        return without_owner(finder).exists(), queue(finder).exists(), to_answer(receiver).exists()

    assert asked() == (True, True, True)
    record(child)
    assert asked() == (False, False, False)
    death.take_back(by=child_protection_manager(), child=child, why="It was another child’s record.")
    assert asked() == (True, True, True)
