"""The page on which an entry of the case is withdrawn, as having been recorded in error, in its states."""

from playwright.sync_api import Page

from tests.browser.pages.made import Made
from tests.browser.pages.states import State, press

WITHDRAW = "Withdraw it"


def open_page(page: Page, made: Made) -> None:
    """A significant incident is recorded, and its entry on the timeline opened."""
    child = made.clerk.child()
    page.goto(f"{child.path}incidents/new/")
    for label, text in {
        "What happened?": "An adult in a grey car <b>waited</b> at the gate.",
        "About what time?": "00:01",
        "Who saw or heard it, and when?": "Two teachers",
        "Day": "1",
        "Month": "11",
        "Year": "2026",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
    for question in ("danger_now", "was_missing"):
        page.locator(f"input[name={question}][value=no]").check()
    press(page, page.get_by_role("button", name="Record the incident"))
    page.goto(f"{child.path}timeline/")
    press(page, page.get_by_role("link", name="Recorded in error?").first)


def no_reason(page: Page, made: Made) -> None:
    open_page(page, made)
    press(page, page.get_by_role("button", name=WITHDRAW))


def said(page: Page, made: Made) -> None:
    """It was withdrawn; its page says why."""
    open_page(page, made)
    path = page.url
    page.get_by_label("What was wrong?").fill("It was another child.")
    press(page, page.get_by_role("button", name=WITHDRAW))
    page.goto(path)
    assert page.get_by_role("heading", name="This was recorded in error").is_visible()


PAGES: dict[str, dict[str, State]] = {
    "child-event-in-error": {"asked": open_page, "no reason": no_reason, "said": said},
}
