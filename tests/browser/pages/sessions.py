"""The pages of sessions and of a forgotten password. What locks or ends a session does so to one of its own.

The other tests share a session for each person: one that is locked, or gets a new key, would stop them all.
"""

from playwright.sync_api import Page, expect

from tests.browser.pages import typing
from tests.browser.pages.made import Made
from tests.browser.pages.states import after, at

MINUTE = 60


def own_session(page: Page, who: str = "worker") -> None:
    """Sign in anew, for this window alone."""
    page.context.clear_cookies()
    page.goto("/account/sign-in/")
    typing.sign_in(page, who)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def lock(page: Page) -> None:
    page.get_by_role("button", name="Lock", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The screen is locked")


def locked(page: Page, made: Made) -> None:
    own_session(page)
    lock(page)


def wrong_password(page: Page, made: Made) -> None:
    locked(page, made)
    page.get_by_label("Password", exact=True).fill("something else altogether")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("link", name="The password is not correct")).to_be_visible()


def warned(page: Page, made: Made) -> None:
    """The session is about to end, in this page's eyes."""
    page.clock.install()
    page.route("**/account/session/", lambda route: route.fulfill(json={"left": 280, "locked": False}))
    page.goto("/account/sessions/")
    page.clock.fast_forward(15 * MINUTE * 1000 + 1000)
    expect(page.get_by_role("dialog")).to_be_visible()


def two_devices(page: Page, made: Made) -> None:
    """Signed in on another device too."""
    assert page.context.browser
    other = page.context.browser.new_context(base_url=page.url.split("/accessibility")[0])
    own_session(other.new_page())
    other.close()
    page.goto("/account/sessions/")
    expect(page.get_by_role("button", name="Sign out everywhere else")).to_be_visible()


FORGOTTEN = "/account/forgotten/"

PAGES = {
    "account_reset_password": {
        "nobody: ": at(FORGOTTEN),
        "nobody: nothing typed": after(FORGOTTEN, "Send the link"),
    },
    "account_reset_password_done": {"nobody: ": at(f"{FORGOTTEN}sent/")},
    "account_reset_password_from_key": {"nobody: used": at("/account/new-password/x/y/")},
    "account_reset_password_from_key_done": {"nobody: ": at("/account/new-password/set/")},
    "sessions": {"": two_devices, "about to end": warned},
    "lock": {"not locked": at("/lock/"), "locked": locked, "wrong password": wrong_password},
}
