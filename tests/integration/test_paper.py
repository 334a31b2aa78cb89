"""Earlier paper: entered page by page, recorded under its own edition, and part of the case as history."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse

from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.assessments.recording import NotAccepted
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment.transcribing import transcribe
from cre_toolkit.casework.case.queries import case_of
from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.jobs.models import Message
from cre_toolkit.rules.loading import load_instrument
from tests.factories.paper import paper_begun, paper_draft, paper_record
from tests.factories.people import ChildFactory
from tests.integration.journeys import answer, opened, signed_in, url

pytestmark = pytest.mark.django_db

BORN = datetime.date(2004, 5, 6)
MATRIX_PAGES = ("paper", "paper-marks", "paper-factors", "paper-summary")
RATED_PAGES = (
    "paper",
    "paper-indicators",
    "paper-places",
    "paper-vulnerabilities",
    "paper-analysis",
    "paper-actions",
    "paper-engagement",
)


@pytest.fixture
def child():
    return ChildFactory(date_of_birth=BORN)


@pytest.fixture
def client(child):
    return signed_in(child.created_by)


def begin(client, child, instrument):
    """Choose the form on the page that the child's page leads to."""
    page = reverse("paper-start", args=[child.reference])
    assert (
        reverse("paper-start", args=[child.reference])
        in client.get(reverse("child", args=[child.reference])).content.decode()
    )
    assert load_instrument(instrument).title in client.get(page).content.decode()
    client.post(page, {"instrument": instrument, "form_id": str(uuid.uuid4())})
    return Assessment.objects.filter(child=child).latest("started_at")


def day(name, date):
    year, month, number = date.split("-")
    return {f"{name}_day": number, f"{name}_month": month, f"{name}_year": year}


class TestTheMatrixOf2017:
    def entered(self, client, child):
        draft = begin(client, child, "cse-2017")
        pages = [
            ("paper", {**day("completed_on", "2018-06-05"), "author": "Ann Exemplar", "agency": "School"}),
            (
                "paper-marks",
                {"sti-risk": "on", "sti-note": "Told the nurse.", "groomed-risk": "on",
                 "groomed-evidenced": "on", "groomed-note": "", "gangs-note": ""},
            ),
            ("paper-factors", {"other-present": "on", "other-note": "Moved school four times."}),
            (
                "paper-summary",
                {"level": "medium", "models": ["gang", "internet"], "analysis": "It belongs together.",
                 "protective_factors": "An aunt.", **day("review_date", "2018-09-03")},
            ),
        ]  # fmt: skip
        for page, said in pages:
            response = answer(client, page, draft, **said)
            assert response.status_code == 302, (page, response.content.decode())
        assert response.headers["Location"] == url("paper-check", draft)
        return draft

    def test_is_entered_page_by_page_and_recorded_whole(self, client, child):
        draft = self.entered(client, child)
        response = client.post(url("paper-check", draft))
        assert response.headers["Location"] == url("record", draft)
        record = Record.objects.get(assessment=draft)
        content = record.content
        assert (record.instrument, record.recorded_level, record.indicated_level) == (
            "cse-2017", "medium", "medium",
        )  # fmt: skip
        assert content["case_file"]["indicators"] == {
            "sti": {"risk": True, "evidenced": False, "note": "Told the nurse."},
            "groomed": {"risk": True, "evidenced": True, "note": ""},
        }
        assert content["case_file"]["analysis"] == {
            "level": "medium",
            "threshold": "",
            "protective_factors": "An aunt.",
            "models": ["gang", "internet"],
        }
        assert content["case_file"]["narrative"] == {
            "analysis": "It belongs together.",
            "review-date": "2018-09-03",
        }
        assert content["outcome"]["counts"]["risk"] == 2
        assert content["outcome"]["counts"]["evidenced"] == 1
        assert content["transcribed"] is True
        assert content["paper"]["author"] == "Ann Exemplar"
        assert content["author"]["name"] == child.created_by.name
        assert not draft.sections.exists()

    def test_every_indicator_factor_and_field_of_the_form_is_asked(self, client, child):
        draft = begin(client, child, "cse-2017")
        form = load_instrument("cse-2017")
        marks = client.get(url("paper-marks", draft)).content.decode()
        for indicator in form.indicators:
            for name in ("risk", "evidenced", "note"):
                assert f'name="{indicator.id}-{name}"' in marks
        places = [marks.index(f'id="{indicator.id}-risk"') for indicator in form.indicators]
        assert places == sorted(places), "in the order of the form"
        factors = client.get(url("paper-factors", draft)).content.decode()
        for factor in form.vulnerabilities:
            assert f'name="{factor.id}-present"' in factors
        summary = client.get(url("paper-summary", draft)).content.decode()
        for id_ in ("level", "models", "immediate_concerns", "persons_places", "protective_factors",
                    "analysis", "immediate_action", "other_actions", "information_shared",
                    "review_date_day", "threshold"):  # fmt: skip
            assert f'name="{id_}"' in summary

    def test_its_record_reads_under_its_own_form_and_says_who_entered_it(self, client, child):
        record = paper_record(child)
        page = client.get(url("record", record.assessment)).content.decode()
        assert "CSE matrix 2017, April 2017" in page
        assert "Getting into cars" not in page
        assert "Being groomed on or off line" in page
        assert f"Transcribed from paper by {child.created_by.name}" in page
        assert "completed on paper by Ann Exemplar (Example Academy) on 5 June 2018" in page
        assert "3 September 2018" in page

    def test_it_is_reviewed_on_no_other_form(self, client, child):
        page = client.get(url("record", paper_record(child).assessment)).content.decode()
        assert "Review this assessment" not in page
        assert "Withdraw it" in page

    def test_it_is_history_alone_and_moves_no_level(self, child):
        record = paper_record(child, summary={"level": "high"})
        child.refresh_from_db()
        assert child.working_level == ""
        assert case_of(child).assessed_level is None
        event = CaseEvent.objects.get(record=record)
        assert (event.kind, event.keys) == ("assessment", {"historic": True})
        assert event.at == record.completed_at


class TestACreFormOfPaper:
    def test_is_entered_page_by_page_and_recorded_whole(self, client, child):
        draft = begin(client, child, "cre-2020")
        pages = {
            "paper": {**day("completed_on", "2020-03-09"), "completed_time": "16.20", "send": "no"},
            "paper-indicators": {
                "missing-cce": "on", "missing-level": "medium", "missing-note": "Three times.",
                "grooming-level": "", "grooming-note": "", "other-level": "", "other-note": "Gifts.",
                "expand_indicators": "Together since May.",
            },
            "paper-places": {"locations": "The station.", "persons_or_places_of_risk": "yes"},
            "paper-vulnerabilities": {"young-carer-current": "on", "young-carer-note": "For her mother."},
            "paper-analysis": {"level": "medium", "primary_exploitation": "criminal"},
            "paper-actions": {
                "action-rows": "1", "action-0-action": "Speak to the family",
                "action-0-responsible": "School", "action-0-timescale": "Today",
            },
            "paper-engagement": {"barriers": "Afraid of being blamed."},
        }  # fmt: skip
        assert tuple(pages) == RATED_PAGES
        for page, said in pages.items():
            response = answer(client, page, draft, **said)
            assert response.status_code == 302, (page, response.content.decode())
        client.post(url("paper-check", draft))
        content = Record.objects.get(assessment=draft).content
        items = content["answers"]["indicators"]["items"]
        assert items.keys() == {"missing", "other"}, "a row in which nothing stands is no indicator"
        assert items["missing"]["level"] == "medium"
        assert content["answers"]["actions"]["items"][0]["responsible"] == "School"
        assert content["answers"]["sharing"]["barriers"] == "Afraid of being blamed."
        assert content["completed_at"] == "2020-03-09T16:20:00+00:00"
        assert content["case_file"]["persons_or_places_of_risk"] is True
        assert content["case_file"]["child"]["send"] is False

    def test_its_level_and_reviews_count_and_nothing_is_to_be_done(self, child):
        paper_record(child, instrument="cre-2020")
        child.refresh_from_db()
        assert child.working_level == "high"
        assert case_of(child).assessed_level.level == "high"
        due = set(Due.objects.filter(child=child).values_list("action", flat=True))
        assert "review" in due
        assert not due & {"send-to-social-care", "refer-police", "tell-manager", "information-report"}

    def test_the_record_of_today_does_not_speak_for_the_day_of_the_paper(self, child):
        child.send, child.looked_after, child.school = "yes", "yes", "Today's School"
        child.save()
        header = paper_record(child, instrument="cre-2020").content["child"]
        assert (header["send"], header["looked_after"], header["school"]) == ("no", "", "")

    def test_its_record_shows_nothing_that_the_paper_does_not_ask(self, client, child):
        record = paper_record(child, instrument="cre-2020")
        page = client.get(url("record", record.assessment)).content.decode()
        assert "Afraid of being blamed." in page
        assert "The form does not say" in page
        for ours in ("All indicators considered", "Safe to tell the family", "Immediate danger</dt>"):
            assert ours not in page


class TestRecording:
    @pytest.mark.parametrize("instrument", ["cse-2017", "cre-2020"])
    def test_sends_nothing_to_nobody(self, child, instrument):
        seen_by = set(AccessGrant.objects.values_list("user", "team"))
        record = paper_record(child, instrument=instrument)
        assert not Message.objects.exists()
        assert set(AccessGrant.objects.values_list("user", "team")) == seen_by
        assert record.sent_at > record.completed_at
        kinds = set(Event.objects.values_list("kind", flat=True))
        assert {"assessment.transcription-started", "assessment.transcribed"} <= kinds
        assert "assessment.sent" not in kinds

    def test_waits_for_the_level_and_says_where_it_is_entered(self, client, child):
        draft = paper_draft(child, summary={"level": ""})
        response = client.post(url("paper-check", draft))
        assert response.status_code == 422
        page = response.content.decode()
        assert "Record your own level of risk" in page
        assert f'href="{url("paper-summary", draft)}?return=check#level"' in page
        assert not Record.objects.exists()

    def test_waits_for_a_date(self, client, child):
        draft = paper_draft(child, paper={"completed_on": ""})
        page = client.post(url("paper-check", draft)).content.decode()
        assert "Enter the date on which the paper form was completed" in page
        with pytest.raises(NotAccepted, match="paper-date-needed"):
            transcribe(by=draft.author, assessment=draft)

    def test_shows_what_the_paper_did_not_say_and_does_not_wait_for_it(self, client, child):
        draft = paper_draft(child, instrument="cre-2020")
        page = client.get(url("paper-check", draft)).content.decode()
        assert "What the paper did not say" in page
        assert f'href="{url("paper-indicators", draft)}?return=check#grooming-note"' in page
        assert "What this form did not ask" in page
        assert client.post(url("paper-check", draft)).status_code == 302

    def test_a_matrix_that_was_used_after_it_was_replaced_is_recorded_with_a_warning(self, client, child):
        draft = paper_draft(child, paper={"completed_on": "2019-06-01"})
        assert "joint CRE" in client.get(url("paper-check", draft)).content.decode()
        client.post(url("paper-check", draft))
        warnings = Record.objects.get(assessment=draft).content["outcome"]["warnings"]
        assert "superseded" in [warning["code"] for warning in warnings]

    def test_pressed_twice_it_is_recorded_once(self, client, child):
        draft = paper_draft(child)
        for _ in range(2):
            assert client.post(url("paper-check", draft)).headers["Location"] == url("record", draft)
        assert Record.objects.count() == CaseEvent.objects.count() == 1

    def test_what_was_recorded_cannot_be_entered_again(self, client, child):
        draft = paper_draft(child)
        hidden = opened(client, "paper-summary", draft)
        client.post(url("paper-check", draft))
        response = client.post(url("paper-summary", draft), {**hidden, "analysis": "Typed too late."})
        assert response.status_code == 409
        page = response.content.decode()
        assert "already been recorded" in page
        assert "Typed too late." in page

    def test_what_to_do_after_sending_leads_to_the_record_as_nothing_was_sent(self, client, child):
        record = paper_record(child)
        response = client.get(url("sent", record.assessment))
        assert response.headers["Location"] == url("record", record.assessment)

    def test_a_form_about_somebody_out_of_scope_keeps_the_level_that_stands_on_it(self, client):
        grown_up = ChildFactory(date_of_birth=datetime.date(1999, 1, 1))
        record = paper_record(grown_up, instrument="cre-2020")
        assert record.recorded_level == "", "the rules take no level"
        page = signed_in(grown_up.created_by).get(url("record", record.assessment)).content.decode()
        assert 'app-level--high">High' in page


class TestTheDateOfThePaper:
    def sent(self, client, child, date, **said):
        draft = paper_begun(child)
        return draft, answer(client, "paper", draft, **day("completed_on", date), **said)

    def test_after_today_is_refused_in_words(self, client, child):
        tomorrow = datetime.date.today() + datetime.timedelta(days=1)  # noqa: DTZ011
        draft, response = self.sent(client, child, tomorrow.isoformat())
        assert response.status_code == 422
        assert "must be today or in the past" in response.content.decode()
        assert not draft.sections.exists()

    def test_before_the_child_was_born_is_refused_in_words(self, client, child):
        _, response = self.sent(client, child, "2004-05-05")
        assert response.status_code == 422
        assert "before the child was born on 6 May 2004" in response.content.decode()

    @time_machine.travel("2026-11-26 09:30", tick=False)
    def test_an_hour_that_has_not_come_is_refused_in_words(self, client, child):
        _, response = self.sent(client, child, "2026-11-26", completed_time="10:00")
        assert response.status_code == 422
        assert "The time of the form must be in the past" in response.content.decode()

    @time_machine.travel("2026-11-26 09:30", tick=False)
    def test_of_this_morning_it_counts_at_once(self):
        child = ChildFactory()
        record = paper_record(child, instrument="cre-2020", completed_on="2026-11-26",
                              paper={"completed_time": ""})  # fmt: skip
        assert record.completed_at == record.sent_at
        assert case_of(child).assessed_level.event == str(CaseEvent.objects.get(record=record).pk)
