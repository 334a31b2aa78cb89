"""A session that ends by itself or is locked, as somebody sees it: warned in time, and no word is lost.

The time that goes by is the browser's own clock, set by the test, and the row of the session in the site's
database, which is put back by as much.
"""

import hashlib
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from cre_toolkit.demonstration.people import PASSWORD
from tests.browser.conftest import OpenPage, Site
from tests.browser.pages import sessions
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.journey import address
from tests.browser.pages.sessions import MINUTE, lock
from tests.browser.pages.typing import MORE, SAVED, TEXT, box, says, sign_in

Check = Callable[[Page], None]
ANSWER = "**/account/session/"


@pytest.fixture
def later(site: Site) -> Callable[[Page, int], None]:
    """Let so many minutes go by without use, for the session of a window and for its page."""

    def go_by(page: Page, minutes: int) -> None:
        cookie = next(cookie for cookie in page.context.cookies() if cookie.get("name") == "sessionid")
        key = hashlib.sha256(cookie.get("value", "").encode()).hexdigest()
        with closing(sqlite3.connect(site.database, timeout=20)) as database, database:
            database.execute(
                "UPDATE accounts_session SET seconds = seconds - ?, used_at = datetime(used_at, ?)"
                " WHERE id = ?",
                [minutes * MINUTE, f"-{minutes} minutes", key],
            )
        page.clock.fast_forward(minutes * MINUTE * 1000 + 16_000)

    return go_by


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A window with a session of its own, and a clock that the test sets."""
    page = open_page("/accessibility/")
    page.clock.install()
    sessions.own_session(page)
    return page


@pytest.fixture
def words(clerk: Callable[..., Clerk]) -> str:
    """The address of a form that is saved by its button alone."""
    return f"{clerk().child().path}edit/voice/"


@pytest.fixture
def draft(clerk: Callable[..., Clerk]) -> str:
    """The address of a form that is saved while somebody types."""
    at_desk = clerk()
    return address(at_desk.draft(at_desk.child(), until="places-people"), "places-people")


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="You will soon be signed out")


def unlock(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()


class TestWarning:
    def test_after_fifteen_minutes_one_is_asked_and_stays(
        self, page: Page, later: Callable[[Page, int], None], assert_accessible: Check
    ) -> None:
        page.goto("/contacts/")
        later(page, 15)
        expect(dialog(page)).to_contain_text("You will be signed out in 5 minutes.")
        expect(dialog(page).get_by_role("heading")).to_be_focused()
        assert_accessible(page)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(dialog(page)).to_be_hidden()
        later(page, 10)
        expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
        expect(dialog(page)).to_be_hidden()

    def test_it_counts_the_minutes_down_and_escape_stays(
        self, page: Page, later: Callable[[Page, int], None]
    ) -> None:
        page.goto("/contacts/")
        later(page, 15)
        expect(dialog(page)).to_contain_text("in 5 minutes.")
        later(page, 4)
        expect(dialog(page)).to_contain_text("in 1 minute.")
        page.keyboard.press("Escape")
        expect(dialog(page)).to_be_hidden()

    def test_whoever_works_in_another_tab_is_not_asked(
        self, page: Page, later: Callable[[Page, int], None]
    ) -> None:
        page.goto("/contacts/")
        page.context.new_page().goto("/guidance/")
        with page.expect_response(ANSWER):
            page.clock.fast_forward(15 * MINUTE * 1000 + 16_000)
        expect(dialog(page)).to_be_hidden()

    def test_whoever_types_is_there(self, page: Page, words: str) -> None:
        page.goto(words)
        page.locator("#wishes").press_sequentially("Wants")
        with page.expect_response("**/account/session/stay/") as answered:
            page.clock.fast_forward(3 * MINUTE * 1000)
        assert answered.value.status == 204

    def test_without_javascript_the_page_says_so(self, open_page: OpenPage) -> None:
        page = open_page("/contacts/", who="worker", javascript=False)
        expect(page.get_by_text("This page cannot warn you")).to_be_visible()


class TestEnded:
    def test_nothing_stays_to_be_read_and_the_page_says_why(
        self, page: Page, words: str, later: Callable[[Page, int], None]
    ) -> None:
        page.goto(words)
        later(page, 20)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        expect(page.get_by_text("not used for 20 minutes")).to_be_visible()
        sign_in(page, "worker")
        expect(page).to_have_url(re.compile(re.escape(words)))

    def test_what_was_typed_is_given_back(
        self, page: Page, words: str, later: Callable[[Page, int], None]
    ) -> None:
        page.goto(words)
        page.locator("#wishes").fill(TEXT)
        later(page, 20)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert TEXT not in page.content()
        sign_in(page, "worker")
        expect(page.locator("#wishes")).to_have_value(TEXT)
        expect(page.get_by_text("It is not saved yet")).to_be_visible()

    def test_what_saves_itself_was_saved(
        self, page: Page, draft: str, later: Callable[[Page, int], None]
    ) -> None:
        page.goto(draft)
        box(page).press_sequentially(TEXT)
        page.clock.fast_forward(3000)
        says(page, SAVED)
        later(page, 21)
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        sign_in(page, "worker")
        expect(box(page)).to_have_value(TEXT)
        expect(page.get_by_text("It is not saved yet")).to_be_hidden()


class TestLock:
    def test_what_was_typed_goes_along_and_comes_back(self, page: Page, words: str) -> None:
        page.goto(words)
        page.locator("#wishes").fill(TEXT)
        lock(page)
        assert TEXT not in page.content()
        expect(page.get_by_text("kept for you for 24 hours")).to_be_visible()
        page.go_back()
        assert TEXT not in page.content()
        expect(page.get_by_role("heading", level=1)).to_have_text("The screen is locked")
        unlock(page)
        expect(page.locator("#wishes")).to_have_value(TEXT)

    def test_what_is_being_typed_into_a_draft_goes_along(self, page: Page, draft: str) -> None:
        page.goto(draft)
        box(page).press_sequentially(TEXT)
        page.clock.fast_forward(3000)
        says(page, SAVED)
        box(page).press_sequentially(MORE)
        lock(page)
        unlock(page)
        expect(box(page)).to_have_value(TEXT + MORE)

    def test_the_other_tabs_are_locked_too(self, page: Page, words: str) -> None:
        page.goto("/contacts/")
        other = page.context.new_page()
        other.goto(words)
        other.locator("#wishes").fill(TEXT)
        lock(page)
        expect(other.get_by_role("heading", level=1)).to_have_text("The screen is locked")
        unlock(other)
        expect(other.locator("#wishes")).to_have_value(TEXT)

    def test_by_keyboard_and_back_to_where_one_was(
        self, open_page: OpenPage, assert_accessible: Check, javascript: bool
    ) -> None:
        page = open_page("/accessibility/", javascript=javascript)
        sessions.own_session(page)
        page.goto("/contacts/")
        button = page.get_by_role("button", name="Lock", exact=True)
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("The screen is locked")
        assert_accessible(page)
        page.get_by_label("Password", exact=True).focus()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Contacts")


def test_one_signs_out_another_device(open_page: OpenPage, site: Site) -> None:
    lost, here = open_page("/accessibility/"), open_page("/accessibility/", viewport="phone")
    sessions.own_session(lost, "nurse")
    sessions.own_session(here, "nurse")
    here.goto("/account/")
    here.get_by_role("link", name="Where you are signed in").click()
    expect(here.get_by_text("This one")).to_be_visible()
    here.get_by_role("main").get_by_role(
        "button", name=re.compile("Sign out ?: Chrome on Linux")
    ).first.click()
    expect(here.get_by_text("Signed out: Chrome on Linux")).to_be_visible()
    lost.goto("/contacts/")
    expect(lost.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail(
    open_page: OpenPage, site: Site, assert_accessible: Check
) -> None:
    page = open_page("/account/sign-in/", viewport="phone")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail address").fill("head@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(the_link(site))
    assert_accessible(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set a new password")
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill(PASSWORD + " anew")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your new password is set")
    page.get_by_role("link", name="Sign in with it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def the_link(site: Site) -> str:
    """The address in the mail that the worker has sent, soon."""
    for _ in range(100):
        for mail in site.mail.glob("*") if site.mail.exists() else ():
            if found := re.search(r"http://\S+/account/new-password/\S+", mail.read_text()):
                return found[0]
        time.sleep(0.1)
    pytest.fail(f"no mail came; the service said:\n{site.said()}")


def cookies(context: BrowserContext) -> set[str]:
    return {cookie.get("name", "") for cookie in context.cookies()}


def test_signing_out_leaves_no_cookie_and_nothing_to_go_back_to(page: Page, words: str) -> None:
    page.goto(words)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert "sessionid" not in cookies(page.context)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    kept = page.evaluate("[...Object.values(localStorage), ...Object.values(sessionStorage)]")
    assert [value for value in kept if not value.startswith("/account/sign-in/")] == []
