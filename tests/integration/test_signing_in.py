"""Signing in and out, and what anybody who is signed in may read."""

import re
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cre_toolkit.accounts.models import Role
from cre_toolkit.audit.models import Event
from cre_toolkit.rules.loading import authority_ids, load_authority
from tests.factories.people import PASSWORD, UserFactory, make_user, practitioner

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"login": user.email, "password": password, **extra})


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_page_asks_to_sign_in_first(client):
    for name in ("home", "account", "guidance", "contacts", "account_change_password"):
        response = client.get(reverse(name))
        assert response.status_code == 302, name
        assert response.headers["Location"].startswith(SIGN_IN), name


def test_a_person_signs_in_with_address_and_password_and_is_greeted_by_their_home(client):
    response = sign_in(client, practitioner())
    assert response.headers["Location"] == "/"
    home = client.get("/")
    assert home.status_code == 200
    assert "Success" not in text(home)


def test_what_was_left_empty_is_asked_for_in_words(client):
    signing_in = text(client.post(SIGN_IN, {}))
    assert "Enter your e-mail address" in signing_in
    assert "Enter your password" in signing_in
    sign_in(client, practitioner())
    assert "Enter your password" in text(client.post(reverse("account_reauthenticate"), {}))
    changing = text(client.post(reverse("account_change_password"), {}))
    assert "Enter your current password" in changing
    assert "Enter the new password again" in changing


@pytest.mark.parametrize(("going_to", "told"), [("/tasking/docx/", True), ("/account/", False)])
def test_whoever_confirms_for_a_document_reads_that_the_page_stays(client, going_to, told):
    sign_in(client, practitioner())
    page = text(client.get(reverse("account_reauthenticate"), {"next": going_to}))
    assert ("The document is saved with your downloads" in page) is told


def test_a_wrong_pair_gets_one_answer_whichever_was_wrong(client):
    known = practitioner()
    wrong_password = text(sign_in(client, known, "something else altogether"))
    known.email = "nobody@example.org"
    nobody = text(sign_in(client, known, "something else altogether"))
    assert "There is a problem" in wrong_password
    # The page differs by the form's token and what was typed alone.
    for page in (wrong_password, nobody):
        assert "The e-mail address or the password is not correct" in page


def test_somebody_deactivated_cannot_sign_in(client):
    user = practitioner()
    user.is_active = False
    user.save()
    sign_in(client, user)
    assert client.get("/").status_code == 302


def test_a_session_ends_when_its_user_is_deactivated(client):
    user = practitioner()
    sign_in(client, user)
    user.is_active = False
    user.save()
    assert client.get("/").status_code == 302


ELSEWHERE = pytest.mark.parametrize(
    "there",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "///evil.example"],
)


@ELSEWHERE
def test_signing_in_and_out_goes_nowhere_but_to_this_service(client, there):
    user = practitioner()
    assert sign_in(client, user, next=there).headers["Location"] == "/"
    assert client.post("/account/sign-out/", {"next": there}).headers["Location"] == SIGN_IN
    asked = client.post(f"{SIGN_IN}?next={quote(there)}", {"login": user.email, "password": PASSWORD})
    assert asked.headers["Location"] == "/"


def test_after_signing_in_one_comes_where_one_wanted_to_go(client):
    assert sign_in(client, practitioner(), next="/contacts/").headers["Location"] == "/contacts/"


def test_the_session_changes_at_sign_in(client):
    client.get(SIGN_IN)
    client.session.save()
    before = client.session.session_key
    sign_in(client, practitioner())
    assert client.session.session_key != before


def test_signing_out_is_a_post_and_then_nothing_is_shown(client):
    sign_in(client, practitioner())
    client.get("/account/sign-out/")
    assert client.get("/").status_code == 200, "a GET changes nothing"
    signed_out = client.post("/account/sign-out/")
    assert signed_out.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get("/").status_code == 302


def test_the_session_of_whoever_signed_out_is_worth_nothing_to_a_thief(client):
    sign_in(client, practitioner())
    stolen = client.cookies["sessionid"].value
    client.post("/account/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert thief.get("/").status_code == 302


def test_signing_in_and_out_and_a_wrong_password_are_on_the_audit_trail(client):
    user = practitioner()
    sign_in(client, user, "something else altogether")
    sign_in(client, user)
    client.post("/account/sign-out/")
    events = list(Event.objects.filter(kind__startswith="account.").order_by("pk"))
    assert [(event.kind, event.actor, event.subject) for event in events] == [
        ("account.sign-in-refused", None, user.pk),
        ("account.signed-in", user.pk, user.pk),
        ("account.signed-out", user.pk, user.pk),
    ]


def test_what_was_typed_by_whoever_could_not_sign_in_is_not_kept(client):
    nobody = practitioner()
    nobody.email = "Password.Typed.Here@example.org"
    sign_in(client, nobody)
    event = Event.objects.get(kind="account.sign-in-refused")
    assert (event.subject, event.detail) == (None, {})


def test_a_changed_password_is_on_the_audit_trail_and_holds(client):
    user = practitioner()
    sign_in(client, user)
    new = "another invented pass phrase"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data).status_code == 302
    assert Event.objects.filter(kind="account.password-changed", actor=user.pk).count() == 1
    client.post("/account/sign-out/")
    assert sign_in(client, user, new).headers["Location"] == "/"


def test_confirming_a_password_takes_the_right_one_alone(client):
    sign_in(client, practitioner())
    confirm = reverse("account_reauthenticate")
    assert "The password is not correct" in text(client.post(confirm, {"password": "something else"}))
    assert (
        client.post(confirm, {"password": PASSWORD, "next": "/account/"}).headers["Location"] == "/account/"
    )


@pytest.fixture
def nobody_counted_yet():
    """The counts of attempts stand in the process's cache: they begin and end with the test."""
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("nobody_counted_yet")
def test_too_many_wrong_passwords_shut_out_whoever_tries_under_whatever_forged_address(client):
    user = practitioner()

    def tries(attempt):
        return client.post(
            SIGN_IN,
            {"login": user.email, "password": "wrong"},
            headers={"x-forwarded-for": f"192.0.2.{attempt}"},
        )

    pages = [text(tries(attempt)) for attempt in range(12)]
    assert "is not correct" in pages[0]
    assert "Wait a few minutes" in pages[-1]


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(client):
    sign_in(client, practitioner())
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
    assert not client.cookies["sessionid"]["expires"], "ends with the browser"


def test_accounts_are_given_and_never_taken(client):
    for path in ("/account/signup/", "/account/sign-up/", "/accounts/signup/"):
        assert client.post(path, {"email": "x@example.org", "password1": PASSWORD}).status_code in (302, 404)
    assert not UserFactory._meta.model.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_everybody_sees_what_their_role_lets_them_do(client, role):
    client.force_login(make_user(role))
    assert "What your roles let you do" in text(client.get(reverse("account")))
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "role", [Role.ANALYST, Role.RECORDS_AUDITOR, Role.ADMINISTRATOR, Role.HEAD_OF_SERVICE]
)
def test_a_role_that_sees_no_child_has_no_way_to_one_on_its_home(client, role):
    client.force_login(make_user(role))
    assert "do not include seeing" in text(client.get("/"))


def test_looking_at_ones_home_is_on_the_audit_trail(client):
    client.force_login(practitioner())
    client.get("/")
    assert Event.objects.filter(kind="home.viewed").count() == 1


def test_every_page_of_guidance_can_be_read_and_names_its_source(client):
    client.force_login(practitioner())
    listed = re.findall(r'href="(/guidance/[a-z-]+/)"', client.get(reverse("guidance")).content.decode())
    assert listed
    for path in listed:
        assert "Source:" in text(client.get(path)), path


@pytest.mark.parametrize("topic", ["nothing", "..", "published"])
def test_a_page_of_guidance_that_does_not_exist_is_not_found(client, topic):
    client.force_login(practitioner())
    assert client.get(f"/guidance/{topic}/").status_code == 404


def test_contacts_show_every_number_with_its_date_ones_own_authority_first(client):
    client.force_login(practitioner(authority="derbyshire"))
    response = client.get(reverse("contacts"))
    page, html = text(response), response.content.decode()
    for id_ in authority_ids():
        for contact in load_authority(id_).packs[-1].contacts:
            assert contact.telephone is None or contact.telephone in page
    assert html.index(">Derbyshire</h2>") < html.index(">Derby</h2>")
    assert "Check before use" in page, "the document is from 2020"
