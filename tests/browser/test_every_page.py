"""Every page and every error state: axe, 320 pixels (400 %), text set wide.

The tables of pages are in `pages`: `states.py`, `papers.py`, `pairs.py` and `factors.py`; an address of the
none of them fails here.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import get_resolver, resolve
from playwright.sync_api import Browser, Page

from tests.browser.conftest import VIEWPORTS, OpenPage, Site
from tests.browser.pages import (
    answers,
    closing,
    ends,
    events,
    factors,
    glass,
    gone,
    keeping,
    meetings,
    notes,
    pairs,
    papers,
    people,
    referring,
    sessions,
    states,
)
from tests.browser.pages.clerk import Clerk
from tests.browser.pages.looks import nothing_is_cut_off, set_wide
from tests.browser.pages.made import Made
from tests.browser.pages.states import NO_PAGE

TABLES = [
    states.PAGES,
    answers.PAGES,
    events.PAGES,
    notes.PAGES,
    glass.PAGES,
    papers.PAGES,
    people.PAGES,
    pairs.PAGES,
    factors.PAGES,
    sessions.PAGES,
    keeping.PAGES,
    closing.PAGES,
    gone.PAGES,
    meetings.PAGES,
    ends.PAGES,
    referring.PAGES,
]
PAGES = {
    address: {name: state for table in TABLES for name, state in table.get(address, {}).items()}
    for table in TABLES
    for address in table
}
# Here a state signs in for itself, or sets the clock: in a window of its own.
OF_SESSIONS = sessions.PAGES.keys() | factors.PAGES.keys()
Check = Callable[[Page], None]
# What is shown where no page can be: by template, since most of them cannot be reached at will.
REFUSALS = ["403.html", "403_csrf.html", "404.html", "429.html", "500.html", "assessments/bad_answers.html"]
REFUSALS += ["account/not_held.html"]


@pytest.fixture(scope="session")
def made(site: Site, browser: Browser) -> Iterator[Made]:
    context = browser.new_context(base_url=site.url, storage_state=site.signed_in(browser, "worker"))
    yield Made(Clerk(context))
    context.close()


@pytest.fixture
def fit_for_everybody(assert_accessible: Check, assert_no_sideways_scroll: Check) -> Check:
    """Assert what holds of every page, in each of the widths."""

    def check(page: Page) -> None:
        assert_accessible(page)
        page.set_viewport_size(VIEWPORTS["narrow"]["viewport"])
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        set_wide(page)
        assert_no_sideways_scroll(page)
        nothing_is_cut_off(page)
        page.set_viewport_size(VIEWPORTS["desktop"]["viewport"])

    return check


def test_no_address_is_left_out() -> None:
    names = {pattern.name for pattern in get_resolver().url_patterns}
    assert names == PAGES.keys() | NO_PAGE.keys()


@pytest.mark.parametrize("address", PAGES)
def test_page(
    open_page: OpenPage,
    open_tab: Callable[[str], Page],
    made: Made,
    fit_for_everybody: Check,
    address: str,
) -> None:
    pages: dict[str, Page] = {}
    for name, bring in PAGES[address].items():
        who = name.partition(":")[0] if ":" in name else "worker"
        if who not in pages:
            if address in OF_SESSIONS:
                pages[who] = open_page("/accessibility/", who=None if who == "nobody" else who)
            else:
                pages[who] = open_tab(who)
            # Some states are left with text that is not saved.
            pages[who].on("dialog", lambda dialog: dialog.accept())
        page = pages[who]
        bring(page, made)
        shown = resolve(urlsplit(page.url).path).url_name
        assert shown == address, f"{name or 'the page itself'} of {address} is {shown}"
        fit_for_everybody(page)


@pytest.mark.parametrize("template", REFUSALS)
def test_refusal(open_page: OpenPage, fit_for_everybody: Check, template: str) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    typed = [{"label": "Locations", "text": "The station.\n" * 40}]
    html = render_to_string(template, {"why": "Your role does not allow this.", "typed": typed}, request)
    page = open_page("/account/sign-in/")
    page.route("**/refused/", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto("/refused/")
    fit_for_everybody(page)
