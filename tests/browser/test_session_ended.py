"""The session ends in mid-sentence: the text waits for its author, and nobody else gets it.

service.md, "The assessment" (the last point) and "Checks in a real browser".
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Site
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.journey import SAVE, address
from tests.browser.pages.typing import MORE, SAVED, TEXT, box, lose_session, says, sign_in, stands

NewClerk = Callable[..., Clerk]


@pytest.fixture
def draft(clerk: NewClerk) -> str:
    """A worker's draft, up to the page that asks for places and people."""
    at_desk = clerk()
    return at_desk.draft(at_desk.child(), until="places-people")


@pytest.fixture
def path(draft: str) -> str:
    return address(draft, "places-people")


class TestSessionEnded:
    """With script: 401, the text stays, sign in in a new tab, and it is saved by itself."""

    def test_in_mid_sentence(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        box(page).press_sequentially(TEXT)
        says(page, SAVED)
        lose_session(page.context)
        box(page).press_sequentially(MORE)
        says(page, "Not saved. You are signed out")
        expect(box(page)).to_have_value(TEXT + MORE)
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Sign in (opens in a new tab)").click()
        sign_in(opened.value, "worker")
        opened.value.wait_for_url("**/")
        says(page, SAVED)
        stands(open_page, path, TEXT + MORE)

    def test_the_button_does_not_take_the_text_along(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        lose_session(page.context)
        box(page).press_sequentially(TEXT)
        says(page, "Not saved. You are signed out")
        page.get_by_role("button", name=SAVE).click()
        expect(box(page)).to_have_value(TEXT)

    def test_the_button_pressed_before_the_page_could_know(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        lose_session(page.context)
        box(page).fill(TEXT)
        page.get_by_role("button", name=SAVE).click()
        page.wait_for_url(lambda url: "sign-in" in url)
        expect(page.get_by_text("what you typed is kept for you")).to_be_visible()
        sign_in(page, "worker")
        expect(box(page)).to_have_value(TEXT)
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")
        stands(open_page, path, TEXT)

    def test_somebody_else_who_signs_in_never_gets_it(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        lose_session(page.context)
        box(page).press_sequentially(TEXT)
        says(page, "Not saved. You are signed out")
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Sign in (opens in a new tab)").click()
        theirs = opened.value
        sign_in(theirs, "teacher")
        theirs.wait_for_url(lambda url: "sign-in" not in url)
        says(page, "Not saved. Somebody else is signed in")
        expect(box(page)).to_have_value(TEXT)
        theirs.goto(path)
        assert TEXT not in theirs.content()
        stands(open_page, path, "")


class TestSessionEndedWithoutScript:
    """The text is held for the same user, and given back after sign-in."""

    @pytest.fixture
    def page(self, open_page: OpenPage, path: str) -> Page:
        """The sign-in page, after a form was sent too late."""
        page = open_page(path, who="worker", javascript=False)
        lose_session(page.context)
        box(page).fill(TEXT)
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        return page

    def test_it_is_given_back(self, open_page: OpenPage, page: Page, path: str) -> None:
        expect(page.get_by_text("what you typed is kept for you")).to_be_visible()
        sign_in(page, "worker")
        expect(page.get_by_text("This is what you typed")).to_be_visible()
        expect(box(page)).to_have_value(TEXT)
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")
        stands(open_page, path, TEXT)

    def test_somebody_else_who_signs_in_never_gets_it(
        self, open_page: OpenPage, page: Page, path: str
    ) -> None:
        sign_in(page, "teacher")
        expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
        assert TEXT not in page.content()
        stands(open_page, path, "")
        again = open_page(f"{path}?held=1", who="worker", javascript=False)
        expect(box(again)).to_have_value(TEXT)


class TestSignInInAnotherTab:
    """Tab A was open before; signing in in tab B gives the browser another token."""

    def tabs(self, site: Site, page: Page, path: str) -> None:
        site.sign_in(page, "worker")
        page.goto(path)
        box(page).fill(TEXT)
        other = page.context.new_page()
        other.goto("/account/")
        other.get_by_role("button", name="Sign out").click()
        site.sign_in(other, "worker")

    def test_then_tab_a_saves_by_itself(self, site: Site, open_page: OpenPage, path: str) -> None:
        page = open_page()
        self.tabs(site, page, path)
        box(page).press_sequentially(MORE)
        says(page, SAVED)
        stands(open_page, path, TEXT + MORE)

    def test_then_the_button_in_tab_a_gives_the_text_back(
        self, site: Site, open_page: OpenPage, path: str
    ) -> None:
        page = open_page(javascript=False)
        self.tabs(site, page, path)
        page.get_by_role("button", name=SAVE).click()
        page.get_by_role("link", name="Open the page again with what you typed").click()
        expect(box(page)).to_have_value(TEXT)
        page.get_by_role("button", name=SAVE).click()
        stands(open_page, path, TEXT)
