"""The last assessment is reviewed within the budget of a review, and what was an error is put right."""

import re
from collections.abc import Callable
from dataclasses import astuple

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import review
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.hand import Effort, Hand
from tests.browser.pages.journey import SEND, address
from tests.browser.pages.review import CHANGED, GONE, NO_CHANGE, Review
from tests.browser.pages.story import CCE, Seen

# service.md, "The journeys and their budget".
BUDGET = Effort(pages=13, clicks=32, keys=18)
NOW = Seen("missing", CCE, "Medium", "Home after midnight on every Friday of October. Told by her aunt.")


def whole(journey: Review) -> None:
    """From the child’s page to the confirmation, as an expert goes: one has changed, one is gone."""
    journey.begin()
    journey.danger("No")
    journey.still_right("No")
    journey.since_last_time(
        online_activity=NO_CHANGE,
        missing=CHANGED,
        change_of_contact=NO_CHANGE,
        cars_with_adults=GONE,
        associating_known_risk=NO_CHANGE,
        unaccounted_money_goods=NO_CHANGE,
        need_for_money=NO_CHANGE,
        offending=NO_CHANGE,
    )
    journey.rate_what_changed(NOW)
    journey.who_was_consulted("Education", "Contacted")
    journey.judgement("The Fridays. The grey car has not been seen since.", "Medium")
    journey.level()
    journey.actions("Go on meeting her at the gate", "Her aunt", "Friday")
    journey.safe_to_tell()
    journey.send()


@pytest.mark.parametrize(
    ("viewport", "javascript"),
    [("desktop", True), ("desktop", False), ("phone", True)],
    ids=["desktop", "without-javascript", "phone"],
)
def test_a_review_is_written_within_its_budget(
    open_page: OpenPage,
    clerk: Callable[..., Clerk],
    record_property: Callable[[str, object], None],
    viewport: str,
    javascript: bool,
) -> None:
    at_desk = clerk()
    child = at_desk.child()
    at_desk.sent(child)
    page = open_page(child.path, who="worker", viewport=viewport, javascript=javascript)
    hand = Hand(page, never=(child.given_names, child.family_name))
    hand.begin()
    journey = Review(hand)
    whole(journey)

    hand.sees("Assessment sent")
    if (viewport, javascript) == ("desktop", True):
        record_property("effort", hand.report())
    for spent, allowed in zip(astuple(hand.effort), astuple(BUDGET), strict=True):
        assert spent <= allowed, hand.report()

    hand.link("Read it as it was sent")
    main = page.get_by_role("main")
    expect(main).to_contain_text("No change, as on")
    expect(main).to_contain_text("No longer seen")
    hand.link("What changed since then")
    expect(main).to_contain_text("Version 2")
    expect(main.locator("ins", has_text="every Friday").first).to_contain_text("put in:")


def test_nothing_that_was_taken_up_is_sent_before_it_has_been_looked_at(
    open_page: OpenPage, clerk: Callable[..., Clerk], javascript: bool
) -> None:
    at_desk = clerk()
    child = at_desk.child()
    at_desk.sent(child)
    draft = review.begun(at_desk, child)
    page = open_page(address(draft, "check"), who="worker", javascript=javascript)
    page.get_by_role("button", name=SEND).click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Look at ‘Vulnerability factors’ and save it")
    summary.get_by_role("link", name="Select no change, changed or no longer seen").first.click()
    expect(page).to_have_url(re.compile("/indicators/"))


def test_a_wrong_child_is_put_right(
    open_page: OpenPage, clerk: Callable[..., Clerk], javascript: bool
) -> None:
    """Withdrawn with its reason, told to whom it went, and begun again for the right child."""
    at_desk = clerk()
    wrong, right = at_desk.child(), at_desk.child()
    reference = at_desk.sent(wrong)
    page = open_page(address(reference, "record"), who="worker", javascript=javascript)
    hand = Hand(page, never=(wrong.given_names, right.given_names))
    hand.link("Withdraw it: it was recorded in error")
    hand.sees("Withdraw this assessment")
    hand.choose(page.get_by_role("radio", name="It is about another child"))
    hand.tell(page.get_by_label("What happened?"), "I had two records open.")
    hand.button("Withdraw the assessment")

    hand.sees("This assessment is withdrawn")
    expect(page.get_by_role("region", name="warning: Withdrawn")).to_contain_text("I had two records open.")
    hand.button("Start it again for the right child")
    hand.tell(page.get_by_label("Find a child by name"), right.name)
    hand.button("Search")
    hand.choose(page.get_by_role("radio", name=right.name))
    hand.choose(page.get_by_role("checkbox", name="Indicators, with their levels and evidence"))
    hand.button("Make the draft")
    hand.sees("1 draft ready")
    page.get_by_role("link", name="Go on with this draft").click()
    expect(page.get_by_role("main")).to_contain_text("To be looked at")


def test_brothers_and_sisters_get_drafts_of_their_own(
    open_page: OpenPage, clerk: Callable[..., Clerk], javascript: bool
) -> None:
    at_desk = clerk()
    child = at_desk.child()
    brother = at_desk.child(family_name=child.family_name)
    draft = at_desk.draft(child, until="check")
    page = open_page(address(draft), who="worker", javascript=javascript)
    hand = Hand(page, never=(child.given_names, brother.given_names))
    hand.link("Also for a brother or sister")
    hand.choose(page.get_by_role("checkbox", name=brother.name))
    hand.choose(page.get_by_role("checkbox", name="Places and people who pose a risk"))
    hand.button("Make the drafts")
    hand.sees("1 draft ready")
    page.get_by_role("link", name="Go on with this draft").click()
    page.get_by_role("link", name="Places and people who pose a risk").click()
    expect(page.get_by_role("main")).to_contain_text("Copied from the assessment of another child")
    expect(page.locator("#locations")).to_have_value("The bus station in Exampleton, on Friday evenings.")
