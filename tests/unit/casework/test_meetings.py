"""Meetings are planned, recorded once and corrected by newer versions; what they agree follows at once."""

import datetime
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.case.entering import InTheFuture, NotPossible
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.meeting import actions as meeting_actions
from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.meeting.minutes import ActionAgreed, Dissent, Said
from cre_toolkit.casework.meeting.planning import Plan
from cre_toolkit.casework.models import CaseEvent, Meeting, Minutes
from cre_toolkit.children import access
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.meetings import chair_of, held_meeting, planned_meeting
from tests.factories.people import ChildFactory, give_access, practitioner, team_manager

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
AGREED = Said(level="medium", level_why="She is met at the station every evening.")


def assessed(level="high", authority="derby"):
    """A child whose newest assessment has this level."""
    child = ChildFactory(
        authority=authority, send="no", open_to_social_care="yes", plan="none", looked_after="no"
    )
    send(by=child.created_by, assessment=ready_draft(child, level=level))
    child.refresh_from_db()
    return child


def record(meeting, by, said=AGREED, **given):
    given = {"held_at": meeting.at, "form_id": uuid.uuid4()} | given
    return meetings.record(by=by, child=meeting.child, meeting=meeting, said=said, **given)


def due(child):
    return {entry.id for entry in state_of(child).due}


class TestPlanning:
    def test_who_is_asked_to_come_is_told_a_reference_and_a_time_and_nothing_else(self):
        child, colleague = ChildFactory(given_names="Amy"), practitioner()
        give_access(child, user=colleague)
        meeting = planned_meeting(
            child, people=[colleague], others=[("A nurse", "nurse@example.org")], place="Room 4"
        )
        told = {message.to: f"{message.subject} {message.body}" for message in Message.objects.all()}
        assert set(told) == {colleague.email, "nurse@example.org"}
        for text in told.values():
            assert meeting.reference in text
            assert not {word for word in ("Amy", child.reference, "Room 4", "review") if word in text}

    def test_nobody_is_told_of_a_meeting_that_was_held_already(self):
        planned_meeting(ChildFactory(), days=-2, others=[("A nurse", "nurse@example.org")])
        assert not Message.objects.exists()

    def test_the_same_form_twice_plans_one(self):
        child = ChildFactory()
        chair, form_id = chair_of(child), uuid.uuid4()
        planned = Plan(at=timezone.now() + DAY, chair=chair)
        twice = [
            meeting_planning.plan(by=chair, child=child, kind="cre-review", planned=planned, form_id=form_id)
            for _ in range(2)
        ]
        assert twice[0] == twice[1]
        assert Meeting.objects.count() == 1

    def test_a_kind_that_the_authority_does_not_hold_is_refused(self):
        with pytest.raises(meeting_planning.NotHeldHere):
            planned_meeting(ChildFactory(authority="derby"), kind="cpm-vc-review")

    def test_a_manager_who_brings_a_meeting_forward_has_done_what_the_divergence_asks_for(self):
        child = ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no")
        chair = chair_of(child)
        meeting = planned_meeting(child, chair, days=20)
        held_meeting(child, chair, level="low", level_why="It has stopped.")
        send(by=child.created_by, assessment=ready_draft(child, level="high"))
        assert meeting_planning.BRING_FORWARD in due(child)
        moved = meeting_planning.move(
            by=chair,
            child=child,
            meeting=meeting,
            version=1,
            planned=Plan(at=timezone.now() + DAY, chair=chair),
            why="He was seen with her again.",
        )
        assert meeting_planning.BRING_FORWARD not in due(child)
        assert moved.version == 2

    def test_who_changes_what_somebody_else_has_changed_is_told(self):
        meeting = planned_meeting(ChildFactory())
        chair = meeting.chair
        meeting_planning.cancel(by=chair, child=meeting.child, meeting=meeting, version=1, why="Snow.")
        with pytest.raises(meeting_planning.NotPlanned):
            meeting_planning.cancel(by=chair, child=meeting.child, meeting=meeting, version=1, why="Snow.")

    def test_a_practitioner_who_is_neither_worker_nor_chair_does_not_plan(self):
        child = ChildFactory()
        with pytest.raises(access.NotAllowed):
            planned_meeting(child, child.created_by)


class TestRecording:
    def test_the_level_that_a_review_agrees_is_the_agreed_level_from_then_on(self):
        child = assessed("high")
        minutes = held_meeting(child, level="low", level_why="It has stopped.")
        state = state_of(child)
        assert (state.agreed_level.level, state.agreed_level.event) == ("low", str(minutes.event_id))
        assert minutes.meeting.status == Meeting.Status.HELD

    def test_a_strategy_meeting_does_what_asked_for_it(self):
        child = assessed("high", authority="derbyshire")
        assert "high-risk-strategy-meeting" in due(child)
        held_meeting(child, kind="high-risk-strategy", level="high", days=0)
        assert "high-risk-strategy-meeting" not in due(child)

    def test_what_follows_is_told_before_anything_is_written(self):
        child = assessed("high")
        chair = chair_of(child)
        meeting = planned_meeting(child, chair, days=0)
        state = meetings.what_follows(
            by=chair, child=child, meeting=meeting, held_at=meeting.at, level="medium"
        )
        review = next(entry for entry in state.due if entry.id == "review")
        assert review.due == timezone.localdate(meeting.at) + 42 * DAY
        assert not CaseEvent.objects.filter(kind=CaseEvent.Kind.MEETING).exists()

    def test_the_same_form_twice_records_one(self):
        meeting, form_id = planned_meeting(ChildFactory(), days=-1), uuid.uuid4()
        twice = [record(meeting, meeting.chair, form_id=form_id) for _ in range(2)]
        assert twice[0] == twice[1]
        assert CaseEvent.objects.filter(kind=CaseEvent.Kind.MEETING).count() == 1

    def test_who_comes_second_is_shown_what_was_recorded(self):
        meeting = planned_meeting(ChildFactory(), days=-1)
        first = record(meeting, meeting.chair)
        with pytest.raises(meetings.AlreadyRecorded) as refused:
            record(meeting, meeting.chair, AGREED.model_copy(update={"level": "high"}))
        assert refused.value.minutes == first
        assert Minutes.objects.count() == 1

    def test_a_meeting_that_has_not_been_held_yet_is_not_recorded(self):
        meeting = planned_meeting(ChildFactory(), days=1)
        with pytest.raises(InTheFuture):
            record(meeting, meeting.chair)

    def test_only_the_role_that_the_pack_names_records_the_level(self):
        child = assessed("high", authority="derbyshire")
        manager = team_manager(authority="derbyshire")
        give_access(child, user=manager)
        meeting = planned_meeting(child, manager, kind="high-risk-strategy", days=0)
        with pytest.raises(access.NotAllowed, match="CPM-VC"):
            record(meeting, manager)

    def test_a_team_managers_meeting_may_not_lower_the_level_from_high(self):
        child = assessed("high", authority="derbyshire")
        chair = chair_of(child)
        held_meeting(child, chair, kind="high-risk-strategy", level="high", days=-0.5)
        meeting = planned_meeting(child, chair, kind="team-manager-review", days=0)
        with pytest.raises(NotPossible, match="High risk strategy meeting"):
            record(meeting, chair)
        assert state_of(child).agreed_level.level == "high"

    @pytest.mark.parametrize(
        "said",
        [Said(level="medium"), Said(), AGREED.model_copy(update={"dissent": (Dissent(who="A", why=""),)})],
        ids=["a level without reasons", "no level without a reason", "dissent without its reason"],
    )
    def test_a_level_needs_its_reasons_and_so_does_dissent(self, said):
        meeting = planned_meeting(ChildFactory(), days=-1)
        with pytest.raises(meetings.NothingAgreed):
            record(meeting, meeting.chair, said)

    def test_recorded_in_error_it_can_be_recorded_anew(self):
        child = assessed("high")
        wrong = held_meeting(child, level="low", level_why="It has stopped.")
        chair, meeting = wrong.by, wrong.meeting
        in_error.withdraw(by=chair, entered=wrong.event, why="Of another child.")
        again = record(meeting, chair)
        assert (again.version, state_of(child).agreed_level.level) == (2, "medium")


class TestMinutes:
    def test_they_never_change_also_not_in_the_database(self):
        minutes = held_meeting(ChildFactory())
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Minutes.objects.filter(pk=minutes.pk).update(level="high")
        assert connection.in_atomic_block

    def test_a_correction_is_a_newer_version_that_says_why(self):
        first = held_meeting(ChildFactory(), discussion="She was there.")
        second = meetings.correct(
            by=first.by,
            child=first.child,
            meeting=first.meeting,
            version=1,
            said=AGREED.model_copy(update={"discussion": "Her aunt was there.", "level": "high"}),
            why="It was her aunt.",
            form_id=uuid.uuid4(),
        )
        assert [one.version for one in meeting_queries.versions(first.meeting)] == [2, 1]
        assert (second.level, second.event_id, second.why) == ("medium", first.event_id, "It was her aunt.")

    def test_an_action_is_open_until_its_owner_says_how_it_was_done(self):
        child, owner = ChildFactory(), practitioner()
        give_access(child, user=owner)
        agreed = ActionAgreed(what="Meet her at the station", owner=owner.pk, owner_name=owner.name)
        held_meeting(child, actions=(agreed,))
        (action,) = meeting_actions.open_meeting_actions(child)
        with pytest.raises(meeting_actions.NothingDone):
            meeting_actions.finish(by=owner, child=child, action=action.pk, how=" ")
        meeting_actions.finish(by=owner, child=child, action=action.pk, how="Every Friday since.")
        assert not meeting_actions.open_meeting_actions(child)

    def test_the_trail_says_who_recorded_and_nothing_of_what_was_said(self):
        minutes = held_meeting(ChildFactory(), discussion="She was there.")
        (event,) = Event.objects.filter(kind="minutes.recorded")
        assert event.actor == minutes.by.pk
        assert event.detail == {"type": "cre-review", "version": 1}
