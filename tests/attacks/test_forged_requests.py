"""Requests that no page of ours made: without its token, from another site, with another verb, too large.

A new address is tried by itself.
"""

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter, UUIDConverter

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions
from cre_toolkit.assessments.models import DraftSection
from cre_toolkit.web.urls import urlpatterns
from tests.factories.assessments import AssessmentFactory
from tests.factories.people import practitioner
from tests.integration.journeys import signed_in, url

pytestmark = pytest.mark.django_db
EVIL = "https://evil.example"


@pytest.fixture
def draft():
    return AssessmentFactory()


def victim(user) -> tuple[Client, str]:
    """A browser that is signed in and keeps the rules of a real one; and the token of its forms."""
    client = signed_in(user)
    client.handler.enforce_csrf_checks = True
    client.get("/account/password/")
    return client, client.cookies["csrftoken"].value


def somewhere(pattern: URLPattern) -> str:
    known = {UUIDConverter: uuid.uuid4(), IntConverter: 1}
    converters = pattern.pattern.converters.items()
    return reverse(pattern.name, kwargs={name: known.get(type(each), "send") for name, each in converters})


def test_no_address_takes_a_form_of_another_site():
    client, token = victim(practitioner())
    for pattern in urlpatterns:
        path = somewhere(pattern)
        forged = [
            client.post(path),
            client.post(path, {"csrfmiddlewaretoken": token}, headers={"origin": EVIL}),
        ]
        assert [response.status_code for response in forged] == [403, 403], path


@pytest.mark.parametrize(
    "how",
    [
        {"data": {"csrfmiddlewaretoken": "x" * 64}},
        {"headers": {"origin": "null"}},
        {"headers": {"origin": "http://testserver.evil.example"}},
        {"secure": True, "headers": {"referer": f"{EVIL}/http://testserver/"}},
        {"secure": True},
    ],
    ids=["another token", "no origin", "an origin like ours", "from another page", "from no page"],
)
def test_nor_one_that_hides_where_it_comes_from(draft, how):
    client, token = victim(draft.author)
    said = {"version": "0", "locations": "The station", "csrfmiddlewaretoken": token}
    response = client.post(url("places-people", draft), **how | {"data": said | how.get("data", {})})
    assert response.status_code == 403
    assert not DraftSection.objects.exists()


def test_the_same_form_of_our_own_is_taken(draft):
    client, token = victim(draft.author)
    said = {"version": "0", "locations": "The station", "then": "continue", "csrfmiddlewaretoken": token}
    client.post(url("places-people", draft), said, headers={"origin": EVIL})
    assert not DraftSection.objects.exists()
    client.post(url("places-people", draft), said, headers={"origin": "http://testserver"})
    assert DraftSection.objects.get().answers["locations"] == "The station"


def test_no_account_comes_with_the_service():
    assert not User.objects.exists()


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_link_cannot_be_called_a_button(draft, header):
    path = url("discard", draft)
    signed_in(draft.author).get(f"{path}?_method=POST", headers={header: "POST"})
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_form_that_is_too_large_is_refused_and_nothing_of_it_is_kept(draft, settings):
    client = signed_in(draft.author)
    page = url("places-people", draft)
    large = {"version": "0", "locations": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    many = {f"field-{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    for said in (large, many):
        response = client.post(page, said)
        assert response.status_code in (400, 413)
        assert "Traceback" not in response.content.decode()
    assert not DraftSection.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/admin/",
        "/metrics",
        "/server-status",
        "/static/../manage.py",
        "/static/..%2fmanage.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/media/",
        "/api/",
        "/__debug__/",
        "/children/7Q4K-2M9XAB/../../.git/config",
    ],
)
def test_nothing_else_is_served(path):
    response = signed_in(practitioner()).get(path)
    assert response.status_code in (400, 404)
    assert "no-store" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_what_breaks_says_nothing_of_the_inside(draft, monkeypatch):
    def broken(**_):
        raise RuntimeError("SELECT secret FROM cre_toolkit")

    monkeypatch.setattr(actions, "save_section", broken)
    client = signed_in(draft.author)
    client.raise_request_exception = False
    response = client.post(url("places-people", draft), {"version": "0", "locations": "The station"})
    page = response.content.decode()
    assert response.status_code == 500
    for inside in ("Traceback", "SELECT secret", "RuntimeError", "save_section", "site-packages", "DEBUG"):
        assert inside not in page
    assert "no-store" in response.headers["Cache-Control"]
    assert not DraftSection.objects.exists()
