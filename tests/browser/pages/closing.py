"""The pages of the network, of restricting a record and of locking somebody out, in their states."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.pages.made import Made
from tests.browser.pages.states import State, after, at, press

NOBODY = {"email": "nobody@example.org", "why": "School nurse"}


def of(child: Callable[[Made], str], page: str) -> Callable[[Made], str]:
    return lambda made: f"/children/{child(made)}/{page}/"


def new(page: str) -> Callable[[Made], str]:
    """A page of a child whose record is open."""
    return of(lambda made: made.new.reference, page)


def by_link(path: Callable[[Made], str], link: str) -> State:
    """The page to which the first link of this name leads."""

    def state(page: Page, made: Made) -> None:
        page.goto(path(made))
        press(page, page.get_by_role("main").get_by_role("link", name=link).first)

    return state


def restricted(page: Page, made: Made) -> None:
    """The manager has restricted a record to the worker and to themselves."""
    path = of(lambda made: made.closed.reference, "restriction")(made)
    page.goto(path)
    button = page.get_by_role("button", name="Restrict the record")
    if button.is_visible():
        page.get_by_label("Why is the record restricted?").fill("The child of somebody who works here.")
        page.get_by_label("Other people, by their e-mail addresses").fill("worker@example.org")
        press(page, button)
    assert page.get_by_role("heading", name="This record is restricted").is_visible()


def on_restricted(link: str) -> State:
    """What a link on the page of a restricted record leads to."""

    def state(page: Page, made: Made) -> None:
        restricted(page, made)
        press(page, page.get_by_role("main").get_by_role("link", name=link).first)

    return state


def needed(page: Page, made: Made) -> None:
    """Of the two people named nobody can be taken off."""
    on_restricted("Take off")(page, made)
    press(page, page.get_by_role("button", name="Take off", exact=True))


def locked_out(page: Page, made: Made) -> None:
    """Somebody is locked out."""
    after(new("lock-outs"), "Lock them out", {"email": "county.worker@example.org"}, choose="conflict")(
        page, made
    )
    assert page.get_by_role("link", name="End this").first.is_visible()


def to_let_in_again(page: Page, made: Made) -> None:
    """About to end that somebody is locked out."""
    page.goto(new("lock-outs")(made))
    link = page.get_by_role("main").get_by_role("link", name="End this").first
    if not link.is_visible():
        locked_out(page, made)
    press(page, link)


PAGES: dict[str, dict[str, State]] = {
    "child-network": {
        "": at(new("network")),
        "manager: ": at(new("network")),
        "manager: errors": after(new("network"), "Let them in", NOBODY),
    },
    "child-network-end": {
        "": by_link(new("network"), "Leave the network"),
        "manager: somebody else": by_link(new("network"), "End this"),
    },
    "child-restriction": {
        "manager: open": at(new("restriction")),
        "manager: errors": after(new("restriction"), "Restrict the record"),
        "manager: restricted": restricted,
    },
    "child-restriction-lift": {"manager: ": on_restricted("Lift the restriction")},
    "child-restriction-end": {
        "manager: ": on_restricted("Take off"),
        "manager: needed": needed,
    },
    "child-lock-outs": {
        "manager: nobody": at(new("lock-outs")),
        "manager: errors": after(new("lock-outs"), "Lock them out", {"email": "nobody@example.org"}),
        "manager: somebody": locked_out,
    },
    "child-lock-out-end": {"manager: ": to_let_in_again},
}
