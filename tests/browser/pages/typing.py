"""Pages of drafts as they look while somebody types, and once a draft is none any more."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.pages.journey import SAVE, address

WORDS = {"input": "Seen on Monday.", "late": "Said on Tuesday."}


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
    page.context.clear_cookies(name="sessionid")
    page.locator("#persons").press_sequentially(WORDS["late"])
    expect(page.locator("#saved")).to_contain_text("You are signed out", timeout=15_000)
    page.context.add_cookies(cookies)


def held(page: Page, made: Any) -> None:
    """A form that was sent after the session had ended, given back."""
    path = address(made.begin(made.clerk.child()), "places-people")
    cookies = page.context.cookies()
    page.goto(path)
    page.context.clear_cookies(name="sessionid")
    page.locator("#persons").fill(WORDS["late"])
    with page.expect_navigation():
        page.get_by_role("button", name=SAVE).click()
    page.context.add_cookies(cookies)
    page.goto(f"{path}?held=1")
    expect(page.get_by_text("before you were signed out")).to_be_visible()


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
