"""A child's record over HTTP: what stands on it, and changing it, never over somebody else's change."""

import pytest
from django.urls import reverse

from cre_toolkit.accounts.models import Team
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending
from cre_toolkit.children import actions
from cre_toolkit.children.models import AccessGrant, Child
from tests.factories.assessments import AssessmentFactory, ready_draft, sent_record
from tests.factories.people import (
    AgencyInvolvedFactory,
    ChildFactory,
    FamilyMemberFactory,
    MembershipFactory,
    TeamFactory,
    child_protection_manager,
    front_door,
    give_access,
    practitioner,
    team_manager,
)
from tests.integration.childforms import BORN, add, edit, hidden, page
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return practitioner()


@pytest.fixture
def client(user):
    return signed_in(user)


class TestRecord:
    def test_shows_who_the_child_is_what_is_known_and_not_and_who_sees_it(self, client, user):
        child = ChildFactory(
            created_by=user, given_names="Siân", family_name="Ŵyn", known_as="Shan", date_of_birth=BORN,
            send="not-known", looked_after="no",
        )  # fmt: skip
        FamilyMemberFactory(child=child, name="Anna Ŵyn")
        text = page(client.get(reverse("child", args=[child.reference])))
        for words in (
            "Siân Ŵyn", "Shan", "14 May 2011", child.reference, "No level agreed yet", "Not assessed yet",
            "Nothing is due", "Anna Ŵyn (Mother)", "Has parental responsibility", "(asked, not known)",
            "Who can see this record, and why",
        ):  # fmt: skip
            assert words in text, words
        assert Event.objects.get(kind="child.viewed").child == child.pk

    def test_an_estimated_age_says_so(self, client, user):
        response = add(client, estimated_age="14")
        child = Child.objects.get()
        assert response.status_code == 302
        assert "about 14, estimated" in page(client.get(reverse("child", args=[child.reference])))

    def test_everybody_who_sees_it_is_named_with_the_reason(self, client, user):
        child = ChildFactory(created_by=user)
        Child.objects.filter(pk=child.pk).update(working_level="high")
        child_protection_manager(name="Peter Protects")
        give_access(child, team=TeamFactory(name="Front Team"), reason=AccessGrant.Reason.SENT)
        practitioner(name="Fiona Front", teams=Team.objects.filter(name="Front Team"))
        mates = TeamFactory(name="Our Team")
        MembershipFactory(user=user, team=mates)
        team_manager(mates, name="Maya Manages")
        address = reverse("child-access", args=[child.reference])
        assert address in page(client.get(reverse("child", args=[child.reference])))
        text = page(client.get(address))
        for words in (
            "Peter Protects", "Child protection manager, and the level is medium or high",
            "Fiona Front", "Is in Front Team, which was sent an assessment or a referral",
            user.name, "Added the child to the service",
            "Maya Manages", "Manages Our Team, where somebody works with the child",
        ):  # fmt: skip
            assert words in text, words

    def test_no_name_is_in_the_title(self, client, user):
        child = ChildFactory(created_by=user, given_names="Zebedee")
        for address in ("child", "child-more"):
            text = page(client.get(reverse(address, args=[child.reference])))
            assert "Zebedee" not in text[: text.index("</title>")]

    def test_the_earlier_assessment_is_answered_from_the_record(self, client, user):
        front_door()
        record = sending.send(by=user, assessment=ready_draft(ChildFactory(created_by=user), level="medium"))
        text = page(client.get(reverse("child", args=[record.child.reference])))
        assert reverse("assessment-record", args=[record.assessment.reference]) in text
        card = text[text.index("Latest assessed") :]
        assert "Medium" in card[:400]
        assert user.name in card[:600]
        assert "Primary type: Sexual" in card[:800]
        assert "No level agreed yet" in text

    def test_an_unfinished_assessment_is_gone_on_with(self, client, user):
        child = ChildFactory(created_by=user)
        address = reverse("child", args=[child.reference])
        assert "Start an assessment" in page(client.get(address))
        AssessmentFactory(child=child, author=user)
        text = page(client.get(address))
        assert "Go on with your assessment" in text
        assert "Start an assessment" not in text

    def test_a_draft_of_somebody_else_is_not_mentioned(self, client, user):
        child = ChildFactory(created_by=user)
        AssessmentFactory(child=child, author=practitioner())
        assert "Go on with" not in page(client.get(reverse("child", args=[child.reference])))


class TestChanging:
    @pytest.fixture
    def child(self, user):
        return ChildFactory(created_by=user, given_names="Amy", family_name="Invented")

    @pytest.mark.parametrize(
        ("part", "typed", "stands"),
        [
            ("identity", {"given_names": "Siân", "nhs_number": "999 000 0018"}, {"nhs_number": "9990000018"}),
            ("contact", {"authority": "derbyshire", "postcode": "de12qy"}, {"postcode": "DE1 2QY"}),
            ("language", {"ethnicity": "indian", "needs_interpreter": "no"}, {"ethnicity": "indian"}),
            ("care", {"send": "not-known", "plan": "child-protection"}, {"plan": "child-protection"}),
            ("workers", {"worker": "other", "worker_name": "X", "agencies-rows": "0"}, {"worker_name": "X"}),
            ("voice", {"own_words": "“Leave me be.”"}, {"own_words": "“Leave me be.”"}),
        ],
    )
    def test_each_part_is_saved(self, client, child, part: str, typed: dict, stands: dict):
        response = edit(client, child, part, **typed)
        assert response.url == reverse("child", args=[child.reference])
        saved = Child.objects.get(pk=child.pk)
        assert {name: getattr(saved, name) for name in stands} == stands
        assert "Saved." in page(client.get(response.url))

    @pytest.mark.parametrize(
        ("part", "stands", "typed"),
        [
            ("care", {"plan": "child-protection", "disabilities": "Deaf"}, {"send": "yes"}),
            ("voice", {"own_words": "“He waits at the gate.”"}, {"wishes": "To be left alone"}),
            ("identity", {"gender": "Female", "date_of_birth": BORN, "nhs_number": "9990000018"},
             {"given_names": "Bea"}),
            ("language", {"ethnicity": "not-recorded", "ethnicity_not_recorded_why": "Not asked yet"},
             {"first_language": "Welsh"}),
            ("contact", {"address": "1 Invented Street", "telephone": "07700 900123"}, {"school": "New"}),
        ],
    )  # fmt: skip
    def test_what_a_form_did_not_send_at_all_stays_as_it_stands(self, client, user, part, stands, typed):
        child = ChildFactory(created_by=user, **stands)
        sent = typed | ({"authority": child.authority} if part == "contact" else {})
        assert edit(client, child, part, **sent).status_code == 302
        child.refresh_from_db()
        assert {name: getattr(child, name) for name in stands} == stands
        assert {name: getattr(child, name) for name in typed} == typed

    def test_an_emptied_box_is_empty_afterwards(self, client, user):
        child = ChildFactory(created_by=user, wishes="To be left alone", own_words="“Now.”")
        edit(client, child, "voice", wishes="", own_words="“Now.”")
        child.refresh_from_db()
        assert (child.wishes, child.own_words) == ("", "“Now.”")

    @pytest.mark.parametrize("part", ["identity", "more"])
    def test_what_is_to_be_mended_is_no_success(self, client, child, part):
        wrong = {"estimated_age": "many"} | ({"worker": "user"} if part == "more" else {})
        assert edit(client, child, part, **wrong).status_code == 422

    def test_family_in_rows_without_script(self, client, child):
        rows = {"family-rows": "1", "family-0-name": "Anna", "family-0-parental_responsibility": "yes"}
        more = page(edit(client, child, "family", then="add-family", **rows))
        assert 'name="family-1-name"' in more
        assert not child.family.exists()
        edit(client, child, "family", **rows)
        assert child.family.get().name == "Anna"
        edit(
            client, child, "family", **(rows | {"family-0-name": "", "family-0-parental_responsibility": ""})
        )
        assert not child.family.exists()

    @pytest.mark.parametrize("part", ["family", "workers", "more"])
    @pytest.mark.parametrize("count", [{}, {"family-rows": "many", "agencies-rows": "9"}])
    def test_rows_that_did_not_arrive_are_an_error_and_nothing_is_removed(self, client, child, part, count):
        FamilyMemberFactory(child=child, name="Anna")
        AgencyInvolvedFactory(child=child, agency="Clinic")
        text = page(edit(client, child, part, wishes="Rest", **count), 422)
        assert "did not arrive whole" in text
        assert Child.objects.get(pk=child.pk).wishes == ""
        assert (child.family.get().name, child.agencies.get().agency) == ("Anna", "Clinic")

    def test_everything_else_at_once_after_adding(self, client, child):
        rows = {"family-rows": "0", "agencies-rows": "1", "agencies-0-agency": "Clinic"}
        edit(client, child, "more", send="yes", wishes="Rest", **rows)
        saved = Child.objects.get(pk=child.pk)
        assert (saved.send, saved.wishes, saved.agencies.get().agency) == ("yes", "Rest", "Clinic")

    def test_nothing_is_overwritten_and_both_texts_are_shown(self, client, child, user):
        actions.update_child(by=user, child=child, version=1, changes={"wishes": "Theirs"})
        text = page(edit(client, child, "voice", version=1, wishes="Mine"), 409)
        assert "Changed elsewhere" in text
        assert "Theirs" in text
        assert ">Mine</textarea>" in text
        assert Child.objects.get(pk=child.pk).wishes == "Theirs"
        version = dict(hidden(text))["version"]
        edit(client, child, "voice", version=version, wishes="Both")
        assert Child.objects.get(pk=child.pk).wishes == "Both"

    def test_nothing_of_a_page_is_kept_where_a_part_of_it_is_not(self, client, child):
        rows = {"family-rows": "1", "family-0-contact": "07700 900123", "agencies-rows": "0"}
        text = page(edit(client, child, "more", wishes="Rest", **rows), 422)
        assert "Enter a name, or who this is" in text
        assert Child.objects.get(pk=child.pk).wishes == ""

    @pytest.mark.parametrize("version", ["", "x", "-1", "99999999999", "٣"])
    def test_a_version_that_is_none_is_an_older_one(self, client, child, version: str):
        address = reverse("child-edit", args=[child.reference, "voice"])
        response = client.post(address, {"version": version, "then": "save", "wishes": "Mine"})
        assert response.status_code == 409
        assert Child.objects.get(pk=child.pk).wishes == ""

    def test_the_authority_is_settled_once_an_assessment_was_sent(self):
        front_door()
        record = sent_record(level="low")
        child, client = record.child, signed_in(record.author)
        address = reverse("child-edit", args=[child.reference, "contact"])
        assert 'name="authority"' not in page(client.get(address))
        edit(client, child, "contact", authority="derbyshire", school="New School")
        saved = Child.objects.get(pk=child.pk)
        assert (saved.authority, saved.school) == ("derby", "New School")

    def test_a_part_that_there_is_not(self, client, child):
        assert client.get(reverse("child-edit", args=[child.reference, "secrets"])).status_code == 404

    def test_evidence_sized_texts_and_markup_stay_whole_and_escaped(self, client, child):
        words = "<script>alert('x')</script>\n" + "ŵ" * 50_000
        edit(client, child, "voice", own_words=words)
        assert Child.objects.get(pk=child.pk).own_words.replace("\r\n", "\n") == words
        response = client.get(reverse("child", args=[child.reference]))
        assert b"<script>alert" not in response.content
        assert "ŵ" * 50_000 in response.content.decode()
