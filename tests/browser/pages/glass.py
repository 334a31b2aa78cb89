"""The pages of break-glass, of who has looked, and of the review of access, in their states."""

from collections.abc import Callable

from playwright.sync_api import Page

from cre_toolkit.demonstration.people import PASSWORD
from tests.browser.pages.made import Made
from tests.browser.pages.states import State, after, at, press

BREAK = "Break the glass and open the record"
RECORD = "Record the review"


def confirmed(page: Page, path: str) -> None:
    """Go to a page that asks who did not sign in just now to show that it is them."""
    page.goto(path)
    if "/account/confirm/" in page.url:
        page.locator("input[name=password]").fill(PASSWORD)
        press(page, page.get_by_role("main").get_by_role("button", name="Confirm", exact=True))


def open_page(page: Page, made: Made) -> None:
    """Where the glass is broken, about a child whom this person does not see."""
    confirmed(page, f"/break-glass/open/{made.new.reference}/")


def nothing_said(page: Page, made: Made) -> None:
    open_page(page, made)
    press(page, page.get_by_role("button", name=BREAK))


def told(page: Page, made: Made) -> None:
    """A search by the reference of a record that this person does not see."""
    after("/search/", "Search", {"reference": made.new.reference})(page, made)
    assert page.get_by_role("link", name="open it by break-glass").is_visible()


def one_s_own(page: Page, made: Made) -> None:
    """Somebody breaks the glass, and reads what they said."""
    child = made.clerk.child()
    confirmed(page, f"/break-glass/open/{child.reference}/")
    page.get_by_label("A child may be in danger now").check()
    page.get_by_label("What do you need to know").fill("She rang, and <script>nobody</script> answers.")
    press(page, page.get_by_role("button", name=BREAK))
    assert page.get_by_text("You can see this record until").is_visible()
    page.get_by_text("More to read and to do on this record").click()
    press(page, page.get_by_role("link", name="Who can see this record"))
    press(page, page.locator("a[href*='/break-glass/']").first)
    made.broken_glass = page.url


def broken(then: Callable[[Page], None] = lambda page: None) -> State:
    """What the state above has made, as somebody else reads it."""

    def state(page: Page, made: Made) -> None:
        page.goto(made.broken_glass)
        then(page)

    return state


def pressed(page: Page) -> None:
    press(page, page.get_by_role("button", name=RECORD))


def reviewed(page: Page) -> None:
    page.get_by_label("It was justified").check()
    page.get_by_label("How do you know?").fill("I asked the school.")
    pressed(page)
    assert page.get_by_text("Your review is recorded").is_visible()


PAGES: dict[str, dict[str, State]] = {
    "search": {"teacher: there is a record": told},
    "break-glass-open": {"teacher: ": open_page, "teacher: nothing said": nothing_said},
    "break-glass": {
        "teacher: one's own": one_s_own,
        "protection: to review": broken(),
        "protection: nothing said": broken(pressed),
        "protection: reviewed": broken(reviewed),
    },
    "home": {"protection: with something to review": at("/")},
    "child-looks": {
        "manager: ": at(lambda made: f"{made.new.path}looks/"),
        "manager: none before": at(lambda made: f"{made.new.path}looks/?before=1"),
    },
    "access-reviews": {
        "auditor: ": at("/access-reviews/"),
        "auditor: open for long": at("/access-reviews/?days=90"),
    },
}
