"""Danger first: from any page, before anything is finished, with the numbers and the log of both calls."""

import datetime

import pytest
from django.utils import timezone

from cre_toolkit.casework.models import Call, CaseEvent
from tests.factories.assessments import AssessmentFactory, ready_draft, write
from tests.factories.people import ChildFactory
from tests.integration.journeys import answer, opened, signed_in, url
from tests.integration.test_assessment_journey import PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return AssessmentFactory()


@pytest.fixture
def client(draft):
    return signed_in(draft.author)


def moment(at):
    """When a call was made, as it is typed."""
    return {"time": f"{at:%H:%M}", "day_day": at.day, "day_month": at.month, "day_year": at.year}


def log(client, draft, to="telephone-police", **said):
    page = client.get(url("calls", draft)).content.decode()
    form_id = page.split(f'name="{to}-form_id" value="')[1].split('"')[0]
    typed = {"outcome": "spoke", **moment(timezone.localtime())}
    named = {f"{to}-{name}": value for name, value in {**typed, **said}.items()}
    return client.post(url("calls", draft), {"to": to, f"{to}-form_id": form_id, **named})


@pytest.mark.parametrize("page", ["", *(page for page in PAGES if page != "danger")])
def test_can_be_said_from_every_page(client, draft, page):
    write(draft, "indicators", items={"missing": {}})
    write(draft, "analysis", level="medium")
    assert f'href="{url("danger", draft)}"' in client.get(url(page, draft)).content.decode()


def test_yes_leads_to_the_telephone_and_is_on_the_case_at_once(client, draft):
    response = answer(client, "danger", draft, immediate_risk="yes", what="He is outside.")
    assert response.url == url("calls", draft)
    event = CaseEvent.objects.get(child=draft.child)
    assert event.kind == "immediate-risk"
    page = client.get(response.url).content.decode()
    for number in ("999", "01332 641172", "01332 956606"):
        assert number in page
    assert 'href="tel:01332641172"' in page


def test_said_twice_is_said_once(client, draft):
    for _ in range(2):
        answer(client, "danger", draft, immediate_risk="yes")
    assert CaseEvent.objects.count() == 1


def test_the_numbers_are_there_before_the_question_is_answered(client, draft):
    page = client.get(url("danger", draft)).content.decode()
    assert page.index("01332 641172") < page.index('name="immediate_risk"')


@pytest.mark.parametrize("to", ["telephone-police", "telephone-social-care"])
def test_each_call_is_logged(client, draft, to):
    log(client, draft, to=to, spoke_to="PC Invented", their_reference="INC 7")
    call = Call.objects.get()
    assert (call.to, call.spoke_to, call.their_reference, call.by) == (
        to,
        "PC Invented",
        "INC 7",
        draft.author,
    )
    page = client.get(url("calls", draft)).content.decode()
    assert "PC Invented" in page
    assert "INC 7" in page


def test_the_same_log_sent_twice_is_one_call(client, draft):
    page = client.get(url("calls", draft)).content.decode()
    form_id = page.split('name="telephone-police-form_id" value="')[1].split('"')[0]
    typed = {"form_id": form_id, "outcome": "spoke", "time": "00:01", "day_day": "1", "day_month": "3"}
    said = {f"telephone-police-{name}": value for name, value in {**typed, "day_year": "2026"}.items()}
    for _ in range(2):
        client.post(url("calls", draft), {"to": "telephone-police", **said})
    assert Call.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"outcome": ""}, "Select whether you spoke to somebody"),
        ({"time": "25:99"}, "Enter the time of the call as hours and minutes, like 16:30"),
        ({"day_year": "2999"}, "The day of the call must be today or in the past"),
        ({"day_day": "31", "day_month": "2"}, "The day of the call must be a real date"),
    ],
)
def test_an_unreadable_log_says_how_to_mend_it_and_keeps_what_was_typed(client, draft, said, words):
    response = log(client, draft, spoke_to="PC Invented", **said)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "PC Invented" in page
    assert not Call.objects.exists()


def test_calls_can_be_logged_after_sending(client):
    draft = ready_draft(ChildFactory(), immediate_risk="yes")
    client = signed_in(draft.author)
    client.post(url("check", draft))
    assert "Telephone the police" in client.get(url("sent", draft)).content.decode()
    log(client, draft)
    page = client.get(url("sent", draft)).content.decode()
    assert "Telephoned: <strong>Police, 999</strong>" in page
    assert "Telephone the police on" not in page


def test_after_sending_a_call_is_said_to_have_been_made_when_it_was(client):
    draft = ready_draft(ChildFactory(), immediate_risk="yes")
    client = signed_in(draft.author)
    answer(client, "danger", draft, immediate_risk="yes")
    called = timezone.localtime() - datetime.timedelta(hours=2)
    log(client, draft, **moment(called))
    client.post(url("check", draft))
    page = client.get(url("sent", draft)).content.decode()
    assert f"Telephoned: <strong>Police, 999</strong>, {called.day} {called:%B %Y, %H:%M}" in page


def test_not_known_is_an_answer_and_calls_nobody(client, draft):
    response = answer(client, "danger", draft, immediate_risk="not-known")
    assert response.url == url("", draft)
    assert not CaseEvent.objects.exists()


def test_an_unknown_answer_is_refused(client, draft):
    response = answer(client, "danger", draft, immediate_risk="perhaps")
    assert response.status_code == 422
    assert opened(client, "danger", draft)["version"] == "0"


def test_before_sending_the_calls_that_reached_nobody_are_asked_for_again(client, draft):
    answer(client, "danger", draft, immediate_risk="yes")
    assert "Telephone the police and social care now" in client.get(url("check", draft)).content.decode()
    log(client, draft, to="telephone-police")
    log(client, draft, to="telephone-social-care", outcome="no-answer")
    assert "Telephone the police and social care now" in client.get(url("check", draft)).content.decode()
    log(client, draft, to="telephone-social-care")
    assert "Telephone the police and social care now" not in client.get(url("check", draft)).content.decode()
