"""The pages of administrators, about the demonstration's people, and those of a manager's team.

Nia Pretend has been invited, Lena Pretend has left and Noel Pretend is on leave (demonstration/comings.py).
"""

from urllib.parse import urlsplit

from playwright.sync_api import Page

from cre_toolkit.demonstration.people import PASSWORD
from tests.browser.pages.made import Made
from tests.browser.pages.states import State, at, press

PEOPLE = "/administration/"


def confirm(page: Page) -> None:
    """Show again that it is them, where the page asks for it."""
    if urlsplit(page.url).path == "/account/confirm/":
        page.locator("input[name=password]").fill(PASSWORD)
        press(page, page.get_by_role("button", name="Confirm"))


def find(page: Page, name: str) -> None:
    """The page of a person, by way of the search."""
    page.goto(PEOPLE)
    page.get_by_label("Name or e-mail address").fill(name)
    press(page, page.get_by_role("button", name="Find"))
    press(page, page.get_by_role("main").get_by_role("link", name=name))


def of(name: str, *links: str, then: str = "") -> State:
    """A page reached from a person's: by links, and then perhaps a button."""

    def state(page: Page, made: Made) -> None:
        find(page, name)
        _follow(page, links, then)

    return state


def from_(path: str, *links: str, then: str = "") -> State:
    """A page reached from another by links, and then perhaps a button."""

    def state(page: Page, made: Made) -> None:
        page.goto(path)
        _follow(page, links, then)

    return state


def _follow(page: Page, links: tuple[str, ...], then: str) -> None:
    confirm(page)
    for link in links:
        press(page, page.get_by_role("main").get_by_role("link", name=link).first)
        confirm(page)
    if then:
        press(page, page.get_by_role("button", name=then, exact=True))


def searched(name: str) -> State:
    def state(page: Page, made: Made) -> None:
        page.goto(PEOPLE)
        page.get_by_label("Name or e-mail address").fill(name)
        press(page, page.get_by_role("button", name="Find"))

    return state


def to_confirm(page: Page, made: Made) -> None:
    """Who takes on a leaver's children is chosen."""
    from_(TEAM, LENA)(page, made)
    page.get_by_label("Who takes on all").select_option(index=1)
    press(page, page.get_by_role("button", name="Continue"))


LENA, NIA, NOEL = "Lena Pretend", "Nia Pretend", "Noel Pretend"
AGENCIES, INVITE, TEAM = "/administration/agencies/", "/administration/people/invite/", "/team/"
PAGES: dict[str, dict[str, State]] = {
    "administration": {
        "admin: everybody": at(PEOPLE),
        "admin: further than there are": at(f"{PEOPLE}?page=99"),
        "admin: found": searched("Sam"),
        "admin: nobody found": searched("Zyxwvut"),
        "admin: nothing typed": searched(""),
    },
    "administration-person": {
        "admin: invited": of(NIA),
        "admin: left": of(LENA),
        "admin: of two authorities": of("Piotr Pretend"),
        "admin: themselves": of("Alex Pretend"),
    },
    "administration-invite": {
        "admin: ": from_(INVITE),
        "admin: nothing typed": from_(INVITE, then="Send the invitation"),
    },
    "administration-existing": {
        "admin: ": from_("/administration/people/existing/"),
        "admin: nothing typed": from_("/administration/people/existing/", then="Give the role"),
    },
    "administration-details": {"admin: ": of(NIA, "Change name, job title")},
    "administration-role": {
        "admin: ": of(NIA, "Give a role"),
        "admin: none chosen": of(NIA, "Give a role", then="Give the role"),
    },
    "administration-end-role": {"admin: ": of(NIA, "End the role")},
    "administration-join-team": {
        "admin: ": of(NIA, "Put into a team"),
        "admin: none chosen": of(NIA, "Put into a team", then="Put into the team"),
    },
    "administration-leave-team": {"admin: ": of(NOEL, "Take out")},
    "administration-invitation": {"admin: ": of(NIA, "Send a new invitation")},
    "administration-close": {
        "admin: with children": of(NOEL, "Close this account"),
        "admin: ": of(NIA, "Close"),
    },
    "administration-reopen": {"admin: ": of(LENA, "Open this account again")},
    "administration-agencies": {"admin: ": at(AGENCIES)},
    "administration-add-agency": {
        "admin: ": from_(f"{AGENCIES}add/"),
        "admin: nothing typed": from_(f"{AGENCIES}add/", then="Add the agency"),
    },
    "administration-add-team": {
        "admin: ": from_("/administration/teams/add/"),
        "admin: nothing typed": from_("/administration/teams/add/", then="Add the team"),
    },
    "administration-team": {"admin: ": from_(AGENCIES, "Exploitation Team")},
    "invitation": {"nobody: no link, or one that is used up": at("/invitation/")},
    "team": {"manager: ": at(TEAM)},
    "team-children": {
        "manager: of somebody who has left": from_(TEAM, LENA),
        "manager: none chosen": from_(TEAM, LENA, then="Continue"),
        "manager: to confirm": to_confirm,
    },
    "team-cover": {
        "manager: ": from_(TEAM, "Arrange cover for Sam Pretend"),
        "manager: nothing typed": from_(TEAM, "Arrange cover for Sam Pretend", then="Arrange the cover"),
    },
    "team-end-cover": {"manager: ": from_(TEAM, "End this cover for Noel Pretend")},
}
