"""The page of all components: what holds here holds on every page that is made of them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

# WCAG 1.4.12, all four at once.
SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
Check = Callable[[Page], None]


@pytest.mark.parametrize("path", ["/components/", "/components/?errors=1"])
class TestEverywhere:
    def test_accessible(
        self,
        open_page: Callable[..., Page],
        assert_accessible: Check,
        path: str,
        viewport: str,
        javascript: bool,
    ) -> None:
        assert_accessible(open_page(path, viewport=viewport, javascript=javascript))

    def test_fits_320_pixels_with_wide_spacing(
        self, open_page: Callable[..., Page], assert_no_sideways_scroll: Check, path: str
    ) -> None:
        page = open_page(path, viewport="narrow")
        assert_no_sideways_scroll(page)

        page.evaluate(
            """css => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync(css);
                document.adoptedStyleSheets = [sheet];
            }""",
            SPACING,
        )
        assert_no_sideways_scroll(page)


def test_errors_take_the_focus_and_every_link_lands(open_page: Callable[..., Page]) -> None:
    page = open_page("/components/?errors=1")

    expect(page).to_have_title("Error: Components – CRE Toolkit")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    links = page.locator(".govuk-error-summary a")
    assert links.count() == 12
    for link in links.all():
        link.click()
        expect(page.locator(link.get_attribute("href") or "")).to_be_focused()


def test_every_stop_of_the_tab_key_shows_where_it_is(open_page: Callable[..., Page]) -> None:
    page = open_page("/components/")
    unseen, stops = [], 0
    while stops < 100:
        page.keyboard.press("Tab")
        name, outline, shadow = page.evaluate(
            """() => {
                const at = document.activeElement, style = getComputedStyle(at);
                return [at.tagName + ' ' + (at.id || at.textContent.trim().slice(0, 40)),
                        style.outlineStyle !== 'none' && style.outlineWidth !== '0px',
                        style.boxShadow !== 'none'];
            }"""
        )
        if name.startswith("BODY"):
            break
        stops += 1
        if not (outline or shadow):
            unseen.append(name)

    assert stops > 30
    assert unseen == []


def test_a_choice_reveals_its_question(open_page: Callable[..., Page]) -> None:
    page = open_page("/components/")
    question = page.get_by_label("Police reference")

    expect(question).to_be_hidden()
    page.get_by_role("group", name="Have the police been told?").get_by_label("Yes").check()
    expect(question).to_be_visible()


def test_without_javascript_nothing_is_hidden(open_page: Callable[..., Page]) -> None:
    page = open_page("/components/", javascript=False)

    expect(page.get_by_label("Police reference")).to_be_visible()
    expect(page.get_by_role("link", name="Due", exact=True)).to_be_visible()


def test_paper_has_no_controls_and_says_levels(open_page: Callable[..., Page]) -> None:
    page = open_page("/components/")
    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="Save and continue")).to_be_hidden()
    expect(page.get_by_role("link", name="A child is in immediate danger")).to_be_hidden()
    expect(page.locator(".app-level--high").first).to_be_visible()
    assert (
        page.locator(".govuk-summary-card").evaluate("card => getComputedStyle(card).breakInside") == "avoid"
    )
