"""What somebody types is not lost: saved while they type, never said to be when it is not, and given back.

service.md, "The assessment" (the last point) and "Checks in a real browser".
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, Route, expect

from cre_toolkit.demonstration.people import PASSWORD
from tests.browser.conftest import OpenPage, Site
from tests.browser.pages.clerk import Clerk, Invented
from tests.browser.pages.journey import SAVE, SEND, address

NewClerk = Callable[..., Clerk]
TEXT = "A man in a grey car waits at the station."
MORE = " She knows him as Jay."
SAVED = re.compile(r"^\s*Saved \d\d:\d\d\s*$")
# Two seconds after typing, a back-off of five, and some for a busy machine.
SOON = 25_000


@pytest.fixture
def draft(clerk: NewClerk) -> str:
    """A worker's draft, up to the page that asks for places and people."""
    at_desk = clerk()
    return at_desk.draft(at_desk.child(), until="places-people")


@pytest.fixture
def path(draft: str) -> str:
    return address(draft, "places-people")


def box(page: Page) -> Locator:
    return page.locator("#persons")


def says(page: Page, words: str | re.Pattern[str]) -> None:
    if isinstance(words, str):
        expect(page.locator("#saved")).to_contain_text(words, timeout=SOON)
    else:
        expect(page.locator("#saved")).to_have_text(words, timeout=SOON)


def stands(open_page: OpenPage, path: str, text: str) -> None:
    """The text is in the draft, as another window of the same person shows it."""
    expect(box(open_page(path, who="worker"))).to_have_value(text)


def lose_session(context: BrowserContext) -> None:
    """As when it ends at the server: the browser's cookie is good for nothing any more."""
    context.clear_cookies(name="sessionid")


def sign_in(page: Page, who: str) -> None:
    page.locator("input[name=login]").fill(f"{who}@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


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
        assert f"{child.path}calls/" not in at_desk.open(child.path)
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Telephone now")
        assert f"{child.path}calls/" in at_desk.open(child.path)

    def test_on_every_page_that_asks_for_words(self, open_page: OpenPage, clerk: NewClerk) -> None:
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="check")
        page = open_page(who="worker")
        for name in ("indicators", "indicators/all", "vulnerabilities", "consultation", "analysis", "level",
                     "actions", "sharing"):  # fmt: skip
            page.goto(address(draft, name))
            page.get_by_role("main").get_by_role("textbox").first.press_sequentially("Seen on Monday.")
            says(page, SAVED)


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
        expect(page.get_by_text("before you were signed out")).to_be_visible()
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
        colleague = page.get_by_label("Who goes on with it?")
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
        expect(late.get_by_role("heading", level=1)).to_have_text("Page not found")
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
