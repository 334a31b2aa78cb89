"""A meeting with an agreed level, from the child's page to the minutes, as an expert goes."""

import io
from collections.abc import Callable
from dataclasses import astuple

from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cre_toolkit.documents.model import MARKING
from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.hand import Effort, Hand

# service.md, "The journeys and their budget".
BUDGET = Effort(pages=8, clicks=32, keys=78)


def _plan(hand: Hand) -> None:
    """It is held now: the due review is proposed, with everybody around the child."""
    now, page = timezone.localtime(), hand.page
    expect(page.get_by_role("radio", name="CRE review meeting")).to_be_checked()
    for part, value in (("Day", now.day), ("Month", now.month), ("Year", now.year)):
        hand.type(page.get_by_label(part, exact=True), str(value))
    hand.type(page.get_by_label("Time", exact=True), "00:01")
    hand.button("Save the meeting")


def _write(hand: Hand) -> None:
    """Who came, what was said, the level with a dissent, a decision, two things to do."""
    page = hand.page
    for person in page.get_by_role("group").filter(has=page.get_by_role("radio", name="Came")).all():
        hand.choose(person.get_by_role("radio", name="Came", exact=True))
    hand.tell(page.get_by_label("Who else came?"), "School nurse")
    hand.tell(page.get_by_label("What was said?"), "Her aunt meets her at the station.")
    hand.choose(page.get_by_role("radio", name="Low", exact=True))
    hand.tell(page.get_by_label("Why this level, or why none?"), "It has stopped.")
    hand.tell(page.get_by_label("Who did not agree?", exact=True), "School nurse")
    hand.tell(page.locator("#dissent-0-why"), "She still has new things.")
    hand.tell(page.get_by_label("What was decided?", exact=True), "Her aunt goes on.")
    hand.tell(page.locator("#decision-0-why"), "She trusts her.")
    hand.tell(page.get_by_label("What is to be done?"), "Meet her at the station")
    hand.tell(page.get_by_label("Or somebody without an account here"), "Her aunt")
    hand.button("Add another action")
    hand.tell(page.locator("#action-1-what"), "Ask the school how she is")
    hand.tell(page.locator("#action-1-owner_name"), "School nurse")
    hand.button("Save and see what follows")


def test_a_meeting_agrees_a_level(
    open_page: OpenPage,
    clerk: Callable[..., Clerk],
    record_property: Callable[[str, object], None],
    javascript: bool,
) -> None:
    at_desk = clerk()
    child = at_desk.child()
    at_desk.sent(child)
    page = open_page(child.path, who="protection", javascript=javascript)
    hand = Hand(page, never=(child.given_names, child.family_name))
    hand.begin()
    hand.press(page.locator(f"a[href='{child.path}meetings/']:visible").first)
    hand.sees("Meetings")
    hand.press(page.get_by_role("link", name="Plan or record it"))
    _plan(hand)
    hand.sees("Record the meeting")
    _write(hand)
    hand.sees("Read it once more, and see what follows")
    expect(page.get_by_role("main")).to_contain_text("No level agreed yet")
    hand.choose(page.get_by_role("radio", name="No, later"))
    hand.button("Record the meeting")
    hand.sees("CRE review meeting")
    record_property("effort", hand.report())
    for spent, allowed in zip(astuple(hand.effort), astuple(BUDGET), strict=True):
        assert spent <= allowed, hand.report()
    _read_the_minutes(page)
    page.goto(child.path)
    expect(page.locator(".app-card", has_text="Agreed level")).to_contain_text("Low")


def _read_the_minutes(page: Page) -> None:
    """On the page, and as a PDF that is marked."""
    main = page.get_by_role("main")
    for words in ("She still has new things.", "Her aunt goes on.", "Ask the school how she is"):
        expect(main).to_contain_text(words)
    href = page.get_by_role("link", name="Minutes as PDF").get_attribute("href") or ""
    response = page.request.get(href)
    assert "meeting" not in response.headers["content-disposition"].replace("minutes", "")
    texts = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(response.body())).pages]
    assert all(MARKING in text for text in texts)
    assert "She still has new things." in " ".join(" ".join(texts).split())
