"""The pages of the second step of signing in, with a passkey that is Chromium's own virtual one.

The champion alone sets one up: everybody else signs in by password, as the other tests do.
"""

import re
import time
from urllib.parse import urlsplit, urlunsplit

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page

from cre_toolkit.demonstration.people import PASSWORD
from tests.browser.pages.made import Made

WHO = "champion@example.org"
OVERVIEW = "/account/second-step/"


def by_name(page: Page, path: str) -> str:
    """The address on `localhost`: a passkey is bound to a name, and 127.0.0.1 is none."""
    here = urlsplit(page.url)
    return urlunsplit(("http", f"localhost:{here.port}", path, "", ""))


def give_device(page: Page) -> None:
    """A device with a fingerprint reader whose owner puts the finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    reader = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    said = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": reader | said})


def sign_in(page: Page, who: str = WHO) -> None:
    """By password, on `localhost`, whoever was there before; the second step is not taken."""
    page.context.clear_cookies()
    page.goto(by_name(page, "/account/sign-in/"))
    page.locator("input[name=login]").fill(who)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def code_for(secret: str, step: int = 0) -> str:
    """What an app with this secret shows, so many steps of 30 seconds from now."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + step)))


def set_up_app(page: Page) -> str:
    """Set up an app on the page for it; the secret that it was given."""
    page.goto(by_name(page, f"{OVERVIEW}app/"))
    page.get_by_text("The camera does not work, or").click()
    secret = page.locator(".app-code").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(code_for(secret, -1))
    page.get_by_role("button", name="Set up").click()
    return secret


def recovery_codes(page: Page) -> list[str]:
    """The codes on the page that shows them once."""
    return [re.sub(r"\s", "", code) for code in page.locator(".app-code").all_inner_texts()]


def enter(page: Page, code: str, button: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name=button).click()


class Factors:
    """Somebody with an app and a passkey, made when the first page asks for them."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def sign_in(self, page: Page) -> None:
        """Up to the second step; the first time, with one set up."""
        sign_in(page)
        if self.codes:
            return
        set_up_app(page)
        self.codes = recovery_codes(page)
        give_device(page)
        page.goto(by_name(page, f"{OVERVIEW}passkey/"))
        page.get_by_role("button", name="Add the passkey").click()
        page.wait_for_url("**/second-step/")
        page.get_by_role("button", name="Sign out").click()
        sign_in(page)

    def at(self, page: Page, path: str) -> None:
        """A page of theirs, signed in by a recovery code."""
        self.sign_in(page)
        enter(page, self.codes.pop(), "Continue")
        page.goto(by_name(page, path))


_THEY = Factors()


def overview(page: Page, made: Made) -> None:
    page.goto(OVERVIEW)


def second_step(page: Page, made: Made) -> None:
    _THEY.sign_in(page)


def second_step_wrong(page: Page, made: Made) -> None:
    _THEY.sign_in(page)
    enter(page, "000000", "Continue")


def confirm_by_code(page: Page, made: Made) -> None:
    _THEY.at(page, "/account/confirm/code/")


def confirm_by_code_wrong(page: Page, made: Made) -> None:
    _THEY.at(page, "/account/confirm/code/")
    enter(page, "000000", "Confirm")


def confirm_by_passkey(page: Page, made: Made) -> None:
    _THEY.at(page, "/account/confirm/passkey/")


def all_set_up(page: Page, made: Made) -> None:
    _THEY.at(page, OVERVIEW)


def remove(page: Page, made: Made) -> None:
    _THEY.at(page, OVERVIEW)
    page.get_by_role("link", name="Remove the app").click()


def new_codes(page: Page, made: Made) -> None:
    _THEY.at(page, f"{OVERVIEW}codes/new/")


def codes_shown(page: Page, made: Made) -> None:
    _THEY.at(page, f"{OVERVIEW}codes/new/")
    page.get_by_role("button", name="Make new codes").click()
    _THEY.codes = recovery_codes(page)


def _set_up(page: Page, path: str) -> None:
    """The worker's page for setting one up."""
    page.goto(path)
    _confirm(page)


def _confirm(page: Page) -> None:
    """Give the password once more, where they signed in a while ago."""
    if urlsplit(page.url).path == "/account/confirm/":
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()


def app(page: Page, made: Made) -> None:
    _set_up(page, f"{OVERVIEW}app/")


def app_wrong(page: Page, made: Made) -> None:
    _set_up(page, f"{OVERVIEW}app/")
    enter(page, "000000", "Set up")


def passkey(page: Page, made: Made) -> None:
    _set_up(page, f"{OVERVIEW}passkey/")


PAGES = {
    "mfa_index": {"": overview, "nobody: all set up": all_set_up},
    "mfa_authenticate": {"nobody: ": second_step, "nobody: wrong": second_step_wrong},
    "mfa_reauthenticate": {"nobody: ": confirm_by_code, "nobody: wrong": confirm_by_code_wrong},
    "mfa_reauthenticate_webauthn": {"nobody: ": confirm_by_passkey},
    "mfa_activate_totp": {"": app, "wrong": app_wrong},
    "mfa_add_webauthn": {"": passkey},
    "mfa_remove": {"nobody: ": remove},
    "mfa_generate_recovery_codes": {"nobody: ": new_codes},
    "mfa_view_recovery_codes": {"nobody: ": codes_shown},
}
