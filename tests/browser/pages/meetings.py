"""The pages of meetings, in their states, as the child protection manager goes through them."""

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.pages.clerk import Clerk
from tests.browser.pages.made import Made
from tests.browser.pages.states import State, after, at, child, press
from tests.browser.pages.typing import SAVED, says

WORDS = {
    "chaired_by": "Cara Invented, manager",
    "discussion": "Her aunt meets her at the station.",
    "level": "medium",
    "level_why": "It is better, and not over.",
    "action-0-what": "Meet her at the station",
    "action-0-owner_name": "Her aunt",
    "then": "continue",
}


def _assessed(page: str) -> Callable[[Made], str]:
    """A page of a child whose level the child protection manager sees."""
    return lambda made: f"{made.sent and made.assessed.path}{page}"


def _when(days: int) -> dict[str, Any]:
    day = timezone.localdate() + datetime.timedelta(days=days)
    return {"day_day": day.day, "day_month": day.month, "day_year": day.year, "time": "00:01"}


def plan(clerk: Clerk, path: str, days: int, **more: Any) -> str:
    """The address of a meeting so many days from today, planned by whoever is the clerk."""
    who = {"chair": "else", "chair_words": "Cara Invented, manager", "minutes_long": 60, "then": "plan"}
    answer = clerk.fill_in(f"{path}meetings/new/", {"kind": "cre-review", **_when(days), **who, **more})
    found = re.search(r"/meetings/[\w-]+/", answer.url)
    assert found, answer.url
    return found[0]


def _of(
    days: int, page: str = "", words: Mapping[str, str] | None = None, then: State | None = None
) -> State:
    """A page of a meeting, made in the window of whoever looks; `words`: its minutes are written."""

    def state(page_: Page, made: Made) -> None:
        clerk = Clerk(page_.context)
        path = plan(clerk, _assessed("")(made), days)
        if words:
            clerk.fill_in(f"{path}record/", {**_when(days), **words})
        page_.goto(f"{path}{page}")
        if then:
            then(page_, made)

    return state


def _pressed(button: str) -> State:
    def state(page: Page, made: Made) -> None:
        press(page, page.get_by_role("main").get_by_role("button", name=button, exact=True))

    return state


def _record(page: Page, made: Made) -> None:
    page.get_by_role("radio", name="No, later").check()
    _pressed("Record the meeting")(page, made)


def _at_no_time(page: Page, made: Made) -> None:
    page.locator("#time").fill("late")
    _pressed("Record the meeting")(page, made)


def _typed(page: Page, made: Made) -> None:
    page.get_by_label("What was said?").press_sequentially(WORDS["discussion"])
    says(page, SAVED)


def _changed_elsewhere(page: Page, made: Made) -> None:
    """Another window of the same writer has saved other words."""
    Clerk(page.context).fill_in(page.url, {"discussion": "Her uncle meets her.", "then": "save"})
    page.get_by_label("What was said?").press_sequentially(WORDS["discussion"])
    says(page, "Not saved. This page was saved somewhere else")


def _then(*states: State) -> State:
    """One after the other, in the same window."""

    def state(page: Page, made: Made) -> None:
        for one in states:
            one(page, made)

    return state


def _follow(link: str) -> State:
    return lambda page, made: press(page, page.get_by_role("main").get_by_role("link", name=link).first)


_HELD = _of(0, "check/", WORDS, _record)

PAGES: dict[str, dict[str, State]] = {
    "meetings": {"none": at("/meetings/"), "protection: ": _then(_HELD, at("/meetings/"))},
    "child": {"protection: what a meeting asked for": _then(_HELD, at(_assessed("")))},
    "child-meetings": {
        "none, and nothing to plan": at(child("meetings/")),
        "protection: ": _then(_HELD, at(_assessed("meetings/"))),
    },
    "child-meeting-new": {
        "protection: ": at(_assessed("meetings/new/")),
        "protection: errors": after(_assessed("meetings/new/"), "Save the meeting", {"time": "late"}),
        "protection: one more": after(_assessed("meetings/new/"), "Add somebody else"),
    },
    "meeting": {
        "protection: planned": _of(7),
        "protection: held": _HELD,
        "protection: begun to be written": _of(0, "", {**WORDS, "then": "save"}),
    },
    "meeting-change": {
        "protection: ": _of(7, "change/"),
        "protection: errors": _of(7, "change/", then=_pressed("Save the change")),
    },
    "meeting-cancel": {
        "protection: ": _of(7, "cancel/"),
        "protection: errors": _of(7, "cancel/", then=_pressed("Cancel the meeting")),
    },
    "meeting-record": {
        "protection: ": _of(0, "record/"),
        "protection: errors": _of(0, "record/", then=_pressed("Save and see what follows")),
        "protection: one more": _of(0, "record/", then=_pressed("Add another action")),
        "protection: begun to be written": _of(0, "record/", {**WORDS, "then": "save"}),
        "protection: saved while it is typed": _of(0, "record/", then=_typed),
        "protection: changed elsewhere": _of(0, "record/", then=_changed_elsewhere),
        "protection: corrected": _then(_HELD, _follow("Correct the minutes")),
    },
    "meeting-check": {
        "protection: ": _of(0, "check/", WORDS),
        "protection: errors": _of(0, "check/", WORDS, _at_no_time),
    },
    "meeting-action": {"protection: ": _then(_HELD, _follow("Say that it was done"))},
}
