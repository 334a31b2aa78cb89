"""Signing in and out, and what anybody who is signed in may read."""

import re

import pytest
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
    assert client.get("/").status_code == 200


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


def test_signing_in_goes_nowhere_but_to_this_service(client):
    response = sign_in(client, practitioner(), next="//evil.example/")
    assert response.headers["Location"] == "/"


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
    client.post("/account/sign-out/")
    assert client.get("/").status_code == 302


def test_accounts_are_given_and_never_taken(client):
    for path in ("/account/signup/", "/account/sign-up/", "/accounts/signup/"):
        assert client.post(path, {"email": "x@example.org", "password1": PASSWORD}).status_code in (302, 404)
    assert not UserFactory._meta.model.objects.exists()


def test_no_page_may_be_kept_by_a_browser_or_a_proxy(client):
    sign_in(client, practitioner())
    for name in ("home", "account", "guidance", "contacts"):
        assert "no-store" in client.get(reverse(name)).headers["Cache-Control"], name


def test_a_strict_content_security_policy_stands_on_every_page(client):
    policy = client.get(SIGN_IN).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


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
