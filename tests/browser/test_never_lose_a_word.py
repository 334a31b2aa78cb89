"""What somebody types is not lost: saved while they type, and never said to be when it is not.

service.md, "The assessment" (the last point) and "Checks in a real browser".
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.browser.conftest import OpenPage, Site
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.journey import SAVE, address
from tests.browser.pages.typing import MORE, SAVED, SOON, TEXT, box, says, stands

NewClerk = Callable[..., Clerk]


@pytest.fixture
def draft(clerk: NewClerk) -> str:
    """A worker's draft, up to the page that asks for places and people."""
    at_desk = clerk()
    return at_desk.draft(at_desk.child(), until="places-people")


@pytest.fixture
def path(draft: str) -> str:
    return address(draft, "places-people")


def dialogs_of(page: Page) -> list[Dialog]:
    """What the browser asks before the page is left; it is always told to stay."""
    asked: list[Dialog] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog)
        dialog.dismiss()

    page.on("dialog", answer)
    return asked


class TestSavedWhileTyping:
    def test_it_says_when_and_it_is_there(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        expect(page.locator("#saved")).to_be_empty()
        box(page).press_sequentially(TEXT)
        says(page, SAVED)
        stands(open_page, path, TEXT)

    def test_saved_is_not_said_of_what_was_typed_since(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        box(page).press_sequentially(TEXT)
        says(page, SAVED)
        box(page).press_sequentially(MORE)
        expect(page.locator("#saved")).to_have_text("Not saved yet")
        says(page, SAVED)
        stands(open_page, path, TEXT + MORE)

    def test_the_button_after_it_is_no_conflict_with_oneself(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        box(page).press_sequentially(TEXT)
        says(page, SAVED)
        box(page).press_sequentially(MORE)
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")
        stands(open_page, path, TEXT + MORE)

    def test_nor_is_the_button_pressed_while_it_is_being_saved(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        slowly(page)
        with page.expect_request(lambda request: "hx-request" in request.headers):
            box(page).press_sequentially(TEXT)
        box(page).press_sequentially(MORE)
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vulnerability factors", timeout=SOON)
        stands(open_page, path, TEXT + MORE)

    def test_it_is_spoken_once_and_not_at_each_save(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        page.evaluate(
            "window.spoken = []; const said = document.getElementById('saved-said');"
            "new MutationObserver(() => spoken.push(said.textContent)).observe(said, {childList: true})"
        )
        for text in (TEXT, MORE):
            with page.expect_response(lambda response: "x-autosave" in response.headers, timeout=SOON):
                box(page).press_sequentially(text)
        says(page, SAVED)
        assert len(page.evaluate("spoken")) == 1

    def test_half_a_date_stays_and_is_no_error_yet(self, open_page: OpenPage, clerk: NewClerk) -> None:
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="level", analysis={"level": "low"})
        page = open_page(address(draft, "level"), who="worker")
        page.get_by_label("Day", exact=True).press_sequentially("3")
        page.locator("#rationale").press_sequentially(TEXT)
        says(page, "all but the date to look again")
        expect(page.get_by_label("Day", exact=True)).to_have_value("3")
        expect(page.locator(".govuk-error-summary")).to_have_count(0)

    def test_yes_to_danger_waits_for_the_button(self, open_page: OpenPage, clerk: NewClerk) -> None:
        at_desk = clerk()
        child = at_desk.child()
        draft = at_desk.draft(child, until="danger")
        page = open_page(address(draft, "danger"), who="worker")
        page.get_by_role("radio", name="Yes", exact=True).check()
        says(page, "all but your answer about danger")
        assert "Log the call" not in at_desk.open(child.path)
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Telephone now")
        assert "Log the call" in at_desk.open(child.path)

    def test_on_every_page_that_asks_for_words(self, open_page: OpenPage, clerk: NewClerk) -> None:
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="check")
        page = open_page(who="worker")
        for name in ("indicators", "indicators/all", "vulnerabilities", "consultation", "analysis", "level",
                     "actions", "sharing"):  # fmt: skip
            page.goto(address(draft, name))
            page.get_by_role("main").get_by_role("textbox").first.press_sequentially("Seen on Monday.")
            says(page, SAVED)


def test_enter_in_a_box_saves_and_removes_nothing(
    open_page: OpenPage, clerk: NewClerk, javascript: bool
) -> None:
    """A browser presses the first button of the form for whoever presses Enter."""
    at_desk = clerk()
    path = address(at_desk.draft(at_desk.child(), until="check"), "actions")
    page = open_page(path, who="worker", javascript=javascript)
    first = page.get_by_role("group", name="Action 1")
    action = first.get_by_label("Action", exact=True).input_value()
    first.get_by_label("Timescale").fill("By Friday")
    first.get_by_label("Timescale").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sharing information")
    page.goto(path)
    expect(first.get_by_label("Action", exact=True)).to_have_value(action)
    expect(first.get_by_label("Timescale")).to_have_value("By Friday")


def slowly(page: Page) -> None:
    """Answers to saving while typing take a second."""

    def route(handler: Route) -> None:
        if "hx-request" in handler.request.headers:
            page.wait_for_timeout(1_000)
        handler.continue_()

    page.route("**/places-people/", route)


class TestNoNetwork:
    def test_sixty_seconds_without_it(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker", trouble=True)
        page.clock.install()
        page.context.set_offline(True)
        box(page).press_sequentially(TEXT)
        page.clock.run_for(2_500)
        says(page, "Not saved. There is no connection")
        page.clock.run_for(60_000)
        says(page, "Not saved. There is no connection")
        expect(box(page)).to_have_value(TEXT)

        page.context.set_offline(False)
        page.clock.run_for(60_000)

        says(page, SAVED)
        stands(open_page, path, TEXT)

    def test_the_button_does_not_take_the_text_along(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker", trouble=True)
        page.context.set_offline(True)
        box(page).press_sequentially(TEXT)
        page.get_by_role("button", name=SAVE).click()
        says(page, "Not saved")
        expect(box(page)).to_have_value(TEXT)
        page.context.set_offline(False)
        says(page, SAVED)
        page.wait_for_timeout(1_000)  # for so long GOV.UK's button takes two presses for one
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")

    def test_nor_does_it_where_the_browser_knows_of_no_trouble_yet(
        self, open_page: OpenPage, path: str
    ) -> None:
        page = open_page(path, who="worker", trouble=True)
        page.route("**/places-people/", lambda route: route.abort())
        box(page).fill(TEXT)
        page.get_by_role("button", name=SAVE).click()
        says(page, "Not saved. There is no connection")
        expect(box(page)).to_have_value(TEXT)
        page.unroute("**/places-people/")
        says(page, SAVED)
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")

    def test_a_service_in_trouble_is_asked_again(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker", trouble=True)
        page.route("**/places-people/", lambda route: route.fulfill(status=500, body="Sorry"))
        box(page).press_sequentially(TEXT)
        says(page, "Not saved. The service could not save it")
        expect(box(page)).to_have_value(TEXT)
        page.unroute("**/places-people/")
        says(page, SAVED)
        stands(open_page, path, TEXT)

    def test_with_htmx_blocked_nothing_is_said_to_be_saved(self, open_page: OpenPage, path: str) -> None:
        page = open_page("/accessibility/", who="worker", trouble=True)
        page.route("**/*htmx*.js", lambda route: route.abort())
        page.goto(path)
        box(page).press_sequentially(TEXT)
        says(page, "Not saved. In this browser nothing is saved while you type")
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")
        stands(open_page, path, TEXT)


class TestLeaving:
    def test_with_unsaved_text_the_browser_asks_first(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker", trouble=True)
        asked = dialogs_of(page)
        page.context.set_offline(True)
        box(page).press_sequentially(TEXT)
        page.get_by_role("link", name="All sections of this assessment").click(no_wait_after=True)
        expect(box(page)).to_have_value(TEXT)
        assert [dialog.type for dialog in asked] == ["beforeunload"]
        page.context.set_offline(False)
        says(page, SAVED)
        page.get_by_role("link", name="All sections of this assessment").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Assessment: sections")
        assert len(asked) == 1, "nothing is asked once it is saved"

    def test_nothing_is_asked_on_the_way_by_the_button(self, open_page: OpenPage, path: str) -> None:
        page = open_page(path, who="worker")
        asked = dialogs_of(page)
        box(page).press_sequentially(TEXT)
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")
        assert asked == []

    def test_signed_out_back_shows_nothing_and_the_browser_keeps_nothing(
        self, site: Site, open_page: OpenPage, clerk: NewClerk
    ) -> None:
        at_desk = clerk()
        child = at_desk.child()
        path = address(at_desk.draft(child, until="places-people"), "places-people")
        page = open_page()
        # A session of its own: the others go on with theirs.
        site.sign_in(page, "worker")
        page.goto(path)
        box(page).press_sequentially(TEXT)
        says(page, SAVED)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in/")
        for _ in range(3):
            page.go_back()
            expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
            assert TEXT not in page.content()
            assert child.family_name not in page.content()
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        for secret in (TEXT, child.family_name, child.reference):
            assert secret not in kept
