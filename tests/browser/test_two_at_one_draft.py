"""Two tabs, or two people, at one draft: nothing is overwritten, and what comes too late comes back.

service.md, "The assessment" (the last point) and "Checks in a real browser".
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk, Invented
from tests.browser.pages.journey import SAVE, SEND, address
from tests.browser.pages.typing import MORE, SAVED, TEXT, box, says, stands

NewClerk = Callable[..., Clerk]


@pytest.fixture
def draft(clerk: NewClerk) -> str:
    """A worker's draft, up to the page that asks for places and people."""
    at_desk = clerk()
    return at_desk.draft(at_desk.child(), until="places-people")


@pytest.fixture
def path(draft: str) -> str:
    return address(draft, "places-people")


class TestTwoTabs:
    def test_what_was_saved_in_one_is_shown_in_the_other_with_what_is_typed_there(
        self, open_page: OpenPage, path: str
    ) -> None:
        first = open_page(path, who="worker")
        second = first.context.new_page()
        second.goto(path)
        box(first).press_sequentially("A boy with a red bicycle.")
        says(first, SAVED)

        box(second).press_sequentially(TEXT)

        says(second, "Not saved. This page was saved somewhere else meanwhile")
        changed = second.get_by_role("region", name="Changed elsewhere")
        expect(changed).to_contain_text("A boy with a red bicycle.")
        expect(changed).to_contain_text(TEXT)
        expect(box(second)).to_have_value(TEXT)
        box(second).press_sequentially(MORE)
        second.wait_for_timeout(3_000)
        stands(open_page, path, "A boy with a red bicycle.")

        second.get_by_role("button", name=SAVE).click()
        expect(second.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")
        stands(open_page, path, TEXT + MORE)

    def test_what_is_typed_after_it_was_sent_elsewhere_comes_back_to_be_copied(
        self, open_page: OpenPage, clerk: NewClerk
    ) -> None:
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="check")
        page = open_page(address(draft, "analysis"), who="worker")
        at_desk.fill_in(address(draft, "check"))
        page.locator("#immediate_concerns").fill(TEXT)
        says(page, "Not saved. This assessment has been sent")
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("This assessment has already been sent")
        expect(page.get_by_role("region", name="What you typed")).to_contain_text(TEXT)

    def test_the_confirmation_can_be_opened_anew(self, open_page: OpenPage, clerk: NewClerk) -> None:
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="check")
        page = open_page(address(draft, "check"), who="worker")
        page.get_by_role("button", name=SEND).click()
        for _ in range(2):
            expect(page.get_by_role("heading", level=1)).to_have_text("Assessment sent")
            page.reload()


class TestHandedOver:
    """Two people, one draft: the new author goes on; what the old one types after that comes back to them."""

    @pytest.fixture
    def child(self, clerk: NewClerk) -> Invented:
        return clerk().child()

    def test_from_one_to_the_other(
        self, open_page: OpenPage, clerk: NewClerk, child: Invented, javascript: bool
    ) -> None:
        draft = clerk().draft(child, until="places-people")
        path = address(draft, "places-people")
        page = open_page(path, who="worker", javascript=javascript)
        box(page).fill(TEXT)
        page.get_by_role("button", name="Save and come back later").click()
        late = page.context.new_page()
        late.goto(path)

        page.get_by_role("link", name="Hand over to a colleague").click()
        colleague = page.get_by_label("Somebody in a team of yours")
        colleague.select_option(label=colleague.locator("option", has_text="Manager").first.inner_text())
        page.get_by_role("button", name="Hand over").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your drafts")
        assert draft not in page.get_by_role("main").inner_text().partition("Unfinished")[2]

        theirs = open_page("/drafts/", who="manager", javascript=javascript)
        theirs.get_by_role("link", name=child.name).click()
        expect(theirs.get_by_text("Begun by")).to_be_visible()
        theirs.goto(path)
        expect(box(theirs)).to_have_value(TEXT)

        box(late).fill(TEXT + MORE)
        if javascript:
            says(late, "Not saved. This draft is no longer here for you")
        late.get_by_role("button", name=SAVE).click()
        expect(late.get_by_role("heading", level=1)).to_have_text("This could not be saved")
        expect(late.get_by_role("region", name="What you typed")).to_contain_text(TEXT + MORE)
        theirs.reload()
        expect(box(theirs)).to_have_value(TEXT)


class TestDiscarding:
    def test_and_restoring(self, open_page: OpenPage, draft: str, path: str, javascript: bool) -> None:
        page = open_page(path, who="worker", javascript=javascript)
        box(page).fill(TEXT)
        page.get_by_role("button", name="Save and come back later").click()
        page.get_by_role("link", name="Discard this draft").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Discard this draft?")
        page.get_by_role("button", name="Discard the draft").click()
        page.get_by_role("button", name=f"Restore draft {draft}").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Assessment: sections")
        stands(open_page, path, TEXT)
