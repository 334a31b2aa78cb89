"""The service as others see it: in colours of their own, without any, and in letters twice as large.

service.md, "Checks in a real browser".
"""

from collections.abc import Callable
from itertools import combinations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.journey import SAVE, SEND, address
from tests.browser.pages.looks import Keyboard, nothing_is_cut_off, set_twice_as_large

Check = Callable[[Page], None]
LEVELS = ("low", "medium", "high", "none")
# What a shape is made of, without any colour.
_SHAPE = """level => {
    const style = getComputedStyle(level);
    return [style.borderStyle, style.borderWidth, style.borderRadius, style.fontWeight].join('|');
}"""
_EDGE = """button => {
    const style = getComputedStyle(button);
    return style.borderStyle !== 'none' && parseFloat(style.borderWidth) >= 1;
}"""
_NOT_UNDERLINED = """() => [...document.querySelectorAll('main p a, main li a, main td a')]
    .filter(link => link.checkVisibility() && !link.closest('nav, .govuk-button'))
    .filter(link => !getComputedStyle(link).textDecorationLine.includes('underline'))
    .map(link => link.outerHTML.slice(0, 120))"""


@pytest.fixture
def at_desk(clerk: Callable[..., Clerk]) -> Clerk:
    return clerk()


@pytest.fixture
def pages(at_desk: Clerk) -> list[str]:
    """The pages that are worked with most: a child with a level and something due, lists, forms."""
    child = at_desk.child()
    sent = at_desk.sent(child)
    draft = at_desk.draft(at_desk.child(), until="check")
    return [
        "/", "/due/", "/drafts/", child.path, f"{child.path}edit/family/", address(sent, "sent"),
        address(sent, "record"), address(draft, "indicators"), address(draft, "indicators/all"),
        address(draft, "level"), address(draft, "check"), "/components/?errors=1",
    ]  # fmt: skip


class TestForcedColours:
    """The browser's user has chosen all colours: backgrounds and shadows are gone."""

    def test_every_stop_of_the_tab_key_shows_where_it_is(self, open_page: OpenPage, at_desk: Clerk) -> None:
        draft = at_desk.draft(at_desk.child(), until="analysis")
        page = open_page(address(draft, "analysis"), who="worker")
        page.emulate_media(forced_colors="active")
        Keyboard(page).tab_to(page.get_by_role("button", name=SAVE))

    def test_levels_buttons_and_errors_are_told_apart(self, open_page: OpenPage) -> None:
        page = open_page("/components/?errors=1")
        page.emulate_media(forced_colors="active")
        levels_have_shapes_of_their_own(page)
        for button in page.get_by_role("button", name=SAVE).all():
            assert button.evaluate(_EDGE)
        for error in page.locator(".govuk-error-message").all():
            expect(error).to_contain_text("Error:")

    def test_what_is_chosen_can_be_seen(self, open_page: OpenPage, at_desk: Clerk) -> None:
        draft = at_desk.draft(at_desk.child(), until="danger")
        page = open_page(address(draft, "danger"), who="worker")
        page.emulate_media(forced_colors="active")
        page.get_by_role("radio", name="Yes", exact=True).check()
        dots = {
            answer: page.get_by_text(answer, exact=True).evaluate(
                "label => getComputedStyle(label, '::after').opacity"
            )
            for answer in ("Yes", "No")
        }
        assert dots == {"Yes": "1", "No": "0"}


def levels_have_shapes_of_their_own(page: Page) -> None:
    """Each level is a word, and no two have the same edge and weight."""
    shapes = {}
    for level in LEVELS:
        shown = page.locator(f".app-level--{level}").first
        expect(shown).not_to_be_empty()
        shapes[level] = shown.evaluate(_SHAPE)
    for one, other in combinations(LEVELS, 2):
        assert shapes[one] != shapes[other], f"{one} looks like {other}"


class TestInGrey:
    """Printed without colour, or by somebody who sees none: nothing is told by colour alone."""

    def test_a_level_is_a_word_with_a_shape(self, open_page: OpenPage) -> None:
        levels_have_shapes_of_their_own(open_page("/components/"))

    def test_a_link_within_text_is_underlined(self, open_page: OpenPage, pages: list[str]) -> None:
        page = open_page(who="worker")
        for path in pages:
            page.goto(path)
            assert page.evaluate(_NOT_UNDERLINED) == [], path

    def test_an_error_and_the_page_that_is_open_are_said_in_words(
        self, open_page: OpenPage, at_desk: Clerk
    ) -> None:
        draft = at_desk.draft(at_desk.child(), until="danger")
        page = open_page(address(draft, "check"), who="worker")
        page.get_by_role("button", name=SEND).click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        assert page.title().startswith("Error: ")
        page.goto("/contacts/")
        expect(page.locator("nav [aria-current]").first).to_have_text("Contacts")


def test_in_letters_twice_as_large_nothing_is_cut_off(
    open_page: OpenPage, assert_no_sideways_scroll: Check, pages: list[str]
) -> None:
    page = open_page(who="worker")
    for path in pages:
        page.goto(path)
        set_twice_as_large(page)
        assert_no_sideways_scroll(page)
        nothing_is_cut_off(page)
