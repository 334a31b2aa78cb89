"""What is written onto a case, and the timeline on which it stands, in their states."""

from playwright.sync_api import Page

from tests.browser.pages.made import Made
from tests.browser.pages.states import State, after, at, child, press

IN_ERROR = "It was recorded in error"


def open_page(page: Page, made: Made) -> None:
    """A discussion is written down, and its line on the timeline opened."""
    path = made.clerk.child().path
    page.goto(f"{path}note/new/")
    page.get_by_label("What was said?").fill("An aunt <b>spoke</b> of Friday.")
    press(page, page.get_by_role("button", name="Write it down"))
    press(page, page.get_by_role("link", name="Recorded in error?").first)


def no_reason(page: Page, made: Made) -> None:
    open_page(page, made)
    press(page, page.get_by_role("button", name=IN_ERROR))


def said(page: Page, made: Made) -> None:
    """It was said; its page says why."""
    open_page(page, made)
    path = page.url
    page.get_by_label("What was wrong?").fill("It was another child.")
    press(page, page.get_by_role("button", name=IN_ERROR))
    page.goto(path)
    assert page.get_by_role("heading", name="This was recorded in error").is_visible()


PAGES: dict[str, dict[str, State]] = {
    "child-note-in-error": {"asked": open_page, "no reason": no_reason, "said": said},
    "child-timeline": {
        "": at(lambda made: f"{made.sent and made.assessed.path}timeline/"),
        "nothing yet": at(child("timeline/")),
        "filtered": at(lambda made: f"{made.sent and made.assessed.path}timeline/?what=assessment&what=done"),
        "errors": at(child("timeline/?first_day=31&first_month=2&first_year=2026")),
        "to print": at(lambda made: f"{made.sent and made.assessed.path}timeline/?all=1"),
    },
    "child-note": {
        "discussion": at(child("note/new/")),
        "decision": at(child("note/new/?kind=decision")),
        "intervention": at(child("note/new/?kind=intervention")),
        "drawn in": at(child("note/new/?kind=discussion&about=drawn-in")),
        "errors": after(child("note/new/"), "Write it down", {"time": "late"}),
    },
    "child-lead": {
        "": at(child("lead/")),
        "errors": after(child("lead/"), "Put it on the record", choose="drawn_in"),
    },
    "child-do": {
        "due": at(lambda made: f"{made.sent and made.assessed.path}due/send-to-social-care/"),
        "not due": at(child("due/tell-manager/")),
    },
}
