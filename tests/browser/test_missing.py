"""A child goes missing and comes back, as somebody on a phone without script records it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.states import press


def pressed(page: Page, button: str) -> None:
    press(page, page.get_by_role("main").get_by_role("button", name=button, exact=True))


def test_from_the_report_to_the_talk_on_a_phone_without_script(
    open_page: OpenPage, clerk: Callable[..., Clerk]
) -> None:
    child = clerk().child()
    page = open_page(f"{child.path}missing/", who="worker", viewport="phone", javascript=False)
    pressed(page, "Report the child missing")
    page.get_by_label("Where was the child last seen?").fill("At the bus station")
    page.get_by_label("Since what time?").fill("0:00")
    page.get_by_role("radio", name="Not known").check()
    pressed(page, "Record that the child is missing")
    expect(page.get_by_text("The child has been missing since")).to_be_visible()
    expect(page.get_by_text("Hold a missing strategy meeting")).to_be_visible()

    pressed(page, "Record the return")
    page.get_by_label("At what time?").fill("0:01")
    page.get_by_label("The police found the child").check()
    page.get_by_role("group", name="Was the child harmed while they were missing?").get_by_label(
        "No", exact=True
    ).check()
    page.get_by_role("group", name="Was it a significant incident?").get_by_label("No", exact=True).check()
    pressed(page, "Record the return")
    expect(page.get_by_text("The return is recorded. Offer the child a return interview")).to_be_visible()

    press(page, page.get_by_role("main").get_by_role("link", name="Do this"))
    page.get_by_label("Held", exact=True).check()
    pressed(page, "Save the interview")
    expect(page.get_by_role("alert").get_by_text("Write what the child said")).to_be_visible()
    page.get_by_label("What the child said", exact=True).fill("“I was cold.”")
    page.get_by_label("Who talks with the child?").fill("Ira Invented, youth worker")
    page.get_by_label("A voluntary organisation").check()
    for question in ("Are they independent?", "Is it somebody whom the child respects"):
        page.get_by_role("group", name=question).get_by_label("Yes", exact=True).check()
    pressed(page, "Save the interview")
    expect(page.get_by_text("Nothing about missing episodes is due.")).to_be_visible()
    expect(page.get_by_text("“I was cold.”")).to_be_visible()
