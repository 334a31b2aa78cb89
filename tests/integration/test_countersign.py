"""The pages on which a manager answers an assessment, and where the answer stands afterwards."""

import datetime
import io
import re
import uuid
from html import unescape

import docx
import pytest
import time_machine
from django.urls import reverse

from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.countersigning import queue as countersign_queue
from cre_toolkit.casework.countersigning.answers import Answer, Outcome
from cre_toolkit.casework.models import CaseEvent, Countersignature
from cre_toolkit.children.access import standing_of
from tests.factories.assessments import ready_draft, write
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    child_protection_manager,
    practitioner,
    team_manager,
)
from tests.factories.reviews import ready_review
from tests.integration.journeys import signed_in

FACTS = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


def text_of(response) -> str:
    """A page's words without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(response.content.decode())).split())


class Desk:
    """A manager, somebody of their team, and an assessment that they sent."""

    def __init__(self, level="medium", date_of_birth=datetime.date(2012, 3, 10), **given):
        team = TeamFactory()
        self.manager = team_manager(team, name="Invented Manager")
        self.author = practitioner(teams=[team], name="Invented Author")
        about = {"given_names": "Siân", "family_name": "Ŵyn", "date_of_birth": date_of_birth, **FACTS}
        self.child = ChildFactory(created_by=self.author, **about)
        self.record = self.sends(ready_draft(self.child, self.author, level=level, **given))
        self.client = signed_in(self.manager)

    def sends(self, draft):
        return sending.send(by=self.author, assessment=draft)

    def address(self, name="assessment-decision"):
        return reverse(name, args=[self.record.assessment.reference])

    def answers(self, client=None, **said):
        posted = {"form_id": str(uuid.uuid4()), "outcome": "agreed"} | said
        return (client or self.client).post(self.address(), posted)


@pytest.fixture
def desk(db):
    return Desk()


class TestThePage:
    def test_the_outcome_comes_first_then_what_it_rests_on_then_the_question(self, desk):
        page = text_of(desk.client.get(desk.address()))
        order = ["Recorded level", "Why the indicators point to it", "What was seen", "Your answer"]
        assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)

    def test_of_low_below_the_floor_it_shows_the_protective_factors(self, db):
        desk = Desk()
        desk.child.send = "yes"
        desk.child.save()
        draft = ready_draft(desk.child, desk.author, level="low")
        write(draft, "analysis", **{"level": "low", "protective-factors": "Two adults who listen."})
        why = {"thorough_assessment": True, "no_look_again_why": "A meeting is planned."}
        write(draft, "level", rationale="Both parents act.", **why)
        desk.record = desk.sends(draft)
        page = text_of(desk.client.get(desk.address()))
        assert "Two adults who listen." in page
        assert "Both parents act." in page

    def test_it_shows_what_changed_since_the_version_before(self, desk):
        said = {"level": "medium", "primary_exploitation": "sexual", "protective-factors": "He waits for me."}
        desk.record = desk.sends(ready_review(desk.record, analysis=said))
        page = text_of(desk.client.get(desk.address()))
        assert "What changed since version 1" in page
        assert "put in: He waits for me." in page

    def test_every_outcome_says_what_it_needs(self, desk):
        for said, needs in (
            ({"outcome": ""}, "Select your answer"),
            ({"outcome": "returned"}, "Say what is missing or must be looked at again"),
            ({"outcome": "set-level"}, "Select the level that you set"),
            ({"outcome": "set-level", "level": "high"}, "Give your reasons for another level"),
        ):
            response = desk.answers(**said)
            assert response.status_code == 422
            assert needs in text_of(response)
        assert not Countersignature.objects.exists()

    def test_the_level_that_was_recorded_is_no_other_level(self, desk):
        response = desk.answers(outcome="set-level", level="medium", reasons="As it is.")
        assert response.status_code == 422


class TestWhereItIsDue:
    """The list of what is due, and the child's page, lead to where the assessment is answered."""

    def doing(self, desk):
        return reverse("child-do", args=[desk.child.reference, "tell-manager"])

    def test_the_list_leads_a_manager_to_the_assessment_that_they_answer(self, desk):
        assert self.doing(desk) in desk.client.get(reverse("due")).content.decode()
        assert desk.client.get(self.doing(desk)).url == desk.address()

    def test_whoever_else_follows_it_is_told_whose_it_is(self, desk):
        page = signed_in(desk.author).get(self.doing(desk))
        assert page.status_code == 200
        text = text_of(page)
        assert "Whose it is" in text
        assert "Invented Manager" in text
        assert desk.address() in page.content.decode()

    def test_answered_already_it_says_so(self, desk):
        desk.answers()
        assert "Done already" in text_of(desk.client.get(self.doing(desk)))


class TestAnswering:
    def test_of_somebody_who_has_come_of_age_since_it_says_why_no_level_is_set_and_what_to_do(self, db):
        with time_machine.travel("2026-03-09 10:00+00:00", tick=False):
            desk = Desk(date_of_birth=datetime.date(2008, 3, 10))
        with time_machine.travel("2026-03-10 10:00+00:00", tick=False):
            client = signed_in(desk.manager)
            page = desk.answers(client, outcome="set-level", level="high", reasons="Seen three times.")
        assert page.status_code == 422
        assert "contact adult services" in text_of(page)
        assert "Seen three times." in text_of(page)

    def test_the_answer_stands_with_name_and_time_wherever_the_assessment_is_read(self, desk):
        desk.answers(outcome="returned", missing="Who saw it?")
        stands = "Returned by Invented Manager"
        for name in ("assessment-decision", "assessment-record", "assessment-print"):
            page = text_of(signed_in(desk.author).get(desk.address(name)))
            assert stands in page, name
            assert "Who saw it?" in page, name

    def test_whoever_assesses_again_begins_where_they_read_what_is_missing(self, desk):
        client = signed_in(desk.author)
        assert "Review this assessment" not in text_of(client.get(desk.address()))
        desk.answers(outcome="returned", missing="Who saw it?")
        assert "Review this assessment" in text_of(client.get(desk.address()))

    def test_it_stands_on_the_word_document_rendered_afterwards(self, desk):
        desk.answers()
        word = docx.Document(io.BytesIO(desk.client.get(desk.address("assessment-docx")).content))
        assert any("Countersigned by Invented Manager" in each.text for each in word.paragraphs)

    def test_somebody_who_came_second_is_told_who_decided_and_keeps_their_words(self, desk):
        desk.answers()
        other = signed_in(child_protection_manager())
        response = desk.answers(other, outcome="returned", missing="My careful words.")
        page = text_of(response)
        assert response.status_code == 422
        assert "Countersigned by Invented Manager" in page
        assert "My careful words." in page
        assert Countersignature.objects.get().outcome == "agreed"

    def test_the_author_reads_who_is_asked_and_cannot_answer(self, desk):
        client = signed_in(desk.author)
        assert "Invented Manager" in text_of(client.get(desk.address()))
        assert desk.answers(client).status_code == 403
        assert not CaseEvent.objects.filter(kind="countersign").exists()

    def test_a_draft_cannot_be_countersigned(self, desk):
        draft = ready_draft(desk.child, desk.author)
        address = reverse("assessment-decision", args=[draft.reference])
        assert desk.client.post(address, {"outcome": "agreed"}).status_code == 404

    def test_whoever_loses_sight_by_their_answer_is_led_to_the_queue(self, db):
        desk = Desk()
        client = signed_in(child_protection_manager())
        response = desk.answers(client, outcome="set-level", level="low", reasons="It was another child.")
        assert response.headers["Location"] == reverse("countersign")


class TestTheQueue:
    def test_the_longest_waiting_first_with_the_look_on_the_trail(self, desk):
        second = Desk.sends(desk, ready_draft(ChildFactory(created_by=desk.author, **FACTS), desk.author))
        page = text_of(desk.client.get(reverse("countersign")))
        first, other = desk.record.assessment.reference, second.assessment.reference
        assert page.index(first) < page.index(other)
        listed = Event.objects.get(kind="countersign.listed")
        assert {each.child for each in listed.children.all()} == {desk.child.pk, second.child_id}

    def test_immediate_danger_is_said_and_comes_before_what_waits_longer(self, desk):
        child = ChildFactory(created_by=desk.author, **FACTS)
        second = desk.sends(ready_draft(child, desk.author, immediate_risk="yes"))
        page = text_of(desk.client.get(reverse("countersign")))
        assert page.index("Immediate danger") < page.index(desk.record.assessment.reference)
        assert page.count("Immediate danger") == 1
        assert page.index(second.assessment.reference) < page.index(desk.record.assessment.reference)

    def test_home_counts_what_waits(self, desk):
        assert "1 assessment waits for you to countersign it" in text_of(desk.client.get("/"))
        desk.answers()
        assert "waits for you to countersign" not in text_of(desk.client.get("/"))


def test_two_managers_who_answer_at_once_give_one_answer(real_database):
    desk = Desk()
    managers = [desk.manager, child_protection_manager()]

    def act(number):
        return countersigning.countersign(
            by=managers[number],
            record=type(desk.record)
            .objects.select_related("assessment", "child", "author")
            .get(pk=desk.record.pk),
            answer=Answer(Outcome.AGREED),
            form_id=uuid.uuid4(),
        )

    results = real_database.at_once(2, act)
    assert sorted(type(each).__name__ for each in results) == ["AnsweredAlready", "Countersignature"]
    assert CaseEvent.objects.filter(kind="countersign").count() == 1
    assert not countersign_queue.queue(standing_of(desk.manager)).exists()
