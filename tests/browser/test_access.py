"""Those who may see least: for them the child, the draft, the record and the form do not exist."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from django.urls import get_resolver, reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk, Invented
from tests.browser.pages.journey import address

# A practitioner of the same authority in another agency; one of the other authority; two who see no child.
STRANGERS = ["teacher", "county.worker", "admin", "auditor"]


def addresses(of: str, reference: str) -> Iterator[str]:
    """Every address of the service that stands under `children/` or `assessments/` with this reference."""
    for pattern in get_resolver().url_patterns:
        route = str(pattern.pattern)
        if not route.startswith(f"{of}/<slug:reference>/"):
            continue
        known = {
            "reference": reference,
            "part": "identity",
            "group": "missing-and-places",
            "number": 1,
            "sheet": "0000-000000",
            "grant": uuid.UUID(int=0),
            "lock_out": uuid.UUID(int=0),
            "event": uuid.UUID(int=0),
            "note": uuid.UUID(int=0),
            "action": "tell-manager",
        }
        yield reverse(pattern.name, kwargs={key: known[key] for key in pattern.pattern.converters})


@pytest.fixture(scope="module")
def secrets() -> dict[str, tuple[Invented, str, str]]:
    return {}


@pytest.fixture
def made(
    clerk: Callable[..., Clerk], secrets: dict[str, tuple[Invented, str, str]]
) -> tuple[Invented, str, str]:
    """A child whom the worker has added, a draft and a sent assessment."""
    if not secrets:
        at_desk = clerk()
        child = at_desk.child()
        sent = at_desk.sent(child)
        secrets["made"] = child, at_desk.draft(child, until="check"), sent
    return secrets["made"]


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_finds_nothing(open_page: OpenPage, made: tuple[Invented, str, str], who: str) -> None:
    child, draft, sent = made
    page = open_page("/accessibility/", who=who)
    of_assessments = [path for each in (draft, sent) for path in addresses("assessments", each)]
    paths = [*addresses("children", child.reference), *of_assessments]
    assert len(paths) > 40
    for path in paths:
        for answer in (page.request.get(path), page.request.post(path, form=a_token(page))):
            assert answer.status in (404, 405), f"{path} answers {answer.status}"
            assert child.family_name not in answer.text()

    page.goto(child.path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    page.goto(address(sent, "record"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")


@pytest.mark.parametrize("who", STRANGERS)
def test_a_search_brings_nobody_up(open_page: OpenPage, made: tuple[Invented, str, str], who: str) -> None:
    child = made[0]
    page = open_page("/accessibility/", who=who)
    said = {"name": child.name, "reference": child.reference}
    for name, value in said.items():
        answer = page.request.post("/search/", form={name: value, **a_token(page)})
        assert answer.status in (200, 403)
        assert child.path not in answer.text()


def test_the_team_manager_sees_what_was_sent_and_no_draft(
    open_page: OpenPage, made: tuple[Invented, str, str]
) -> None:
    child, draft, sent = made
    page = open_page(child.path, who="manager")
    expect(page.locator(".app-identity__name")).to_have_text(child.name)
    page.goto(address(sent, "record"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Assessment as it was sent")
    for path in addresses("assessments", draft):
        # What is only ever posted answers a GET with 405, whoever asks.
        assert page.request.get(path).status in (404, 405), path


def a_token(page: Page) -> dict[str, str]:
    """What makes a form of the window's own, so that it is not refused for another reason."""
    tokens = {cookie["value"] for cookie in page.context.cookies() if "csrf" in cookie.get("name", "")}
    return {"csrfmiddlewaretoken": tokens.pop()}
