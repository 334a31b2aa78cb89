"""Saved while it is typed: what the small answers say is what happened (service.md, "The assessment")."""

import re

import pytest
import time_machine
from django.test import Client

from cre_toolkit.assessments import actions, queries
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.models import CaseEvent
from tests.factories.assessments import AssessmentFactory, ready_draft, write
from tests.factories.people import ChildFactory, practitioner
from tests.integration.journeys import opened, signed_in, url

pytestmark = pytest.mark.django_db
TYPING = {"HX-Request": "true"}


@pytest.fixture
def draft():
    return AssessmentFactory()


@pytest.fixture
def client(draft):
    return signed_in(draft.author)


def typed(client, page, draft, **said):
    """What the page's script sends while somebody types."""
    return client.post(url(page, draft), said, headers=TYPING)


def answers_of(draft):
    return queries.draft(draft.author, draft.reference).answers


def version_in(response):
    return re.search(rb'name="version" value="(\d+)"', response.content)[1].decode()


class TestSaved:
    def test_says_when_and_gives_the_form_its_new_version(self, client, draft):
        with time_machine.travel("2031-11-26 10:42:30+00:00", tick=False):
            response = typed(client, "places-people", draft, version="0", locations="The station")
        assert (response.status_code, response["X-Autosave"]) == (200, "saved")
        assert "Saved 10:42" in response.content.decode()
        assert version_in(response) == "1"
        assert answers_of(draft).places.locations == "The station"

    def test_the_button_pressed_after_it_is_no_conflict_with_oneself(self, client, draft):
        first = typed(client, "places-people", draft, version="0", locations="The")
        second = typed(client, "places-people", draft, version=version_in(first), locations="The station")
        response = client.post(
            url("places-people", draft), {"version": version_in(second), "locations": "The station."}
        )
        assert response.status_code == 302
        assert answers_of(draft).places.locations == "The station."

    def test_an_answer_that_got_lost_is_asked_for_again_without_a_conflict(self, client, draft):
        for _ in range(2):
            response = typed(client, "places-people", draft, version="0", locations="The station")
            assert response["X-Autosave"] == "saved"
            assert version_in(response) == "1"

    def test_each_is_one_event_on_the_audit_trail(self, client, draft):
        typed(client, "places-people", draft, version="0", locations="The station")
        assert Event.objects.filter(kind="assessment.saved").count() == 1

    def test_both_sections_of_the_page_for_low_get_their_versions(self):
        child = ChildFactory(send="yes")
        draft = AssessmentFactory(child=child)
        write(draft, "indicators", items={"missing": {"level": "low"}})
        write(draft, "analysis", level="low")
        client = signed_in(draft.author)
        hidden = {"version": "0", "analysis_version": "1"}
        response = typed(client, "low", draft, **hidden, protective_factors="Her aunt.")
        assert re.findall(r'name="(\w*version)" value="(\d+)"', response.content.decode()) == [
            ("version", "1"),
            ("analysis_version", "2"),
        ]


class TestNothingCountsAsLookedAtByIt:
    """Only the button says that a section is done with."""

    def status_of(self, client, draft, title):
        page = client.get(url("", draft)).content.decode()
        return re.search(r"govuk-task-list__status[^>]*>(.*?)</div>", page[page.index(title) :], re.DOTALL)[1]

    def test_a_page_where_nothing_is_an_answer_is_in_progress_until_the_button(self, client, draft):
        said = {"young-carer-note": "Cares for her brother."}
        response = typed(client, "vulnerabilities", draft, version="0", **said)
        assert "In progress" in self.status_of(client, draft, "Vulnerability factors")
        client.post(url("vulnerabilities", draft), {"version": version_in(response), **said})
        assert "Completed" in self.status_of(client, draft, "Vulnerability factors")

    def test_what_was_done_with_stays_so_when_more_is_typed(self, client, draft):
        client.post(url("vulnerabilities", draft), {"version": "0"})
        typed(client, "vulnerabilities", draft, version="1", other_information="More.")
        assert "Completed" in self.status_of(client, draft, "Vulnerability factors")

    def test_what_was_taken_over_from_last_time_is_still_to_be_looked_at(self, client, draft):
        write(draft, "places", locations="The station")
        draft.sections.update(carried="last-time")
        typed(client, "places-people", draft, version="1", locations="The station.")
        assert draft.sections.get().carried == "last-time"
        client.post(url("places-people", draft), {"version": "2", "locations": "The station."})
        assert draft.sections.get().carried == ""


class TestHalfTyped:
    def test_half_a_date_is_no_mistake_yet_and_the_rest_is_saved(self, client, draft):
        write(draft, "analysis", level="low")
        write(draft, "level", look_again_on="2027-01-31")
        half = {"look_again_on_day": "3", "look_again_on_month": "", "look_again_on_year": ""}
        response = typed(client, "level", draft, version="1", rationale="Her aunt collects her.", **half)
        assert (response.status_code, response["X-Autosave"]) == (200, "partly")
        assert "all but the date to look again" in response.content.decode()
        level = answers_of(draft).level
        assert (level.rationale, level.look_again_on) == ("Her aunt collects her.", "2027-01-31")

    def test_what_no_page_can_have_sent_is_not_saved_and_not_said_to_be(self, client, draft):
        write(draft, "indicators", items={"grooming": {}})
        forged = {"grooming-level": "x", "grooming-note": "y"}
        response = typed(client, "rating", draft, version="1", **forged)
        assert (response.status_code, response["X-Autosave"]) == (422, "refused")
        assert "Not saved" in response.content.decode()


class TestWhatReachesFurtherWaitsForTheButton:
    def test_yes_to_danger_sets_nothing_off_while_typing_but_its_words_are_kept(self, client, draft):
        response = typed(client, "danger", draft, version="0", immediate_risk="yes", what="He is outside.")
        assert "all but your answer about danger" in response.content.decode()
        assert not CaseEvent.objects.exists()
        danger = answers_of(draft).danger
        assert (danger.immediate_risk, danger.what) == ("", "He is outside.")

    def test_the_childs_own_record_is_not_saved_while_typing(self, client, draft):
        assert b"hx-post" not in client.get(url("child", draft)).content
        assert b"hx-post" in client.get(url("analysis", draft)).content


def test_the_browser_keeps_no_copy_of_the_pages(client, draft):
    response = client.get(url("analysis", draft))
    assert 'hx-history="false"' in response.content.decode()
    assert '"historyEnabled": false, "historyCacheSize": 0' in response.content.decode()
    assert "no-store" in response["Cache-Control"]


class TestNotSaved:
    def test_changed_elsewhere_shows_both_texts_and_overwrites_nothing(self, client, draft):
        write(draft, "places", locations="From the other tab")
        response = typed(client, "places-people", draft, version="0", locations="From this tab")
        assert (response.status_code, response["X-Autosave"]) == (409, "changed")
        page = response.content.decode()
        assert "Not saved" in page
        assert "From the other tab" in page
        assert "From this tab" in page
        assert answers_of(draft).places.locations == "From the other tab"
        assert version_in(response) == "1", "so that the button can save what stands in the boxes"

    def test_once_two_texts_stand_side_by_side_only_the_button_saves(self, client, draft):
        hidden = opened(client, "places-people", draft)
        write(draft, "places", locations="From the other tab")
        page = client.post(url("places-people", draft), {**hidden, "locations": "From this tab"}).content
        assert b"hx-post" not in page
        assert b'data-typed="unsaved"' in page

    def test_signed_out_is_401_and_no_redirect(self, client, draft):
        client.logout()
        response = typed(client, "places-people", draft, version="0", locations="The station")
        assert (response.status_code, response["X-Autosave"]) == (401, "signed-out")
        assert 'target="_blank"' in response.content.decode()
        assert answers_of(draft).places.blank

    def test_after_sending_it_says_so(self):
        draft = ready_draft()
        client = signed_in(draft.author)
        client.post(url("check", draft))
        response = typed(client, "places-people", draft, version="1", locations="too late")
        assert (response.status_code, response["X-Autosave"]) == (409, "over")
        assert "has been sent" in response.content.decode()

    def test_after_discarding_it_says_so(self, client, draft):
        Assessment.objects.update(status="discarded", discarded_at=draft.started_at)
        response = typed(client, "places-people", draft, version="0", locations="too late")
        assert response["X-Autosave"] == "over"
        assert "discarded" in response.content.decode()

    def test_somebody_elses_draft_is_not_found(self, draft):
        response = typed(signed_in(practitioner()), "places-people", draft, version="0", locations="x")
        assert response.status_code == 404
        assert "X-Autosave" not in response

    def test_the_versions_of_a_form_are_no_way_past_the_author(self, draft):
        with pytest.raises(LookupError):
            actions.save_section(by=practitioner(), assessment=draft, section="places", answers={}, version=0)


class TestSignedInAgainElsewhere:
    """Signing in gives the browser a new token; a page that was open before still holds the old one."""

    @pytest.fixture
    def client(self, draft):
        client = Client(enforce_csrf_checks=True)
        client.force_login(draft.author)
        return client

    @staticmethod
    def hidden_of(client, draft):
        page = client.get(url("places-people", draft)).content.decode()
        form = page[page.index('id="questions"') :]
        names = ("csrfmiddlewaretoken", "version", "held_for")
        return {name: re.search(rf'name="{name}" value="([^"]*)"', form)[1] for name in names}

    def test_the_page_gets_a_new_token_and_saves_with_it(self, client, draft):
        hidden = self.hidden_of(client, draft)
        client.cookies.pop("csrftoken")
        client.get("/account/")
        refused = typed(client, "places-people", draft, **hidden, locations="The station")
        assert (refused.status_code, refused["X-Autosave"]) == (403, "token")
        assert answers_of(draft).places.blank
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', refused.content.decode())[1]
        again = typed(
            client, "places-people", draft, **hidden | {"csrfmiddlewaretoken": token}, locations="The station"
        )
        assert again["X-Autosave"] == "saved"

    def test_somebody_else_gets_no_token_for_it(self, client, draft):
        hidden = self.hidden_of(client, draft)
        client.cookies.pop("csrftoken")
        client.force_login(practitioner())
        client.get("/account/")
        response = typed(client, "places-people", draft, **hidden, locations="The station")
        assert (response.status_code, response["X-Autosave"]) == (403, "somebody-else")
        assert b"csrfmiddlewaretoken" not in response.content

    def test_without_the_signature_there_is_no_token(self, client, draft):
        hidden = self.hidden_of(client, draft) | {"held_for": "forged"}
        client.cookies.pop("csrftoken")
        client.get("/account/")
        response = typed(client, "places-people", draft, **hidden, locations="The station")
        assert response.status_code == 403
        assert "X-Autosave" not in response
