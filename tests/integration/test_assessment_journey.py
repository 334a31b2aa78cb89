"""The journey from danger first to what to do next, without script (service.md, "The assessment")."""

import uuid

import pytest
from django.urls import reverse

from cre_toolkit.assessments import queries
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.children.actions import update_child
from tests.factories.assessments import AssessmentFactory, sent_record, write
from tests.factories.people import ChildFactory, front_door, practitioner
from tests.integration.journeys import answer, opened, signed_in, start, url

pytestmark = pytest.mark.django_db

PAGES = (
    "danger", "child", "indicators", "rating", "places-people", "vulnerabilities", "consultation", "analysis",
    "level", "actions", "sharing", "check",
)  # fmt: skip


@pytest.fixture
def child():
    return ChildFactory(
        given_names="Amy", send="no", open_to_social_care="yes", plan="none", looked_after="no"
    )


@pytest.fixture
def client(child):
    return signed_in(child.created_by)


@pytest.fixture
def draft(child):
    return AssessmentFactory(child=child)


def answers_of(draft):
    return queries.draft(draft.author, draft.reference).answers


def test_a_whole_assessment_from_start_to_what_to_do_next(client, child):
    front_door()
    draft = start(client, child)
    missing = {"missing-level": "low", "missing-for": ["cce"], "missing-note": "Twice, back by ten."}
    grooming = {"grooming-level": "medium", "grooming-for": ["cse"], "grooming-note": "Seen by her aunt."}
    steps = [
        ("danger", {"immediate_risk": "no"}, ""),
        ("child", {}, "indicators"),
        ("indicators", {"indicator": ["missing", "grooming"], "considered": "on"}, "rating"),
        ("rating", missing | grooming, "places-people"),
        ("places-people", {"persons_or_places_of_risk": "yes"}, "vulnerabilities"),
        ("vulnerabilities", {"young-carer-current": "on"}, "consultation"),
        ("consultation", {"consulted-0-agency": "police", "consulted-0-status": "contacted"}, "analysis"),
        ("analysis", {"level": "medium", "primary_exploitation": "sexual"}, "level"),
        ("level", {"rationale": ""}, "actions"),
        ("actions", {"action-0-action": "Met at the gate", "action-0-responsible": "Tutor"}, "sharing"),
        ("sharing", {"safe_to_tell": "yes", "shared-0-what": "The worry"}, "check"),
    ]
    for page, said, then in steps:
        response = client.post(url(page, draft), {**opened(client, page, draft), **said, "then": "continue"})
        assert response.status_code == 302, (page, response.content.decode())
        assert response.url == url(then, draft), page
    response = client.post(url("check", draft))
    assert response.url == url("sent", draft)

    record = Record.objects.get(assessment=draft)
    assert record.recorded_level == "medium"
    said = record.content["answers"]
    assert said["indicators"]["items"]["grooming"]["note"] == "Seen by her aunt."
    assert said["vulnerabilities"]["items"]["young-carer"]["current"] is True
    assert said["sharing"]["items"][0]["what"] == "The worry"

    page = client.get(response.url).content.decode()
    assert draft.reference in page
    assert "Tell your manager now" in page
    assert "Operation Liberty" in page


@pytest.mark.parametrize("page", ["", *PAGES])
def test_no_title_and_no_address_names_the_child(client, draft, page):
    write(draft, "indicators", items={"missing": {}})
    write(draft, "analysis", level="medium")
    response = client.get(url(page, draft))
    assert response.status_code == 200
    title = response.content.decode().split("<title>")[1].split("</title>")[0]
    assert "Amy" not in title
    assert "Amy" not in url(page, draft)


class TestStart:
    def test_danger_is_asked_first(self, client, child):
        response = client.post(reverse("assessment-start", args=[child.reference]), {"form_id": uuid.uuid4()})
        assert response.url == url("danger", Assessment.objects.get())

    def test_the_form_pressed_twice_begins_one(self, client, child):
        form_id = uuid.uuid4()
        for _ in range(2):
            client.post(reverse("assessment-start", args=[child.reference]), {"form_id": form_id})
        assert Assessment.objects.count() == 1

    def test_not_by_a_link(self, client, child):
        assert client.get(reverse("assessment-start", args=[child.reference])).status_code == 405

    def test_not_without_its_number(self, client, child):
        response = client.post(reverse("assessment-start", args=[child.reference]), {"form_id": "x"})
        assert response.status_code == 404

    def test_not_for_a_child_whom_one_does_not_see(self, child):
        response = signed_in(practitioner()).post(
            reverse("assessment-start", args=[child.reference]), {"form_id": uuid.uuid4()}
        )
        assert response.status_code == 404


class TestOverview:
    def test_says_how_far_each_section_is(self, client, draft):
        write(draft, "danger", immediate_risk="no")
        write(draft, "indicators", items={"missing": {"level": "high"}, "grooming": {}})
        page = client.get(url("", draft)).content.decode()
        for words in ("Completed", "In progress", "Not started", "Cannot start yet"):
            assert words in page
        assert "0 of 2 with level and evidence" in page

    def test_says_what_sending_still_asks_for(self, client, draft):
        page = client.get(url("", draft)).content.decode()
        assert "Record your own level of risk" in page
        assert "Confirm that you have considered all 28 indicators" in page

    def test_says_nothing_of_a_level_before_the_practitioner_does(self, client, draft):
        write(draft, "indicators", items={"missing": {"level": "high", "note": "x"}})
        for page in ("", "rating", "analysis", "check"):
            content = client.get(url(page, draft)).content.decode()
            assert "point to high" not in content
            assert "is rated high" not in content


class TestSavingAndReturning:
    def test_comes_back_to_the_list_of_sections_and_says_when(self, client, draft):
        response = answer(client, "danger", draft, immediate_risk="not-known", then="later")
        assert response.url == url("", draft)
        assert "Saved at" in client.get(response.url).content.decode()
        assert answers_of(draft).danger.immediate_risk == "not-known"

    def test_a_change_from_the_check_page_goes_back_there(self, client, draft):
        response = answer(client, "places-people", draft, query="?return=check", locations="Park")
        assert response.url == url("check", draft)

    def test_back_leads_there_too(self, client, draft):
        page = client.get(url("places-people", draft) + "?return=check").content.decode()
        assert f'<a href="{url("check", draft)}" class="govuk-back-link">' in page
        page = client.get(url("places-people", draft)).content.decode()
        assert f'<a href="{url("rating", draft)}" class="govuk-back-link">' in page

    def test_returns_nowhere_else(self, client, draft):
        response = answer(client, "places-people", draft, query="?return=//evil.example", locations="Park")
        assert response.url == url("vulnerabilities", draft)

    def test_answers_stand_there_again(self, client, draft):
        answer(client, "places-people", draft, locations="Bus station", persons_or_places_of_risk="not-known")
        page = client.get(url("places-people", draft)).content.decode()
        assert "Bus station" in page
        assert 'value="not-known" checked' in page

    def test_an_empty_page_can_be_saved(self, client, draft):
        for page in PAGES[:-1]:
            if page in ("rating", "level"):
                continue
            assert answer(client, page, draft).status_code == 302, page


class TestIndicators:
    def test_keep_the_toolkits_words_and_numbers(self, client, draft):
        page = client.get(url("indicators", draft)).content.decode()
        assert "Regularly missing from home, care or education" in page
        assert page.count('name="indicator"') == 29
        assert "I have considered all 28 indicators" in page

    def test_none_is_ticked_and_none_is_rated_to_begin_with(self, client, draft):
        assert " checked" not in client.get(url("indicators", draft)).content.decode()
        answer(client, "indicators", draft, indicator=["missing"])
        assert " checked" not in client.get(url("rating", draft)).content.decode()

    def test_only_what_is_ticked_has_a_card(self, client, draft):
        answer(client, "indicators", draft, indicator=["missing", "other"])
        page = client.get(url("rating", draft)).content.decode()
        assert page.count("govuk-summary-card__title-wrapper") == 2
        assert "The toolkit gives no examples for this indicator" in page
        assert "CRE 2020, page 11" in page

    def test_where_nothing_is_ticked_there_is_nothing_to_rate(self, client, draft):
        assert answer(client, "indicators", draft, considered="on").url == url("places-people", draft)
        assert client.get(url("rating", draft)).url == url("indicators", draft)

    def test_unticking_and_ticking_again_brings_back_what_was_written(self, client, draft):
        write(draft, "indicators", items={"missing": {"level": "high", "note": "Seen at the station"}})
        answer(client, "indicators", draft, indicator=["grooming"])
        assert set(answers_of(draft).indicators.items) == {"grooming"}
        answer(client, "indicators", draft, indicator=["grooming", "missing"])
        assert answers_of(draft).indicators.items["missing"].note == "Seen at the station"

    def test_the_cards_of_one_group(self, client, draft):
        write(draft, "indicators", items={"missing": {"note": "kept"}, "grooming": {}})
        address = reverse("assessment-rating-group", args=[draft.reference, "missing-and-places"])
        page = client.get(address).content.decode()
        assert 'id="missing-note"' in page
        assert 'id="grooming-note"' not in page
        client.post(
            address, {**opened(client, "rating", draft), "missing-level": "low", "missing-note": "new"}
        )
        items = answers_of(draft).indicators.items
        assert (items["missing"].note, "grooming" in items) == ("new", True)

    def test_there_is_no_other_group(self, client, draft):
        write(draft, "indicators", items={"missing": {}})
        address = reverse("assessment-rating-group", args=[draft.reference, "nothing"])
        assert client.get(address).status_code == 404

    def test_what_was_said_last_time_stands_on_the_card(self, child):
        sent_record(child, level="high")
        draft = AssessmentFactory(child=child)
        write(draft, "indicators", items={"online-activity": {}})
        page = signed_in(child.created_by).get(url("rating", draft)).content.decode()
        assert "Last time" in page
        assert "High." in page
        assert "He knows where I live." in page


class TestTables:
    def test_adding_saves_and_comes_back_with_one_row_more(self, client, draft):
        hidden = opened(client, "actions", draft)
        response = client.post(
            url("actions", draft), {**hidden, "action-0-action": "First", "then": "add-action"}
        )
        assert response.url == url("actions", draft) + "?add=action#action-1-action"
        page = client.get(response.url.split("#")[0]).content.decode()
        assert 'id="action-2-action"' in page
        assert "First" in page

    def test_empty_rows_are_not_kept(self, client, draft):
        hidden = opened(client, "actions", draft)
        client.post(url("actions", draft), {**hidden, "action-0-action": "", "action-1-action": "Second"})
        assert [row.action for row in answers_of(draft).actions.items] == ["Second"]

    def test_the_five_agencies_of_the_toolkit_are_there_and_others_may_be_added(self, client, draft):
        page = client.get(url("consultation", draft)).content.decode()
        for agency in ("social care", "Police", "Health", "Education", "Specialist exploitation services"):
            assert agency in page
        said = {"consulted-0-agency": "police", "consulted-0-status": "pending"}
        said |= {
            "consulted-1-agency": "",
            "consulted-1-name": "Youth club",
            "consulted-1-status": "contacted",
        }
        client.post(url("consultation", draft), {**opened(client, "consultation", draft), **said})
        rows = answers_of(draft).consultation.items
        assert [(row.agency, row.name, row.status) for row in rows] == [
            ("police", "", "pending"),
            ("", "Youth club", "contacted"),
        ]
        assert "Youth club" in client.get(url("consultation", draft)).content.decode()


class TestChild:
    def test_asks_what_is_not_known_and_writes_it_to_the_childs_record(self):
        child = ChildFactory(send="", open_to_social_care="yes", plan="not-known", looked_after="no")
        draft, client = AssessmentFactory(child=child), signed_in(child.created_by)
        page = client.get(url("child", draft)).content.decode()
        assert 'name="send"' in page
        assert 'name="plan"' in page
        assert 'name="looked_after"' not in page
        answer(client, "child", draft, send="yes", plan="child-protection")
        child.refresh_from_db()
        assert (child.send, child.plan) == ("yes", "child-protection")
        assert answers_of(draft).child.confirmed

    def test_a_question_left_open_changes_nothing(self):
        child = ChildFactory(send="not-known")
        draft, client = AssessmentFactory(child=child), signed_in(child.created_by)
        answer(client, "child", draft)
        child.refresh_from_db()
        assert (child.send, child.version) == ("not-known", 1)

    def test_a_record_changed_meanwhile_is_shown_and_not_overwritten(self):
        child = ChildFactory(send="")
        draft, client = AssessmentFactory(child=child), signed_in(child.created_by)
        hidden = opened(client, "child", draft)
        update_child(by=child.created_by, child=child, version=child.version, changes={"plan": "none"})
        response = client.post(url("child", draft), {**hidden, "send": "yes", "plan": "child-protection"})
        assert response.status_code == 409
        assert "Somebody else changed the child" in response.content.decode()
        child.refresh_from_db()
        assert (child.send, child.plan) == ("", "none")
        assert not answers_of(draft).child.confirmed

    def test_known_facts_can_be_changed_too(self, client, child, draft):
        answer(client, "child", draft, query="?ask=all", send="yes")
        child.refresh_from_db()
        assert child.send == "yes"
