"""The pages at the ends of a case, in their states: transition, transfer, closing, death, taking on."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.pages.clerk import Clerk, Invented
from tests.browser.pages.made import Made
from tests.browser.pages.people import confirm
from tests.browser.pages.states import State, after, at, child, press

CLOSING = {"reason": "safer", "words": "Her aunt and the school go on supporting her."}
MOVED = {"to": "outside", "to_whom": "Example Borough", "how": "By courier", "why": "The family moved."}


def of(page_of: str, then: str = "", before: Callable[[Clerk, Invented], Any] | None = None) -> State:
    """A page of a new child, and perhaps a button; `before`: what whoever looks has done to the case."""

    def state(page: Page, made: Made) -> None:
        invented = made.clerk.child()
        # A death asks for a fresh sign-in, which the clerk cannot give.
        page.goto(f"/account/confirm/?next={invented.path}{page_of}" if before is died else invented.path)
        confirm(page)
        page.goto(f"{invented.path}{page_of}")
        if before:
            before(Clerk(page.context), invented)
            page.goto(f"{invented.path}{page_of}")
        if then:
            press(page, page.get_by_role("main").get_by_role("button", name=then, exact=True))

    return state


def filled(page_of: str, answers: Mapping[str, Any]) -> Callable[[Clerk, Invented], Any]:
    """A form of a child's page, filled in and sent."""
    return lambda clerk, invented: clerk.fill_in(f"{invented.path}{page_of}", answers)


def died(clerk: Clerk, invented: Invented) -> None:
    day = timezone.localdate()
    when = {"died_on_day": day.day, "died_on_month": day.month, "died_on_year": day.year}
    said = {"known": "about", "told_by": "The police", "words": "Ask the manager before you telephone."}
    clerk.fill_in(f"{invented.path}death/", {**when, **said})


PAGES: dict[str, dict[str, State]] = {
    "child-transition": {
        "": at(child("transition/")),
        "errors": after(child("transition/"), "Save", {"who": ""}),
    },
    "child-transfer": {
        "manager: ": of("transfer/"),
        "manager: errors": of("transfer/", "Ask the other authority"),
        "manager: waits": of("transfer/", before=filled("transfer/", MOVED)),
        "manager: errors where it waits": of("transfer/", "Take it back", filled("transfer/", MOVED)),
    },
    "child-close": {
        "manager: ": of("close/"),
        "manager: errors": of("close/", "Close the case"),
        "manager: closed": of("close/", before=filled("close/", CLOSING)),
    },
    "child-reopen": {
        "open": at(child("reopen/")),
        "manager: closed": of("reopen/", before=filled("close/", CLOSING)),
        "manager: errors": of("reopen/", "Open the case again", filled("close/", CLOSING)),
    },
    "child-death": {
        "manager: ": of("death/"),
        "manager: errors": of("death/", "Record that the child has died"),
        "manager: recorded": of("death/", before=died),
    },
    "child-death-error": {
        "manager: ": of("death/error/", before=died),
        "manager: errors": of("death/error/", "Take the death back", died),
        "manager: none recorded": of("death/error/"),
    },
    "child": {
        "manager: has died": of("", before=died),
        "manager: closed": of("", before=filled("close/", CLOSING)),
    },
    "transitions": {"manager: ": at("/transitions/")},
    "transfers": {"manager: ": at("/transfers/"), "startingpoint: ": at("/transfers/")},
    "taking-on": {"": at("/taking-on/"), "manager: ": at("/taking-on/")},
}
