"""The list of what is due, as somebody goes through it: filter it, see what was chosen, do what is due."""

import re

from playwright.sync_api import expect


def test_a_worker_filters_the_list_and_goes_to_what_is_to_be_done(
    open_page, assert_accessible, viewport, javascript
):
    page = open_page("/due/", who="worker", viewport=viewport, javascript=javascript)
    assert_accessible(page)
    page.get_by_text("Filter this list").click()
    page.get_by_label(re.compile("Overdue only")).check()
    page.get_by_label(re.compile("Referring and telling")).check()
    page.get_by_role("button", name="Show these").click()
    expect(page).to_have_url(re.compile(r"overdue=yes&kind=tell"))
    expect(page.get_by_text(re.compile("Shown: Overdue only; Referring and telling"))).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("Do or record this")).first.click()
    expect(page).to_have_url(re.compile(r"/children/"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"overdue=yes&kind=tell"))


def test_at_320_pixels_each_line_is_a_card(open_page, assert_no_sideways_scroll):
    page = open_page("/due/", who="worker", viewport="narrow")
    assert_no_sideways_scroll(page)
    expect(page.get_by_text("What is due").first).to_be_visible()


def test_a_manager_goes_from_who_has_most_overdue_to_what_it_is(open_page, assert_accessible, viewport):
    page = open_page("/team/", who="manager", viewport=viewport)
    page.get_by_role("link", name="Overdue or due now").click()
    assert_accessible(page)
    page.get_by_role("link", name=re.compile(r"^\d+ overdue of")).first.click()
    expect(page).to_have_url(re.compile(r"/due/\?worker=.*overdue=yes"))
    expect(page.get_by_text(re.compile("^Allocated to"))).to_be_visible()
