"""The front door's work list of records that may be of one child, page by page, without script."""

import datetime

import pytest
from django.urls import reverse

from cre_toolkit.accounts.models import Role
from cre_toolkit.audit import queries as audit
from cre_toolkit.casework.ends import merging
from cre_toolkit.children import access, duplicates, pairs
from cre_toolkit.children.models import Child, Merge, PossibleDuplicate
from tests.factories.assessments import AssessmentFactory
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    front_door,
    give_access,
    make_user,
    noted_pair,
    practitioner,
)
from tests.integration.childforms import add, born, page
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
BORN = datetime.date(2011, 5, 14)


@pytest.fixture
def door():
    return front_door(name="Frances Door")


@pytest.fixture
def client(door):
    return signed_in(door)


@pytest.fixture
def pair():
    one = ChildFactory(
        given_names="Siân", family_name="Ŵyn", address="1 Invented Street", school="Old School"
    )
    other = ChildFactory(given_names="Shaun", family_name="Wynn", address="2 Invented Street")
    return noted_pair(one, other)


def url(name: str, pair: PossibleDuplicate) -> str:
    return reverse(name, args=[pair.reference])


class TestTheList:
    def test_a_new_record_that_is_like_an_earlier_one_is_on_it_whoever_could_see_that_one(self, client):
        ChildFactory(given_names="Siân", family_name="Ŵyn", date_of_birth=BORN)
        add(signed_in(practitioner()), given_names="Shaun", family_name="Wynn", **born(BORN))
        text = page(client.get(reverse("duplicates")))
        assert "Siân Ŵyn" in text
        assert "Shaun Wynn" in text
        assert "Same date of birth" in text

    def test_so_is_one_that_becomes_like_another_when_it_is_changed(self, client):
        ChildFactory(given_names="Siân", family_name="Ŵyn", date_of_birth=BORN)
        worker = practitioner()
        child = ChildFactory(given_names="Zoe", family_name="Other", date_of_birth=BORN, created_by=worker)
        assert "No two records are waiting" in page(client.get(reverse("duplicates")))
        typed = {"given_names": "Sian", "family_name": "Wyn", "version": child.version, "then": "save"}
        signed_in(worker).post(reverse("child-edit", args=[child.reference, "identity"]), typed | born(BORN))
        assert "Siân Ŵyn" in page(client.get(reverse("duplicates")))

    def test_the_most_alike_come_first_a_page_at_a_time_and_none_twice(self, client, monkeypatch):
        monkeypatch.setattr(pairs, "PAGE", 2)
        made = [noted_pair(ChildFactory(), ChildFactory(), points) for points in (50, 90, 70, 70, 120)]
        address, seen = reverse("duplicates"), []
        while address:
            response = client.get(address)
            seen += [each.points for each, _ in response.context["pairs"]]
            after = response.context["after"]
            address = f"{reverse('duplicates')}?after={after}" if after else ""
        assert seen == sorted((pair.points for pair in made), reverse=True)

    def test_it_is_counted_on_the_first_page_of_those_whose_duty_it_is(self, client, pair):
        assert "1 pair of records may be of one child" in page(client.get(reverse("home")))
        assert "may be of one child" not in page(signed_in(practitioner()).get(reverse("home")))

    @pytest.mark.parametrize("pairs_listed", [1, 20])
    def test_it_takes_the_same_number_of_queries_however_long_it_is(
        self, client, pairs_listed, django_assert_max_num_queries
    ):
        for _ in range(pairs_listed):
            noted_pair(ChildFactory(), ChildFactory())
        with django_assert_max_num_queries(9):
            client.get(reverse("duplicates"))

    def test_a_look_at_the_list_and_at_a_pair_is_a_look_at_each_child(self, client, pair, door):
        client.get(reverse("duplicates"))
        client.get(url("duplicate", pair))
        for child in (pair.child, pair.other):
            kinds = set(audit.of_child(child.pk).filter(actor=door.pk).values_list("kind", flat=True))
            assert kinds == {"duplicates.viewed", "duplicate.viewed"}


class TestWhoseDutyItIs:
    def test_front_door_and_child_protection_managers_of_the_authority(self, pair):
        for user in (front_door(), child_protection_manager()):
            assert "Siân" in page(signed_in(user).get(url("duplicate", pair)))

    @pytest.mark.parametrize("name", ["duplicate", "duplicate-merge", "duplicate-undo"])
    def test_for_everybody_else_there_is_no_such_pair(self, pair, name):
        others = [
            make_user(role) for role in Role if role not in (Role.FRONT_DOOR, Role.CHILD_PROTECTION_MANAGER)
        ]
        elsewhere = [front_door(authority="derbyshire"), child_protection_manager(authority="derbyshire")]
        # Even for whoever sees both children.
        for child in (pair.child, pair.other):
            give_access(child, user=others[0])
        for user in (*others, *elsewhere):
            response = signed_in(user).get(url(name, pair))
            assert response.status_code == 404
            assert "Siân" not in response.content.decode()

    def test_the_list_of_another_authority_does_not_show_it(self, pair):
        text = page(signed_in(front_door(authority="derbyshire")).get(reverse("duplicates")))
        assert "No two records are waiting" in text

    def test_it_shows_two_records_and_opens_neither(self, client, pair, door):
        text = page(client.get(url("duplicate", pair)))
        assert "Open the record" not in text
        assert client.get(reverse("child", args=[pair.child.reference])).status_code == 404

    def test_what_the_child_said_is_not_shown(self, client, pair):
        Child.objects.filter(pk=pair.child_id).update(own_words="“Do not tell.”")
        assert "Do not tell" not in page(client.get(url("duplicate", pair)))


class TestDeciding:
    def test_an_answer_is_needed_and_a_reason_for_two_children(self, client, pair):
        text = page(client.post(url("duplicate", pair)), 422)
        assert "Select whether the two records are of one child" in text
        text = page(client.post(url("duplicate", pair), {"decision": "different"}), 422)
        assert "Say how you know that they are two children" in text

    def test_two_children_are_never_proposed_again_until_somebody_takes_it_up(self, client, pair):
        client.post(url("duplicate", pair), {"decision": "different", "why": "In one class."})
        noted_pair(pair.child, pair.other)
        assert "No two records are waiting" in page(client.get(reverse("duplicates")))
        assert "In one class." in page(client.get(url("duplicate", pair)))
        client.post(url("duplicate", pair), {"then": "reopen"})
        assert "Siân" in page(client.get(reverse("duplicates")))

    def test_taken_up_again_it_still_says_who_knew_that_they_are_two_and_why(self, client, door, pair):
        for words in ("In one class.", "Their mothers came together."):
            client.post(url("duplicate", pair), {"decision": "different", "why": words})
            client.post(url("duplicate", pair), {"then": "reopen"})
            client.post(url("duplicate", pair), {"decision": "later"})
        shown = " ".join(page(client.get(url("duplicate", pair))).split())
        assert f"In one class. ({door.name}, " in shown
        assert f"Their mothers came together. ({door.name}, " in shown

    @pytest.mark.parametrize("became", ["different", "merged"])
    def test_decided_by_somebody_else_meanwhile_the_reason_that_was_typed_is_shown(
        self, client, pair, became
    ):
        colleague = front_door(name="Other Door")
        if became == "merged":
            merging.merge(by=colleague, pair=pair, kept=pair.child, take=[], versions=(1, 1))
        else:
            duplicates.say_different(by=colleague, pair=pair, why="Both were at the door.")
        typed = {"decision": "different", "why": "In one class.", "shown": "open"}
        text = page(client.post(url("duplicate", pair), typed), 409)
        assert "In one class." in text
        assert "have been decided about meanwhile" in text
        assert "In one class." not in PossibleDuplicate.objects.get(pk=pair.pk).why

    def test_a_reason_to_undo_a_merge_that_somebody_has_undone_is_shown(self, client, pair):
        done = merging.merge(by=front_door(), pair=pair, kept=pair.child, take=[], versions=(1, 1))
        merging.undo(by=front_door(), merge=done, why="Both were at the door.")
        text = page(client.post(url("duplicate-undo", pair), {"why": "They are twins."}), 409)
        assert "They are twins." in text

    def test_pressed_twice_it_is_said_once(self, client, pair):
        typed = {"decision": "different", "why": "In one class.", "shown": "open"}
        for _ in range(2):
            assert client.post(url("duplicate", pair), typed).url == reverse("duplicates")
        assert PossibleDuplicate.objects.get(pk=pair.pk).why == "In one class."

    def test_left_for_later_is_on_a_list_of_its_own(self, client, pair):
        client.post(url("duplicate", pair), {"decision": "later"})
        assert "No two records are waiting" in page(client.get(reverse("duplicates")))
        assert "Siân" in page(client.get(reverse("duplicates") + "?show=later"))

    def test_twins_are_named_and_nothing_is_merged_by_itself(self, client):
        ChildFactory(given_names="Amy", family_name="Invented", date_of_birth=BORN)
        add(signed_in(practitioner()), given_names="Zoe", family_name="Invented", **born(BORN))
        text = page(client.get(reverse("duplicates")))
        assert "perhaps twins, or brother and sister" in text
        assert Child.objects.filter(merged_into=None).count() == 2


def typed(response) -> dict[str, str]:
    """What the page's form sends when nothing is changed on it."""
    form = response.context["form"]
    return {
        "kept": str(response.context["kept"].child.version),
        "other": str(response.context["other"].child.version),
        **{name: form[name].value() for name in form.fields},
    }


class TestPairedByHand:
    """After a change of name nothing may be alike, and somebody knows."""

    WHY = "The family has taken another name."

    def press(self, client, first: str, second: str, why: str = WHY):
        return client.post(reverse("duplicates"), {"first": first, "second": second, "why": why})

    def test_two_records_by_their_references_however_they_are_typed(self, client):
        one, other = ChildFactory(given_names="Amy"), ChildFactory(given_names="Zoe", date_of_birth=None)
        typed = other.reference.lower().replace("-", " ")
        response = self.press(client, one.reference, typed)
        text = page(client.get(response.url))
        assert "Amy" in text
        assert "Zoe" in text
        assert self.press(client, other.reference, one.reference).url == response.url, "one pair, not two"

    def test_asks_why_and_keeps_it_with_the_pair_under_their_name(self, client, door):
        one, other = ChildFactory(), ChildFactory(given_names="Zoe")
        text = page(self.press(client, one.reference, other.reference, ""), 422)
        assert "Say why they may be of one child" in text
        assert not PossibleDuplicate.objects.exists()
        response = self.press(client, one.reference, other.reference)
        shown = " ".join(page(client.get(response.url)).split())
        assert f"{self.WHY} ({door.name}, " in shown
        for child in (one, other):
            assert audit.of_child(child.pk).filter(actor=door.pk, kind="duplicate.paired-by-hand").exists()

    def test_two_that_were_said_to_be_two_children_are_taken_up_anew_with_both_reasons(self, client, pair):
        client.post(url("duplicate", pair), {"decision": "different", "why": "In one class."})
        self.press(client, pair.child.reference, pair.other.reference)
        assert "Siân" in page(client.get(reverse("duplicates")))
        text = page(client.get(url("duplicate", pair)))
        assert text.index("In one class.") < text.index(self.WHY)

    def test_it_stays_on_the_list_when_one_of_them_is_changed(self, client):
        worker = practitioner()
        one, other = ChildFactory(created_by=worker), ChildFactory(given_names="Zoe")
        self.press(client, one.reference, other.reference)
        typed = {"given_names": "Bea", "version": one.version, "then": "save"}
        signed_in(worker).post(reverse("child-edit", args=[one.reference, "identity"]), typed)
        assert "Somebody takes them for one child" in page(client.get(reverse("duplicates")))

    def test_an_error_says_how_to_mend_it(self, client):
        child, elsewhere = ChildFactory(), ChildFactory(authority="derbyshire")
        assert "Both references lead to one record" in page(
            self.press(client, child.reference, child.reference), 422
        )
        for reference in ("7Q4K-2M9XAB", elsewhere.reference):
            text = page(self.press(client, child.reference, reference), 422)
            assert "No record of your authority has this reference" in text
        assert "Enter the reference of the one record" in page(self.press(client, "", ""), 422)
        assert not PossibleDuplicate.objects.exists()

    def test_is_for_those_whose_duty_it_is(self):
        child, other = ChildFactory(), ChildFactory()
        response = self.press(signed_in(practitioner()), child.reference, other.reference)
        assert response.status_code == 403
        assert not PossibleDuplicate.objects.exists()


class TestMerging:
    def keep(self, client, pair, child):
        response = client.post(url("duplicate", pair), {"decision": f"keep-{child.reference}"})
        return response.url

    def test_from_the_decision_to_the_merged_record(self, client, pair):
        address = self.keep(client, pair, pair.child)
        response = client.get(address)
        text = page(response)
        assert "1 Invented Street" in text
        assert "2 Invented Street" in text
        done = client.post(address, typed(response) | {"address": "other"})
        assert done.url == url("duplicate", pair)
        text = page(client.get(done.url))
        assert "was merged into record" in text
        assert "Leave it out" not in text, "the page of a merge gives nothing back that was typed"
        kept = Child.objects.get(pk=pair.child_id)
        assert kept.address == pair.other.address
        assert Child.objects.get(pk=pair.other_id).merged_into == kept

    def test_who_will_see_more_is_said_before(self, client, pair):
        give_access(pair.other, user=practitioner(name="Olu Newcomer"))
        text = page(client.get(self.keep(client, pair, pair.child)))
        after = text[text.index(f"Will also see what stands on record {pair.child.reference}") :]
        assert "Olu Newcomer" in after

    def test_what_was_changed_meanwhile_is_shown_and_nothing_is_merged(self, client, pair):
        address = self.keep(client, pair, pair.child)
        sent = typed(client.get(address))
        Child.objects.filter(pk=pair.other_id).update(version=9)
        text = page(client.post(address, sent), 409)
        assert "Somebody has changed one of the two records" in text
        assert not Merge.objects.exists()

    def test_two_unfinished_assessments_of_one_author_are_named(self, client, pair):
        author = practitioner(name="Ada Writer")
        for child in (pair.child, pair.other):
            AssessmentFactory(child=child, author=author)
        address = self.keep(client, pair, pair.child)
        text = page(client.post(address, typed(client.get(address))), 409)
        assert "Ada Writer has an unfinished assessment on each" in text

    def test_pressed_twice_merges_once_and_says_how_it_stands(self, client, pair):
        address = self.keep(client, pair, pair.child)
        sent = typed(client.get(address))
        for _ in range(2):
            assert client.post(address, sent).url == url("duplicate", pair)
        assert Merge.objects.count() == 1

    def test_a_record_to_keep_that_is_neither_leads_back(self, client, pair):
        assert client.get(url("duplicate-merge", pair) + "?keep=7Q4K-2M9XAB").url == url("duplicate", pair)

    def test_the_kept_record_says_so_to_whoever_sees_it_and_the_other_reference_leads_there(
        self, client, pair
    ):
        worker = practitioner()
        give_access(pair.other, user=worker)
        address = self.keep(client, pair, pair.child)
        client.post(address, typed(client.get(address)))
        theirs = signed_in(worker)
        text = page(theirs.get(reverse("child", args=[pair.other.reference])))
        assert pair.child.reference in text
        merged = reverse("child-merged", args=[pair.child.reference])
        assert merged in text
        text = page(theirs.get(merged))
        assert "Shaun" in text
        assert "tell the front door" in text


class TestUndoing:
    @pytest.fixture
    def merged(self, pair, door):
        merging.merge(by=door, pair=pair, kept=pair.child, take=["address"], versions=(1, 1))
        return pair

    def test_asks_how_one_knows_and_puts_everything_back(self, client, merged):
        text = page(client.post(url("duplicate-undo", merged)), 422)
        assert "Enter how you know that these are two children" in text
        response = client.post(url("duplicate-undo", merged), {"why": "Both came to the door."})
        assert "Both came to the door." in page(client.get(response.url))
        assert Child.objects.get(pk=merged.child_id).address == "1 Invented Street"
        assert not Child.objects.exclude(merged_into=None).exists()

    def test_says_what_stays_because_somebody_has_changed_it_since(self, client, merged):
        Child.objects.filter(pk=merged.child_id).update(address="3 Invented Street")
        response = client.post(url("duplicate-undo", merged), {"why": "Seen together."}, follow=True)
        assert "somebody has changed it since the merge: Address" in page(response)

    def test_a_pair_that_is_not_merged_cannot_be_undone(self, client, pair):
        address = url("duplicate-undo", pair)
        assert client.get(address).url == url("duplicate", pair)
        assert "Both came." in page(client.post(address, {"why": "Both came."}), 409)

    def test_the_latest_merge_comes_first_and_the_reason_that_was_typed_is_shown(self, client, merged, door):
        kept = Child.objects.get(pk=merged.child_id)
        later = noted_pair(kept, ChildFactory())
        merging.merge(by=door, pair=later, kept=kept, take=[], versions=(kept.version, 1))
        text = page(client.get(url("duplicate-undo", merged)))
        assert url("duplicate-undo", later) in text
        text = page(client.post(url("duplicate-undo", merged), {"why": "They are twins."}), 409)
        assert "merged again since" in text
        assert "They are twins." in text


def test_who_decides_needs_the_role_at_that_moment(pair):
    user = front_door()
    standing = access.standing_of(user)
    assert pairs.count(standing) == 1
    assert pairs.count(access.standing_of(practitioner())) == 0
