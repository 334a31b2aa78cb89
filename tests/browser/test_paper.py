"""An earlier form in a browser: the whole CSE matrix of 2017, by keyboard and without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from cre_toolkit.rules.loading import load_instrument
from tests.browser.conftest import OpenPage
from tests.browser.pages import papers
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.journey import SAVE
from tests.browser.pages.looks import Keyboard

MATRIX = load_instrument("cse-2017")
MARKED = {"late-or-missing": ("risk",), "groomed": ("risk", "evidenced"), "serious-self-harm": ("evidenced",)}
NOTE = "Told the school nurse in March."


@pytest.mark.parametrize("javascript", [False, True], ids=["no-javascript", "javascript"])
def test_a_whole_matrix_is_entered_by_keyboard(
    open_page: OpenPage, clerk: Callable[..., Clerk], javascript: bool
) -> None:
    child = clerk().child(date_of_birth_year="2006")
    page = open_page(child.path, who="worker", javascript=javascript)
    keyboard, heading = Keyboard(page), page.get_by_role("heading", level=1)
    save = page.get_by_role("button", name=SAVE)

    keyboard.open(page.locator("summary", has_text="More to read and to do on this record"))
    keyboard.press(page.get_by_role("link", name="Add an earlier assessment from paper"))
    editions = page.get_by_role("radio")
    keyboard.choose(editions.first, page.get_by_role("radio", name=MATRIX.title))
    keyboard.press(page.get_by_role("button", name="Continue"))

    expect(heading).to_have_text("About the paper form")
    for label, text in (("Day", "5"), ("Month", "6"), ("Year", "2018")):
        keyboard.write(page.get_by_label(label, exact=True), text)
    keyboard.write(page.get_by_label("Name of the person who completed it"), "Ann Exemplar")
    keyboard.write(page.get_by_label("Their agency"), "Example Academy")
    keyboard.press(save)

    expect(heading).to_have_text("Indicators")
    for id_, columns in MARKED.items():
        for column in columns:
            keyboard.tick(page.locator(f"#{id_}-{column}"))
    note = page.locator("#serious-self-harm-note")
    expect(note).to_be_visible()
    keyboard.write(note, NOTE)
    keyboard.press(save)

    expect(heading).to_have_text("Vulnerability factors")
    keyboard.tick(page.locator("#care-history-present"))
    keyboard.press(save)

    expect(heading).to_have_text("Analysis and summary")
    expect(page.get_by_text("2 marked as a risk, 2 as evidenced")).to_be_visible()
    levels = page.locator("input[name=level]")
    keyboard.choose(levels.first, page.get_by_role("radio", name="High", exact=True))
    keyboard.tick(page.get_by_role("checkbox", name="Peer on Peer"))
    keyboard.write(page.get_by_label("Analysis of Above Information"), "It belongs together.")
    keyboard.press(save)

    expect(heading).to_have_text("Check what you have entered")
    keyboard.press(page.get_by_role("button", name=papers.RECORD))
    expect(heading).to_have_text("Assessment from paper")
    for text in ("CSE matrix 2017", "Ann Exemplar", NOTE, "It belongs together.", "Peer on Peer"):
        expect(page.get_by_text(text).first).to_be_visible()

    keyboard.press(page.get_by_role("link", name="All assessments of this child"))
    row = page.get_by_role("row").filter(has_text="5 June 2018")
    expect(row).to_contain_text("High")
    expect(row).to_contain_text("From paper")


def test_a_note_has_its_box_where_something_is_ticked_and_keeps_it_while_it_holds_a_word(
    open_page: OpenPage, clerk: Callable[..., Clerk]
) -> None:
    """Otherwise whoever tabs through the page would stop at 39 boxes that no paper fills."""
    hand = clerk()
    draft = papers.begin(hand, hand.child(date_of_birth_year="2006"), "cse-2017")
    page = open_page(papers.place(draft, "marks"), who="worker")
    expect(page.get_by_role("textbox")).to_have_count(0)
    box, note = page.locator("#gangs-risk"), page.locator("#gangs-note")
    box.check()
    note.fill(NOTE)
    box.uncheck()
    expect(note).to_be_visible()
    note.fill("")
    expect(note).to_be_hidden()
    box.check()
    expect(page.get_by_role("textbox")).to_have_count(1)


def test_a_rating_made_by_mistake_can_be_taken_back(open_page: OpenPage, clerk: Callable[..., Clerk]) -> None:
    hand = clerk()
    draft = papers.enter(hand, hand.child(date_of_birth_year="2006"), "cre-2020")
    page = open_page(papers.place(draft, "indicators"), who="worker", javascript=False)
    row = page.locator("#missing")
    row.get_by_role("radio", name="Not rated").check()
    row.get_by_role("checkbox", name="CCE").uncheck()
    row.get_by_role("textbox").fill("")
    page.get_by_role("button", name=SAVE).click()
    page.goto(papers.place(draft, "check"))
    expect(page.get_by_text("Regularly missing from home")).to_have_count(0)
