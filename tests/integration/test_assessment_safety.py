"""Nothing is overwritten, nothing is sent twice, nobody else's draft is seen, nothing forged gets in."""

import pytest

from cre_toolkit.assessments import queries
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.audit.models import Event
from tests.factories.assessments import AssessmentFactory, ready_draft, write
from tests.factories.people import ChildFactory, administrator, give_access, practitioner, team_manager
from tests.integration.journeys import answer, opened, signed_in, start, url
from tests.integration.test_assessment_journey import PAGES

pytestmark = pytest.mark.django_db

# In a test the transaction of a page is a savepoint, which counts as two queries.
SAVEPOINT = 2


@pytest.fixture
def draft():
    return AssessmentFactory()


@pytest.fixture
def client(draft):
    return signed_in(draft.author)


def answers_of(draft):
    return queries.draft(draft.author, draft.reference).answers


class TestTwoTabs:
    def test_the_second_to_save_is_shown_both_texts(self, client, draft):
        second = opened(client, "places-people", draft)
        answer(client, "places-people", draft, locations="From the first tab")
        response = client.post(
            url("places-people", draft), {**second, "locations": "From the second tab", "then": "continue"}
        )
        page = response.content.decode()
        assert response.status_code == 409
        assert "Changed elsewhere" in page
        assert "From the first tab" in page
        assert "From the second tab" in page
        assert answers_of(draft).places.locations == "From the first tab"

    def test_having_seen_both_they_can_save(self, client, draft):
        second = opened(client, "places-people", draft)
        answer(client, "places-people", draft, locations="first")
        page = client.post(url("places-people", draft), {**second, "locations": "second"}).content.decode()
        version = page.split('name="version" value="')[1].split('"')[0]
        response = client.post(
            url("places-people", draft), {"version": version, "locations": "first and second"}
        )
        assert response.status_code == 302
        assert answers_of(draft).places.locations == "first and second"

    def test_saving_the_same_twice_is_no_conflict(self, client, draft):
        hidden = opened(client, "places-people", draft)
        for _ in range(2):
            response = client.post(url("places-people", draft), {**hidden, "locations": "same"})
            assert response.status_code == 302

    @pytest.mark.parametrize("version", ["", "-1", "abc", "99999999999999999999", "²"])
    def test_a_version_that_is_none_overwrites_nothing(self, client, draft, version):
        write(draft, "places", locations="saved")
        response = client.post(url("places-people", draft), {"version": version, "locations": "typed"})
        assert response.status_code == 409
        assert answers_of(draft).places.locations == "saved"

    def test_a_card_ticked_in_another_tab_keeps_what_it_has(self, client, draft):
        write(draft, "indicators", items={"missing": {}})
        hidden = opened(client, "rating", draft)
        write(draft, "indicators", items={"missing": {}, "grooming": {"note": "from the other tab"}})
        response = client.post(url("rating", draft), {**hidden, "missing-note": "typed here"})
        assert response.status_code == 409
        assert answers_of(draft).indicators.items["grooming"].note == "from the other tab"


class TestSendingOnce:
    def test_a_double_click_sends_once(self):
        draft = ready_draft()
        client = signed_in(draft.author)
        for _ in range(2):
            assert client.post(url("check", draft)).url == url("sent", draft)
        assert Record.objects.count() == 1
        assert Event.objects.filter(kind="assessment.sent").count() == 1

    @pytest.mark.parametrize("page", ["", *PAGES])
    def test_back_after_sending_says_already_sent(self, page):
        draft = ready_draft()
        client = signed_in(draft.author)
        client.post(url("check", draft))
        content = client.get(url(page, draft)).content.decode()
        assert "already been sent" in content
        assert url("sent", draft) in content

    def test_a_page_sent_late_changes_nothing(self):
        draft = ready_draft()
        client = signed_in(draft.author)
        hidden = opened(client, "places-people", draft)
        client.post(url("check", draft))
        response = client.post(url("places-people", draft), {**hidden, "locations": "too late"})
        assert response.status_code == 409
        assert "already been sent" in response.content.decode()
        assert Record.objects.get().content["answers"]["places"]["locations"] == ""

    def test_the_confirmation_can_be_opened_again(self):
        draft = ready_draft()
        client = signed_in(draft.author)
        client.post(url("check", draft))
        for _ in range(2):
            assert client.get(url("sent", draft)).status_code == 200
        assert Record.objects.count() == 1

    def test_after_sending_a_new_one_begins_from_the_childs_page(self):
        draft = ready_draft()
        client = signed_in(draft.author)
        client.post(url("check", draft))
        assert start(client, draft.child) != draft


class TestWhoMaySee:
    def test_a_draft_is_not_found_for_anybody_but_its_author(self, draft):
        colleague = practitioner()
        give_access(draft.child, user=colleague)
        manager = team_manager()
        give_access(draft.child, user=manager)
        write(draft, "analysis", level="low")
        for other in (colleague, manager, practitioner(), administrator()):
            client = signed_in(other)
            for page in ("", *PAGES, "calls", "low"):
                assert client.get(url(page, draft)).status_code == 404, page
                if page:
                    assert client.post(url(page, draft), {"version": "0"}).status_code == 404, page

    def test_a_draft_of_a_child_whom_one_no_longer_sees_is_not_found(self, draft, client):
        draft.child.grants.update(until=draft.started_at)
        assert client.get(url("", draft)).status_code == 404

    def test_what_was_sent_is_for_those_who_see_the_child(self):
        draft = ready_draft()
        signed_in(draft.author).post(url("check", draft))
        colleague = practitioner()
        give_access(draft.child, user=colleague)
        for page in ("sent", "record", "pdf", "docx", "print"):
            assert signed_in(colleague).get(url(page, draft)).status_code == 200, page
            assert signed_in(practitioner()).get(url(page, draft)).status_code == 404, page

    def test_each_look_is_an_audit_event(self):
        draft = ready_draft()
        client = signed_in(draft.author)
        client.get(url("analysis", draft))
        client.post(url("check", draft))
        for page in ("sent", "record", "pdf", "docx", "print"):
            client.get(url(page, draft))
        kinds = set(Event.objects.filter(child=draft.child.pk).values_list("kind", flat=True))
        assert kinds >= {
            "assessment.draft-viewed",
            "assessment.sent",
            "assessment.sent-viewed",
            "assessment.viewed",
            "assessment.pdf-downloaded",
        }

    def test_nobody_signed_in_sees_nothing(self, draft, client):
        client.logout()
        for page in ("", *PAGES, "sent", "pdf"):
            response = client.get(url(page, draft))
            assert response.status_code == 302
            assert "sign-in" in response.url


class TestBadInput:
    TEXT = 'Siân Ŵyn, Nguyễn, O\'Neill, 李小龙, عائشة <script>alert("x")</script> {{ 7*7 }} '

    def test_50_000_characters_are_stored_whole_and_shown_escaped(self, client, draft):
        write(draft, "indicators", items={"missing": {}})
        text = (self.TEXT * 1000)[:50_000]
        answer_ = {"missing-note": text, "missing-level": "high"}
        client.post(url("rating", draft), {**opened(client, "rating", draft), **answer_})
        assert answers_of(draft).indicators.items["missing"].note == text
        for page in ("rating", "check"):
            content = client.get(url(page, draft)).content.decode()
            assert "<script>alert" not in content
            assert "&lt;script&gt;alert" in content

    def test_it_is_sent_and_printed(self):
        draft = ready_draft()
        text = (self.TEXT * 1000)[:50_000]
        write(draft, "places", persons_or_places_of_risk="no", persons=text)
        client = signed_in(draft.author)
        assert client.post(url("check", draft)).url == url("sent", draft)
        assert Record.objects.get().content["answers"]["places"]["persons"] == text
        response = client.get(url("pdf", draft))
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == f'attachment; filename="assessment-{draft.reference}.pdf"'
        assert response.content.startswith(b"%PDF")

    def test_a_forged_level_is_refused_and_the_rest_stays_typed(self, client, draft):
        write(draft, "indicators", items={"grooming": {}})
        said = {"grooming-level": "extreme", "grooming-note": "Typed text"}
        response = client.post(url("rating", draft), {**opened(client, "rating", draft), **said})
        page = response.content.decode()
        assert response.status_code == 422
        assert "Select low, medium or high for &#x27;Evidence of grooming&#x27;" in page
        assert "Typed text" in page
        assert answers_of(draft).indicators.items["grooming"].note == ""

    @pytest.mark.parametrize(
        ("page", "said"),
        [
            ("analysis", {"level": "extreme"}),
            ("analysis", {"primary_exploitation": "x"}),
            ("sharing", {"safe_to_tell": "x"}),
        ],
    )
    def test_a_forged_choice_is_refused(self, client, draft, page, said):
        assert answer(client, page, draft, **said).status_code == 422

    def test_unknown_indicators_and_fields_are_ignored(self, client, draft):
        said = {"indicator": ["missing", "invented"], "status": "sent", "author": "x", "level": "high"}
        assert answer(client, "indicators", draft, **said).status_code == 302
        assert list(answers_of(draft).indicators.items) == ["missing"]
        assert Assessment.objects.get().status == "draft"

    def test_a_bad_date_says_how_to_mend_it_and_keeps_everything(self, client, draft):
        write(draft, "analysis", level="low")
        said = {"look_again_on_day": "31", "look_again_on_month": "2", "look_again_on_year": "2027"}
        response = answer(client, "level", draft, **said, rationale="Typed reasons")
        page = response.content.decode()
        assert response.status_code == 422
        assert "The date to look again must be a real date" in page
        assert "Typed reasons" in page
        assert 'value="31"' in page
        assert page.count("<title>Error: ") == 1

    def test_a_nul_byte_is_dropped(self, client, draft):
        answer(client, "places-people", draft, locations="a\x00b")
        assert answers_of(draft).places.locations == "ab"

    def test_no_such_assessment(self, client):
        assert client.get("/assessments/NONE-SUCH/").status_code == 404


class TestCost:
    """Queries at most, the session and the user among them (performance.md)."""

    def test_the_indicator_pages(self, client, draft, django_assert_max_num_queries):
        write(draft, "indicators", items={"missing": {}, "grooming": {}})
        for page in ("indicators", "rating"):
            client.get(url(page, draft))
            with django_assert_max_num_queries(4 + SAVEPOINT):
                client.get(url(page, draft))


def test_a_child_with_no_access_left_cannot_be_sent(client, draft):
    ready = ready_draft(ChildFactory(created_by=draft.author), draft.author)
    ready.child.grants.update(until=draft.started_at)
    assert client.post(url("check", ready)).status_code == 404
