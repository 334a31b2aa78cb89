"""Paper forms in a browser: entered by a clerk, and every state of their pages (as `states.py`)."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.browser.pages.clerk import Clerk, Invented
from tests.browser.pages.journey import SAVE, address
from tests.browser.pages.states import Made, State, after, at, not_a_date

RECORD = "Record the paper form"
DETAILS = {
    "completed_on_day": "5",
    "completed_on_month": "6",
    "completed_on_year": "2018",
    "author": "Ann Exemplar",
    "agency": "Example Academy",
}
# What is entered, page by page, by the addresses below `paper/`.
MATRIX: dict[str, Mapping[str, Any]] = {
    "": DETAILS,
    "marks": {
        "groomed-risk": "on",
        "groomed-evidenced": "on",
        "hotspots-risk": "on",
        "hotspots-note": "Twice.",
    },
    "factors": {"care-history-present": "on", "care-history-note": "Two placements in a year."},
    "summary": {"level": "medium", "models": ["gang", "internet"], "analysis": "It belongs together."},
}
RATED: dict[str, Mapping[str, Any]] = {
    "": DETAILS | {"completed_on_year": "2020", "send": "no"},
    "indicators": {"missing-level": "medium", "missing-cce": "on", "missing-note": "Three times."},
    "analysis": {"level": "medium", "primary_exploitation": "criminal"},
}
FORMS = {"cse-2017": MATRIX, "cre-2020": RATED}


def begin(clerk: Clerk, child: Invented, form: str) -> str:
    """Choose a form. Returns the reference of what is then entered."""
    path = f"{child.path}paper/"
    response = clerk.fill_in(path, {"instrument": form})
    return response.url.split("/assessments/")[1].split("/")[0]


def enter(clerk: Clerk, child: Invented, form: str) -> str:
    """A whole form, ready to be recorded."""
    draft = begin(clerk, child, form)
    for page, said in FORMS[form].items():
        clerk.fill_in(place(draft, page), {**said, "then": "continue"})
    return draft


def record(clerk: Clerk, child: Invented, form: str) -> str:
    """A form that is recorded."""
    draft = enter(clerk, child, form)
    clerk.fill_in(place(draft, "check"))
    return draft


def place(draft: str, page: str) -> str:
    return address(draft, f"paper/{page}".rstrip("/"))


# One of each, made when it is first needed.
@cache
def _made(made: Made, what: Callable[[Clerk, Invented, str], str], form: str) -> str:
    return what(made.clerk, made.clerk.child(date_of_birth_year="2006"), form)


def _at(what: Callable[[Clerk, Invented, str], str], form: str, page: str) -> Callable[[Made], str]:
    return lambda made: place(_made(made, what, form), page)


def _recorded(form: str, page: str) -> Callable[[Made], str]:
    return lambda made: address(_made(made, record, form), page)


def history(page: Page, made: Made) -> None:
    """Forms of both kinds, and one that is not finished."""
    child = made.clerk.child(date_of_birth_year="2006")
    for form in FORMS:
        record(made.clerk, child, form)
    begin(made.clerk, child, "cse-2017")
    page.goto(f"{child.path}assessments/")


PAGES: dict[str, dict[str, State]] = {
    "paper-start": {
        "": at(lambda made: f"{made.new.path}paper/"),
        "nothing chosen": after(lambda made: f"{made.new.path}paper/", "Continue"),
    },
    "child-assessments": {
        "empty": at(lambda made: f"{made.clerk.child().path}assessments/"),
        "of both kinds": history,
    },
    "assessment-paper": {
        "matrix": at(_at(begin, "cse-2017", "")),
        "rated": at(_at(enter, "cre-2020", "")),
        "errors": after(_at(begin, "cse-2017", ""), SAVE, not_a_date("completed_on")),
    },
    "assessment-paper-marks": {
        "empty": at(_at(begin, "cse-2017", "marks")),
        "entered": at(_at(enter, "cse-2017", "marks")),
    },
    "assessment-paper-factors": {"": at(_at(enter, "cse-2017", "factors"))},
    "assessment-paper-summary": {
        "": at(_at(enter, "cse-2017", "summary")),
        "errors": after(_at(enter, "cse-2017", "summary"), SAVE, not_a_date("review_date")),
    },
    "assessment-paper-indicators": {"": at(_at(enter, "cre-2020", "indicators"))},
    "assessment-paper-places": {"": at(_at(enter, "cre-2020", "places"))},
    "assessment-paper-vulnerabilities": {"": at(_at(enter, "cre-2020", "vulnerabilities"))},
    "assessment-paper-analysis": {"": at(_at(enter, "cre-2020", "analysis"))},
    "assessment-paper-actions": {
        "": at(_at(enter, "cre-2020", "actions")),
        "one more": after(_at(enter, "cre-2020", "actions"), "Add another action"),
    },
    "assessment-paper-engagement": {"": at(_at(enter, "cre-2020", "engagement"))},
    "assessment-paper-check": {
        "matrix": at(_at(enter, "cse-2017", "check")),
        "rated": at(_at(enter, "cre-2020", "check")),
        "errors": after(_at(begin, "cse-2017", "check"), RECORD),
        "already recorded": at(_at(record, "cse-2017", "check")),
    },
    "assessment-record": {
        "matrix": at(_recorded("cse-2017", "record")),
        "rated": at(_recorded("cre-2020", "record")),
    },
}
