"""Minutes are saved while they are typed, by the module that saves drafts of assessments (`autosave.js`).

What that module does besides (no network, signed out, leaving) is tested in `test_never_lose_a_word.py`.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.meetings import plan
from tests.browser.pages.typing import MORE, SAVED, TEXT, says

BUTTON = "Save and see what follows"


@pytest.fixture
def path(clerk: Callable[..., Clerk]) -> str:
    """The page on which the minutes of a meeting are written."""
    at_desk = clerk("protection")
    child = clerk().child()
    clerk().sent(child)
    return f"{plan(at_desk, child.path, 0)}record/"


def said(page: Page) -> str:
    return page.get_by_label("What was said?").input_value()


def test_they_are_saved_and_it_says_when(open_page: OpenPage, path: str) -> None:
    page = open_page(path, who="protection")
    expect(page.locator("#saved")).to_be_empty()
    page.get_by_label("What was said?").press_sequentially(TEXT)
    says(page, SAVED)
    page.get_by_label("What was said?").press_sequentially(MORE)
    expect(page.locator("#saved")).to_have_text("Not saved yet")
    says(page, SAVED)
    again = open_page(path, who="protection")
    assert said(again) == TEXT + MORE
    expect(again.get_by_role("main")).to_contain_text("What you wrote is here again")


def test_a_row_that_a_button_adds_is_no_conflict_with_what_was_saved_before(
    open_page: OpenPage, path: str
) -> None:
    page = open_page(path, who="protection")
    page.locator("#action-0-what").press_sequentially("Meet her at the station")
    says(page, SAVED)
    page.get_by_role("button", name="Add another action").click()
    page.locator("#action-1-what").press_sequentially("Telephone her school")
    says(page, SAVED)
    page.get_by_role("button", name="Save and come back later").click()
    expect(page.get_by_role("main")).to_contain_text("Saved. The minutes are not recorded yet")


def test_another_window_of_the_same_writer_is_shown_and_not_overwritten(
    open_page: OpenPage, path: str
) -> None:
    first = open_page(path, who="protection")
    second = first.context.new_page()
    second.goto(path)
    first.get_by_label("What was said?").press_sequentially("Her aunt meets her.")
    says(first, SAVED)
    second.get_by_label("What was said?").press_sequentially(TEXT)
    says(second, "Not saved. This page was saved somewhere else meanwhile")
    changed = second.get_by_role("region", name="Changed elsewhere")
    expect(changed).to_contain_text("Her aunt meets her.")
    expect(changed).to_contain_text(TEXT)
    assert said(second) == TEXT
    second.get_by_role("button", name="Save and come back later").click()
    expect(second.get_by_role("main")).to_contain_text("Saved. The minutes are not recorded yet")
    second.goto(path)
    assert said(second) == TEXT


def test_without_script_the_button_saves_and_nothing_is_said_to_be_saved_before(
    open_page: OpenPage, path: str
) -> None:
    page = open_page(path, who="protection", javascript=False)
    page.get_by_label("What was said?").fill(TEXT)
    expect(page.locator("#saved")).to_be_empty()
    page.get_by_role("button", name=BUTTON).click()
    assert said(page) == TEXT
