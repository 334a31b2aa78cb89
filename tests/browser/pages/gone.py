"""The pages of missing children and of the monthly tasking meeting, in their states."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.pages.closing import by_link
from tests.browser.pages.made import Made
from tests.browser.pages.states import State, after, at, press


def new(page: str) -> Callable[[Made], str]:
    """A page of a child of whom nothing of this is known."""
    return lambda made: f"{made.new.path}{page}/"


def missing(page: str) -> Callable[[Made], str]:
    """A page of a child who has been missing, declined to talk, and is missing again."""
    return lambda made: f"{made.missing.path}missing/{page}".rstrip("/") + "/"


def tasked(page: Page, made: Made) -> None:
    """What the meeting asked for the demonstration's first child, for whoever prepares the meeting."""
    by_link(lambda _: "/tasking/", "Amy Fictive")(page, made)


def to_ask(page: Page, made: Made) -> None:
    """About to record another request."""
    tasked(page, made)
    press(page, page.get_by_role("button", name="Record a request"))


def asked_nothing(page: Page, made: Made) -> None:
    """A request in which nothing is said."""
    to_ask(page, made)
    press(page, page.get_by_role("button", name="Save the request"))


PAGES: dict[str, dict[str, State]] = {
    "child-missing": {"none": at(new("missing")), "missing now": at(missing(""))},
    "child-missing-report": {
        "": at(new("missing/report")),
        "errors": after(new("missing/report"), "Record that the child is missing", {"time": "late"}),
        "police told, and not when": after(
            new("missing/report"), "Record that the child is missing", choose="police_told"
        ),
        "missing already": after(
            missing("report"),
            "Record that the child is missing",
            {"time": "00:01"},
            choose="police_told-3",
        ),
    },
    "child-missing-return": {
        "not missing": at(new("missing/return")),
        "missing": at(missing("return")),
        "errors": after(missing("return"), "Record the return", {"time": "late"}, choose="harmed"),
    },
    "child-missing-past": {
        "": at(new("missing/past")),
        "errors": after(new("missing/past"), "Add the episode"),
    },
    "child-missing-interview": {
        "nothing to talk about": at(new("missing/interview")),
        "declined before": at(missing("interview")),
        "errors": after(missing("interview"), "Save the interview", choose="step-2"),
    },
    "child-missing-plan": {
        "none": at(new("missing/plan")),
        "errors": after(new("missing/plan"), "Save the plan"),
        "agreed": at(missing("plan")),
        "another line": after(missing("plan"), "Add another line"),
    },
    "missing": {
        "protection: ": at("/missing/"),
        "protection: errors": at("/missing/?since_day=31&since_month=2&since_year=2026"),
        "manager: ": at("/missing/"),
    },
    "child-tasking": {"nothing asked": at(new("tasking")), "protection: asked": tasked},
    "child-tasking-ask": {"protection: ": to_ask, "protection: errors": asked_nothing},
    "tasking": {"protection: ": at("/tasking/")},
    "tasking-meeting": {
        "protection: ": at("/tasking/meeting/"),
        "protection: errors": after("/tasking/meeting/", "Record the meeting", {"time": "late"}),
    },
    # Long ago, so that nothing is done by it of what is due in the demonstration.
    "tasking-held": {
        "protection: ": after(
            "/tasking/meeting/",
            "Record the meeting",
            {"day_day": "6", "day_month": "1", "day_year": "2020", "time": "10:00"},
        ),
    },
}
