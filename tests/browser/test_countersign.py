"""A manager answers an assessment within the budget of it; people read what they were told."""

from collections.abc import Callable
from dataclasses import astuple

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.hand import Effort, Hand
from tests.browser.pages.journey import address

# service.md, "The journeys and their budget".
BUDGET = Effort(pages=5, clicks=6, keys=18)


@pytest.mark.parametrize(
    ("viewport", "javascript"),
    [("desktop", True), ("desktop", False), ("phone", True)],
    ids=["desktop", "without-javascript", "phone"],
)
def test_an_assessment_is_countersigned_within_its_budget(
    open_page: OpenPage,
    clerk: Callable[..., Clerk],
    record_property: Callable[[str, object], None],
    viewport: str,
    javascript: bool,
) -> None:
    at_desk = clerk()
    child = at_desk.child()
    sent = at_desk.sent(child)
    page = open_page("/", who="manager", viewport=viewport, javascript=javascript)
    hand = Hand(page, never=(child.given_names, child.family_name))
    hand.begin()
    hand.press(page.get_by_role("main").get_by_role("link", name="to countersign").first)
    hand.press(page.get_by_role("link", name=f"Read and answer {sent}"))
    hand.sees("Answer this assessment")
    hand.choose(page.get_by_role("radio", name="Countersigned: I agree with the level"))
    hand.button("Record your answer")

    hand.sees("The manager’s answer")
    expect(page.get_by_role("region", name="A manager’s answer")).to_contain_text("Countersigned by")
    if (viewport, javascript) == ("desktop", True):
        record_property("effort", hand.report())
    for spent, allowed in zip(astuple(hand.effort), astuple(BUDGET), strict=True):
        assert spent <= allowed, hand.report()


def test_a_returned_assessment_is_read_by_its_author_who_was_told(
    open_page: OpenPage, clerk: Callable[..., Clerk], javascript: bool
) -> None:
    at_desk = clerk()
    child = at_desk.child()
    sent = at_desk.sent(child)
    page = open_page(address(sent, "decision"), who="manager", javascript=javascript)
    hand = Hand(page, never=(child.given_names, child.family_name))
    hand.choose(page.get_by_role("radio", name="Returned"))
    hand.button("Record your answer")
    expect(page.get_by_role("alert")).to_contain_text("Say what is missing or must be looked at again")
    hand.tell(page.get_by_label("What is missing, or must be looked at again?"), "Who saw it, and when?")
    hand.button("Record your answer")

    author = open_page("/", who="worker", javascript=javascript)
    reads = Hand(author, never=(child.given_names, child.family_name))
    reads.press(author.get_by_role("link", name="Notifications"))
    reads.button(f"Assessment {sent} has been returned to you")
    reads.sees("The manager’s answer")
    expect(author.get_by_role("main")).to_contain_text("Who saw it, and when?")
    author.goto("/notifications/")
    expect(author.get_by_role("region", name="Not read yet")).not_to_contain_text(sent)
