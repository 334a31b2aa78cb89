"""The pages of those who keep records, by a schedule under which the time of every record is over."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.pages.made import Made
from tests.browser.pages.pairs import BORN
from tests.browser.pages.states import State, at, press

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
    "records-destruction": {
        "head: one's own": record(to_its_end),
        "head: nothing decided": record(nothing_decided),
    },
}
