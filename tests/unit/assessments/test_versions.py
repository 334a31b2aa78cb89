"""A review takes up the last assessment, and answers nothing for whoever writes it."""

import uuid

import pytest

from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments import actions, answers, versions
from cre_toolkit.assessments.answers import Indicators, Rated, SinceLast
from cre_toolkit.assessments.models import DraftSection
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access
from tests.factories.assessments import sent_record, write
from tests.factories.people import ChildFactory, make_user, practitioner
from tests.factories.reviews import ready_review, recorded, review, told_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def last():
    """A sent assessment with something in each part that is taken up."""
    return recorded(told_draft())


class TestBeginning:
    def test_it_follows_the_last_one_and_is_counted(self, last):
        draft = review(last)
        assert draft.assessment.previous == last.assessment
        assert draft.assessment.version == 2
        event = Event.objects.get(kind="assessment.review-started")
        assert event.detail == {"reviews": last.assessment.reference, "version": 2}

    def test_each_indicator_of_last_time_is_asked_and_none_is_answered(self, last):
        indicators = review(last).answers.indicators
        assert indicators.since_last == {"missing": SinceLast(), "weapons": SinceLast()}
        assert indicators.items == {}
        assert not indicators.considered

    def test_places_vulnerabilities_and_consultation_are_there_to_be_looked_at(self, last):
        draft = review(last)
        assert draft.answers.places.locations == "The car park."
        assert draft.answers.vulnerabilities.items["young-carer"].note == "Cares for her brother."
        assert set(draft.carried) == {"places", "vulnerabilities", "consultation"}

    def test_what_says_how_things_stand_now_is_not_taken_up(self, last):
        said = review(last).answers
        assert said.places.persons_or_places_of_risk == ""
        (row,) = said.consultation.items
        assert (row.agency, row.name, row.status, row.when) == ("police", "PC Pretend", "", "")

    @pytest.mark.parametrize("section", ["danger", "child", "analysis", "level", "actions", "sharing"])
    def test_the_judgement_begins_empty(self, last, section):
        assert review(last).answers.section(section).blank

    def test_of_a_review_the_review_is_taken_up(self, last):
        second = recorded(ready_review(last))
        draft = review(last)
        assert draft.assessment.previous == second.assessment
        assert draft.assessment.version == 3

    def test_pressed_twice_it_begins_once(self, last):
        assert review(last).assessment == review(last).assessment
        assert DraftSection.objects.filter(assessment__child=last.child).count() == 4

    def test_an_unfinished_assessment_is_gone_on_with_and_not_overwritten(self, last):
        mine = actions.start(by=last.author, child=last.child, form_id=uuid.uuid4())
        write(mine, "places", locations="Typed before.")
        draft = review(last)
        assert draft.assessment == mine
        assert draft.answers.places.locations == "Typed before."
        assert not draft.is_review

    def test_a_draft_in_which_nothing_stands_becomes_the_review(self, last):
        mine = actions.start(by=last.author, child=last.child, form_id=uuid.uuid4())
        assert review(last).assessment == mine
        assert review(last).is_review

    def test_without_a_sent_assessment_there_is_nothing_to_review(self):
        child = ChildFactory()
        with pytest.raises(versions.NothingToReview):
            versions.start_review(by=child.created_by, child=child, form_id=uuid.uuid4())

    def test_whoever_may_not_assess_cannot(self, last):
        with pytest.raises(access.NotAllowed):
            versions.start_review(by=make_user(Role.ANALYST), child=last.child, form_id=uuid.uuid4())

    def test_somebody_else_may_review_what_another_wrote(self, last):
        colleague = practitioner()
        begun = versions.start_review(by=colleague, child=last.child, form_id=uuid.uuid4())
        assert begun.author == colleague
        assert begun.previous == last.assessment


class TestSavingWhatWasTakenUp:
    def test_a_section_saved_as_it_stands_counts_as_looked_at(self, last):
        draft = review(last)
        stands = answers.dump(draft.answers.vulnerabilities)
        actions.save_section(
            by=last.author,
            assessment=draft.assessment,
            section="vulnerabilities",
            answers=stands,
            version=draft.version("vulnerabilities"),
        )
        assert "vulnerabilities" not in review(last).carried


BEFORE = Rated(level="medium", cce=True, note="Three Fridays.")
DAY = "2026-06-12"


def answered(now: Indicators, answer: str, why: str = "") -> Indicators:
    return versions.answer_since(
        now, {"missing": BEFORE}, DAY, {"missing": SinceLast(answer=answer, why=why)}
    )


class TestAnsweringSinceLast:
    start = Indicators(since_last={"missing": SinceLast()})

    def test_no_change_carries_level_and_evidence_as_of_the_earlier_day(self):
        assert answered(self.start, "no-change").items == {
            "missing": BEFORE.model_copy(update={"as_on": DAY})
        }

    def test_the_day_stays_that_on_which_it_was_first_said(self):
        earlier = BEFORE.model_copy(update={"as_on": "2026-01-05"})
        now = versions.answer_since(
            self.start, {"missing": earlier}, DAY, {"missing": SinceLast(answer="no-change")}
        )
        assert now.items["missing"].as_on == "2026-01-05"

    def test_changed_opens_with_the_last_evidence_and_asks_the_level_anew(self):
        rated = answered(self.start, "changed").items["missing"]
        assert (rated.note, rated.cce, rated.level, rated.as_on) == ("Three Fridays.", True, "", "")

    def test_no_longer_seen_leaves_the_list_with_its_reason(self):
        now = answered(self.start, "no-longer-seen", "Not since September.")
        assert now.items == {}
        assert now.since_last["missing"].why == "Not since September."

    def test_no_answer_is_no_change_of_nothing(self):
        assert answered(self.start, "").items == {}

    @pytest.mark.parametrize("meanwhile", ["no-change", "no-longer-seen", ""])
    def test_what_was_written_comes_back_when_an_answer_is_taken_back(self, meanwhile):
        changed = answered(self.start, "changed")
        written = Rated(level="high", cce=True, note="Every Friday now.")
        changed = changed.model_copy(update={"items": {"missing": written}})
        back = answered(answered(changed, meanwhile), "changed")
        assert back.items == {"missing": written}


class TestTheRecord:
    def test_it_says_what_it_reviewed_and_which_version_it_is(self, last):
        second = recorded(ready_review(last))
        assert second.content["number"] == 2
        assert second.content["previous"]["reference"] == last.assessment.reference
        assert last.content["number"] == 1
        assert last.content["previous"] is None

    def test_an_unchanged_indicator_stands_with_its_day_and_counts_for_the_level(self, last):
        second = recorded(ready_review(last))
        item = second.content["answers"]["indicators"]["items"]["missing"]
        assert item["note"] == "Three Fridays, told by her aunt."
        assert item["as_on"] == last.completed_at.date().isoformat()
        assert second.indicated_level == "medium"

    def test_the_line_has_every_version_newest_first(self, last):
        second = recorded(ready_review(last))
        sent_record(last.child, practitioner())  # begun anew: not of this line
        assert versions.line_of(last.assessment) == [second, last]
        assert versions.line_of(second.assessment) == [second, last]
