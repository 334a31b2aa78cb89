"""Guessing is slowed down, counted for all processes together, and shuts out nobody but whoever guesses."""

import datetime

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.urls import reverse

from cre_toolkit.audit.models import Event
from cre_toolkit.ids import new_reference
from cre_toolkit.web import walks
from tests.databases import RealDatabase
from tests.factories.people import PASSWORD, ChildFactory, UserFactory, practitioner
from tests.integration.test_signing_in import sign_in, text

TOO_MANY = "Wait a few minutes"
WRONG = "something else altogether"


def at_address(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


@pytest.mark.django_db
class TestSigningIn:
    def test_after_five_wrong_passwords_the_right_one_opens_nothing_for_five_minutes(self):
        user, guesser = practitioner(), at_address("192.0.2.1")
        pages = [text(sign_in(guesser, user, WRONG)) for _ in range(5)]
        assert not any(TOO_MANY in page for page in pages)
        assert TOO_MANY in text(sign_in(guesser, user)), "not even the right one is looked at"

    def test_a_hundred_guesses_from_elsewhere_do_not_shut_out_whose_account_it_is(self):
        user = practitioner()
        for guess in range(100):
            sign_in(at_address(f"192.0.2.{guess % 9}"), user, WRONG)
        assert sign_in(at_address("198.51.100.7"), user).headers["Location"] == "/"

    def test_whoever_guesses_at_many_accounts_is_stopped_by_their_address(self):
        guesser = at_address("192.0.2.1")
        pages = [text(sign_in(guesser, practitioner(), WRONG)) for _ in range(21)]
        assert TOO_MANY not in pages[19]
        assert TOO_MANY in pages[20]

    def test_one_answer_for_whoever_has_an_account_and_whoever_has_none(self, db):
        nobody = UserFactory.build(email="nobody@example.org")
        pages = []
        for user, address in ((practitioner(), "192.0.2.1"), (nobody, "192.0.2.2")):
            client = at_address(address)
            pages.append([TOO_MANY in text(sign_in(client, user, WRONG)) for _ in range(7)])
        assert pages[0] == pages[1]

    def test_an_unknown_account_takes_as_long_as_a_known_one(self, monkeypatch, settings):
        """What takes the time is the hashing: each answer has done it once."""
        hashed = []
        encode = PBKDF2PasswordHasher.encode

        def counted(hasher, *given):
            hashed.append(given)
            return encode(hasher, *given)

        monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
        monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1000)
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
        known, closed = practitioner(), practitioner(is_active=False)
        for user in (known, closed):
            user.set_password(PASSWORD)
            user.save()
        for user in (known, closed, UserFactory.build(email="nobody@example.org")):
            hashed.clear()
            sign_in(Client(), user, WRONG)
            assert len(hashed) == 1, user.email

    def test_what_was_not_looked_at_is_on_the_audit_trail(self):
        user, guesser = practitioner(), at_address("192.0.2.1")
        for _ in range(7):
            sign_in(guesser, user, WRONG)
        kinds = [event.kind for event in Event.objects.filter(subject=user.pk)]
        assert kinds.count("account.sign-in-refused") == 5
        assert kinds.count("account.sign-in-throttled") == 2

    def test_no_page_but_those_of_signing_in_asks_the_shared_counts(self, django_assert_num_queries):
        client = Client()
        sign_in(client, practitioner())
        with django_assert_num_queries(2):
            client.get(reverse("contacts"))


def test_many_at_once_get_no_more_tries_than_one_after_another(real_database: RealDatabase) -> None:
    user = practitioner()
    pages = real_database.at_once(8, lambda _: text(sign_in(at_address("192.0.2.1"), user, WRONG)))
    assert [page for page in pages if isinstance(page, Exception)] == []
    assert sum("is not correct" in str(page) for page in pages) <= 5
    assert sum(TOO_MANY in str(page) for page in pages) >= 3


@pytest.mark.django_db
class TestWalkOverReferences:
    @pytest.fixture
    def walker(self):
        client = Client()
        sign_in(client, practitioner())
        return client

    def walk(self, client: Client, steps: int) -> list[int]:
        return [client.get(reverse("child", args=[new_reference()])).status_code for _ in range(steps)]

    def test_it_is_stopped_and_the_audit_trail_says_so_once(self, walker):
        assert self.walk(walker, walks.MOST) == [404] * walks.MOST
        assert self.walk(walker, 3) == [429] * 3
        event = Event.objects.get(kind="access.walk-stopped")
        assert event.actor == event.subject
        assert Event.objects.filter(kind="access.not-visible").count() == walks.MOST + 3

    def test_what_is_there_and_what_is_not_get_one_answer(self, walker):
        there = ChildFactory().reference
        self.walk(walker, walks.MOST)
        for reference in (there, new_reference()):
            assert walker.get(reverse("child", args=[reference])).status_code == 429

    def test_a_search_for_references_or_nhs_numbers_counts_too(self, walker):
        self.walk(walker, walks.MOST - 3)
        for asked in (
            {"reference": new_reference()},
            {"name": new_reference()},
            {"nhs_number": "999 000 0018"},
        ):
            assert walker.post(reverse("search"), asked).status_code == 200, asked
        assert walker.post(reverse("search"), {"reference": new_reference()}).status_code == 429

    def born(self, client: Client, day: int, name: str = "Siân Guessed") -> str | int:
        """What a search says of a name and a birthday in May; its status where it says nothing."""
        said = {"name": name, "date_of_birth_day": day, "date_of_birth_month": 5, "date_of_birth_year": 2011}
        response = client.post(reverse("search"), said)
        there = "There is a record that you do not see" in response.content.decode()
        return "there" if there else response.status_code

    @pytest.mark.parametrize("sees_another", [False, True])
    def test_nobody_finds_a_birthday_by_trying_one_after_another(self, db, sees_another):
        user, client = practitioner(), Client()
        sign_in(client, user)
        ChildFactory(given_names="Siân", family_name="Guessed", date_of_birth=datetime.date(2011, 5, 28))
        if sees_another:
            ChildFactory(given_names="Sian", family_name="Guessing", created_by=user)
        assert self.born(client, 28) == "there"
        for day in range(1, walks.MOST_BIRTHDAYS):
            assert self.born(client, day) == 200
        assert self.born(client, 28) == "there", "as before: it is no other one"
        ChildFactory(given_names="Siân", family_name="Guessed", date_of_birth=datetime.date(2011, 5, 27))
        assert self.born(client, 27) != "there"
        assert self.born(client, 27, "Guessed, Siân") != "there"
        assert self.born(client, 27, "Somebody Else") == 200
        assert Event.objects.filter(kind="access.walk-stopped").count() == 1

    def test_whom_they_see_is_found_all_the_same(self, db):
        user, client = practitioner(), Client()
        sign_in(client, user)
        mine = ChildFactory(created_by=user, given_names="Siân", family_name="Guessed")
        for day in range(1, walks.MOST_BIRTHDAYS + 5):
            self.born(client, day)
        said = client.post(reverse("search"), {"name": "Siân Guessed"})
        assert mine.reference in said.content.decode()

    def test_the_same_link_followed_again_and_again_is_no_walk(self, walker):
        path = reverse("child", args=[new_reference()])
        assert {walker.get(path).status_code for _ in range(walks.MOST + 5)} == {404}

    def test_what_somebody_may_see_stays_open_to_them(self, db):
        user, client = practitioner(), Client()
        sign_in(client, user)
        mine = ChildFactory(created_by=user)
        self.walk(client, walks.MOST + 1)
        assert client.get(reverse("child", args=[mine.reference])).status_code == 200
        assert client.post(reverse("search"), {"name": "Invented"}).status_code == 200

    def test_one_walker_stops_nobody_else(self, walker):
        self.walk(walker, walks.MOST + 1)
        other = Client()
        sign_in(other, practitioner())
        assert self.walk(other, 1) == [404]


@pytest.mark.django_db
class TestPasswords:
    @pytest.mark.parametrize(
        ("password", "said"),
        [
            ("elevenchars", "at least 12"),
            ("password1234", "too common"),
            ("qwertyuiop123", "too common"),
            ("sam.pretend@example.org", "too similar"),
        ],
    )
    def test_what_is_guessed_first_is_refused_in_words(self, password, said):
        assert said in text(self.change(password, email="sam.pretend@example.org"))

    @pytest.mark.parametrize("password", ["x7 " * 21 + "z", "Zwölf 李小龙 عائشة ok", "l" + "ong " * 60])
    def test_long_ones_with_any_letters_are_taken_whole(self, password):
        user = practitioner()
        client = Client()
        self.change(password, user=user, client=client)
        client.post("/account/sign-out/")
        assert sign_in(Client(), user, password[:-1]).status_code == 200, "no letter is cut off"
        assert sign_in(Client(), user, password).headers["Location"] == "/"

    def change(self, new, *, user=None, client=None, email=None):
        user = user or practitioner(**({"email": email} if email else {}))
        client = client or Client()
        sign_in(client, user)
        typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        return client.post(reverse("account_change_password"), typed)
