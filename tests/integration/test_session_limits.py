"""What the limits of a session mean to whoever uses it: ended, locked, listed, and never a lost word."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.template.loader import get_template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cre_toolkit.accounts import leaving, sessions
from cre_toolkit.accounts.models import Role, Session
from cre_toolkit.assessments.models import HeldText
from cre_toolkit.audit.models import Event
from cre_toolkit.web import held_forms
from tests.factories.assessments import AssessmentFactory
from tests.factories.people import PASSWORD, ChildFactory, practitioner
from tests.factories.sessions import Later
from tests.integration.test_signing_in import sign_in, text

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"
TYPED = "A man in a grey car waits at the station."


@pytest.fixture
def later(monkeypatch) -> Later:
    return Later(monkeypatch)


@pytest.fixture
def user(db):
    return practitioner()


@pytest.fixture
def client(user) -> Client:
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/144.0"})
    sign_in(client, user)
    return client


@pytest.fixture
def form(user):
    """The address of a form in which somebody types, and what it sends."""
    draft = AssessmentFactory(child=ChildFactory(created_by=user), author=user)
    path = reverse("assessment-places-people", args=[draft.reference])
    return path, {"persons": TYPED, held_forms.FIELD: held_forms.signature(user, path)}


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


class TestIdle:
    def test_after_twenty_minutes_without_use_one_signs_in_again_and_is_told_why(self, client, later):
        later(timedelta(minutes=19))
        assert is_signed_in(client)
        later(timedelta(minutes=21))
        response = client.get("/contacts/")
        assert response.headers["Location"] == f"{SIGN_IN}?next=/contacts/"
        assert "not used for 20 minutes" in text(client.get(SIGN_IN))
        assert not Session.objects.filter(user__isnull=False).exists(), "ended where it is kept"

    def test_after_twelve_hours_one_signs_in_again_however_busy(self, client, later):
        for _ in range(60):
            later(timedelta(minutes=11, seconds=50))
            assert is_signed_in(client)
        later(timedelta(minutes=11))
        assert not is_signed_in(client)
        assert "12 hours ago" in text(client.get(SIGN_IN))

    def test_a_clock_that_is_set_a_day_ahead_signs_nobody_out(self, client):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
            assert is_signed_in(client)

    def test_what_the_pages_script_does_by_itself_is_no_use(self, client, later):
        for _ in range(4):
            later(timedelta(minutes=4))
            assert client.get(reverse("session")).json()["locked"] is False
            client.post("/contacts/", headers={"x-by-itself": "yes"})
        later(timedelta(minutes=5))
        assert not is_signed_in(client)

    def test_typing_is_use_and_so_is_to_say_that_one_is_there(self, client, later):
        for _ in range(4):
            later(timedelta(minutes=15))
            assert client.post(reverse("session-stay")).status_code == 204
        assert is_signed_in(client)

    def test_how_long_it_lasts_can_be_asked(self, client, later):
        later(timedelta(minutes=15))
        left = client.get(reverse("session")).json()["left"]
        assert 290 <= left <= 300

    def test_a_button_pressed_too_late_loses_no_word(self, client, user, form, later):
        path, typed = form
        later(timedelta(minutes=21))
        assert client.post(path, typed).headers["Location"].startswith(SIGN_IN)
        sign_in(client, user)
        assert TYPED in client.get(f"{path}?held=1").content.decode()

    def test_whoever_went_back_before_signing_in_again_has_the_text_back_all_the_same(
        self, client, user, form, later
    ):
        path, typed = form
        later(timedelta(minutes=21))
        client.post(path, typed)
        assert sign_in(client, user, next=path).headers["Location"] == f"{path}?held=1"

    def test_using_it_is_written_down_once_a_minute_and_costs_an_ordinary_page_nothing(self, client, later):
        def writes() -> list[str]:
            with CaptureQueriesContext(connection) as asked:
                client.get("/contacts/")
            return [query["sql"] for query in asked if "accounts_session" in query["sql"]]

        assert len(writes()) == 1, "the session is read, and nothing else of it"
        later(timedelta(seconds=61))
        assert len(writes()) == 2
        assert len(writes()) == 1


class TestEnded:
    def test_the_session_of_a_closed_account_is_gone(self, client, user):
        leaving.close_account(by=None, user=user)
        assert not is_signed_in(client)
        assert not sessions.of(user)

    def test_a_role_that_was_taken_away_is_gone_with_the_next_request(self, client, user):
        assert client.get(reverse("child-new")).status_code == 200
        user.roles_held.filter(role=Role.PRACTITIONER).update(until=datetime.now(UTC))
        assert client.get(reverse("child-new")).status_code == 403

    def test_a_changed_password_ends_every_other_session(self, client, user):
        other = Client()
        sign_in(other, user)
        new = "another invented pass phrase"
        typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        client.post(reverse("account_change_password"), typed)
        assert is_signed_in(client)
        assert not is_signed_in(other)
        assert len(sessions.of(user)) == 1


class TestLock:
    @pytest.fixture
    def locked(self, client):
        response = client.post(
            reverse("lock"), {"then": "lock"}, headers={"referer": "http://testserver/contacts/?x=1"}
        )
        assert response.headers["Location"] == "/lock/?next=%2Fcontacts%2F%3Fx%3D1"
        return client

    def test_a_locked_screen_shows_nothing_and_names_no_page(self, locked, form):
        for path in ("/", "/search/", "/drafts/", form[0], "/account/", "/account/sessions/"):
            for method in (locked.get, locked.post):
                response = method(path)
                assert response.status_code == 302, path
                assert response.headers["Location"].startswith("/lock/"), path
        assert locked.get("/lock/").status_code == 200
        assert locked.get(reverse("session")).json()["locked"] is True

    def test_the_password_opens_it_and_one_is_back_where_one_was(self, locked):
        key = locked.cookies["sessionid"].value
        response = locked.post("/lock/", {"password": PASSWORD, "next": "/contacts/?x=1"})
        assert response.headers["Location"] == "/contacts/?x=1"
        assert is_signed_in(locked)
        assert locked.cookies["sessionid"].value != key, "a new key: the old one opens nothing"

    def test_unlocking_makes_the_session_no_younger(self, locked, user):
        before = Session.objects.get(user=user).since
        locked.post("/lock/", {"password": PASSWORD})
        assert Session.objects.get(user=user).since == before

    def test_a_wrong_password_opens_nothing_and_too_many_end_the_session(self, locked):
        for _ in range(5):
            assert "The password is not correct" in text(locked.post("/lock/", {"password": "wrong"}))
        last = locked.post("/lock/", {"password": PASSWORD, "next": "/contacts/"})
        assert last.headers["Location"] == f"{SIGN_IN}?next=%2Fcontacts%2F"
        assert not is_signed_in(locked)
        assert Event.objects.filter(kind="account.unlock-refused").count() == 6

    def test_an_empty_password_is_asked_for(self, locked):
        assert "Enter your password" in text(locked.post("/lock/", {"password": ""}))

    def test_it_leads_nowhere_but_to_this_service(self, locked):
        response = locked.post("/lock/", {"password": PASSWORD, "next": "https://evil.example/"})
        assert response.headers["Location"] == "/"

    def test_another_sites_address_is_not_gone_back_to(self, client):
        response = client.post("/lock/", {"then": "lock"}, headers={"referer": "https://evil.example/x"})
        assert response.headers["Location"] == "/lock/?next=%2F"

    def test_a_form_that_was_open_is_held_and_given_back(self, locked, form):
        path, typed = form
        assert locked.post(path, typed).headers["Location"].startswith("/lock/?next=")
        assert HeldText.objects.get().posted
        locked.post("/lock/", {"password": PASSWORD})
        assert TYPED in locked.get(f"{path}?held=1").content.decode()

    def test_the_pages_script_locks_and_has_the_text_held_at_once_and_saves_nothing(self, client, form, user):
        path, typed = form
        response = client.post(path, {**typed, held_forms.HOLD_ONLY: "yes", "then": "continue"})
        assert response.headers["Location"].startswith("/lock/?next=")
        assert Session.objects.get(user=user).locked
        assert not Event.objects.filter(kind="assessment.saved").exists()
        client.post("/lock/", {"password": PASSWORD})
        page = client.get(f"{path}?held=1").content.decode()
        assert TYPED in page
        assert held_forms.HOLD_ONLY not in page

    def test_saving_while_typing_says_that_one_is_signed_out(self, locked, form):
        response = locked.post(*form, headers={"hx-request": "true"})
        assert response.status_code == 401
        assert response.headers["X-Autosave"] == "signed-out"

    def test_one_can_sign_out_of_a_locked_screen(self, locked):
        locked.post("/account/sign-out/")
        assert not is_signed_in(locked)

    def test_locking_and_opening_are_on_the_audit_trail(self, locked, user):
        locked.post("/lock/", {"password": PASSWORD})
        for kind in ("account.locked", "account.unlocked"):
            assert Event.objects.filter(kind=kind, actor=user.pk, subject=user.pk).count() == 1


class TestWhereOneIsSignedIn:
    def test_each_is_told_by_its_device_and_the_one_that_is_used_is_marked(self, client, user):
        phone = Client(
            headers={"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"}
        )
        sign_in(phone, user)
        page = text(client.get(reverse("sessions")))
        assert "Firefox on Windows" in page
        assert "Safari on an iPhone" in page
        assert page.count("This one") == 1

    def test_one_is_ended_and_no_other(self, client, user):
        others = [Client(), Client()]
        for other in others:
            sign_in(other, user)
        theirs = [row for row in sessions.of(user) if not row.device.startswith("Firefox")]
        client.post(reverse("sessions"), {"end": theirs[0].pk})
        assert sorted(map(is_signed_in, others)) == [False, True]
        assert is_signed_in(client)

    def test_all_others_are_ended(self, client, user):
        other = Client()
        sign_in(other, user)
        client.post(reverse("sessions"), {"others": "yes"})
        assert not is_signed_in(other)
        assert is_signed_in(client)
        assert "You are signed in nowhere else" in text(client.get(reverse("sessions")))

    def test_nobody_elses_is_ended_nor_seen(self, client):
        somebody, theirs = practitioner(), Client()
        sign_in(theirs, somebody)
        client.post(reverse("sessions"), {"end": sessions.of(somebody)[0].pk})
        assert is_signed_in(theirs)
        assert sessions.of(somebody)[0].pk not in client.get(reverse("sessions")).content.decode()


def test_the_page_knows_the_limits_that_hold():
    """The warning's times stand in a template that is the same for everybody."""
    words = get_template("_layouts/_session.html").template.source
    assert f'data-warned-after="{sessions.WARNED_AFTER.seconds}"' in words
    assert f'data-idle="{sessions.IDLE.seconds}"' in words
    assert f"{sessions.IDLE.seconds // 60} minutes without use" in words
