"""Drafts of paper forms, who may enter and read them, and what becomes of their records."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse

from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments import drafts, paper
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.assessment.transcribing import transcribe
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.loading import BUILT_IN, load_authority, load_instrument
from tests.factories.assessments import ready_draft
from tests.factories.paper import paper_begun, paper_draft, paper_record
from tests.factories.people import ChildFactory, give_access, make_user, practitioner
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


class TestADraftOfPaper:
    def test_begun_twice_with_one_press_is_one(self, child):
        form_id = uuid.uuid4()
        begun = {
            paper.start(by=child.created_by, child=child, instrument="cse-2017", form_id=form_id)
            for _ in range(2)
        }
        assert len(begun) == 1

    def test_stands_beside_others_and_beside_a_live_one(self, client, child):
        for _ in range(2):
            paper_begun(child)
        live = ready_draft(child)
        assert Assessment.objects.filter(author=child.created_by, status="draft").count() == 3
        page = client.get(reverse("child", args=[child.reference])).content.decode()
        assert page.count("Go on with the paper form") == 2
        assert f'href="{url("", live)}"' in page

    def test_takes_anything_unfinished_and_gives_it_back(self, client, child):
        draft = paper_begun(child)
        answer(client, "paper", draft, then="later", author="Ann Exem")
        assert "Ann Exem" in client.get(url("paper", draft)).content.decode()
        assert client.get(url("", draft)).headers["Location"] == url("paper-check", draft)

    def test_shows_both_texts_where_it_was_saved_elsewhere(self, client, child):
        draft = paper_begun(child)
        hidden = opened(client, "paper-summary", draft)
        answer(client, "paper-summary", draft, analysis="There.")
        response = client.post(url("paper-summary", draft), {**hidden, "analysis": "Here."})
        assert response.status_code == 409
        assert "There." in response.content.decode()
        assert "Here." in response.content.decode()

    def test_a_row_that_a_page_did_not_send_stays(self, client, child):
        draft = paper_draft(child)
        answer(client, "paper-marks", draft, **{"gangs-risk": "on", "gangs-note": ""})
        items = draft.sections.get(section="marks").answers["items"]
        assert items.keys() == {"sti", "groomed", "hotspots", "gangs"}

    def test_can_be_discarded_and_restored_like_any_other(self, child):
        draft = paper_draft(child)
        drafts.discard(by=draft.author, assessment=draft)
        with pytest.raises(Exception, match=draft.reference):
            transcribe(by=draft.author, assessment=draft)
        drafts.restore(by=draft.author, assessment=draft)
        assert transcribe(by=draft.author, assessment=draft).assessment == draft

    @pytest.mark.parametrize(
        ("instrument", "others"), [("cse-2017", RATED_PAGES[1:]), ("cre-2020", MATRIX_PAGES[1:])]
    )
    def test_has_the_pages_of_its_own_form_alone(self, client, child, instrument, others):
        draft = paper_begun(child, instrument=instrument)
        for page in others:
            assert client.get(url(page, draft)).headers["Location"] == url("paper-check", draft)
            assert client.post(url(page, draft), {"version": "0"}).status_code == 404
        assert not draft.sections.exists()

    def test_is_no_live_assessment_and_cannot_be_sent(self, client, child):
        draft = paper_draft(child, instrument="cre-2020")
        for page in ("danger", "indicators", "analysis", "check", "calls"):
            assert client.get(url(page, draft)).status_code == 404, page
        assert client.post(url("check", draft)).status_code == 404
        with pytest.raises(NotVisible):
            send(by=draft.author, assessment=draft)
        assert not Record.objects.exists()

    def test_a_live_assessment_is_no_paper_form(self, client, child):
        draft = ready_draft(child)
        for page in ("paper", "paper-indicators", "paper-check"):
            assert client.get(url(page, draft)).status_code == 404, page
        assert client.post(url("paper-check", draft)).status_code == 404
        with pytest.raises(NotVisible):
            transcribe(by=draft.author, assessment=draft)


class TestWhileItIsTyped:
    TYPING = {"HX-Request": "true"}

    @pytest.mark.parametrize(("instrument", "pages"), [("cse-2017", MATRIX_PAGES), ("cre-2020", RATED_PAGES)])
    def test_every_page_saves_what_stands_on_it(self, client, child, instrument, pages):
        draft = paper_draft(child, instrument=instrument)
        for page in pages:
            version = opened(client, page, draft)["version"]
            response = client.post(url(page, draft), {"version": version}, headers=self.TYPING)
            assert response["X-Autosave"] == "saved", page

    def test_half_a_date_is_no_mistake_yet_and_the_rest_is_saved(self, client, child):
        draft = paper_draft(child)
        half = {"completed_on_day": "6", "completed_on_month": "", "completed_on_year": ""}
        said = {"version": "1", "author": "Ann Exemplar-Pretend", **half}
        response = client.post(url("paper", draft), said, headers=self.TYPING)
        assert response["X-Autosave"] == "partly"
        answers = draft.sections.get(section="paper").answers
        assert (answers["author"], answers["completed_on"]) == ("Ann Exemplar-Pretend", "2018-06-05")


class TestWhoMay:
    def test_a_colleague_who_sees_the_child_does_not_see_the_draft(self, child):
        draft, colleague = paper_draft(child), practitioner()
        give_access(child, user=colleague)
        for page in (*MATRIX_PAGES, "paper-check"):
            assert signed_in(colleague).get(url(page, draft)).status_code == 404, page
        with pytest.raises(NotVisible):
            transcribe(by=colleague, assessment=draft)

    def test_a_colleague_who_sees_the_child_reads_the_record(self, child):
        record, colleague = paper_record(child), practitioner()
        give_access(child, user=colleague)
        assert signed_in(colleague).get(url("record", record.assessment)).status_code == 200

    def test_whoever_does_not_see_the_child_finds_nothing(self, child):
        record, stranger = paper_record(child), signed_in(practitioner())
        for address in (
            url("record", record.assessment),
            reverse("paper-start", args=[child.reference]),
            reverse("child-assessments", args=[child.reference]),
        ):
            assert stranger.get(address).status_code == 404

    def test_a_role_that_assesses_nobody_enters_no_paper(self, child):
        auditor = make_user(Role.RECORDS_AUDITOR)
        give_access(child, user=auditor)
        with pytest.raises(NotAllowed):
            paper.start(by=auditor, child=child, instrument="cse-2017", form_id=uuid.uuid4())


class TestOnTheChildsPage:
    def page(self, child):
        return signed_in(child.created_by).get(reverse("child", args=[child.reference])).content.decode()

    def test_it_is_said_to_be_from_paper_and_who_entered_it(self, child):
        paper_record(child, instrument="cre-2020")
        assert f"rom paper, entered by {child.created_by.name}" in self.page(child)

    def test_a_matrix_that_is_newer_takes_the_place_of_no_level(self):
        child = ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no")
        live = ready_draft(child)
        with time_machine.travel("2026-11-20 10:00"):
            send(by=live.author, assessment=live)
        paper_record(child, completed_on="2026-11-24", summary={"level": "low"})
        page = self.page(child)
        card = page[page.index("Latest assessed") :][:600]
        assert "Medium" in card
        assert "20 November 2026" in card
        assert child.created_by.name in card


class TestEarlierAssessments:
    @pytest.fixture
    def child(self):
        """Of an age at which there are earlier forms, and new ones."""
        return ChildFactory(date_of_birth=datetime.date(2010, 5, 6), send="no", open_to_social_care="yes")

    def test_a_live_form_names_the_newest_one_before_it_from_paper_too(self, child):
        paper_record(child, completed_on="2018-06-05")
        paper_record(child, completed_on="2017-06-05", summary={"level": "low"})
        live = ready_draft(child)
        earlier = send(by=live.author, assessment=live).content["child"]["earlier_assessment"]
        assert (earlier["instrument"], earlier["level"]) == ("cse-2017", "medium")
        assert earlier["completed_at"].startswith("2018-06-05")

    def test_the_pages_name_the_form_that_it_is_on(self, client, child):
        paper_record(child, completed_on="2018-06-05")
        said = "CSE matrix 2017, 5 June 2018: Medium"
        live = ready_draft(child)
        assert said in client.get(url("child", live)).content.decode()
        send(by=live.author, assessment=live)
        assert said in client.get(url("record", live)).content.decode()

    def test_a_paper_form_names_none_that_was_completed_after_it(self, child):
        live = ready_draft(child)
        send(by=live.author, assessment=live)
        first = paper_record(child, completed_on="2017-06-05")
        second = paper_record(child, completed_on="2018-06-05")
        assert first.content["child"]["earlier_assessment"] is None
        assert second.content["child"]["earlier_assessment"]["completed_at"].startswith("2017-06-05")

    def test_the_indicators_of_one_form_are_not_those_of_another(self, client, child):
        paper_record(child, marks={"items": {"drugs-alcohol": {"risk": True, "note": "Of the matrix."}}})
        draft = ready_draft(child, indicators=5)
        page = client.get(url("rating", draft)).content.decode()
        assert "drugs-alcohol" in page
        assert "Of the matrix." not in page

    def test_a_cre_form_of_paper_is_last_time_to_a_live_one(self, client, child):
        paper_record(child, instrument="cre-2020")
        draft = ready_draft(child, indicators=2)
        page = client.get(url("rating", draft)).content.decode()
        assert "Three times in a month." in page


class TestYearsLater:
    @pytest.mark.parametrize("instrument", ["cse-2017", "cre-2020"])
    def test_the_record_names_the_edition_by_its_hash_and_reads_the_same(self, client, child, instrument):
        record = paper_record(child, instrument=instrument)
        main = self.main(client, record)
        published = (BUILT_IN / "published.lock").read_text()
        assert f"{record.edition_sha256}  instruments/{instrument}/instrument.toml" in published
        with time_machine.travel("2036-02-01 10:00"):
            assert self.main(signed_in(child.created_by), record) == main

    @pytest.mark.parametrize("instrument", ["cse-2017", "cre-2020"])
    def test_the_outcome_can_be_worked_out_again_from_what_was_stored(self, child, instrument):
        content = paper_record(child, instrument=instrument).content
        again = assess(
            load_instrument(content["instrument"]),
            load_authority(content["authority"]),
            parse_case_file(content["case_file"]),
        )
        assert again.as_dict() == content["outcome"]

    def main(self, client, record):
        page = client.get(url("record", record.assessment)).content.decode()
        return page[page.index("<main") : page.index("What you can do")]
