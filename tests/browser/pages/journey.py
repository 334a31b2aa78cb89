"""The pages of an assessment, in their order, as a practitioner goes through them.

A page that changes changes here; the tests say what is to hold.
"""

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, Page

from tests.browser.pages import story
from tests.browser.pages.hand import Hand
from tests.browser.pages.story import Factor, Seen

SAVE = "Save and continue"
SEND = "Send the assessment"


class Journey:
    """One assessment, on its way through the pages.

    Each method answers the page that is open and goes on to the next.
    """

    def __init__(self, hand: Hand) -> None:
        self.hand, self.page = hand, hand.page

    def begin(self) -> None:
        """On the child's page: begin."""
        self.hand.button("Start an assessment")
        self.hand.sees("Is the child in immediate danger?")

    def danger(self, answer: str = "No") -> None:
        self.hand.choose(self._radio(answer))
        self.hand.button(SAVE)

    def sections(self) -> None:
        """From the list of sections to the first that comes after danger."""
        self.hand.sees("Assessment: sections")
        self.hand.link("The child")

    def child(self, *answers: tuple[str, str]) -> None:
        """The facts that are not known yet: the question's beginning, and its answer."""
        self.hand.sees("The child")
        for question, answer in answers:
            self.hand.choose(self._radio(answer, self._group(question)))
        self.hand.button(SAVE)

    def tick(self, indicators: Sequence[Seen], not_known: str = "Who drives the grey car.") -> None:
        self.hand.sees("Indicators of risk")
        self.hand.choose(*(self._checkbox(seen.tick) for seen in indicators))
        self.hand.tell(self.page.locator("#not_known_yet"), not_known)
        self.hand.choose(self._checkbox("I have considered all 28 indicators"))
        self.hand.button(SAVE)

    def rate(self, indicators: Sequence[Seen]) -> None:
        self.hand.sees("Level and evidence for each indicator")
        for seen in indicators:
            card = self.card(seen)
            self.hand.choose(self._checkbox(seen.linked_to, card), self._radio(seen.level, card))
            self.hand.tell(self.evidence(seen), seen.evidence)
        self.hand.button(SAVE)

    def card(self, seen: Seen) -> Locator:
        """The card of an indicator."""
        return self.page.locator(f"#{seen.id}")

    def evidence(self, seen: Seen) -> Locator:
        return self.card(seen).get_by_role("textbox")

    def places(self, answer: str = "Yes") -> None:
        self.hand.sees("Places and people who pose a risk")
        for name, text in story.PLACES.items():
            self.hand.tell(self.page.locator(f"#{name}"), text)
        self.hand.choose(self._radio(answer, self._group("Do you know of a person or a place")))
        self.hand.button(SAVE)

    def vulnerabilities(self, factors: Sequence[Factor]) -> None:
        self.hand.sees("Vulnerability factors")
        for told in factors:
            group = self._group(f"{told.factor.number}. {told.factor.label}")
            self.hand.choose(self._checkbox(told.when, group))
            self.hand.tell(group.get_by_role("textbox"), told.commentary)
        self.hand.button(SAVE)

    def consultation(self, *agencies: tuple[str, str, str, str]) -> None:
        """For each agency: its name, how far it got, who, when."""
        self.hand.sees("Who you have consulted")
        for agency, status, who, when in agencies:
            group = self._group(agency)
            self.hand.choose(self._radio(status, group))
            if who:
                self.hand.type(group.get_by_label("Who (name, role)"), who)
                self.hand.type(group.get_by_label("When"), when)
        self.hand.button(SAVE)

    def analysis(self, level: str) -> None:
        self.hand.sees("Analysis and your level")
        for name, text in story.ANALYSIS.items():
            self.hand.tell(self.page.locator(f"#{name}"), text)
        self.hand.choose(
            self._radio("Criminal exploitation"),
            self._radio("Complex or serious needs (Section 17 Child In Need)"),
            self._radio(level),
        )
        self.hand.button(SAVE)

    def level(self, reason: str = "", rationale: str = story.RATIONALE) -> None:
        self.hand.sees("What the indicators point to")
        if reason:
            self.hand.choose(self._checkbox(reason))
            self.hand.tell(self.page.locator("#rationale"), rationale)
        self.hand.button(SAVE)

    def actions(self, action: str, responsible: str, timescale: str) -> None:
        self.hand.sees("Immediate actions to protect the child")
        first = self._group("Action 1")
        self.hand.tell(first.get_by_label("Action", exact=True), action)
        self.hand.type(first.get_by_label("Responsible"), responsible)
        self.hand.type(first.get_by_label("Timescale"), timescale)
        self.hand.button(SAVE)

    def sharing(self, what: str, with_whom: str, how: str, when: str) -> None:
        self.hand.sees("Sharing information")
        for name in ("safe_to_tell", "child_knows", "family_knows"):
            self.hand.choose(self.page.locator(f"input[name={name}][value=yes]"))
        first = self._group("Shared 1")
        self.hand.tell(first.get_by_label("What was shared"), what)
        self.hand.type(first.get_by_label("With whom"), with_whom)
        self.hand.type(first.get_by_label("How"), how)
        self.hand.type(first.get_by_label("When"), when)
        self.hand.button(SAVE)

    def send(self) -> None:
        self.hand.sees("Check your answers before sending")
        self.hand.button(SEND)

    @property
    def reference(self) -> str:
        """Of the assessment whose page is open."""
        found = re.search(r"/assessments/([\w-]+)/", self.page.url)
        assert found, f"{self.page.url} is no page of an assessment"
        return found[1]

    def _group(self, legend: str) -> Locator:
        return self.page.get_by_role("group", name=legend)

    def _radio(self, name: str, within: Locator | Page | None = None) -> Locator:
        return (within or self.page).get_by_role("radio", name=name, exact=True)

    def _checkbox(self, name: str, within: Locator | Page | None = None) -> Locator:
        return (within or self.page).get_by_role("checkbox", name=name, exact=True)


def address(reference: str, page: str = "") -> str:
    """Of a page of an assessment."""
    return f"/assessments/{reference}/" + (f"{page}/" if page else "")
