"""How a page looks where a test has to measure it: focus that can be seen, text set wide."""

from playwright.sync_api import Locator, Page, expect

# WCAG 1.4.12, all four at once.
SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""

# How the control that has the focus looks, with its label where that is what is drawn; without the focus; and
# whether it stands within the window.
_FOCUS = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const look = () => [at, ...(at.labels || [])].flatMap(part => ['', '::before', '::after'].map(pseudo => {
        const style = getComputedStyle(part, pseudo);
        return [style.outline, style.boxShadow, style.backgroundColor, style.color, style.borderColor,
                style.borderWidth, style.textDecoration].join('|');
    })).join('||');
    const box = at.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const focused = look();
    at.blur();
    const blurred = look();
    at.focus({focusVisible: true, preventScroll: true});
    return {
        name: at.tagName + ' ' + (at.id || at.textContent.trim().slice(0, 40)),
        seen: focused !== blurred && inside,
    };
}"""


class Keyboard:
    """One who uses the keyboard alone, and has to see where they are at every stop."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab_to(self, control: Locator, *, within: int = 150) -> None:
        """Press Tab until a control has the focus; every stop on the way must show itself."""
        expect(control).to_have_count(1)
        for _ in range(within):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(_FOCUS)
            assert stop is None or stop["seen"], f"{self.page.url}: focus cannot be seen on {stop['name']}"
            if control.evaluate("control => control === document.activeElement"):
                return
        raise AssertionError(f"{self.page.url}: {control} is not reached with {within} tabs")

    def press(self, control: Locator) -> None:
        """Press a link or a button that leads to another page."""
        self.tab_to(control)
        with self.page.expect_event("domcontentloaded"):
            self.page.keyboard.press("Enter")

    def open(self, summary: Locator) -> None:
        """Open what stands closed below its summary."""
        self.tab_to(summary)
        self.page.keyboard.press("Enter")

    def tick(self, control: Locator) -> None:
        self.tab_to(control)
        self.page.keyboard.press("Space")
        expect(control).to_be_checked()

    def choose(self, first: Locator, wanted: Locator) -> None:
        """Choose a radio button: Tab leads to the first of the group, the arrows to the others."""
        self.tab_to(first)
        self.page.keyboard.press("Space")
        for _ in range(20):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{wanted} is not reached with the arrows")

    def write(self, control: Locator, text: str) -> None:
        self.tab_to(control)
        self.page.keyboard.type(text)
        expect(control).to_have_value(text)


def set_wide(page: Page) -> None:
    """Set the text of a page as wide as WCAG 1.4.12 asks that it can be."""
    page.evaluate(
        """css => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
        }""",
        SPACING,
    )


def set_twice_as_large(page: Page) -> None:
    """Set the text of a page at 200 %, as a reader's own font size does (WCAG 1.4.4)."""
    before = page.locator("h1").first.evaluate("heading => parseFloat(getComputedStyle(heading).fontSize)")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    after = page.locator("h1").first.evaluate("heading => parseFloat(getComputedStyle(heading).fontSize)")
    assert after > before * 1.9, f"{page.url}: its letters do not follow the reader's size"


def nothing_is_cut_off(page: Page) -> None:
    """Assert that no text runs over a box that hides what runs over."""
    cut = page.evaluate(
        """() => [...document.querySelectorAll('main *, header *, section *')].filter(box => {
            const style = getComputedStyle(box);
            // Absolute and hidden is what only a screen reader is to read.
            if (style.overflowX === 'visible' || style.position === 'absolute') return false;
            const edge = box.getBoundingClientRect(), range = document.createRange();
            const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                if (texts.currentNode.parentElement.closest('.govuk-visually-hidden, svg')) continue;
                range.selectNodeContents(texts.currentNode);
                for (const line of range.getClientRects()) {
                    if (line.right > edge.right + 1 || line.bottom > edge.bottom + 1) return true;
                }
            }
            return false;
        }).map(box => box.outerHTML.slice(0, 120))"""
    )
    assert cut == [], f"{page.url}: text is cut off in {cut}"
