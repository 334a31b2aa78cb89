"""The pages of referrals, in their states: the two ends of one, referring, no route, sealed documents."""

from playwright.sync_api import Page

from tests.browser.pages.journey import address
from tests.browser.pages.made import Made
from tests.browser.pages.people import confirm
from tests.browser.pages.states import State, after, at, press

SEALED = {
    "to": "other-authority",
    "how": "sealed",
    "recipient": "Example Borough, duty team",
    "channel": "post",
    "address": "1 Invented Street",
    "why": "The family moved there on Monday.",
}
REFER = "Refer the child"


def referral(page: Page, made: Made) -> None:
    """The referral that a sent assessment made to the front door."""
    page.goto(address(made.sent, "record"))
    press(page, page.get_by_role("link", name="First Contact Team").first)


def step(name: str, button: str = "") -> State:
    """The page of a step of it, and perhaps its button with nothing filled in."""

    def state(page: Page, made: Made) -> None:
        referral(page, made)
        page.goto(f"{page.url}{name}/")
        if button:
            press(page, page.get_by_role("main").get_by_role("button", name=button, exact=True))

    return state


def listed(path: str) -> State:
    """A list, once something was sent."""

    def state(page: Page, made: Made) -> None:
        assert made.sent
        page.goto(path)

    return state


def entry(page: Page, made: Made) -> None:
    """An entry of the queue of what reaches nobody; the demonstration has one."""
    page.goto("/no-route/")
    press(page, page.get_by_role("main").locator("td a").first)


def route(button: str = "") -> State:
    """The page on which its sender finds it a route."""

    def state(page: Page, made: Made) -> None:
        entry(page, made)
        page.goto(page.url.replace("/no-route/", "/referrals/") + "route/")
        if button:
            press(page, page.get_by_role("main").get_by_role("button", name=button, exact=True))

    return state


def prepared(page: Page, made: Made) -> None:
    """A referral to somebody without an account, whose document is still to be made."""
    assert made.sent
    page.goto(made.clerk.fill_in(f"{made.assessed.path}refer/", SEALED).url)


def sealing(button: str = "") -> State:
    """The page on which its document is made; with the button, the one that shows the passphrase."""

    def state(page: Page, made: Made) -> None:
        prepared(page, made)
        page.goto(f"{page.url}sealed/")
        confirm(page)
        if button:
            press(page, page.get_by_role("main").get_by_role("button", name=button, exact=True))
            assert page.get_by_text("The passphrase is shown once").is_visible()

    return state


def refer(made: Made) -> str:
    return f"{made.new.path}refer/"


PAGES: dict[str, dict[str, State]] = {
    "referrals": {
        "": at("/referrals/"),
        "frontdoor: ": listed("/referrals/"),
        "frontdoor: none is late": at("/referrals/?show=late"),
    },
    "referrals-sent": {"": listed("/referrals/sent/"), "none": at("/referrals/sent/?show=accepted")},
    "referral": {"": referral, "frontdoor: ": referral, "not on its way": prepared},
    "referral-step": {
        "asked": step("chase"),
        "whom?": step("chase", "Save"),
        "frontdoor: accept": step("accept"),
        "frontdoor: return": step("return"),
        "frontdoor: why?": step("return", "Return it to its sender"),
    },
    "child-refer": {
        "": at(refer),
        "nothing said": after(refer, REFER),
        "nobody named": after(refer, REFER, choose="how-3"),
        "no call": after(refer, REFER, choose="how-2"),
    },
    "referral-route": {"": route(), "to whom?": route("Send it to them")},
    "referral-sealed": {"": sealing(), "made": sealing("Make it, and show the passphrase")},
    "no-route": {
        "": at("/no-route/"),
        "protection: ": at("/no-route/"),
        "county.worker: none": at("/no-route/"),
    },
    "no-route-entry": {"": entry, "protection: ": entry},
}
