"""A forgotten password: a link by mail, good once and for an hour, that tells nobody who has an account."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cre_toolkit.accounts import leaving, sessions
from cre_toolkit.audit.models import Event
from cre_toolkit.jobs.models import Message
from tests.factories.people import PASSWORD, practitioner
from tests.integration.test_signing_in import SIGN_IN, sign_in, text

pytestmark = pytest.mark.django_db
NEW = "another invented pass phrase"


def ask(client: Client, email: str):
    return client.post(reverse("account_reset_password"), {"email": email})


def link() -> str:
    """The path of the link in the last mail."""
    return re.search(r"http://testserver(/\S+)", Message.objects.latest("created_at").body)[1]


def answer(client: Client, path: str, password: str = NEW):
    """Follow the link, and set a password on the page that it leads to."""
    page = client.get(path)
    return client.post(page.headers["Location"], {"password1": password, "password2": password})


@pytest.fixture
def user(db):
    return practitioner()


def test_the_way_from_the_sign_in_page_to_a_new_password(client, user):
    assert reverse("account_reset_password") in client.get(SIGN_IN).content.decode()
    assert "Look into your mail" in text(
        client.post(reverse("account_reset_password"), {"email": user.email}, follow=True)
    )
    assert answer(client, link()).headers["Location"] == reverse("account_reset_password_from_key_done")
    assert "Your new password is set" in text(client.get(reverse("account_reset_password_from_key_done")))
    assert sign_in(client, user).headers.get("Location") is None, "the old one opens nothing"
    assert sign_in(client, user, NEW).headers["Location"] == "/"


def test_the_link_works_once_and_for_an_hour(client, user):
    ask(client, user.email)
    path = link()
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        assert "This link works no more" in text(client.get(path))
    assert answer(client, path).status_code == 302
    assert "This link works no more" in text(Client().get(path))


def test_a_link_that_is_cut_or_made_up_opens_nothing(client, user):
    ask(client, user.email)
    for path in (
        link()[:-3] + "/",
        "/account/new-password/x/y/",
        "/account/new-password/" + "a" * 300 + "/b/",
    ):
        assert "This link works no more" in text(client.get(path)), path


def test_nobody_learns_who_has_an_account(client, user):
    known, nobody = ask(client, user.email), ask(client, "nobody@example.org")
    assert (known.status_code, known.headers["Location"]) == (nobody.status_code, nobody.headers["Location"])
    assert Message.objects.count() == 1, "an address without an account gets nothing"


def test_a_closed_account_gets_no_link(client, user):
    leaving.close_account(by=None, user=user)
    ask(client, user.email)
    assert not Message.objects.filter(to=user.email).exists()


def test_the_link_goes_where_the_account_says_and_to_this_service(client, user, settings):
    """Django refuses other hosts altogether; an address that differs by its letters' size gets no copy."""
    settings.ALLOWED_HOSTS = ["testserver"]
    evil = client.post(
        reverse("account_reset_password"), {"email": user.email}, headers={"host": "evil.example"}
    )
    assert evil.status_code == 400
    forwarded = {"x-forwarded-host": "evil.example"}
    client.post(reverse("account_reset_password"), {"email": user.email.upper()}, headers=forwarded)
    message = Message.objects.get()
    assert message.to == user.email
    assert "http://testserver/" in message.body
    assert "evil" not in message.body


def test_the_mail_names_nobody_and_its_link_is_erased_once_it_is_sent(client, user):
    ask(client, user.email)
    message = Message.objects.get()
    assert message.secret
    assert user.name not in message.subject + message.body


def test_every_session_ends_and_its_owner_is_told(client, user):
    theirs = Client()
    sign_in(theirs, user)
    ask(client, user.email)
    answer(client, link())
    assert theirs.get("/").status_code == 302
    assert not sessions.of(user)
    assert "was changed" in Message.objects.latest("created_at").body


def test_it_is_asked_for_three_times_in_a_quarter_of_an_hour_at_most(client, user):
    assert [ask(client, user.email).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert Message.objects.count() == 3


def test_whoever_mistyped_the_old_one_too_often_can_sign_in_with_the_new_one(client, user):
    for _ in range(6):
        page = sign_in(client, user, "something else altogether")
    assert "Wait a few minutes" in text(page)
    ask(client, user.email)
    answer(client, link())
    assert sign_in(client, user, NEW).headers["Location"] == "/"


@pytest.mark.parametrize("password", ["short", "password1234", "1234567890123"])
def test_the_new_password_keeps_the_rules(client, user, password):
    ask(client, user.email)
    assert "There is a problem" in text(answer(client, link(), password))
    assert sign_in(client, user, PASSWORD).headers["Location"] == "/"


def test_asking_and_setting_are_on_the_audit_trail(client, user):
    ask(client, user.email)
    ask(client, "nobody@example.org")
    answer(client, link())
    kinds = ["account.reset-asked", "account.password-changed"]
    events = Event.objects.filter(kind__in=kinds).order_by("pk")
    assert [(event.kind, event.subject) for event in events] == [(kind, user.pk) for kind in kinds]
