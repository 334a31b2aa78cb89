"""The pages on which a manager answers an assessment, and what people are told, in every state."""

from playwright.sync_api import Page

from tests.browser.pages.journey import address
from tests.browser.pages.made import Made
from tests.browser.pages.states import State, after, at, of, press

ANSWER = "Record your answer"


def answered(page: Page, made: Made) -> None:
    """An assessment that the manager has just returned."""
    page.goto(address(made.clerk.sent(made.clerk.child()), "decision"))
    page.get_by_role("radio", name="Returned").check()
    page.get_by_label("What is missing, or must be looked at again?").fill("Who saw it, and when?")
    press(page, page.get_by_role("button", name=ANSWER))
    assert page.get_by_role("region", name="A manager’s answer").is_visible()


def once_sent(path: str) -> State:
    """A page that opens after something was sent."""

    def state(page: Page, made: Made) -> None:
        assert made.sent
        page.goto(path)

    return state


PAGES: dict[str, dict[str, State]] = {
    "assessment-decision": {
        "the author's": at(of("sent", "decision")),
        "withdrawn": at(of("withdrawn", "decision")),
        "manager: ": at(of("sent", "decision")),
        "manager: of a review": at(of("reviewed", "decision")),
        "manager: nothing said": after(of("sent", "decision"), ANSWER),
        "manager: no reasons": after(of("sent", "decision"), ANSWER, choose="outcome-3"),
        "manager: answered": answered,
    },
    "countersign": {"manager: ": once_sent("/countersign/"), "protection: ": once_sent("/countersign/")},
    "notifications": {"manager: ": once_sent("/notifications/"), "admin: none": at("/notifications/")},
}
