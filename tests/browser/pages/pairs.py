"""The pages about records that may be of one child, in every state, as the front door goes through them."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.pages.clerk import Clerk, Invented
from tests.browser.pages.states import Made, State, after, at, press

BORN = {"date_of_birth_day": "3", "date_of_birth_month": "4"}


def two_records(clerk: Clerk) -> tuple[Invented, Invented]:
    """Two records of one child: the second with another address and nothing else that differs."""
    first = clerk.child(**BORN, address="1 Invented Street")
    again = {"given_names": first.given_names, "family_name": first.family_name}
    return first, clerk.child(**again, **BORN, address="2 Invented Street", postcode="DE1 2QY")


def find(page: Page, one: Invented) -> str:
    """The address of the pair that a record stands in, from the front door's list."""
    page.goto("/duplicates/")
    link = page.get_by_role("link", name=re.compile(one.reference))
    return link.get_attribute("href") or ""


def pair(then: Callable[[Page, str, Invented], None] = lambda page, path, kept: None) -> State:
    """A new pair, and what the front door does with it."""

    def state(page: Page, made: Made) -> None:
        kept, _ = two_records(made.clerk)
        path = find(page, kept)
        page.goto(path)
        then(page, path, kept)

    return state


def choose(page: Page, answer: str) -> None:
    page.get_by_role("radio", name=answer).check()
    press(page, page.get_by_role("button", name="Continue", exact=True))


def different(page: Page, path: str, kept: Invented) -> None:
    page.get_by_role("radio", name="Two different children").check()
    page.get_by_label("How do you know that they are two children?").fill("They are in one class.")
    press(page, page.get_by_role("button", name="Continue", exact=True))
    page.goto(path)


def no_answer(page: Page, path: str, kept: Invented) -> None:
    press(page, page.get_by_role("button", name="Continue", exact=True))


def no_reason(page: Page, path: str, kept: Invented) -> None:
    choose(page, "Two different children")


def later(page: Page, path: str, kept: Invented) -> None:
    choose(page, "Leave it for later")
    page.goto(path)


def to_merge(page: Page, path: str, kept: Invented) -> None:
    choose(page, f"keep record {kept.reference}")


def merged(page: Page, path: str, kept: Invented) -> None:
    to_merge(page, path, kept)
    press(page, page.get_by_role("button", name="Merge the two records"))


def to_undo(page: Page, path: str, kept: Invented) -> None:
    merged(page, path, kept)
    press(page, page.get_by_role("link", name="undo the merge"))


def no_reason_to_undo(page: Page, path: str, kept: Invented) -> None:
    to_undo(page, path, kept)
    press(page, page.get_by_role("button", name="Undo the merge"))


def of_child(page: Page, made: Made) -> None:
    """The child's own page about it, for whoever has added both records."""
    kept, _ = two_records(Clerk(page.context))
    path = find(page, kept)
    page.goto(path)
    merged(page, path, kept)
    page.goto(f"{kept.path}merged/")


PAGES: dict[str, dict[str, State]] = {
    "duplicates": {
        "frontdoor: to decide": at("/duplicates/"),
        "frontdoor: left for later": at("/duplicates/?show=later"),
        "frontdoor: different": at("/duplicates/?show=different"),
        "frontdoor: merged": at("/duplicates/?show=same"),
        "frontdoor: no such reference": after(
            "/duplicates/", "Compare the two records", {"first": "7Q4K-2M9XAB"}
        ),
    },
    "duplicate": {
        "frontdoor: to decide": pair(),
        "frontdoor: nothing chosen": pair(no_answer),
        "frontdoor: no reason": pair(no_reason),
        "frontdoor: different": pair(different),
        "frontdoor: left for later": pair(later),
        "frontdoor: merged": pair(merged),
    },
    "duplicate-merge": {"frontdoor: asked": pair(to_merge)},
    "duplicate-undo": {"frontdoor: asked": pair(to_undo), "frontdoor: no reason": pair(no_reason_to_undo)},
    "child-merged": {
        "nothing merged": at(lambda made: f"{made.new.path}merged/"),
        "frontdoor: one": of_child,
    },
}
