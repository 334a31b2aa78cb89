"""Looking for a child, adding one, and the child's page."""

from playwright.sync_api import Locator

from tests.browser.pages.hand import Hand


class Search:
    """From the first page to a child's page."""

    def __init__(self, hand: Hand) -> None:
        self.hand, self.page = hand, hand.page

    def look_for(self, name: str) -> None:
        """On the first page: search by name."""
        self.hand.type(self.page.get_by_label("Find or add a child"), name)
        self.hand.button("Search")

    @property
    def results(self) -> Locator:
        """The children who were found, one row each."""
        return self.page.get_by_role("table").get_by_role("row").filter(has=self.page.get_by_role("link"))

    def add_a_new_child(
        self, given: str, family: str, *, born: tuple[str, str, str] = ("9", "2", "2012")
    ) -> None:
        """Search, find nobody, add: ends on the child's page."""
        self.look_for(f"{given} {family}")
        self.hand.sees("Nobody found whose record you can see")
        self.hand.button("Add a new child")
        self.hand.sees("Add a child")
        for part, value in zip(("Day", "Month", "Year"), born, strict=True):
            self.hand.type(self.page.get_by_label(part, exact=True), value)
        self.hand.button("Save and continue")
        self.hand.sees("More about the child")
        self.hand.link("Not now")
        self.hand.sees("Child’s record")
