"""What every page of the service shows, with hostile text in every place where somebody types.

Each page of the URLconf is opened once, by somebody who may; the tests look at what they were given.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from cre_toolkit.accounts.models import Agency, Role, Team, User
from cre_toolkit.children.models import AgencyInvolved, Child, FamilyMember
from cre_toolkit.records.classification import FieldClass, classes
from cre_toolkit.web.urls import urlpatterns
from tests.factories import assessments
from tests.factories.people import make_user
from tests.integration.htmlforms import forms_in
from tests.integration.journeys import signed_in
from tests.integration.test_every_form import pages
from tests.integration.test_nobody_else import OPEN_TO_EVERYBODY

# Opening every page takes long: one worker does it, once.
pytestmark = pytest.mark.xdist_group("every page")

HOSTILE = (
    "\"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>"
    '<a href="javascript:alert(1)">x</a>'
)
# What looking at a page writes: that somebody looked, and that a session is used.
A_LOOK = re.compile(r'(INSERT INTO|UPDATE) "(audit_\w+|accounts_session)"')
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# Where people type, and what is not fixed once it is recorded.
TYPED_INTO = (Agency, AgencyInvolved, Child, FamilyMember, Team, User)


@dataclass
class Page:
    """One page as it was given to somebody who may see it."""

    name: str
    path: str
    html: str
    wrote: list[str] = field(default_factory=list)


class Elements(HTMLParser):
    """The elements of a page as a browser makes them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def fill_with_hostile_text() -> None:
    """Into every column of people and children in which there are words."""
    for model in TYPED_INTO:
        of_class = classes()[f"{model._meta.app_label}.{model.__name__}"]
        words = [
            each.name
            for each in model._meta.concrete_fields
            if isinstance(each, models.TextField | models.CharField)
            and not each.choices
            and (each.max_length or len(HOSTILE)) >= len(HOSTILE)
            and not isinstance(each, models.EmailField)
            and of_class[each.name] is not FieldClass.TECHNICAL
        ]
        for row in model._default_manager.all():
            model._default_manager.filter(pk=row.pk).update(**dict.fromkeys(words, HOSTILE))


def whoever_is_let_in(user: User, path: str) -> Iterator[User]:
    """Who may look at it; of a page that is for other roles, those who hold them."""

    def answer(somebody: User) -> int:
        with transaction.atomic():
            status = signed_in(somebody).get(path).status_code
            transaction.set_rollback(True)
        return status

    yield from (
        [each for each in map(make_user, Role) if answer(each) == 200] if answer(user) == 403 else [user]
    )


def opened_by(user: User, name: str, path: str) -> Page:
    """The page; one that is not there is a refusal and no look, which the guard against walks counts."""
    client = signed_in(user)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
    found = response.status_code == 200
    wrote = [each["sql"] for each in asked if found and WRITES.match(each["sql"])]
    html = response.content.decode() if "html" in response.headers["Content-Type"] else ""
    return Page(name, path, html, wrote)


@pytest.fixture(scope="module")
def opened(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Page]:
    opened = []
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(assessments, "NOTE", HOSTILE)
        for pattern in urlpatterns:
            with transaction.atomic():
                for user, path in pages(pattern):
                    fill_with_hostile_text()
                    opened += [opened_by(each, pattern.name, path) for each in whoever_is_let_in(user, path)]
                transaction.set_rollback(True)
    return opened


def test_looking_changes_nothing(opened):
    for page in opened:
        assert [sql for sql in page.wrote if not A_LOOK.match(sql)] == [], page.path


def test_hostile_text_stays_text(opened):
    for page in opened:
        for tag, attributes in Elements(page.html).found:
            assert tag != "script" or attributes.get("src", "").startswith("/static/"), page.path
            assert not [name for name in attributes if name.startswith("on")], (page.path, attributes)
            assert "javascript:" not in attributes.get("href", "") + attributes.get("action", ""), page.path
            assert attributes.get("src", "/static/").startswith(("/static/", "data:image/svg+xml;base64,"))
    assert sum("&lt;script&gt;alert(1)" in page.html for page in opened) > 30, "it was shown at all"


def test_no_form_takes_a_file(opened):
    assert [page.path for page in opened for form in forms_in(page.html) if form.files] == []


def test_a_password_is_typed_unseen_and_may_be_pasted(opened):
    asked = 0
    for page in opened:
        for tag, attributes in Elements(page.html).found:
            if tag == "input" and "password" in attributes.get("name", ""):
                asked += 1
                assert attributes["type"] == "password", page.path
                assert attributes["autocomplete"] in ("current-password", "new-password"), page.path
    assert asked


def test_every_page_has_a_way_out(opened):
    asked = 0
    for page in opened:
        if page.html and page.name not in OPEN_TO_EVERYBODY:
            asked += 1
            assert reverse("account_logout") in {form.action for form in forms_in(page.html)}, page.path
    assert asked > 100
