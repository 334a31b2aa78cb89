"""The pages of those who keep records and answer for them; the time of every record here is over."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.pages.made import Made
from tests.browser.pages.pairs import BORN
from tests.browser.pages.states import State, after, at, press

SCHEDULE = Path(__file__).with_name("schedule.toml")


def record(then: Callable[[Page], None] = lambda page: None, page_of: str = "", **born: str) -> State:
    """The page of a new record, and what is done there."""

    def state(page: Page, made: Made) -> None:
        child = made.clerk.child(**(born or BORN))
        page.goto(f"/records/{child.reference}/{page_of}")
        then(page)

    return state


def save(page: Page) -> None:
    press(page, page.get_by_role("button", name="Save", exact=True))


def no_day(page: Page) -> None:
    page.get_by_role("radio", name="Keep it for longer").check()
    page.get_by_label("Why?").fill("A claim is open.")
    save(page)


def propose(page: Page) -> None:
    page.get_by_role("radio", name="Propose that it is destroyed").check()
    page.get_by_label("Why?").fill("Nothing more is asked of it.")
    save(page)


def to_its_end(page: Page) -> None:
    propose(page)
    press(page, page.get_by_role("link", name="Decide"))


def nothing_decided(page: Page) -> None:
    to_its_end(page)
    save(page)


def no_words(page: Page) -> None:
    press(page, page.get_by_role("button", name="Put on legal hold"))


def held(page: Page) -> None:
    page.get_by_label("Why must this record").fill("An inquiry has asked for all records.")
    press(page, page.get_by_role("button", name="Put on legal hold"))


def to_end_the_hold(page: Page) -> None:
    held(page)
    press(page, page.get_by_role("link", name="End the legal hold"))


def asked(then: Callable[[Page], None] = lambda page: None) -> State:
    """A new request for what is held about a child, and what is done there."""

    def state(page: Page, made: Made) -> None:
        page.goto("/requests/")
        page.get_by_label("Reference of the child’s record").fill(made.clerk.child(**BORN).reference)
        for part, typed in (("Day", "2"), ("Month", "11"), ("Year", "2026")):
            page.get_by_label(part, exact=True).fill(typed)
        page.get_by_label("Who asks").fill("Herself; her school has confirmed who she is.")
        press(page, page.get_by_role("button", name="Collect all that is held"))
        then(page)

    return state


def no_reason(page: Page) -> None:
    press(page, page.get_by_role("button", name="Take two more months"))


def one_line(page: Page) -> None:
    press(page, page.get_by_role("link", name="Leave out of line").first)


def nothing_left_out(page: Page) -> None:
    one_line(page)
    press(page, page.get_by_role("button", name="Leave it out"))


def leave_out(page: Page) -> None:
    one_line(page)
    page.get_by_role("radio", name="All of this line").check()
    page.get_by_role("radio", name="It is about somebody else").check()
    page.get_by_label("What makes you think so?").fill("It names somebody else.")
    press(page, page.get_by_role("button", name="Leave it out"))


def to_check(page: Page) -> None:
    leave_out(page)
    press(page, page.get_by_role("link", name="All lines"))
    press(page, page.get_by_role("link", name="Check it"))


PAGES: dict[str, dict[str, State]] = {
    "records": {
        "head: time is over": at("/records/"),
        "head: cannot be counted": at("/records/?show=unknown"),
        "head: on hold": at("/records/?show=held"),
        "head: proposed": at("/records/?show=proposed"),
        "head: destroyed": at("/records/?show=done"),
    },
    "records-child": {
        "head: over": record(),
        "head: nothing said": record(save),
        "head: no day": record(no_day),
        "head: proposed": record(propose),
        "head: on hold": record(held, "hold/"),
    },
    "records-hold": {
        "head: asked": record(page_of="hold/"),
        "head: no words": record(no_words, "hold/"),
        "head: to end": record(to_end_the_hold, "hold/"),
    },
    "requests": {
        "head: to answer": at("/requests/"),
        "head: answered": at("/requests/?show=answered"),
        "head: nothing typed": after("/requests/", "Collect all that is held"),
    },
    "request": {"head: collected": asked(), "head: no reason": asked(no_reason)},
    "request-line": {
        "head: asked": asked(one_line),
        "head: nothing said": asked(nothing_left_out),
        "head: left out": asked(leave_out),
    },
    "request-check": {"head: one's own": asked(to_check)},
    "records-destruction": {
        "head: one's own": record(to_its_end),
        "head: nothing decided": record(nothing_decided),
    },
}
