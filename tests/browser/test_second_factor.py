"""The second step of signing in, in a real browser: an app, and a passkey that nobody types."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.factors import (
    OVERVIEW,
    by_name,
    code_for,
    give_device,
    recovery_codes,
    set_up_app,
    sign_in,
)

WHO = "nurse@example.org"


@pytest.fixture
def page(open_page: OpenPage) -> Iterator[Page]:
    """Somebody with a password alone, at the end as at the beginning."""
    page = open_page("/accessibility/")
    sign_in(page, WHO)
    yield page
    page.goto(by_name(page, OVERVIEW))
    for _ in page.get_by_role("link", name="Remove the").all():
        page.get_by_role("link", name="Remove the").first.click()
        page.get_by_role("button", name="Remove").click()


def at_home(page: Page) -> None:
    page.wait_for_url("**:*/")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def sign_in_again(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, WHO)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step of signing in")


def test_an_app_is_set_up_and_its_code_and_a_recovery_code_sign_in(page: Page) -> None:
    secret = set_up_app(page)
    codes = recovery_codes(page)
    assert len(codes) == 10
    page.get_by_role("button", name="I have kept them").click()

    sign_in_again(page)
    page.get_by_label("Code").fill(code_for(secret))
    page.get_by_role("button", name="Continue").click()
    at_home(page)

    sign_in_again(page)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Continue").click()
    at_home(page)
    page.goto(by_name(page, OVERVIEW))
    expect(page.get_by_text("9 are left")).to_be_visible()


def test_a_passkey_is_added_signs_in_and_confirms(page: Page) -> None:
    give_device(page)
    page.goto(by_name(page, f"{OVERVIEW}passkey/"))
    page.get_by_label("What you call it").fill("Work telephone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")

    sign_in_again(page)
    page.get_by_role("button", name="Use your passkey").click()
    at_home(page)

    page.goto(by_name(page, "/account/confirm/"))
    page.get_by_role("button", name="Use your passkey").click()
    at_home(page)
    page.goto(by_name(page, OVERVIEW))
    expect(page.get_by_role("heading", name="The passkey ‘Work telephone’")).to_be_visible()


def test_a_device_that_gives_no_passkey_leaves_the_page_usable_and_says_so(page: Page) -> None:
    page.goto(by_name(page, f"{OVERVIEW}passkey/"))
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('cancelled')) }")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("Your device did not give a passkey")).to_be_visible()
