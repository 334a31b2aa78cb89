"""The child's pages over HTTP, without script: search, may it be one of these, the record, changing it."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.audit.models import Event
from cre_toolkit.children import queries
from cre_toolkit.children.models import AccessGrant, Child, PossibleDuplicate
from tests.factories.people import (
    ChildFactory,
    practitioner,
)
from tests.integration.childforms import BORN, add, born, hidden, page, search
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
SENTENCE = "the front door is shown"


@pytest.fixture
def user():
    return practitioner()


@pytest.fixture
def client(user):
    return signed_in(user)


class TestSearch:
    def test_says_why_each_child_is_a_candidate(self, client, user):
        child = ChildFactory(
            created_by=user,
            given_names="Siân",
            family_name="Ŵyn",
            date_of_birth=BORN,
            nhs_number="9990000018",
        )
        text = search(client, name="Siân Wynn", nhs_number="999 000 0018", **born(BORN))
        assert "1 possible match" in text
        for reason in ("Same NHS number", "Same date of birth", "Sounds like “Siân Wynn”"):
            assert reason in text
        assert f'href="{reverse("child", args=[child.reference])}"' in text
        assert "14 May 2011, aged" in text

    def test_the_way_to_add_a_child_comes_after_a_search_and_whatever_was_found(self, client, user):
        assert "Add a new child" not in page(client.get(reverse("search")))
        assert "Add a new child" in search(client, name="Nobody Here")
        ChildFactory(created_by=user, given_names="Amy", family_name="Here")
        assert "Add a new child" in search(client, name="Amy Here")

    def test_too_many_to_show_are_said_to_be(self, client, user, monkeypatch):
        monkeypatch.setattr(queries, "MOST", 2)
        for _ in range(3):
            ChildFactory(created_by=user, given_names="Mohammed", family_name="Khan", date_of_birth=None)
        text = search(client, name="Mohammed Khan")
        assert "There are more" in text
        assert "Not known" in text

    def test_no_name_is_in_an_address_a_title_or_the_audit(self, client, user):
        ChildFactory(created_by=user, given_names="Zebedee", family_name="Canary")
        text = search(client, name="Zebedee Canary")
        assert not re.search(r"(href|action|src)=\"[^\"]*(zebedee|canary)", text, re.IGNORECASE)
        assert "Canary" not in text[: text.index("</title>")]
        assert "Canary" not in str(list(Event.objects.values_list("detail", flat=True)))

    def test_the_audit_says_who_was_shown(self, client, user):
        child = ChildFactory(created_by=user, given_names="Amy", family_name="Here")
        search(client, name="Amy Here")
        event = Event.objects.get(kind="child.searched")
        assert (event.child, event.detail) == (child.pk, {"by": ["name"]})
        assert event.actor == user.pk

    def test_an_error_says_how_to_mend_it_and_keeps_what_was_typed(self, client):
        text = search(client, name="Siân Wynn", nhs_number="999 000 0019")
        assert "Error: Find a child" in text
        assert "does not fit the others" in text
        assert 'value="Siân Wynn"' in text
        assert 'href="#nhs_number"' in text

    @pytest.mark.parametrize(
        "name", ["Siân Ŵyn", "Nguyễn", "O'Neill", "李小龙", "عائشة", "<script>alert(1)</script>"]
    )
    def test_names_of_every_kind_are_found_and_shown(self, client, user, name: str):
        ChildFactory(created_by=user, given_names="", family_name=name)
        response = client.post(reverse("search"), {"name": name})
        assert f"<bdi>{name}</bdi>" in page(response)
        assert b"<script>alert" not in response.content

    def test_children_of_others_are_found_by_nobody_else(self, client):
        ChildFactory(given_names="Siân", family_name="Ŵyn")
        assert "Nobody found" in search(client, name="Siân Ŵyn")


class TestAdding:
    def test_what_was_searched_for_is_filled_in(self, client):
        text = search(client, name="Siân Wynn", postcode="de12qy", **born(BORN))
        typed = dict(hidden(text[: text.index("Search again")]))
        form = page(client.post(reverse("child-new"), typed | {"then": "begin"}))
        for value in ("Siân", "Wynn", "DE1 2QY", "2011"):
            assert f'value="{value}"' in form
        assert not Child.objects.exists()

    def test_adds_the_child_and_goes_on_to_what_else_is_known(self, client, user):
        response = add(client, **born(BORN))
        child = Child.objects.get()
        assert response.url == reverse("child-more", args=[child.reference])
        assert (child.name, child.date_of_birth, child.created_by) == ("Amy Invented", BORN, user)
        assert SENTENCE in page(client.get(response.url))

    def test_the_same_form_twice_adds_one(self, client):
        form_id = uuid.uuid4()
        first, second = (add(client, form_id, **born(BORN)) for _ in range(2))
        assert first.url == second.url
        assert Child.objects.count() == 1

    def test_an_error_keeps_everything_that_was_typed(self, client):
        wrong = {"given_names": "", "family_name": "", "nhs_number": "12"}
        text = page(add(client, address="1 Invented Street", **wrong), 422)
        assert "Enter a first name, a last name or a name the child is known by" in text
        assert "You entered 2" in text
        assert "1 Invented Street" in text
        assert text.index("Enter a first name") < text.index("You entered 2")
        assert not Child.objects.exists()

    @pytest.mark.parametrize("field", ["working_level", "created_by", "version", "reference", "is_staff"])
    def test_fields_that_nobody_asked_for_are_not_taken(self, client, field: str):
        add(client, **{field: "7"})
        child = Child.objects.get()
        assert (child.working_level, child.version) == ("", 1)

    def test_an_authority_that_nobody_offered_is_not_taken(self, client):
        assert "Select the authority" in page(add(client, authority="atlantis"), 422)

    def test_gone_back_and_corrected_it_does_not_say_that_the_correction_is_saved(self, client):
        form_id = uuid.uuid4()
        for name in ("Any", "Amy"):
            response = add(client, form_id, given_names=name, **born(BORN))
            text = page(client.get(response.url))
        child = Child.objects.get()
        assert child.given_names == "Any"
        assert response.url == reverse("child", args=[child.reference])
        assert "What you have changed on the form since is not saved" in text
        assert "The child has been added." not in text

    def test_a_form_id_that_is_none_is_replaced(self, client):
        add(client, form_id="'; drop table")
        assert Child.objects.count() == 1


class TestMaybeOneOfThese:
    @pytest.fixture
    def known(self, user):
        return ChildFactory(created_by=user, given_names="Siân", family_name="Ŵyn", date_of_birth=BORN)

    def test_is_asked_before_anything_is_kept(self, client, known):
        text = page(add(client, given_names="Shaun", family_name="Wynn", **born(BORN)))
        assert "Is the child one of these?" in text
        assert "This is the child" in text
        assert "Sounds like “Shaun Wynn”" in text
        assert SENTENCE in text
        assert Child.objects.count() == 1
        shown = Event.objects.get(kind="child.likely-shown")
        assert shown.child == known.pk

    def test_none_of_these_adds_the_child_with_everything_typed(self, client, known):
        text = page(
            add(client, given_names="Shaun", family_name="Wynn", school="Invented School", **born(BORN))
        )
        sent: dict[str, list[str]] = {}
        for name, value in hidden(text):
            sent.setdefault(name, []).append(value)
        response = client.post(reverse("child-new"), sent | {"then": ["add"]})
        child = Child.objects.exclude(pk=known.pk).get()
        assert response.url == reverse("child-more", args=[child.reference])
        assert child.school == "Invented School"
        noted = PossibleDuplicate.objects.get()
        assert {noted.child, noted.other} == {child, known}

    def test_what_was_typed_can_be_changed(self, client, known):
        typed = dict(hidden(page(add(client, given_names="Shaun", family_name="Wynn", **born(BORN)))))
        text = page(client.post(reverse("child-new"), typed | {"then": "change"}))
        assert 'value="Shaun"' in text
        assert "There is a problem" not in text

    def test_a_restricted_record_changes_nothing_that_the_user_sees(self, client, user):
        """With and without a restricted record, every answer is the same, byte for byte (ADR 0007)."""

        def answers(given: str) -> list[tuple[int, str]]:
            found = client.post(reverse("search"), {"name": f"{given} Wynn", **born(BORN)})
            added = add(client, given_names=given, family_name="Wynn", **born(BORN))
            child = Child.objects.get(given_names=given, created_by=user)
            more = client.get(added.url)
            record = client.get(reverse("child", args=[child.reference]))
            texts = [response.content.decode() for response in (found, more, record)]
            plain = [
                re.sub(r'(csrfmiddlewaretoken|form_id|held_for)" value="[^"]+"', "", text)
                .replace(child.reference, "REFERENCE")
                .replace(given, "GIVEN")
                for text in texts
            ]
            return [(added.status_code, text) for text in plain]

        other = practitioner()
        without = answers("Aldabert")
        AccessGrant.objects.filter(user=user).update(until=timezone.now())
        for given in ("Siân", "Zuleika"):
            ChildFactory(
                created_by=other, given_names=given, family_name="Wynn", date_of_birth=BORN, restricted=True
            )
        assert answers("Zuleika") == without
        assert PossibleDuplicate.objects.filter(child__given_names="Zuleika").exists()
