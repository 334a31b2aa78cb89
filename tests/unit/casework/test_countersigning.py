"""A manager's answer to an assessment: whose it is, what follows from it, and that there is one alone."""

import datetime
import uuid

import pytest
import time_machine

from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments import drafts
from cre_toolkit.assessments.models import Withdrawal
from cre_toolkit.casework.assessment import sending, withdrawing
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.case.queries import case_of
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.countersigning import queue as countersign_queue
from cre_toolkit.casework.countersigning.answers import Answer, Outcome
from cre_toolkit.casework.models import Awaiting, CaseEvent, Countersignature
from cre_toolkit.children.access import NotAllowed, standing_of
from cre_toolkit.children.models import Notice
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft, write
from tests.factories.people import (
    ChildFactory,
    MembershipFactory,
    TeamFactory,
    child_protection_manager,
    give_access,
    locked_out,
    make_user,
    practitioner,
    restricted_to,
    team_manager,
)

pytestmark = pytest.mark.django_db
AGREED = Answer(Outcome.AGREED)
RETURNED = Answer(Outcome.RETURNED, words="Who saw it, and when?")
FACTS = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def manager(team):
    return team_manager(team, name="Invented Manager")


@pytest.fixture
def author(team):
    return practitioner(teams=[team])


def sent(author, level="medium", child=None, **given):
    child = child or ChildFactory(created_by=author, **FACTS)
    return sending.send(by=author, assessment=ready_draft(child, author, level=level, **given))


def answer(by, record, said=AGREED, form_id=None):
    return countersigning.countersign(by=by, record=record, answer=said, form_id=form_id or uuid.uuid4())


def waits_for(user):
    queue = countersign_queue.queue(standing_of(user))
    return None if queue is None else [each.record for each in queue]


class TestWhatWaits:
    @pytest.mark.parametrize(("level", "waits"), [("medium", True), ("high", True), ("low", False)])
    def test_medium_and_high_go_to_a_manager_at_once(self, author, manager, level, waits):
        record = sent(author, level)
        assert waits_for(manager) == ([record] if waits else [])

    def test_a_level_below_what_the_indicators_point_to_goes_to_a_manager(self, author, manager):
        record = sent(author, "low", rated="high")
        assert waits_for(manager) == [record]

    def test_low_below_the_floor_goes_to_a_manager(self, author, manager):
        child = ChildFactory(created_by=author, **FACTS | {"send": "yes"})
        draft = ready_draft(child, author, level="low")
        write(draft, "analysis", **{"level": "low", "protective-factors": "Two adults who listen."})
        write(
            draft,
            "level",
            rationale="Both parents act.",
            thorough_assessment=True,
            no_look_again_why="A meeting is planned.",
        )
        record = sending.send(by=author, assessment=draft)
        assert waits_for(manager) == [record]

    def test_nobody_else_is_asked(self, author, manager):
        sent(author)
        assert waits_for(team_manager()) == []
        assert waits_for(practitioner()) is None

    def test_without_a_manager_the_child_protection_manager_is_asked(self):
        record = sent(practitioner())
        assert waits_for(child_protection_manager()) == [record]

    def test_then_they_are_told_and_see_also_a_low_level_that_waits(self):
        chief = child_protection_manager()
        record = sent(practitioner(), "low", rated="high")
        told = Notice.objects.filter(user=chief).values_list("text", flat=True)
        assert f"Assessment {record.assessment.reference} waits for your answer" in told
        assert waits_for(chief) == [record]

    def test_so_they_are_where_the_only_manager_wrote_in_it_or_is_locked_out(self, author, manager, team):
        chief = child_protection_manager()
        record = sent(author)
        assert waits_for(chief) == []
        locked_out(record.child, manager)
        assert waits_for(chief) == [record]
        assert waits_for(manager) == []

    def test_of_a_restricted_record_whoever_is_named_on_it_is_asked(self, author, manager):
        record = sent(author)
        chief = child_protection_manager()
        restricted_to(record.child, author, chief)
        assert waits_for(manager) == []
        assert waits_for(chief) == [record]

    def test_answered_or_withdrawn_it_waits_no_longer(self, author, manager):
        first, second = sent(author), sent(author)
        answer(manager, first)
        withdrawing.withdraw(
            by=author, record=second, category=Withdrawal.Category.IN_ERROR, words="Sent by mistake."
        )
        assert not Awaiting.objects.exists()


class TestNobodyCountersignsTheirOwn:
    def test_not_as_the_manager_of_their_own_team(self, manager):
        with pytest.raises(NotAllowed):
            answer(manager, sent(manager))

    def test_nor_whoever_handed_the_draft_over_having_written_in_it(self, author, manager):
        child = ChildFactory(created_by=manager, **FACTS)
        draft = ready_draft(child, manager)
        drafts.hand_over(by=manager, assessment=draft, to=author)
        draft.refresh_from_db()
        record = sending.send(by=author, assessment=draft)
        assert waits_for(manager) == []
        with pytest.raises(NotAllowed):
            answer(manager, record)
        assert waits_for(child_protection_manager()) == [record]

    def test_nor_somebody_between_the_first_author_and_the_last(self, author, manager):
        child = ChildFactory(created_by=author, **FACTS)
        draft = ready_draft(child, author)
        colleague = practitioner(teams=[manager.memberships.get().team])
        for by, to in ((author, manager), (manager, colleague)):
            drafts.hand_over(by=by, assessment=draft, to=to)
            draft.refresh_from_db()
        with pytest.raises(NotAllowed):
            answer(manager, sending.send(by=colleague, assessment=draft))


class TestWhose:
    def test_a_child_protection_manager_may_answer_any_of_the_authority(self, author, manager):
        chief, record = child_protection_manager(), sent(author)
        others = countersign_queue.queue_of_others(standing_of(chief))
        assert [each.record for each in others] == [record]
        assert answer(chief, record).by == chief

    def test_of_another_authority_they_may_not(self, author):
        record = sent(author)
        chief = child_protection_manager(authority="derbyshire")
        give_access(record.child, user=chief)
        with pytest.raises(NotAllowed):
            answer(chief, record)

    def test_managing_without_the_role_is_not_enough(self, author, team):
        member = make_user(Role.PRACTITIONER)
        MembershipFactory(user=member, team=team, manages=True)
        with pytest.raises(NotAllowed):
            answer(member, sent(author))

    def test_a_manager_of_another_team_answers_where_the_author_has_none(self):
        record = sent(practitioner())
        other = team_manager()
        give_access(record.child, user=other)
        assert answer(other, record).by == other


class TestAgreed:
    def test_what_was_assessed_before_no_longer_counts(self, author, manager):
        child = ChildFactory(created_by=author, **FACTS)
        sent(author, "high", child)
        second = sent(author, "medium", child)
        assert case_of(child).working_level == "high"
        answer(manager, second)
        assert case_of(child).working_level == "medium"

    def test_telling_the_manager_is_done_by_it(self, author, manager):
        record = sent(author)
        assert "tell-manager" in {entry.id for entry in case_of(record.child).due}
        answer(manager, record)
        assert "tell-manager" in {done.entry.id for done in case_of(record.child).done}

    def test_the_author_is_told_by_mail_and_in_the_service_with_the_reference_alone(self, author, manager):
        record = sent(author)
        answer(manager, record)
        notice = Notice.objects.get(user=author)
        reference = record.assessment.reference
        assert notice.text == f"Assessment {reference} has been countersigned"
        assert (notice.page, notice.page_of) == ("assessment-decision", reference)
        assert Message.objects.filter(to=author.email, subject=notice.text).count() == 1


class TestReturned:
    def test_it_is_to_be_assessed_again_and_the_level_counts_meanwhile(self, author, manager):
        record = sent(author)
        answer(manager, record, RETURNED)
        state = case_of(record.child)
        assert "reassess" in {entry.id for entry in state.due}
        assert state.working_level == "medium"

    def test_it_says_what_is_missing(self, author, manager):
        with pytest.raises(countersigning.SaysNothing):
            answer(manager, sent(author), Answer(Outcome.RETURNED, words=" "))
        assert not CaseEvent.objects.filter(kind="countersign").exists()


class TestAnotherLevel:
    HIGHER = Answer(Outcome.SET_LEVEL, "high", "The car was seen three times.")

    def test_it_counts_in_place_of_the_one_recorded(self, author, manager):
        record = sent(author)
        answer(manager, record, self.HIGHER)
        state = case_of(record.child)
        assert (state.assessed_level.level, state.working_level) == ("high", "high")
        record.child.refresh_from_db()
        assert record.child.working_level == "high"

    def test_what_was_sent_is_not_changed(self, author, manager):
        record = sent(author)
        before = record.content
        answer(manager, record, self.HIGHER)
        record = type(record).objects.get(pk=record.pk)
        assert (record.content, record.recorded_level) == (before, "medium")

    def test_the_same_level_is_no_other(self, author, manager):
        with pytest.raises(countersigning.SameLevel):
            answer(manager, sent(author), Answer(Outcome.SET_LEVEL, "medium", "As it is."))

    def test_of_somebody_who_has_come_of_age_since_none_is_set_and_nothing_is_said_to_be(
        self, author, manager
    ):
        with time_machine.travel("2026-03-09 10:00+00:00", tick=False):
            child = ChildFactory(created_by=author, date_of_birth=datetime.date(2008, 3, 10), **FACTS)
            record = sent(author, child=child)
        told = Message.objects.count()
        with time_machine.travel("2026-03-10 10:00+00:00", tick=False):
            with pytest.raises(countersigning.TooOldForALevel):
                answer(manager, record, self.HIGHER)
            assert not CaseEvent.objects.filter(kind="countersign").exists()
            assert Message.objects.count() == told
            assert answer(manager, record).outcome == Outcome.AGREED

    def test_social_care_is_told_of_it_and_so_it_is_sent_to_them(self, author, manager):
        worker = practitioner()
        child = ChildFactory(created_by=author, allocated_worker=worker, **FACTS)
        give_access(child, user=worker)
        record = sent(author, "medium", child)
        answer(manager, record, self.HIGHER)
        done = [one.entry.event_id for one in case_of(child).done if one.entry.id == "send-to-social-care"]
        assert len(done) == 2
        assert Notice.objects.filter(user=worker, text__contains="another level").count() == 1


class TestOneAnswer:
    def test_a_second_one_is_refused_with_who_decided_and_when(self, author, manager):
        record = sent(author)
        first = answer(manager, record)
        with pytest.raises(countersigning.AnsweredAlready) as refused:
            answer(child_protection_manager(), record, RETURNED)
        assert (refused.value.answer.by, refused.value.answer.at) == (manager, first.at)
        assert Countersignature.objects.count() == 1

    def test_the_same_form_sent_twice_is_one(self, author, manager):
        record, form_id = sent(author), uuid.uuid4()
        assert answer(manager, record, form_id=form_id) == answer(manager, record, form_id=form_id)
        assert CaseEvent.objects.filter(kind="countersign").count() == 1

    def test_recorded_in_error_it_waits_again_and_another_is_given(self, author, manager):
        record = sent(author)
        first = answer(manager, record)
        entered = in_error.find(record.child, first.event_id)
        in_error.withdraw(by=manager, entered=entered, why="I meant another child.")
        assert waits_for(manager) == [record]
        assert countersigning.answer_of(record) is None
        assert answer(manager, record, RETURNED) == countersigning.answer_of(record)

    def test_what_was_withdrawn_is_not_answered(self, author, manager):
        record = sent(author)
        withdrawing.withdraw(
            by=author, record=record, category=Withdrawal.Category.IN_ERROR, words="Sent by mistake."
        )
        with pytest.raises(countersigning.NotForAManager):
            answer(manager, record)

    def test_whoever_wrote_the_assessment_does_not_take_the_answer_back(self, manager):
        author = child_protection_manager()
        record = sent(author, child=ChildFactory(created_by=author, **FACTS))
        said = Answer(Outcome.SET_LEVEL, "high", "Both indicators speak for it.")
        given = answer(child_protection_manager(), record, said)
        with pytest.raises(NotAllowed, match="never by whoever wrote"):
            in_error.withdraw(
                by=author, entered=in_error.find(record.child, given.event_id), why="I disagree."
            )
        assert countersigning.answer_of(record) == given
