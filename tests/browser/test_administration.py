"""Somebody begins and somebody leaves, in a browser: by an administrator, and by the leaver's manager."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Site
from tests.browser.pages.people import LENA, confirm, find
from tests.browser.pages.states import press

PASSWORD = "three words together"
SECONDS_FOR_A_MAIL = 60


def test_somebody_is_invited_sets_a_password_and_signs_in(
    open_page: OpenPage, site: Site, assert_accessible: Callable[[Page], None], javascript: bool
) -> None:
    address = f"new.{'with' if javascript else 'without'}@example.org"
    page = open_page("/", who="admin", javascript=javascript)
    press(page, page.get_by_role("link", name="People, roles, agencies and teams"))
    press(page, page.get_by_role("button", name="Invite somebody"))
    confirm(page)
    page.get_by_label("Work e-mail address").fill(address)
    page.get_by_label("Name", exact=True).fill("Nell Pretend")
    page.get_by_label("Agency").select_option(label="Example City children's social care (invented)")
    page.get_by_role("radio", name="Practitioner").check()
    press(page, page.get_by_role("button", name="Send the invitation"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nell Pretend")
    expect(page.get_by_role("main")).to_contain_text("is good until")

    invited = open_page(the_link_sent_to(site, address), javascript=javascript)
    expect(invited.get_by_role("heading", level=1)).to_have_text("Set your password")
    assert_accessible(invited)
    assert "invitation/" in invited.url
    assert not re.search(r"invitation/.", invited.url), "what the link carries stands in no address"
    invited.get_by_label("Password", exact=True).fill(PASSWORD)
    invited.get_by_label("The same password again").fill(PASSWORD)
    press(invited, invited.get_by_role("button", name="Set the password"))
    invited.get_by_label("E-mail address").fill(address)
    invited.get_by_label("Password", exact=True).fill(PASSWORD)
    press(invited, invited.get_by_role("button", name="Sign in"))
    expect(invited.get_by_role("link", name="Find a child")).to_be_visible()


def test_a_leavers_children_are_handed_on_by_their_manager(open_page: OpenPage) -> None:
    """One of the two: the other is for those who look at the page (`pages/people.py`). Then the receipt."""
    page = open_page("/", who="manager")
    press(page, page.get_by_role("link", name=re.compile("allocated to somebody who has left")))
    press(page, page.get_by_role("link", name=LENA))
    hand_robin_on(page)
    if "/account/confirm/" in page.url:  # signed in long ago: what was chosen is given back afterwards
        confirm(page)
        hand_robin_on(page)
    expect(page.get_by_role("main")).to_contain_text("Sam Pretend is now the allocated worker of 1 child")
    expect(page.get_by_role("main")).to_contain_text("Allocated worker of 1 child")
    theirs = open_page("/taking-on/", who="worker")
    theirs.get_by_role("checkbox", name="Robin Fabricated").check()
    press(theirs, theirs.get_by_role("button", name="I have taken them on"))
    expect(theirs.get_by_role("main")).to_contain_text("1 child taken on")


def hand_robin_on(page: Page) -> None:
    box = page.get_by_label("Robin Fabricated")
    # Behind the name stands how many children they have.
    box.select_option(label=box.locator("option", has_text="Sam Pretend, Social worker").inner_text())
    press(page, page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("main")).to_contain_text("Sam Pretend takes on 1 child")
    press(page, page.get_by_role("button", name="Hand these children on"))


def test_what_an_administrator_is_shown_of_a_person_names_no_child(open_page: OpenPage) -> None:
    page = open_page("/", who="admin")
    find(page, "Noel Pretend")
    press(page, page.get_by_role("link", name="Close this account"))
    expect(page.get_by_role("main")).to_contain_text("Allocated worker of 2 children")
    expect(page.get_by_role("main")).to_contain_text("Maya Pretend can hand them on")
    expect(page.get_by_role("main")).not_to_contain_text("Dreamt")


def the_link_sent_to(site: Site, address: str) -> str:
    """The path of the link in the mail that the service's worker sends to an address."""
    until = time.monotonic() + SECONDS_FOR_A_MAIL
    while time.monotonic() < until:
        for path in site.mail.glob("*.log"):
            message = path.read_text()
            if f"To: {address}" in message:
                return re.search(r"http\S+(/invitation/\S+/)", message)[1]  # type: ignore[index]
        time.sleep(0.2)
    raise AssertionError(f"no mail for {address}; the service said:\n{site.said()}")
