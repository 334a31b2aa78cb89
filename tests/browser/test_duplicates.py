"""Two records of one child, from the front door's list to one record and back, with and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.hand import Hand
from tests.browser.pages.pairs import BORN, find, two_records


def test_merged_and_parted_again(
    open_page: OpenPage, clerk: Callable[..., Clerk], viewport: str, javascript: bool
) -> None:
    """Nobody sees the two records by themselves but who added them; the front door decides all the same."""
    kept, other = two_records(clerk())
    page = open_page("/", who="frontdoor", viewport=viewport, javascript=javascript)
    hand = Hand(page, never=(kept.given_names, kept.family_name))
    expect(page.get_by_role("link", name=re.compile("may be of one child"))).to_be_visible()
    page.goto(find(page, kept))
    hand.sees("Are these two records of one child?")
    expect(page.get_by_role("row", name=re.compile("Address.*Differs"))).to_contain_text("2 Invented Street")

    page.get_by_role("radio", name=f"keep record {kept.reference}").check()
    hand.button("Continue")
    hand.sees("Merge the two records")
    page.get_by_role("group", name="Address").get_by_role("radio", name="2 Invented Street").check()
    hand.button("Merge the two records")
    hand.sees("Two records that were merged")

    worker = open_page(f"/children/{other.reference}/", who="worker", javascript=javascript)
    expect(worker.get_by_role("main")).to_contain_text("2 Invented Street")
    expect(worker.get_by_label("Child", exact=True)).to_contain_text(kept.reference)
    worker.get_by_text("More to read and to do on this record").click()
    worker.get_by_role("link", name="Records merged into this one").click()
    expect(worker.get_by_role("heading", level=1)).to_have_text("Records merged into this one")

    hand.link("These were two children after all: undo the merge")
    page.get_by_label("How do you know that these are two children?").fill("Both came to the door.")
    hand.button("Undo the merge")
    expect(page.get_by_role("main")).to_contain_text("Both came to the door.")
    worker.goto(other.path)
    expect(worker.get_by_label("Child", exact=True)).to_contain_text(other.reference)
    worker.goto(kept.path)
    expect(worker.get_by_role("main")).to_contain_text("1 Invented Street")


@pytest.fixture
def twins(clerk: Callable[..., Clerk]) -> tuple[str, str]:
    at_desk = clerk()
    first = at_desk.child(given_names="Ffion", **BORN)
    second = at_desk.child(given_names="Gethin", family_name=first.family_name, **BORN)
    return first.reference, second.reference


def test_twins_are_named_and_stay_two_when_somebody_says_so(
    open_page: OpenPage, twins: tuple[str, str], javascript: bool
) -> None:
    page: Page = open_page("/duplicates/", who="frontdoor", javascript=javascript)
    row = page.get_by_role("row").filter(has_text=twins[0]).filter(has_text=twins[1])
    expect(row).to_contain_text("perhaps twins, or brother and sister")
    row.get_by_role("link", name=re.compile("Compare")).click()
    page.get_by_role("radio", name="Two different children").check()
    page.get_by_label("How do you know that they are two children?").fill("Twins: both are in year 10.")
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(row).to_have_count(0)
    page.get_by_role("link", name="Different children", exact=True).click()
    expect(row).to_have_count(1)
