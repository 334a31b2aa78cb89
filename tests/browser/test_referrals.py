"""A referral from one desk to the other: sent, received, accepted and allocated, with and without script."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.hand import Hand
from tests.browser.pages.journey import address


def test_the_front_door_receives_accepts_and_allocates_and_the_sender_reads_it(
    open_page: OpenPage, clerk: Callable[..., Clerk], viewport: str, javascript: bool
) -> None:
    at_desk = clerk()
    child = at_desk.child()
    sent = at_desk.sent(child)
    worker = open_page(address(sent, "sent"), who="worker", javascript=javascript)
    who_has_it = worker.get_by_role("listitem").filter(has_text="First Contact Team").first
    expect(who_has_it).not_to_contain_text("received")

    page = open_page("/", who="frontdoor", viewport=viewport, javascript=javascript)
    hand = Hand(page, never=(child.given_names, child.family_name))
    hand.press(page.get_by_role("link", name=re.compile("acknowledged")))
    hand.press(page.get_by_role("link", name=re.compile(child.family_name)))
    hand.sees("Referral to First Contact Team")
    worker.reload()
    expect(who_has_it).to_contain_text("received")

    hand.link("Accept the referral")
    page.get_by_label("What happens next, and by when?").fill("A social worker rings you by noon.")
    hand.button("Accept")
    expect(page.get_by_role("main")).to_contain_text("A social worker rings you by noon.")
    hand.link("Allocate a worker")
    people = page.get_by_label("Who is the worker?")
    people.select_option(label=people.locator("option", has_text="Sam Pretend").inner_text())
    hand.button("Allocate")
    expect(page.get_by_role("main")).to_contain_text("Allocated to a worker")
    expect(page.get_by_role("link", name="Accept the referral")).to_have_count(0)

    worker.goto(child.path)
    expect(worker.get_by_label("Child", exact=True)).to_contain_text("Sam Pretend")
    worker.goto(address(sent, "record"))
    expect(who_has_it).to_contain_text("accepted")
