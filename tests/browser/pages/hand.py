"""Somebody at a screen. What they press and type is done in the browser, and counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from playwright.sync_api import Locator, Page, expect


@dataclass
class Effort:
    """What a page takes of its reader: its loading, clicks, and keys besides the telling itself."""

    pages: int = 0
    clicks: int = 0
    keys: int = 0

    def __str__(self) -> str:
        return f"{self.pages:3} pages {self.clicks:4} clicks {self.keys:4} other keys"


class Hand:
    """One who presses and types in one window.

    Args:
        page: the window.
        never: names that may stand in no address and in no title, whatever is opened.
    """

    def __init__(self, page: Page, never: Iterable[str] = ()) -> None:
        self.page, self.never = page, tuple(never)
        self.efforts: dict[str, Effort] = {}
        self._at = "before"
        self._asked: list[str] = []
        page.on("request", lambda request: self._asked.append(unquote(request.url)))
        self._arrived()

    @property
    def effort(self) -> Effort:
        """All of it, since `begin`."""
        each = self.efforts.values()
        return Effort(*(sum(getattr(one, what) for one in each) for what in ("pages", "clicks", "keys")))

    def begin(self) -> None:
        """Count from the page that is open now."""
        self.efforts.clear()
        self._arrived()

    def press(self, control: Locator) -> None:
        """Press what leads to another page, and wait until that is there."""
        self._spend(clicks=1)
        with self.page.expect_event("domcontentloaded"):
            control.click()
        self._arrived()

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str) -> None:
        self.press(self.page.get_by_role("link", name=name, exact=True))

    def choose(self, *controls: Locator) -> None:
        """Tick a checkbox or choose a radio button."""
        for control in controls:
            self._spend(clicks=1)
            control.click()
            expect(control).to_be_checked()

    def tell(self, control: Locator, text: str) -> None:
        """Write what only the practitioner can tell: the click into the box counts, the telling does not."""
        self._spend(clicks=1)
        control.fill(text)

    def type(self, control: Locator, text: str) -> None:
        """Type something short into a box of its own; each key counts."""
        self._spend(clicks=1, keys=len(text))
        control.fill(text)

    def opens(self, path: str) -> None:
        """Open an address, as from a bookmark."""
        self.page.goto(path)
        self._arrived()

    def sees(self, heading: str) -> None:
        """The page that is open is the one with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def report(self) -> str:
        """Where it went, page by page."""
        lines = [f"{effort}  {heading}" for heading, effort in self.efforts.items()]
        return "\n".join([*lines, f"{self.effort}  in all"])

    def _arrived(self) -> None:
        self._at = self.page.get_by_role("heading", level=1).first.inner_text()
        self._spend(pages=1)
        self._asked.append(self.page.title())
        told = [text for text in self._asked for name in self.never if name.casefold() in text.casefold()]
        assert told == [], "the name of a child stands in an address or a title"
        self._asked.clear()

    def _spend(self, **what: int) -> None:
        effort = self.efforts.setdefault(self._at, Effort())
        for name, more in what.items():
            setattr(effort, name, getattr(effort, name) + more)
