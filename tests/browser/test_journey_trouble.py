"""What goes wrong on the way: slips, Back, two clicks, two tabs, long texts."""

import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Site
from tests.browser.pages.clerk import Clerk, invented_name
from tests.browser.pages.hand import Hand
from tests.browser.pages.journey import SAVE, SEND, Journey, address
from tests.browser.pages.story import INDICATORS

NewClerk = Callable[..., Clerk]


def sent_records(site: Site, reference: str) -> int:
    """How often an assessment was sent, by the database itself."""
    database = sqlite3.connect(f"file:{site.database}?mode=ro", uri=True)
    try:
        ((number,),) = database.execute(
            "select count(*) from assessments_record join assessments_assessment as sent"
            " on sent.id = assessment_id where reference = ?",
            [reference],
        )
    finally:
        database.close()
    return int(number)


class TestSlips:
    """An error keeps everything typed, takes the focus, and leads to the control."""

    def test_adding_a_child(self, open_page: OpenPage, javascript: bool) -> None:
        page = open_page("/children/new/", who="worker", javascript=javascript)
        hand = Hand(page)
        typed = {
            "Last name": invented_name("ham"),
            "Day": "31",
            "Month": "2",
            "Year": "2012",
            "NHS number": "999 000 0019",
            "School or college": "Example Academy",
        }
        for label, text in typed.items():
            page.get_by_label(label, exact=True).fill(text)
        hand.button(SAVE)

        says(page, "Date of birth must be a real date", "NHS number has a digit wrong", javascript=javascript)
        for label, text in typed.items():
            expect(page.get_by_label(label, exact=True)).to_have_value(text)

    def test_the_date_to_look_again(self, open_page: OpenPage, clerk: NewClerk, javascript: bool) -> None:
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="level", analysis={"level": "low"})
        page = open_page(address(draft, "level"), who="worker", javascript=javascript)
        hand = Hand(page)
        page.locator("#rationale").fill("Her aunt collects her.")
        page.get_by_label("Day", exact=True).fill("30")
        page.get_by_label("Month", exact=True).fill("2")
        page.get_by_label("Year", exact=True).fill("2030")
        hand.button(SAVE)

        says(page, "The date to look again must be a real date", javascript=javascript)
        expect(page.locator("#rationale")).to_have_value("Her aunt collects her.")
        expect(page.get_by_label("Day", exact=True)).to_have_value("30")

    def test_logging_a_call(self, open_page: OpenPage, clerk: NewClerk, javascript: bool) -> None:
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="child", danger={"immediate_risk": "yes"})
        page = open_page(address(draft, "danger/calls"), who="worker", javascript=javascript)
        hand = Hand(page)
        police = page.get_by_role("region", name="Call to the police")
        police.get_by_label("Who you spoke to (name, role)").fill("The control room")
        police.get_by_label("Time of the call").fill("late")
        hand.button("Log the call to the police")

        says(
            page,
            "Select whether you spoke to somebody",
            "Enter the time of the call as hours",
            javascript=javascript,
        )
        expect(police.get_by_label("Who you spoke to (name, role)")).to_have_value("The control room")
        expect(police.get_by_label("Time of the call")).to_have_value("late")

    def test_what_sending_asks_for(self, open_page: OpenPage, clerk: NewClerk, javascript: bool) -> None:
        """All at once, and each link leads to the control on its page."""
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="danger")
        at_desk.fill_in(address(draft, "indicators"), {"indicator": ["missing", "offending"]})
        page = open_page(address(draft, "check"), who="worker", javascript=javascript)
        hand = Hand(page)
        hand.button(SEND)

        summary = page.locator(".govuk-error-summary")
        if javascript:
            expect(summary).to_be_focused()
        links = [link.get_attribute("href") or "" for link in summary.get_by_role("link").all()]
        assert len(links) >= 5
        for link in links:
            page.goto(link)
            expect(page.locator(":target")).to_be_in_viewport()
        expect(page.get_by_role("button", name=SEND)).to_have_count(0)


def says(page: Page, *messages: str, javascript: bool) -> None:
    """The summary says these and no others; it takes the focus, and so does each control that it leads to."""
    summary = page.locator(".govuk-error-summary")
    assert page.title().startswith("Error: ")
    if javascript:
        expect(summary).to_be_focused()
    links = summary.get_by_role("link")
    expect(links).to_have_count(len(messages))
    for link, message in zip(links.all(), messages, strict=True):
        expect(link).to_contain_text(message)
        control = page.locator(link.get_attribute("href") or "")
        link.click()
        expect(control).to_be_in_viewport()
        if javascript:
            expect(control).to_be_focused()


class TestBack:
    def test_after_rating_keeps_the_answers(
        self, open_page: OpenPage, clerk: NewClerk, javascript: bool
    ) -> None:
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="rating")
        page = open_page(address(draft, "indicators/all"), who="worker", javascript=javascript)
        journey = Journey(Hand(page))
        journey.rate(INDICATORS)
        journey.hand.sees("Places and people who pose a risk")

        page.go_back()

        for seen in INDICATORS:
            card = journey.card(seen)
            expect(card.get_by_role("radio", name=seen.level, exact=True)).to_be_checked()
            expect(card.get_by_role("checkbox", name=seen.linked_to, exact=True)).to_be_checked()
            expect(journey.evidence(seen)).to_have_value(seen.evidence)

    def test_after_sending_says_already_sent(
        self, site: Site, open_page: OpenPage, clerk: NewClerk, javascript: bool
    ) -> None:
        at_desk = clerk()
        draft = at_desk.draft(at_desk.child(), until="check")
        page = open_page(address(draft, "sharing"), who="worker", javascript=javascript)
        hand = Hand(page)
        hand.button(SAVE)
        hand.button(SEND)
        hand.sees("Assessment sent")

        for _ in range(2):
            page.go_back()
            hand.sees("This assessment has already been sent")
        hand.link("See what was sent, and what to do next")
        hand.sees("Assessment sent")
        page.reload()
        hand.sees("Assessment sent")
        assert sent_records(site, draft) == 1

    def test_after_signing_out_shows_nothing(self, site: Site, open_page: OpenPage, clerk: NewClerk) -> None:
        child = clerk().child()
        page = open_page()
        # A session of its own: the others go on with theirs.
        site.sign_in(page, "worker")
        page.goto(child.path)
        expect(page.get_by_text(child.name)).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in/")

        for _ in range(3):
            page.go_back()
            assert child.family_name not in page.content()
            expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert child.family_name not in kept
        assert child.reference not in kept


def test_a_double_click_sends_once(
    site: Site, open_page: OpenPage, clerk: NewClerk, javascript: bool
) -> None:
    at_desk = clerk()
    draft = at_desk.draft(at_desk.child(), until="check")
    page = open_page(address(draft, "check"), who="worker", javascript=javascript)

    page.get_by_role("button", name=SEND).dblclick()

    expect(page.get_by_role("heading", level=1)).to_have_text("Assessment sent")
    assert sent_records(site, draft) == 1


def test_two_tabs_on_one_section_show_both_texts(
    open_page: OpenPage, clerk: NewClerk, javascript: bool
) -> None:
    at_desk = clerk()
    draft = at_desk.draft(at_desk.child(), until="places-people")
    path = address(draft, "places-people")
    first = open_page(path, who="worker", javascript=javascript)
    second = first.context.new_page()
    second.goto(path)
    first.locator("#persons").fill("A boy with a red bicycle.")
    first.get_by_role("button", name=SAVE).click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")

    second.locator("#persons").fill("A man in a grey car.")
    second.get_by_role("button", name=SAVE).click()

    changed = second.get_by_role("region", name="Changed elsewhere")
    expect(changed).to_contain_text("A boy with a red bicycle.")
    expect(changed).to_contain_text("A man in a grey car.")
    expect(second.locator("#persons")).to_have_value("A man in a grey car.")
    if javascript:
        expect(second.locator(".govuk-error-summary")).to_be_focused()

    second.locator("#persons").fill("A boy with a red bicycle; a man in a grey car.")
    second.get_by_role("button", name=SAVE).click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Vulnerability factors")
    second.goto(path)
    expect(second.locator("#persons")).to_have_value("A boy with a red bicycle; a man in a grey car.")


def test_50_000_characters_with_markup_are_kept_whole(open_page: OpenPage, clerk: NewClerk) -> None:
    at_desk = clerk()
    draft = at_desk.draft(at_desk.child(), until="rating")
    words = 'Seen at the station <script>alert("x")</script> & <b>told</b> {{ 7*7 }} by her aunt.\n'
    text = (words * 1_000)[:50_000].strip()
    page = open_page(address(draft, "indicators/all"), who="worker")
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    journey = Journey(Hand(page))
    first = INDICATORS[0]
    journey.evidence(first).fill(text)
    journey.hand.button(SAVE)
    page.go_back()
    expect(journey.evidence(first)).to_have_value(text)

    at_desk.go_on(draft, since="rating", until="check", rating={f"{first.id}-note": text})
    page.goto(address(draft, "check"))
    assert page.locator("dd", has_text="Seen at the station").first.inner_text().count("<script>alert") > 500
    journey.send()
    page.goto(address(draft, "record"))
    assert page.locator("dd", has_text="Seen at the station").first.inner_text().count("<script>alert") > 500
