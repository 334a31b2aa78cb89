"""The pages of a review, in their order, as a practitioner goes through them."""

import re
from typing import Any

from playwright.sync_api import Locator

from tests.browser.pages.clerk import Clerk, Invented
from tests.browser.pages.journey import SAVE, Journey, address
from tests.browser.pages.story import INDICATORS, Seen

NO_CHANGE, CHANGED, GONE = "No change", "Changed", "No longer seen"
REVIEW = "Review the last assessment"


class Review(Journey):
    """One review, on its way through the pages. Each method answers the page that is open and goes on."""

    def begin(self) -> None:
        """On the child's page: begin."""
        self.hand.button(REVIEW)
        self.hand.sees("Is the child in immediate danger?")

    def still_right(self, answer: str = "No") -> None:
        """What was taken up is as it was; whether a person or place poses a risk is said anew."""
        self.hand.sees("Is this still right?")
        self.hand.choose(self._radio(answer, self._group("Do you know of a person or a place")))
        self.hand.button(SAVE)

    def since_last_time(self, **became: str) -> None:
        """For each indicator of last time, by its id with underscores: what has become of it."""
        self.hand.sees("Indicators of risk")
        for name, answer in became.items():
            self.hand.choose(self._radio(answer, self.card_of(name.replace("_", "-"))))
        self.hand.choose(self._checkbox("I have considered all 28 indicators"))
        self.hand.button(SAVE)

    def card_of(self, indicator: str) -> Locator:
        return self.page.locator(f"[id='{indicator}']")

    def rate_what_changed(self, seen: Seen) -> None:
        """Its evidence and link stand there from last time; its level is given anew."""
        self.hand.sees("Level and evidence for each indicator")
        self.hand.tell(self.evidence(seen), seen.evidence)
        self.hand.choose(self._radio(seen.level, self.card(seen)))
        self.hand.button(SAVE)

    def who_was_consulted(self, agency: str, status: str) -> None:
        self.hand.sees("Who you have consulted")
        self.hand.choose(self._radio(status, self._group(agency)))
        self.hand.button(SAVE)

    def judgement(self, concerns: str, level: str) -> None:
        """The least that the analysis asks for: what it rests on, the type, and one's own level."""
        self.hand.sees("Analysis and your level")
        self.hand.tell(self.page.locator("#immediate_concerns"), concerns)
        self.hand.choose(self._radio("Criminal exploitation"), self._radio(level))
        self.hand.button(SAVE)

    def safe_to_tell(self, answer: str = "yes") -> None:
        self.hand.sees("Sharing information")
        self.hand.choose(self.page.locator(f"input[name=safe_to_tell][value={answer}]"))
        self.hand.button(SAVE)


# The same, as the forms send it, for what a test only starts from.
UNCHANGED: dict[str, Any] = {
    name: value
    for seen in INDICATORS
    for name, value in ((f"since-{seen.id}", "no-change"), (f"gone-{seen.id}", ""))
}


def begun(clerk: Clerk, child: Invented) -> str:
    """Begin a review of a child who has been assessed. Returns its reference."""
    response = clerk.fill_in(child.path, form=f"{child.path}review/")
    found = re.search(r"/assessments/([\w-]+)/", response.url)
    assert found, f"no review was begun: {response.url}"
    return found[1]


def sent(clerk: Clerk, child: Invented) -> str:
    """Review a child's last assessment and send it: one indicator has changed, another is no longer seen."""
    draft = begun(clerk, child)
    became = {
        **UNCHANGED,
        "since-missing": "changed",
        "since-offending": "no-longer-seen",
        "gone-offending": "Not since September, says her aunt.",
    }
    clerk.fill_in(address(draft, "danger"), {"immediate_risk": "no", "then": "continue"})
    clerk.fill_in(address(draft, "last-time"), {"persons_or_places_of_risk": "no", "then": "continue"})
    clerk.fill_in(address(draft, "indicators"), {**became, "considered": "on", "then": "continue"})
    rated = {
        "missing-note": "Home after midnight on every Friday of October. Told by her aunt.",
        "missing-level": "high",
        "missing-for": "cce",
    }
    clerk.fill_in(address(draft, "indicators/all"), {**rated, "then": "continue"})
    clerk.go_on(draft, since="consultation", until="check")
    clerk.fill_in(address(draft, "check"))
    return draft


def withdrawn(clerk: Clerk, child: Invented) -> str:
    """Assess a child and withdraw it, as being about another child."""
    reference = clerk.sent(child)
    clerk.fill_in(
        address(reference, "withdraw"), {"category": "wrong-child", "words": "I had two records open."}
    )
    return reference
