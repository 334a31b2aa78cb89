"""Missing episodes, returns and interviews: what each act records, refuses, and does of what is due."""

import datetime
import uuid

import pytest
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.case.entering import InTheFuture
from cre_toolkit.casework.missing import episodes as missing
from cre_toolkit.casework.missing import interviews as return_interviews
from cre_toolkit.casework.missing import told as missing_told
from cre_toolkit.casework.missing.episodes import Missing
from cre_toolkit.casework.missing.plan import Plan, agree_plan
from cre_toolkit.casework.models import CaseEvent, Incident, MissingEpisode, MissingReturn, ReturnInterview
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.jobs.models import Message
from tests.factories.missing import ago, came_back, gone, talked, was_missing
from tests.factories.people import ChildFactory, give_access, make_user, practitioner

pytestmark = pytest.mark.django_db

YES = YesNoUnknown.YES
Step = ReturnInterview.Step


@pytest.fixture
def child():
    return ChildFactory()


def due(child):
    return {entry.action for entry in queries.due_for(child)}


class TestMissingAndBack:
    def test_the_same_form_twice_records_one_episode_and_the_worker_is_told_without_a_name(self, child):
        worker = practitioner()
        give_access(child, user=worker)
        child.allocated_worker = worker
        child.save()
        form_id, at = uuid.uuid4(), ago(hours=3)
        for _ in range(2):
            gone(child, at, form_id)
        assert MissingEpisode.objects.count() == CaseEvent.objects.count() == 1
        assert queries.case_of(child).missing_since == at
        told = Message.objects.get()
        assert told.to == worker.email
        assert child.reference in told.body
        assert child.given_names not in told.body + told.subject

    def test_a_child_who_is_missing_cannot_go_missing_again_before_the_return(self, child):
        gone(child, since := ago(hours=30))
        with pytest.raises(missing.StillMissing) as refused:
            gone(child, ago(hours=2))
        assert refused.value.since == since
        assert MissingEpisode.objects.count() == CaseEvent.objects.count() == 1

    def test_nobody_comes_back_who_was_not_missing_nor_before_they_went(self, child):
        with pytest.raises(missing.NotMissing):
            came_back(child, ago(hours=1))
        gone(child, ago(hours=2))
        with pytest.raises(missing.AnotherEpisode):
            came_back(child, ago(hours=3))
        assert not MissingReturn.objects.exists()
        assert queries.case_of(child).missing_since

    def test_an_episode_that_is_over_is_entered_late_before_the_one_that_lasts(self, child):
        gone(child, ago(hours=5))
        was_missing(child, ago(days=9), ago(days=8))
        told = missing_told.episodes_of(child)
        assert [one.long for one in told] == ["", "24 hours"]
        assert queries.case_of(child).missing_since
        with pytest.raises(missing.AnotherEpisode):
            was_missing(child, ago(days=10), ago(days=8, hours=12))
        assert MissingEpisode.objects.count() == 2

    def test_what_has_not_happened_yet_cannot_be_entered(self, child):
        with pytest.raises(InTheFuture):
            gone(child, timezone.now() + datetime.timedelta(hours=1))
        assert not CaseEvent.objects.exists()

    def test_a_significant_incident_is_recorded_with_the_return_and_asks_for_an_assessment(self, child):
        gone(child, ago(hours=9))
        came_back(child, ago(hours=1), significant=YES, incident="A man locked her in.")
        assert Incident.objects.get().what == "A man locked her in."
        assert "reassess" in due(child)

    def test_a_strategy_meeting_is_due_while_the_child_is_missing_and_an_interview_after_the_return(
        self, child
    ):
        gone(child, ago(hours=9))
        assert due(child) == {"missing-strategy-meeting"}
        came_back(child, ago(hours=1))
        assert due(child) == {"return-interview"}

    def test_it_is_for_those_who_work_with_children(self, child):
        champion = make_user(Role.CHAMPION)
        give_access(child, user=champion)
        with pytest.raises(NotAllowed):
            missing.report_missing(
                by=champion, child=child, missing=Missing(at=ago(hours=1)), form_id=uuid.uuid4()
            )


class TestReturnInterview:
    def test_an_offer_leaves_it_due_and_an_answer_of_any_kind_does_it(self, child):
        back = was_missing(child, ago(days=2), ago(days=1))
        talked(child, back, Step.OFFERED)
        assert due(child) == {"return-interview"}
        talked(child, back, Step.NOT_POSSIBLE, reason="She has moved to her grandmother's.")
        assert due(child) == set()

    def test_a_declined_one_is_to_be_offered_again_until_it_is(self, child):
        back = was_missing(child, ago(days=2), ago(days=1))
        talked(child, back, Step.DECLINED, at=ago(hours=5))
        assert missing_told.episodes_of(child)[0].to_offer_again
        talked(child, back, Step.HELD, said="“I was at my cousin's.”")
        told = missing_told.episodes_of(child)[0]
        assert not told.to_offer_again
        assert told.outcome == "Held, after it was offered again"

    def test_a_talk_about_an_earlier_return_leaves_the_later_one_due(self, child):
        earlier = was_missing(child, ago(days=6), ago(days=5))
        later = was_missing(child, ago(days=3), ago(days=2))
        talked(child, earlier, Step.HELD, said="“It was cold.”")
        entries = [entry for entry in queries.case_of(child).due if entry.id == "return-interview"]
        assert [entry.event_id for entry in entries] == [str(later.event_id)]

    def test_it_is_not_before_the_return_nor_of_another_child(self, child):
        back = was_missing(child, ago(days=2), ago(days=1))
        with pytest.raises(return_interviews.BeforeReturn):
            talked(child, back, Step.HELD, at=ago(days=1, hours=2), said="“No.”")
        with pytest.raises(NotVisible):
            talked(ChildFactory(), back, Step.OFFERED)
        assert not ReturnInterview.objects.exists()


class TestPlan:
    def test_three_episodes_ask_for_a_plan_and_agreeing_one_does_that(self, child):
        for days in (20, 12, 4):
            was_missing(child, ago(days=days), ago(days=days - 1))
        assert "missing-plan" in due(child)
        plan = Plan(
            agreed_on=timezone.localdate(),
            triggers="Messages from a man at weekends.",
            lines=[{"what": "Collect her on Fridays", "who": "Her aunt", "by_when": ""}],
            if_missing="Her aunt rings 101 within the hour.",
            shared_with="School and police",
            review_on=timezone.localdate() + datetime.timedelta(days=28),
        )
        form_id = uuid.uuid4()
        for _ in range(2):
            agree_plan(by=child.created_by, child=child, plan=plan, form_id=form_id)
        assert "missing-plan" not in due(child)
        assert len(missing_told.plans_of(child)) == 1
        assert Event.objects.filter(kind="missing-plan.agreed").count() == 1
