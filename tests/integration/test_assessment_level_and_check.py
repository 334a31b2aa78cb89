"""The level only after the practitioner's own; then everything checked at once, and sent (service.md)."""

import datetime

import pytest

from cre_toolkit.assessments import queries
from cre_toolkit.assessments.models import Record
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.loading import load_authority, load_instrument
from tests.factories.assessments import AssessmentFactory, ready_draft, write
from tests.factories.people import ChildFactory
from tests.integration.journeys import answer, opened, signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no")


@pytest.fixture
def client(child):
    return signed_in(child.created_by)


@pytest.fixture
def draft(child):
    return AssessmentFactory(child=child)


def answers_of(draft):
    return queries.draft(draft.author, draft.reference).answers


class TestLevel:
    def test_is_not_shown_before_the_practitioners_own(self, client, draft):
        write(draft, "indicators", items={"missing": {"level": "high", "note": "x"}})
        assert client.get(url("level", draft)).url == url("analysis", draft) + "#level"

    def test_shows_each_reason_with_its_evidence(self, client, draft):
        write(draft, "indicators", items={"missing": {"level": "high", "note": "Found in Leeds at night."}})
        write(draft, "analysis", level="medium")
        page = client.get(url("level", draft)).content.decode()
        assert "is rated high" in page
        assert "Found in Leeds at night." in page
        assert "#missing-note" in page
        assert "Why does your level differ?" in page

    def test_asks_no_reasons_where_the_two_are_the_same(self, client, draft):
        write(draft, "indicators", items={"missing": {"level": "high", "note": "x"}})
        write(draft, "analysis", level="high")
        assert "Why does your level differ?" not in client.get(url("level", draft)).content.decode()

    def test_nothing_ticked_is_not_said_to_agree_with_a_level(self, client, draft):
        write(draft, "analysis", level="low")
        page = client.get(url("level", draft)).content.decode()
        assert "Nothing: no indicator has a level" in page
        assert "are the same" not in page

    def test_low_asks_for_a_day_to_look_again(self, client, draft):
        write(draft, "analysis", level="low")
        assert "look at this low level again" in client.get(url("level", draft)).content.decode()

    def test_low_below_the_floor_has_a_page_of_its_own(self):
        child = ChildFactory(send="yes")
        draft, client = AssessmentFactory(child=child), signed_in(child.created_by)
        write(draft, "indicators", items={"missing": {"level": "low", "note": "x"}})
        write(draft, "analysis", level="low", **{"contextual-analysis": "kept"})
        response = answer(client, "level", draft, rationale="A grown-up is always there")
        assert response.url == url("low", draft)
        page = client.get(response.url).content.decode()
        assert "you are asked to tell your manager" in page
        hidden = opened(client, "low", draft)
        version = page.split('name="analysis_version" value="')[1].split('"')[0]
        response = client.post(
            url("low", draft),
            {
                **hidden,
                "analysis_version": version,
                "protective_factors": "Her aunt",
                "thorough_assessment": "on",
                "then": "continue",
            },
        )
        assert response.url == url("actions", draft)
        answers = answers_of(draft)
        assert answers.level.thorough_assessment
        assert answers.level.rationale == "A grown-up is always there"
        assert answers.analysis.protective_factors == "Her aunt"
        assert answers.analysis.contextual_analysis == "kept"

    def test_what_was_said_of_a_level_chosen_before_is_kept_in_the_draft_alone(self, client, child):
        """Checking shows what the record will state, and the record states it."""
        draft = ready_draft(child, level="low", rated="high")
        write(
            draft,
            "level",
            reasons=["protective-factors"],
            rationale="Her aunt is there.",
            look_again_on="2099-01-31",
            thorough_assessment=True,
        )
        write(draft, "analysis", level="high", primary_exploitation="sexual")
        page = client.get(url("check", draft)).content.decode()
        for heading in ("Why your level differs", "Look again on", "Thorough assessment made"):
            assert heading not in page
        assert "Her aunt is there." in page
        stands = answers_of(draft).level
        assert stands.reasons, "the draft keeps it, for a level that is changed back"
        assert stands.look_again_on
        client.post(url("check", draft))
        content = Record.objects.get().content
        assert content["answers"]["level"] == {
            "reasons": [],
            "rationale": "Her aunt is there.",
            "thorough_assessment": False,
            "look_again_on": "",
            "no_look_again_why": "",
        }
        assert content["case_file"]["analysis"]["thorough_assessment"] is False
        assert (
            content["outcome"]
            == assess(
                load_instrument("cre-2020"), load_authority("derby"), parse_case_file(content["case_file"])
            ).as_dict()
        ), "and what was computed is what the rules say of it"

    def test_reasons_written_for_an_earlier_level_are_asked_to_be_read_again(self, client, child):
        draft = ready_draft(child, level="medium", rated="high")
        answer(client, "level", draft, rationale="Her aunt is there.")
        asked = "you wrote them when your level was medium"
        assert asked not in client.get(url("check", draft)).content.decode()
        write(draft, "analysis", level="low")
        page = client.get(url("check", draft)).content.decode()
        assert asked in page
        assert "when your level was medium" in client.get(url("level", draft)).content.decode()
        answer(client, "level", draft, rationale="Her aunt is there, and he has left the city.")
        assert "Read your reasons again" not in client.get(url("check", draft)).content.decode()

    def test_nobody_else_sees_that_page(self, client, draft):
        write(draft, "analysis", level="high")
        assert client.get(url("low", draft)).url == url("level", draft)


class TestCheck:
    def test_names_everything_at_once_each_linked_to_its_field(self, client, draft):
        write(draft, "indicators", items={"grooming": {}})
        response = client.post(url("check", draft))
        page = response.content.decode()
        assert response.status_code == 422
        assert "There is a problem" in page
        for text, anchor in (
            ("Select a level for &#x27;Evidence of grooming&#x27;", "#grooming-level"),
            ("Say whether the child is at immediate risk", "#immediate_risk"),
            ("Record your own level of risk", "#level"),
            ("Confirm that you have considered all 28 indicators", "#considered"),
        ):
            assert text in page
            assert anchor in page

    def test_every_link_lands_on_its_control(self, draft):
        """The page that an error leads to has the control with that id."""
        draft.child.send = ""
        draft.child.save()
        client = signed_in(draft.author)
        write(
            draft,
            "indicators",
            items={"grooming": {"level": "high"}, "missing": {}, "other": {"level": "low"}},
        )
        write(draft, "analysis", level="low")
        links = {link.href for link in client.post(url("check", draft)).context["needed"]}
        links |= {href for _, href in client.get(url("check", draft)).context["prompts"]}
        assert len(links) > 8
        for link in links:
            address, _, anchor = link.partition("#")
            page = client.get(address)
            assert page.status_code == 200, link
            assert f'id="{anchor}"' in page.content.decode(), link

    def test_every_change_link_lands_on_its_control(self, client, child):
        ready = ready_draft(child, level="low", rated="low")
        write(ready, "vulnerabilities", items={"young-carer": {"current": True}})
        write(ready, "actions", items=[{"action": "Met at the gate"}])
        write(ready, "sharing", items=[{"what": "The worry"}])
        for part in client.get(url("check", ready)).context["parts"]:
            for row, href in part.rows:
                page = client.get(href.partition("#")[0]).content.decode()
                assert not row.anchor or f'id="{row.anchor}"' in page, (part.title, row)

    def test_warnings_are_prompts_and_hold_up_nothing(self, client, child):
        draft = ready_draft(child)
        write(draft, "indicators", considered=True, items={"fgm": {"level": "medium", "note": "x"}})
        page = client.get(url("check", draft)).content.decode()
        assert "Worth another look" in page
        assert "Do not alert the family" in page
        assert client.post(url("check", draft)).url == url("sent", draft)

    def test_not_clear_yet_is_an_answer(self, client, child):
        draft = ready_draft(child)
        item = {"level": "medium", "note": "x", "unclear": True}
        write(draft, "indicators", considered=True, items={"missing": item})
        assert "points to criminal exploitation" not in client.get(url("check", draft)).content.decode()

    def test_an_adult_out_of_scope_is_led_to_adult_services(self):
        child = ChildFactory(date_of_birth=datetime.date(1999, 1, 1), send="no")
        draft, client = ready_draft(child), signed_in(child.created_by)
        page = client.get(url("check", draft)).content.decode()
        assert "Adult Safeguarding" in page
        assert client.post(url("check", draft)).status_code == 422
