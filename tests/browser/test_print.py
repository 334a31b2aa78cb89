"""What comes out of a browser's own printer: each page marked, rows and cards whole, the toolkit's order."""

import io
import unicodedata
from collections.abc import Callable

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cre_toolkit.documents.model import MARKING
from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.journey import address
from tests.browser.pages.story import CRE

MUST_STAY_WHOLE = ".govuk-table__row, .govuk-summary-list__row, .govuk-inset-text"
NOT_ON_PAPER = ".app-bar, .app-demonstration, .app-footer, .govuk-back-link, .app-no-print"


def printed(page: Page) -> list[str]:
    """The text of each page of paper."""
    file = page.pdf(prefer_css_page_size=True)
    return [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(file)).pages]


def squeezed(text: str) -> str:
    """Letters alone: a printer joins some of them into one sign, and breaks lines where it likes."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_the_form_is_printed_with_its_marking_reference_author_and_number_on_each_page(
    open_page: OpenPage, clerk: Callable[[str], Clerk]
) -> None:
    worker = clerk("worker")
    child = worker.child()
    reference = worker.sent(child)
    page = open_page(address(reference, "print"), who="worker")
    sheets = printed(page)
    assert len(sheets) > 3
    for number, text in enumerate(sheets, 1):
        assert text.count(MARKING) == 2
        for running in (reference, "Completed by Sam Pretend", f"Page {number} of {len(sheets)}"):
            assert running in text, f"page {number} does not say {running}"
    whole = squeezed("".join(sheets))
    assert squeezed(child.given_names) in whole
    places = [whole.index(squeezed(section.title)) for section in CRE.sections]
    assert places == sorted(places)


def test_on_paper_there_is_the_form_and_nothing_of_the_page_around_it(
    open_page: OpenPage, clerk: Callable[[str], Clerk]
) -> None:
    worker = clerk("worker")
    page = open_page(address(worker.sent(worker.child()), "print"), who="worker")
    page.emulate_media(media="print")
    for around in page.locator(NOT_ON_PAPER).all():
        expect(around).to_be_hidden()
    breaks = page.locator(MUST_STAY_WHOLE).evaluate_all(
        "parts => parts.map(part => getComputedStyle(part).breakInside)"
    )
    assert set(breaks) == {"avoid"}
    assert (
        page.locator("thead").first.evaluate("head => getComputedStyle(head).display") == "table-header-group"
    )


def test_the_record_is_printed_with_what_was_folded_and_without_the_addresses_of_links(
    open_page: OpenPage, clerk: Callable[[str], Clerk]
) -> None:
    child = clerk("worker").child()
    page = open_page(f"/children/{child.reference}/", who="worker")
    folded = page.locator("details:not(.app-no-print) .govuk-link").last
    expect(folded).to_be_hidden()
    text = squeezed(" ".join(printed(page)))
    assert squeezed(folded.text_content() or "-") in text
    assert f"/children/{child.reference}/" not in text


def test_the_timeline_is_printed_with_who_printed_it_whole_at_the_foot(
    open_page: OpenPage, clerk: Callable[[str], Clerk]
) -> None:
    worker = clerk("worker")
    child = worker.child()
    worker.sent(child)
    page = open_page(f"/children/{child.reference}/timeline/?all=1", who="worker")
    assert all("Printed by Sam Pretend" in sheet for sheet in printed(page))
    page.emulate_media(media="print")
    # A browser cuts a repeated foot where anything of the page stands further out than it.
    line = page.locator(".app-sheet .moj-timeline").evaluate(
        "list => getComputedStyle(list, '::before').display"
    )
    assert line == "none"
