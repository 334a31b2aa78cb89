"""Single sign-on against a real OpenID Connect provider, which runs on this machine (`provider.mjs`)."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import ROOT, SECONDS_TO_START, Site, free_port, served

SECRET = "of-an-invented-organisation"
BUTTON = "Sign in with Pretend Council"


@pytest.fixture(scope="module")
def organisation(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The service of an organisation that has a provider, and the provider."""
    ours, theirs = free_port(), free_port()
    back = f"http://127.0.0.1:{ours}/account/single-sign-on/organisation/back/"
    log = tmp_path_factory.mktemp("provider") / "log"
    with log.open("wb") as output:
        provider = subprocess.Popen(
            ["node", ROOT / "tests" / "browser" / "provider.mjs", str(theirs), back, SECRET],
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while "Ready" not in log.read_text():
            if provider.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the provider did not start:\n{log.read_text()}")
            time.sleep(0.1)
        settings = {
            "OIDC_PROVIDER_URL": f"http://127.0.0.1:{theirs}",
            "OIDC_CLIENT_ID": "cre-toolkit",
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_BUTTON": BUTTON,
        }
        with served(tmp_path_factory.mktemp("organisation"), ours, like=site, **settings) as service:
            yield service
    finally:
        provider.kill()
        provider.wait()


@pytest.fixture
def page(organisation: Site, new_context: Callable[..., BrowserContext]) -> Page:
    """A window in which nobody is signed in, here or at the provider."""
    return new_context(base_url=organisation.url).new_page()


def go(page: Page, path: str = "/") -> None:
    """Ask for a page, and press the button of single sign-on on the way."""
    page.goto(path)
    page.get_by_role("button", name=BUTTON).click()


def be(page: Page, who: str, *, first_time: bool = True) -> None:
    """Sign in at the provider; the first time, it asks whether the service may know the address."""
    page.locator("input[name=login]").fill(who)
    page.locator("input[name=password]").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    if first_time:
        page.get_by_role("button", name="Continue").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_whoever_has_an_account_here_comes_where_they_wanted_to_go(page: Page) -> None:
    go(page, "/due/")
    be(page, "worker")
    expect(page).to_have_url(re.compile(r"/due/$"))
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_password_of_an_account_stays_as_good_as_it_was(page: Page, organisation: Site) -> None:
    go(page)
    be(page, "protection")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    sign_out(page)
    organisation.sign_in(page, "protection")


@pytest.mark.parametrize("who", ["nobody", "manager.unverified"])
def test_no_account_is_made_nor_given_for_an_address_that_is_not_verified(page: Page, who: str) -> None:
    go(page)
    be(page, who)
    expect(page.get_by_text("there is no account here for you yet")).to_be_visible()
    page.goto("/due/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_an_address_that_was_given_to_somebody_else_does_not_open_the_account(
    page: Page, organisation: Site, new_context: Callable[..., BrowserContext]
) -> None:
    go(page)
    be(page, "nurse")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    later = new_context(base_url=organisation.url).new_page()
    go(later)
    be(later, "nurse.again")
    expect(later.get_by_text("belongs to another sign-in of your organisation")).to_be_visible()


def test_confirming_goes_to_the_provider_which_asks_again(page: Page) -> None:
    go(page)
    be(page, "champion")
    page.goto("/account/confirm/?next=/account/")
    page.get_by_role("button", name=BUTTON).click()
    be(page, "champion", first_time=False)
    expect(page).to_have_url(re.compile(r"/account/$"))


def test_whoever_turns_back_there_is_told_what_else_there_is(page: Page) -> None:
    go(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_text("Signing in through your organisation did not work")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_an_answer_that_nobody_here_asked_for_opens_nothing(page: Page) -> None:
    page.goto("/account/single-sign-on/organisation/back/?code=forged&state=forged")
    expect(page.get_by_text("Signing in through your organisation did not work")).to_be_visible()
    page.goto("/due/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
