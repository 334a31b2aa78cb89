"""Pages of drafts as they look while somebody types, and once a draft is none any more."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from cre_toolkit.demonstration.people import PASSWORD
from tests.browser.pages.journey import SAVE, address

WORDS = {"input": "Seen on Monday.", "late": "Said on Tuesday."}
TEXT = "A man in a grey car waits at the station."
MORE = " She knows him as Jay."
SAVED = re.compile(r"^\s*Saved \d\d:\d\d\s*$")
# Two seconds after typing, a back-off of five, and some for a busy machine.
SOON = 25_000


def box(page: Page) -> Locator:
    """A text box of the page for places and people, on which the tests type."""
    return page.locator("#persons")


def says(page: Page, words: str | re.Pattern[str]) -> None:
    """What the page says of saving, soon."""
    if isinstance(words, str):
        expect(page.locator("#saved")).to_contain_text(words, timeout=SOON)
    else:
        expect(page.locator("#saved")).to_have_text(words, timeout=SOON)


def stands(open_page: Callable[..., Page], path: str, text: str) -> None:
    """The text is in the draft, as another window of the same person shows it."""
    expect(box(open_page(path, who="worker"))).to_have_value(text)


def lose_session(context: BrowserContext) -> None:
    """As when it ends at the server: the browser's cookie is good for nothing any more."""
    context.clear_cookies(name="sessionid")


def sign_in(page: Page, who: str) -> None:
    """On the sign-in page that is open."""
    page.locator("input[name=login]").fill(f"{who}@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def typed(page: Page, draft: str, text: str = WORDS["input"]) -> None:
    """Type on the page for places and people, and wait for what the page says."""
    page.goto(address(draft, "places-people"))
    page.locator("#persons").press_sequentially(text)
    expect(page.locator("#saved")).not_to_be_empty(timeout=15_000)


def saved(page: Page, made: Any) -> None:
    typed(page, made.begin(made.clerk.child()))
    expect(page.locator("#saved")).to_contain_text("Saved")


def signed_out(page: Page, made: Any) -> None:
    """The session has ended, in this page's eyes; the window keeps its own."""
    draft = made.begin(made.clerk.child())
    cookies = page.context.cookies()
    page.goto(address(draft, "places-people"))
    lose_session(page.context)
    page.locator("#persons").press_sequentially(WORDS["late"])
    expect(page.locator("#saved")).to_contain_text("You are signed out", timeout=15_000)
    page.context.add_cookies(cookies)


def held(page: Page, made: Any) -> None:
    """A form that was sent after the session had ended, given back."""
    path = address(made.begin(made.clerk.child()), "places-people")
    cookies = page.context.cookies()
    page.goto(path)
    lose_session(page.context)
    page.locator("#persons").fill(WORDS["late"])
    with page.expect_navigation():
        page.get_by_role("button", name=SAVE).click()
    page.context.add_cookies(cookies)
    page.goto(f"{path}?held=1")
    expect(page.get_by_text("This is what you typed")).to_be_visible()


def held_words(page: Page, made: Any) -> None:
    """What a child said, written on their record after the session had ended, given back."""
    path = f"{made.new.path}edit/voice/"
    cookies = page.context.cookies()
    page.goto(path)
    lose_session(page.context)
    page.locator("#wishes").fill(WORDS["late"])
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Save", exact=True).last.click()
    page.context.add_cookies(cookies)
    page.goto(f"{path}?held=1")
    expect(page.get_by_text("This is what you typed")).to_be_visible()
    expect(page.locator("#wishes")).to_have_value(WORDS["late"])


def held_to_copy(page: Page, made: Any) -> None:
    """The same of a draft that was discarded meanwhile: to be copied."""
    draft = made.begin(made.clerk.child())
    path = address(draft, "analysis")
    cookies = page.context.cookies()
    page.goto(path)
    lose_session(page.context)
    page.locator("textarea").first.fill(WORDS["late"])
    with page.expect_navigation():
        page.get_by_role("button", name=SAVE).click()
    made.clerk.fill_in(address(draft, "discard"))
    page.context.add_cookies(cookies)
    page.goto(f"{path}?held=1")
    expect(page.get_by_text("this page can no longer take it")).to_be_visible()


def discarded(made: Any) -> str:
    """A draft that was discarded."""
    draft: str = made.begin(made.clerk.child())
    made.clerk.fill_in(address(draft, "discard"))
    return draft


def sent_late(page: Page, made: Any) -> None:
    """A page that was open while its draft was discarded elsewhere: what was typed is shown."""
    draft = made.begin(made.clerk.child())
    page.goto(address(draft, "places-people"))
    made.clerk.fill_in(address(draft, "discard"))
    page.locator("#persons").fill(WORDS["late"])
    with page.expect_navigation():
        page.get_by_role("button", name=SAVE).click()
    expect(page.get_by_role("heading", name="What you typed")).to_be_visible()
