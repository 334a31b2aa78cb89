"""By keyboard alone, from signing in to saved ratings, with the focus in sight at every stop."""

from collections.abc import Callable

from playwright.sync_api import expect

from cre_toolkit.demonstration.people import PASSWORD
from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.journey import SAVE
from tests.browser.pages.looks import Keyboard
from tests.browser.pages.story import INDICATORS


def test_from_signing_in_to_saved_ratings(open_page: OpenPage, clerk: Callable[..., Clerk]) -> None:
    child = clerk().child()
    page = open_page("/account/sign-in/")
    keyboard, heading = Keyboard(page), page.get_by_role("heading", level=1)
    save = page.get_by_role("button", name=SAVE)

    keyboard.write(page.locator("input[name=login]"), "worker@example.org")
    keyboard.write(page.locator("input[name=password]"), PASSWORD)
    keyboard.press(page.get_by_role("button", name="Sign in"))
    expect(heading).to_have_text("Home")

    keyboard.write(page.get_by_label("Find or add a child"), child.name)
    keyboard.press(page.get_by_role("button", name="Search"))
    keyboard.press(page.get_by_role("link", name=child.name))
    keyboard.press(page.get_by_role("button", name="Start an assessment"))
    expect(heading).to_have_text("Is the child in immediate danger?")

    yes, no = (page.get_by_role("radio", name=name, exact=True) for name in ("Yes", "No"))
    keyboard.choose(yes, no)
    keyboard.press(save)
    keyboard.press(page.get_by_role("link", name="Indicators of risk"))

    ticked = [INDICATORS[0], INDICATORS[3]]
    # As the page has them: the groups come in their own order.
    boxes = page.locator("input[name=indicator]")
    order = [box.get_attribute("value") for box in boxes.all()]
    for seen in sorted(ticked, key=lambda seen: order.index(seen.id)):
        keyboard.tick(page.locator(f"#tick-{seen.id}"))
    keyboard.tick(page.get_by_label("I have considered all 28 indicators"))
    keyboard.press(save)
    expect(heading).to_have_text("Level and evidence for each indicator")

    for seen in ticked:
        card = page.locator(f"#{seen.id}")
        keyboard.tick(card.get_by_role("checkbox", name=seen.linked_to))
        levels = card.get_by_role("radio")
        keyboard.choose(levels.first, card.get_by_role("radio", name=seen.level, exact=True))
        keyboard.write(card.get_by_role("textbox"), seen.evidence)
    keyboard.press(save)
    expect(heading).to_have_text("Places and people who pose a risk")

    page.go_back()
    for seen in ticked:
        card = page.locator(f"#{seen.id}")
        expect(card.get_by_role("radio", name=seen.level, exact=True)).to_be_checked()
        expect(card.get_by_role("textbox")).to_have_value(seen.evidence)


def test_the_skip_link_leads_past_the_header(open_page: OpenPage) -> None:
    page = open_page(who="worker")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
