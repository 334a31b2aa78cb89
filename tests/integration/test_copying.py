"""Also for a brother or sister, and again for the right child: what is taken over waits to be looked at."""

import re
import uuid

import pytest
from django.urls import reverse

from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments import queries
from cre_toolkit.assessments.answers import Sharing
from cre_toolkit.assessments.drafts import discard
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.assessment.withdrawing import withdraw
from tests.factories.assessments import AssessmentFactory, write
from tests.factories.people import ChildFactory, FamilyMemberFactory, give_access, make_user, practitioner
from tests.factories.reviews import told_draft
from tests.integration.journeys import signed_in
from tests.integration.merges import merge

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def finish(draft: Assessment) -> None:
    """Answer what is still asked of a draft that something was taken over into, and look at what was."""
    write(draft, "danger", immediate_risk="no")
    write(draft, "child", confirmed=True)
    rated = {"missing": {"level": "medium", "cce": True, "note": "Told by her aunt."}}
    write(draft, "indicators", considered=True, items=rated)
    write(draft, "analysis", level="medium", primary_exploitation="criminal")
    for section in queries.draft(draft.author, draft.reference).carried:
        write(draft, section)


@pytest.fixture
def worker():
    return practitioner()


@pytest.fixture
def child(worker):
    return ChildFactory(
        created_by=worker, family_name="Inventedham", send="no", open_to_social_care="yes", plan="none",
        looked_after="no", own_words="He is kind.",
    )  # fmt: skip


@pytest.fixture
def draft(child, worker):
    made = told_draft(child, worker)
    write(made, "analysis", level="medium", primary_exploitation="sexual", **{
        "contextual-analysis": "Two friends are contacted by the same man.",
        "immediate-concerns": "Saturday.",
    })  # fmt: skip
    return made


@pytest.fixture
def brother(worker):
    return ChildFactory(
        created_by=worker, given_names="Ben", family_name="Inventedham", address="2 Elsewhere Road",
        postcode="DE2 2ZZ",
    )  # fmt: skip


@pytest.fixture
def client(worker):
    return signed_in(worker)


def address(way, assessment) -> str:
    return reverse(f"assessment-{way}", args=[assessment.reference])


def make(
    client, assessment, *children, parts=("places", "consultation", "analysis", "sharing"), way="also-for"
):
    said = {
        "form_id": str(uuid.uuid4()),
        "child": [child.reference for child in children],
        "part": list(parts),
        "then": "make",
    }
    return client.post(address(way, assessment), said)


def draft_for(child, user):
    return queries.draft(user, Assessment.objects.get(child=child, author=user, status="draft").reference)


class TestSuggestions:
    def test_the_same_last_name_address_or_family_and_nobody_else(
        self, client, worker, child, draft, brother
    ):
        at_home = ChildFactory(created_by=worker, given_names="Cy", family_name="Otherham",
                               address=child.address, postcode=child.postcode)  # fmt: skip
        FamilyMemberFactory(child=child, name="Mo Inventedparent")
        cousin = ChildFactory(created_by=worker, given_names="Di", family_name="Thirdham",
                              address="3 Far Road", postcode="DE3 3ZZ")  # fmt: skip
        FamilyMemberFactory(child=cousin, name="Mo Inventedparent")
        ChildFactory(created_by=worker, given_names="Eve", family_name="Fourthham", address="", postcode="")
        page = client.get(address("also-for", draft)).content.decode()
        offered = re.findall(r'name="child" type="checkbox" value="([\w-]+)"', page)
        assert set(offered) == {brother.reference, at_home.reference, cousin.reference}
        for why in ("The same last name", "The same address", "The same person in the family"):
            assert why in page

    def test_whom_one_may_not_see_is_not_suggested(self, client, draft):
        hidden = ChildFactory(given_names="Zoe", family_name="Inventedham")
        assert hidden.reference not in client.get(address("also-for", draft)).content.decode()

    @pytest.mark.parametrize("way", ["also-for", "right-child"])
    def test_the_child_is_not_offered_by_the_name_of_a_record_that_theirs_was_merged_into(
        self, client, worker, child, draft, way
    ):
        record = send(by=worker, assessment=draft)
        withdraw(by=worker, record=record, category="wrong-child", words="Another child.")
        kept = ChildFactory(created_by=worker, given_names="Quillon", family_name="Inventedham")
        merge(kept, child)
        searched = {"form_id": str(uuid.uuid4()), "name": "Quillon Inventedham", "then": "search"}
        for page in (client.get(address(way, draft)), client.post(address(way, draft), searched)):
            assert kept.reference not in re.findall(
                r'name="child"[^>]*value="([\w-]+)"', page.content.decode()
            )

    def test_others_are_found_by_name_and_what_was_chosen_stays_chosen(self, client, worker, draft, brother):
        other = ChildFactory(created_by=worker, given_names="Quillon", family_name="Elseham",
                             address="", postcode="")  # fmt: skip
        page = client.post(
            address("also-for", draft),
            {"form_id": str(uuid.uuid4()), "name": "Quillon", "child": [brother.reference], "then": "search"},
        ).content.decode()
        assert f'value="{other.reference}"' in page
        assert re.search(rf'value="{brother.reference}"[^>]*checked', page)
        assert not Assessment.objects.filter(child=brother).exists()

    def test_nobody_found_says_what_to_do(self, client, draft):
        page = client.post(
            address("also-for", draft), {"form_id": str(uuid.uuid4()), "name": "Zyxwvut", "then": "search"}
        )
        assert "Nobody was found by that name" in text_of(page)

    def test_each_child_on_the_list_is_on_the_audit_trail(self, client, draft, brother):
        client.get(address("also-for", draft))
        event = Event.objects.get(kind="assessment.opened-to-copy")
        assert brother.pk in event.children.values_list("child", flat=True)


class TestTakingOver:
    def test_what_may_be_true_of_both_waits_in_a_draft_of_the_other_child(
        self, client, worker, draft, brother
    ):
        response = make(client, draft, brother)
        assert "1 draft ready" in text_of(response)
        other = draft_for(brother, worker)
        assert other.answers.places.locations == "The car park."
        assert other.answers.analysis.contextual_analysis == "Two friends are contacted by the same man."
        assert set(other.carried) == {"places", "consultation", "analysis", "sharing"}

    def test_indicators_levels_and_what_is_the_childs_own_are_never_taken_over(
        self, client, worker, draft, brother
    ):
        make(client, draft, brother)
        said = draft_for(brother, worker).answers
        assert said.indicators.blank
        assert said.vulnerabilities.blank
        assert said.danger.blank
        assert said.level.blank
        assert said.actions.blank
        assert (said.analysis.level, said.analysis.immediate_concerns) == ("", "")
        assert (said.sharing.safe_to_tell, said.places.persons_or_places_of_risk) == ("", "")
        brother.refresh_from_db()
        assert brother.own_words == ""

    def test_only_what_was_ticked(self, client, worker, draft, brother):
        make(client, draft, brother, parts=["places"])
        assert set(draft_for(brother, worker).versions) == {"places"}

    def test_an_unfinished_assessment_is_not_overwritten(self, client, worker, draft, brother):
        mine = AssessmentFactory(child=brother, author=worker)
        write(mine, "places", locations="Typed before.")
        page = text_of(client.get(address("also-for", draft)))
        assert "only its empty sections will be filled" in page
        response = text_of(make(client, draft, brother))
        assert "stays as it is: Places and people who pose a risk" in response
        assert draft_for(brother, worker).assessment == mine
        assert draft_for(brother, worker).answers.places.locations == "Typed before."

    def test_the_form_sent_twice_makes_one_draft(self, client, draft, brother):
        make(client, draft, brother)
        make(client, draft, brother)
        assert Assessment.objects.filter(child=brother).count() == 1

    @pytest.mark.parametrize("end", ["sent", "discarded"])
    def test_pressed_again_after_the_draft_was_sent_or_discarded_it_writes_nothing(
        self, client, worker, draft, brother, end
    ):
        form = {
            "form_id": str(uuid.uuid4()),
            "child": [brother.reference],
            "part": ["places"],
            "then": "make",
        }
        client.post(address("also-for", draft), form)
        made = Assessment.objects.get(child=brother)
        if end == "sent":
            finish(made)
            send(by=worker, assessment=made)
        else:
            discard(by=worker, assessment=made)
        stands = dict(made.sections.values_list("section", "version"))
        page = text_of(client.post(address("also-for", draft), form))
        assert "No draft was made" in page
        assert f"have {end} it since" in page
        assert dict(made.sections.values_list("section", "version")) == stands
        assert Assessment.objects.filter(child=brother).count() == 1

    def test_from_a_sent_assessment_too_and_by_whoever_may_read_it(self, draft, brother):
        send(by=draft.author, assessment=draft)
        colleague = practitioner()
        for child in (draft.child, brother):
            give_access(child, user=colleague)
        make(signed_in(colleague), draft, brother)
        assert draft_for(brother, colleague).answers.places.locations == "The car park."

    def test_sending_waits_until_it_has_been_looked_at(self, client, worker, draft, brother):
        make(client, draft, brother, parts=["places"])
        other = draft_for(brother, worker)
        page = text_of(client.get(address("check", other.assessment)))
        assert "it was taken over from another assessment" in page
        page = text_of(client.get(address("places-people", other.assessment)))
        assert "Copied from the assessment of another child" in page

    def test_nobody_chosen_or_nothing_ticked_is_asked_for(self, client, draft, brother):
        response = make(client, draft)
        assert response.status_code == 422
        assert "Select whom it is about" in text_of(response)
        response = make(client, draft, brother, parts=[])
        assert "Select what you want to take over" in text_of(response)
        assert not Assessment.objects.filter(child=brother).exists()


class TestWhose:
    def test_a_child_whom_one_may_not_see_cannot_be_chosen(self, client, draft):
        hidden = ChildFactory()
        assert make(client, draft, hidden).status_code == 422
        assert not Assessment.objects.filter(child=hidden).exists()

    def test_somebody_elses_draft_is_not_found(self, draft):
        colleague = practitioner()
        give_access(draft.child, user=colleague)
        assert signed_in(colleague).get(address("also-for", draft)).status_code == 404

    def test_whoever_may_not_assess_is_refused(self, draft, brother):
        send(by=draft.author, assessment=draft)
        police = make_user(Role.POLICE_REFERRAL)
        give_access(draft.child, user=police)
        assert signed_in(police).get(address("also-for", draft)).status_code == 403


class TestTheRightChild:
    @pytest.fixture
    def withdrawn(self, draft):
        record = send(by=draft.author, assessment=draft)
        withdraw(by=draft.author, record=record, category="wrong-child", words="Two records open.")
        return draft

    def test_what_was_written_of_the_right_child_can_be_taken_over(self, client, worker, withdrawn, brother):
        parts = ["indicators", "places", "vulnerabilities", "consultation", "analysis", "actions", "sharing"]
        response = client.post(
            address("right-child", withdrawn),
            {
                "form_id": str(uuid.uuid4()),
                "name": "Ben",
                "child": brother.reference,
                "part": parts,
                "then": "make",
            },
        )
        assert "1 draft ready" in text_of(response)
        said = draft_for(brother, worker).answers
        assert said.indicators.items["missing"].level == "medium"
        assert said.vulnerabilities.items["young-carer"].current
        assert said.analysis.immediate_concerns == "Saturday."
        assert not said.indicators.considered
        assert (said.analysis.level, said.danger.immediate_risk, said.sharing.safe_to_tell) == ("", "", "")

    def test_who_knows_of_the_referral_is_asked_again(self, client, worker, draft, brother):
        knows = {"child_knows": "yes", "family_knows": "yes", "family-aware": "His aunt was told."}
        write(draft, "sharing", **{"safe-to-tell-family": "yes", "barriers": "No telephone."}, **knows)
        record = send(by=worker, assessment=draft)
        withdraw(by=worker, record=record, category="wrong-child", words="Two records open.")
        make(client, draft, brother, parts=["sharing"], way="right-child")
        assert draft_for(brother, worker).answers.sharing == Sharing(barriers="No telephone.")

    def test_the_page_does_not_say_what_stops_being_so_once_it_was_sent_for_them(self, client, withdrawn):
        page = text_of(client.get(address("withdraw", withdrawn)))
        assert "until it is made and sent for them" in page
        assert "does not have this assessment yet" not in page

    def test_it_is_offered_only_where_it_was_the_wrong_child(self, client, draft):
        record = send(by=draft.author, assessment=draft)
        assert client.get(address("right-child", draft)).status_code == 404
        withdraw(by=draft.author, record=record, category="duplicate", words="Sent twice.")
        assert client.get(address("right-child", draft)).status_code == 404

    def test_it_is_offered_to_its_author_alone(self, withdrawn):
        colleague = practitioner()
        give_access(withdrawn.child, user=colleague)
        assert signed_in(colleague).get(address("right-child", withdrawn)).status_code == 404
