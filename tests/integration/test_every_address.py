"""What holds for every address of the service, read from the URLconf: verbs, caches, the audit trail.

A new address is tried by itself; nothing has to be added here.
"""

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from cre_toolkit.audit import queries as audit
from cre_toolkit.casework.assessment import sending
from cre_toolkit.web.urls import urlpatterns
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory
from tests.integration.journeys import signed_in
from tests.integration.test_nobody_else import OF_A_RECORD, address, parameters

pytestmark = pytest.mark.django_db
NAMES = pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
# The child's given name in these tests: where it stands on a page, the page shows the child's record.
SIANWEN = "Siânwen"


@pytest.fixture
def draft():
    """A draft that could be sent, of a child who is seen by its author."""
    child = ChildFactory(
        given_names=SIANWEN, send="no", open_to_social_care="yes", plan="none", looked_after="no"
    )
    return ready_draft(child)


def where(pattern: URLPattern, draft) -> str:
    if pattern in OF_A_RECORD:
        return address(pattern, draft.child, draft)
    # Of a person, a team or a row: one that there is not.
    nobody = {"person": uuid.uuid4(), "team": uuid.uuid4(), "cover_id": uuid.uuid4(), "row": 1}
    return reverse(pattern.name, kwargs={name: nobody.get(name, "send") for name in parameters(pattern)})


@NAMES
def test_no_verb_but_those_of_pages_and_forms(pattern, draft):
    client = signed_in(draft.author)
    for verb in ("PUT", "PATCH", "DELETE", "TRACE"):
        response = client.generic(verb, where(pattern, draft))
        assert response.status_code == 405, verb
        assert set(response.headers["Allow"].split(", ")) <= {"GET", "HEAD", "POST", "OPTIONS"}


@NAMES
def test_nothing_is_kept_by_a_browser_or_a_proxy_and_every_header_protects(pattern, draft):
    client = signed_in(draft.author)
    for response in (client.get(where(pattern, draft)), client.post(where(pattern, draft))):
        headers = response.headers
        assert "no-store" in headers["Cache-Control"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "testserver.evil.example"])
def test_only_the_services_own_hosts_are_answered(client, host, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    for name in ("home", "account_login", "accessibility"):
        response = client.get(reverse(name), headers={"host": host})
        assert response.status_code == 400, name
        assert host not in response.content.decode(), name


def shows_the_child(response) -> bool:
    """Whether an answer shows something of the child's record: the name, or a document."""
    if response.status_code != 200:
        return False
    kind = response.headers["Content-Type"].partition(";")[0]
    return kind not in ("text/html", "application/json") or SIANWEN in response.content.decode()


def found_by_asking_about_the_child(
    client: Client, draft, path: str, data: dict[str, str] | None = None
) -> bool:
    """Whether the path shows the child, and then its event is among those of this child and this user."""

    def looks() -> int:
        return (audit.of_child(draft.child.pk) & audit.of_user(draft.author.pk)).count()

    before = looks()
    response = client.get(path) if data is None else client.post(path, data)
    if not shows_the_child(response):
        return False
    assert looks() > before, f"{path} showed the child, and the audit trail does not know"
    return True


@pytest.mark.parametrize("pattern", OF_A_RECORD, ids=lambda pattern: pattern.name)
def test_whoever_opened_a_page_of_the_record_is_found_by_asking_about_the_child(pattern, draft):
    client = signed_in(draft.author)
    found_by_asking_about_the_child(client, draft, where(pattern, draft))
    sending.send(by=draft.author, assessment=draft)
    found_by_asking_about_the_child(client, draft, where(pattern, draft))


@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns if not parameters(pattern)])
def test_whoever_was_shown_a_list_with_the_child_is_found_by_asking_about_the_child(name, draft):
    # Another child, so that it is a list of several.
    ready_draft(ChildFactory(created_by=draft.author), author=draft.author)
    client = signed_in(draft.author)
    found_by_asking_about_the_child(client, draft, reverse(name))
    sending.send(by=draft.author, assessment=draft)
    found_by_asking_about_the_child(client, draft, reverse(name))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("home", None),
        ("search", {"name": SIANWEN}),
        ("child", None),
        ("assessment", None),
        ("assessment-check", None),
    ],
)
def test_the_pages_that_show_a_child_are_those_that_these_tests_take_for_such(name, data, draft):
    pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
    assert found_by_asking_about_the_child(signed_in(draft.author), draft, where(pattern, draft), data)


def test_a_page_for_developers_is_not_found_in_production(client, settings):
    settings.DEMONSTRATION = settings.DEBUG = False
    assert client.get(reverse("components")).status_code == 404
    settings.DEMONSTRATION = True
    assert client.get(reverse("components")).status_code == 200
