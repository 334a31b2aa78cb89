"""What no page sends, sent to every form and address of the URLconf: the service refuses it and never breaks.

The examples are the same each time (TESTING.md). An error that is not caught fails the test by itself.
"""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.urls import URLPattern, reverse
from hypothesis import strategies as st

from cre_toolkit.accounts.models import Role, RoleHeld, User
from cre_toolkit.children.models import Child
from tests.integration.htmlforms import Form, forms_in
from tests.integration.journeys import signed_in
from tests.integration.test_every_form import ALL, pages
from tests.integration.test_nobody_else import OF_PEOPLE

pytestmark = pytest.mark.django_db

NASTY = (
    "", " ", "0", "-1", "1", "9" * 40, "1e999", "NaN", "٣", "0x10", "31", "2026-13-40", "99999999", "0000",
    "null", "[]", '{"a":' * 400, "\x00", "a\x00b", "\r\n", "\u202e\u2066", "\ufeff", "\U0001f9d2\u200d",
    "e" + "\u0301" * 60, "é" * 9_000, "' OR 1=1 --", "'; DROP TABLE children_child; --", "%s%n%00", "%(a)s",
    "{0.__class__}", "{{7*7}}", "{% load %}", '#read("x")', "=1+1", "<script>", "../../etc/passwd",
    "//evil.example", "javascript:x", "00000000-0000-0000-0000-000000000000", "7Q4K-2M9XAB", "999 000 0000",
    "send", "add-action", "remove-0", "leave-out",
)  # fmt: skip
VALUES = st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=30))
# Names that no form has, which a careless service would take for fields of its own.
EXTRA = {
    "authority": "derbyshire", "status": "sent", "level": "low", "role": "administrator", "is_staff": "1",
    "is_superuser": "1", "is_active": "1", "author": "1", "created_by": "1", "user": "1", "by": "1",
    "pk": "1", "id": "1",
}  # fmt: skip
# What a careless service would take from an address.
ASKED = (
    "page", "next", "held", "then", "keep", "q", "name", "child", "person", "kind", "since", "until", "sort",
)  # fmt: skip
EXAMPLES_EACH = 3


def forms(pattern: URLPattern) -> Iterator[tuple[User, str, Form]]:
    """Every form of every page of an address, and the address by itself. Signing out stands on each page."""
    for user, path in pages(pattern):
        response = signed_in(user).get(path)
        html = response.content.decode() if "text/html" in response.headers["Content-Type"] else ""
        yield user, path, Form("", "get", boxes=dict.fromkeys(ASKED, ""))
        for form in forms_in(html):
            if form.action != reverse("account_logout"):
                yield user, path, form


@st.composite
def filled_in(draw: st.DrawFn, form: Form) -> dict[str, list[str]]:
    """The form as nobody fills it in: of each name values of any kind or none, and other names."""
    names = [*form.hidden, *form.boxes, *form.areas, *form.choices]
    said: dict[str, list[str]] = {name: [value] for name, value in (form.hidden | form.boxes).items()}
    for name in draw(st.lists(st.sampled_from(names), unique=True)) if names else ():
        offered = st.sampled_from(form.choices.get(name) or [""])
        said[name] = draw(st.lists(st.one_of(offered, VALUES), max_size=3))
    if form.submits and draw(st.booleans()):
        name, value = draw(st.sampled_from(form.submits))
        said[name] = [value]
    if form.method == "post":
        said |= {name: [value] for name, value in EXTRA.items() if name not in names and draw(st.booleans())}
    return said


def what_nobody_gives_themselves(*, administers: bool) -> list[Any]:
    """Accounts, roles and whose a child is: no form of anybody but an administrator changes them."""
    people = [] if administers else [*User.objects.order_by("pk").values_list("pk", "email", "is_active")]
    roles = RoleHeld.objects.filter(role=Role.ADMINISTRATOR) if administers else RoleHeld.objects.all()
    return [
        *people,
        *roles.order_by("pk").values_list(),
        *Child.objects.order_by("pk").values_list("created_by"),
    ]


def answered(user: User, path: str, form: Form) -> set[int]:
    """How the service answered what was sent by it."""
    answers = set()

    @hypothesis.settings(
        max_examples=EXAMPLES_EACH, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(filled_in(form))
    def send(said: dict[str, list[str]]) -> None:
        client, where = signed_in(user), form.action.partition("#")[0] or path
        response = client.post(where, said) if form.method == "post" else client.get(where, said)
        assert response.status_code < 500, where
        answers.add(response.status_code)

    send()
    return answers


@ALL
def test_it_is_answered_and_gives_nobody_more_than_they_had(pattern):
    found = list(forms(pattern))
    administers = pattern.name in OF_PEOPLE
    before = what_nobody_gives_themselves(administers=administers)
    for user, path, form in found:
        assert answered(user, path, form)
    assert what_nobody_gives_themselves(administers=administers)[: len(before)] == before
