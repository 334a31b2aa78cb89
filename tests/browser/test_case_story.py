"""A case goes on: what is due is done, what is said is written down, and everything stands on the timeline.

At a desk, and on a phone without JavaScript.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.clerk import Clerk


@pytest.mark.parametrize(("viewport", "javascript"), [("desktop", True), ("phone", False)])
def test_a_worker_does_what_is_due_writes_it_down_and_reads_the_timeline(
    open_page: OpenPage,
    clerk: Callable[..., Clerk],
    assert_accessible: Callable[[Page], None],
    viewport: str,
    javascript: bool,
) -> None:
    at_desk = clerk()
    child = at_desk.child()
    at_desk.sent(child)
    page = open_page(child.path, who="worker", viewport=viewport, javascript=javascript)
    main = page.get_by_role("main")
    expect(page.get_by_role("region", name="Latest assessed")).to_contain_text("Waits for a manager")
    assert_accessible(page)

    # What is due leads to where it is done.
    told = page.locator(".app-due__item", has_text="Tell your manager now")
    told.get_by_role("link").click()
    expect(page.locator(".app-guide")).to_contain_text("CRE 2020, page 10")
    page.get_by_label("What was done or said?").fill("Rang her at noon. She reads it today.")
    page.get_by_role("button", name="Write down that it is done").click()
    expect(page.get_by_role("alert")).to_contain_text("The manager was told")
    expect(main.get_by_text("Tell your manager now")).to_have_count(0)

    # The one menu leads to everything else.
    page.get_by_text("More to read and to do on this record").click()
    page.get_by_role("link", name="Write down a discussion, decision or intervention").click()
    page.get_by_role("link", name="A decision").click()
    page.get_by_label("What was decided?").fill("His aunt meets him after school.")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter why it was decided")
    assert_accessible(page)
    page.get_by_label("Why?").fill("He trusts her.")
    page.get_by_label("Who decided it?").fill("The team manager")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything that happened")
    for words in ("His aunt meets him after school.", "Rang her at noon.", "The manager was told"):
        expect(main).to_contain_text(words)
    assert_accessible(page)

    # Only what is chosen, and how many there are of it.
    page.get_by_text("Choose what is shown").click()
    page.get_by_label("Decisions (1)").check()
    page.get_by_role("button", name="Show these").click()
    expect(main).to_contain_text("His aunt meets him after school.")
    expect(main.get_by_text("Rang her at noon.")).to_have_count(0)
    expect(main).to_contain_text("1 of what happened")


def test_the_child_s_page_and_the_timeline_fit_the_narrowest_window(
    open_page: OpenPage, clerk: Callable[..., Clerk], assert_no_sideways_scroll: Callable[[Page], None]
) -> None:
    at_desk = clerk()
    child = at_desk.child()
    at_desk.sent(child)
    page = open_page(child.path, who="worker", viewport="narrow")
    for path in ("", "timeline/", "note/new/", "lead/", "due/tell-manager/"):
        page.goto(f"{child.path}{path}")
        assert_no_sideways_scroll(page)
