"""Closing a case with a reason and opening it again, and what both do to what is due (case.md, `closed`)."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.casework.case import entering, events
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.countersigning.answers import Answer, Outcome, countersign
from cre_toolkit.casework.ends import closing
from cre_toolkit.casework.models import CaseEvent, Closing, Due, Reopening
from cre_toolkit.casework.transfer import transferring
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.events import incident_on
from tests.factories.meetings import held_meeting
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    front_door,
    give_access,
    practitioner,
)

pytestmark = pytest.mark.django_db
SAFER = Closing.Reason.SAFER


def close(child, by=None, form_id=None, **said):
    said = {"reason": SAFER, "words": "Her aunt is with her.", **said}
    by = by or child_protection_manager()
    return closing.close(by=by, child=child, form_id=form_id or uuid.uuid4(), **said)


def reopen(child, by=None, form_id=None):
    return closing.reopen(
        by=by or practitioner(), child=child, words="A new concern.", form_id=form_id or uuid.uuid4()
    )


@pytest.fixture
def child():
    return ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")


@pytest.fixture
def assessed(child):
    """A child at high, with reviews and things to do."""
    sending.send(by=child.created_by, assessment=ready_draft(child, child.created_by))
    child.refresh_from_db()
    return child


def test_closed_it_shows_no_review_and_what_has_a_time_stays_due(assessed):
    before = state_of(assessed)
    assert closing.goes(before)
    assert closing.stays_due(before)
    close(assessed)
    after = state_of(assessed)
    assert after.closed
    stays = {(one.id, one.event_id) for one in closing.stays_due(before)}
    assert {(one.id, one.event_id) for one in after.due} == stays
    assert set(Due.objects.values_list("action", flat=True)) == {id_ for id_, _ in stays}


def test_the_reason_and_who_closed_it_stand_on_the_record(child):
    manager = child_protection_manager()
    close(child, by=manager)
    said = closing.last_closing(child)
    assert (said.reason, said.words, said.by) == (SAFER, "Her aunt is with her.", manager)
    (line,) = closing.happened(child)
    assert line.title == f"Case closed: {SAFER.label}"
    assert line.text == "Her aunt is with her."


def test_opened_again_what_is_due_is_due_as_if_it_had_never_been_closed(assessed):
    before = {(one.id, one.event_id) for one in state_of(assessed).due}
    close(assessed)
    reopen(assessed)
    state = state_of(assessed)
    assert not state.closed
    assert {(one.id, one.event_id) for one in state.due} == before


def test_a_form_sent_twice_closes_and_opens_once(child):
    form_id, again = uuid.uuid4(), uuid.uuid4()
    assert close(child, form_id=form_id) == close(child, form_id=form_id)
    assert reopen(child, form_id=again) == reopen(child, form_id=again)
    assert CaseEvent.objects.count() == 2


def test_what_is_closed_cannot_be_closed_nor_what_is_open_opened_and_nothing_is_written(child):
    with pytest.raises(closing.Refused, match="is open"):
        reopen(child)
    close(child)
    with pytest.raises(closing.Refused, match="closed already"):
        close(child)
    assert (CaseEvent.objects.count(), Closing.objects.count(), Reopening.objects.count()) == (1, 1, 0)


def test_nobody_closes_the_case_of_a_child_in_danger_before_the_calls_are_made(child):
    draft = ready_draft(child, child.created_by)
    calls.declare_danger(by=child.created_by, assessment=draft, at=timezone.now())
    with pytest.raises(closing.Refused, match="Telephone first"):
        close(child)
    assert not state_of(child).closed


def test_it_is_for_managers_to_close_and_for_whoever_works_with_children_to_open(child):
    with pytest.raises(NotAllowed):
        close(child, by=practitioner())
    close(child)
    reopen(child, by=practitioner())


def test_whoever_works_with_the_child_is_told_without_a_name(child):
    nurse, manager = practitioner(), child_protection_manager()
    give_access(child, user=nurse)
    close(child, by=manager)
    told = Message.objects.filter(subject__contains="has been closed")
    assert {one.to for one in told} == {nurse.email, child.created_by.email}
    assert child.reference in told[0].subject
    assert child.given_names not in told[0].subject + told[0].body


def test_an_assessment_that_is_sent_opens_a_closed_case_by_itself(child):
    draft = ready_draft(child, child.created_by)
    close(child)
    sending.send(by=child.created_by, assessment=draft)
    state = state_of(child)
    assert not state.closed
    assert any(one.is_review for one in state.due)
    assert Reopening.objects.get().words == "A new assessment was sent."


def test_closed_and_opened_in_the_same_second_it_is_open(child):
    with time_machine.travel(datetime.datetime(2026, 11, 26, 10, 0, 0, tzinfo=datetime.UTC), tick=False):
        close(child)
        reopen(child)
    assert not state_of(child).closed


def test_an_incident_entered_into_a_closed_case_leaves_it_closed(child):
    close(child)
    happened = events.event(
        by=child.created_by,
        child=child,
        kind=CaseEvent.Kind.SIGNIFICANT_INCIDENT,
        at=timezone.now(),
    )
    assert entering.enter(by=child.created_by, child=child, events=[happened]).closed


def test_an_incident_opens_a_closed_case_so_that_the_new_assessment_is_due(assessed):
    close(assessed)
    incident_on(assessed)
    state = state_of(assessed)
    assert not state.closed
    assert "reassess" in {one.id for one in state.due}
    assert Reopening.objects.get().words == "A significant incident was recorded."


def test_an_assessment_that_a_manager_returns_opens_a_closed_case(assessed):
    close(assessed)
    said = Answer(Outcome.RETURNED, words="Who saw it, and when?")
    record, manager = Record.objects.get(), child_protection_manager()
    countersign(by=manager, record=record, answer=said, form_id=uuid.uuid4())
    state = state_of(assessed)
    assert not state.closed
    assert "reassess" in {one.id for one in state.due}


def test_while_another_authority_is_asked_to_be_responsible_the_case_cannot_be_closed(assessed):
    front_door(authority="derbyshire")
    said = {"to": "derbyshire", "why": "The family moved.", "form_id": uuid.uuid4()}
    transferring.ask(by=child_protection_manager(), child=assessed, **said)
    with pytest.raises(closing.Refused, match="take the transfer back first"):
        close(assessed)
    assert not state_of(assessed).closed


def test_the_form_of_another_child_closes_and_opens_nothing(assessed):
    other, form = ChildFactory(), uuid.uuid4()
    close(other, form_id=form)
    with pytest.raises(NotVisible):
        close(assessed, form_id=form)
    reopen(other, form_id=form)
    close(assessed)
    with pytest.raises(NotVisible):
        reopen(assessed, form_id=form)
    assert state_of(assessed).closed


@pytest.mark.parametrize(("days", "closed"), [(-1, True), (0, False)])
def test_a_meeting_that_agrees_medium_opens_it_unless_it_was_held_before_the_closing(assessed, days, closed):
    close(assessed)
    held_meeting(assessed, days=days)
    state = state_of(assessed)
    assert state.closed is closed
    assert any(one.is_review for one in state.due) is not closed
