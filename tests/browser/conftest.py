"""A real browser against the real service: gunicorn, its worker, SQLite, the demonstration's invented people.

    def test_due_list(open_page, assert_accessible):
        page = open_page("/due/", who="worker", viewport="phone")
        expect(page.get_by_role("heading", level=1)).to_have_text("Due")
        assert_accessible(page)

The site is started once for each worker of the run and shared by its tests: each makes the children it needs.
"""

import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, StorageState

from cre_toolkit.demonstration.people import PASSWORD
from scripts import chromium
from tests.browser.pages.clerk import Clerk
from tests.databases import copy_sqlite

ROOT = Path(__file__).resolve().parents[2]
VIEWPORTS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 375, "height": 812}, "is_mobile": True, "has_touch": True},
    # WCAG 1.4.10: as wide as 1280 pixels seen at 400 %.
    "narrow": {"viewport": {"width": 320, "height": 256}},
}

# Chromium makes two pages of its own for the address bar of every window: half of what a window costs, and
# the tests have hundreds. Only one such list counts, so it begins with what Playwright itself turns off.
FEATURES_OFF = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "OptimizationHints"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "NetworkTimeServiceQuerying"),
    *("AimEnabled", "PreconnectToSearch"),
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
)

SECONDS_TO_START = 300
SECONDS_FOR_A_PAGE = 15
# A session that nobody uses ends after 20 minutes.
SECONDS_BEFORE_IT_ENDS = 15 * 60


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium.find()
    if path is None:
        pytest.exit(
            "The browser tests need Chromium: make test installs it, or CHROMIUM names it.", returncode=1
        )
    quiet = ["gpu", "quic", "background-networking", "component-update", "sync"]
    switches = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in quiet)]
    switches.append(f"--disable-features={','.join(FEATURES_OFF)}")
    return {**browser_type_launch_args, "executable_path": path, "args": switches}


@dataclass
class Site:
    """The running service. `database` is the file that its server and its worker share."""

    url: str
    database: Path
    mail: Path
    log: Path
    _signed_in: dict[str, StorageState | None] = field(default_factory=dict)
    _handed_out: dict[str, float] = field(default_factory=dict)

    @property
    def as_loaded(self) -> Path:
        """A copy of the database as it was before the first test."""
        return self.database.with_name("as-loaded.sqlite3")

    def said(self) -> str:
        """The end of what server and worker have written."""
        return self.log.read_text()[-4000:]

    def sign_in(self, page: Page, who: str) -> None:
        """Sign in on the page that people sign in on. `who` is what stands before @example.org."""
        page.goto(f"{self.url}/account/sign-in/")
        page.locator("input[name=login]").fill(f"{who}@example.org")
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{self.url}/", timeout=SECONDS_FOR_A_PAGE * 1000)

    def signed_in(self, browser: Browser, who: str) -> StorageState:
        """The cookies of somebody who has signed in: once for each person, since sign-ins are throttled."""
        idle = time.monotonic() - self._handed_out.get(who, 0)
        self._handed_out[who] = time.monotonic()
        if who not in self._signed_in or (self._signed_in[who] and idle > SECONDS_BEFORE_IT_ENDS):
            # Whoever could not sign in is not tried again by every test that follows.
            self._signed_in[who] = None
            context = browser.new_context()
            self.sign_in(context.new_page(), who)
            self._signed_in[who] = context.storage_state()
            context.close()
        state = self._signed_in[who]
        if state is None:
            pytest.fail(f"{who} could not sign in; the service said:\n{self.said()}")
        return state


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The service as `make run` serves it, on a database of its own."""
    with served(tmp_path_factory.mktemp("site"), free_port()) as site:
        copy_sqlite(site.database, site.as_loaded)
        yield site


@contextmanager
def served(folder: Path, port: int, *, like: Site | None = None, **settings: str) -> Iterator[Site]:
    """A service of one's own: where it keeps what it writes, its port, and settings as in its environment.

    With `like` it begins with the people and the keys of another, as they were loaded there.
    """
    database, log = folder / "cre.sqlite3", folder / "log"
    if like:
        copy_sqlite(like.as_loaded, database)
        for key in like.database.parent.glob("*_key"):
            shutil.copy(key, folder)
    environment = (
        os.environ
        | settings
        | {
            "DJANGO_SETTINGS_MODULE": "cre_toolkit.settings",
            "CRE_VAR": str(folder),
            "DATABASE_URL": f"sqlite:///{database}",
            "RETENTION_SCHEDULE": str(Path(__file__).parent / "pages" / "schedule.toml"),
        }
    )
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, ROOT / "scripts" / "serve.py", "--port", str(port), "--children", "0"],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_it_says("Ctrl-C", server, log)
        yield Site(url=f"http://127.0.0.1:{port}", database=database, mail=folder / "mail", log=log)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_it_says(word: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while word not in log.read_text():
        if server.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the site did not start:\n{log.read_text()}")
        time.sleep(0.1)


class OpenPage(Protocol):
    def __call__(
        self,
        path: str = "/",
        *,
        who: str | None = None,
        viewport: str = "desktop",
        javascript: bool = True,
        trouble: bool = False,
    ) -> Page: ...


@pytest.fixture
def without_javascript() -> set[BrowserContext]:
    """The windows that this test opened without JavaScript."""
    return set()


@pytest.fixture
def complaints(site: Site) -> Iterator[list[str]]:
    """What goes wrong on the test's pages: it fails the test at its end.

    A script error, an answer of 500 or above, anything that the content security policy had to refuse.
    """
    heard: list[str] = []
    yield heard
    assert heard == [], site.said()


def listen(page: Page, complaints: list[str], *, trouble: bool = False) -> None:
    """Note what goes wrong on a page; with `trouble` script errors alone."""
    page.on("pageerror", lambda error: complaints.append(str(error)))
    if not trouble:
        page.on("console", lambda message: complaints.extend(_complaint(message)))
        page.on("response", lambda response: complaints.extend(_failure(response)))


@pytest.fixture
def open_page(
    site: Site,
    browser: Browser,
    new_context: Callable[..., BrowserContext],
    without_javascript: set[BrowserContext],
    complaints: list[str],
) -> OpenPage:
    """Open a page in a window of its own: by whom, how wide, with or without JavaScript.

    With `trouble`, where the test itself takes the network or the service away, script errors alone fail it.
    """

    def open_(
        path: str = "/",
        *,
        who: str | None = None,
        viewport: str = "desktop",
        javascript: bool = True,
        trouble: bool = False,
    ) -> Page:
        options: dict[str, Any] = {**VIEWPORTS[viewport], "java_script_enabled": javascript}
        if who:
            options["storage_state"] = site.signed_in(browser, who)
        context = new_context(base_url=site.url, **options)
        context.set_default_timeout(SECONDS_FOR_A_PAGE * 1000)
        if not javascript:
            without_javascript.add(context)
        page = context.new_page()
        listen(page, complaints, trouble=trouble)
        page.goto(path)
        return page

    return open_


@pytest.fixture(scope="session")
def windows(site: Site, browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """The windows that stay open from test to test, by who has them."""
    kept: dict[str, BrowserContext] = {}
    yield kept
    for window in kept.values():
        window.close()


@pytest.fixture
def open_tab(
    site: Site, browser: Browser, windows: dict[str, BrowserContext], complaints: list[str]
) -> Iterator[Callable[[str], Page]]:
    """Open a tab in the window that somebody has all along, with the cookies of who has just signed in.

    Quicker than a window of its own, for tests that change nothing else in it. `nobody` has one too.
    """
    tabs: list[Page] = []

    def open_(who: str) -> Page:
        if who not in windows:
            windows[who] = browser.new_context(base_url=site.url, **VIEWPORTS["desktop"])
            windows[who].set_default_timeout(SECONDS_FOR_A_PAGE * 1000)
        windows[who].clear_cookies()
        if who != "nobody":
            windows[who].add_cookies(site.signed_in(browser, who)["cookies"])
        tabs.append(windows[who].new_page())
        listen(tabs[-1], complaints)
        return tabs[-1]

    yield open_
    for tab in tabs:
        tab.close()


@pytest.fixture
def clerk(site: Site, browser: Browser, new_context: Callable[..., BrowserContext]) -> Callable[..., Clerk]:
    """Somebody who prepares what a test starts from, in a session of their own."""

    def of(who: str = "worker") -> Clerk:
        return Clerk(new_context(base_url=site.url, storage_state=site.signed_in(browser, who)))

    return of


def _complaint(message: ConsoleMessage) -> list[str]:
    """What the console says is wrong. Answers such as 404 stand there too: the page's own business."""
    answered = message.text.startswith("Failed to load resource: the server responded")
    wrong = message.type == "error" or "Content Security Policy" in message.text
    return [message.text] if wrong and not answered else []


def _failure(response: Response) -> list[str]:
    return [f"{response.status} {response.url}"] if response.status >= 500 else []


# Tests that take these run once for each: wide and on a phone, with JavaScript and without.
@pytest.fixture(params=["desktop", "phone"])
def viewport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a journey took, page by page: `record_property("effort", ...)`."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in getattr(report, "user_properties", ()):
                if name == "effort" and report.when == "call":
                    terminalreporter.write_sep("-", report.nodeid)
                    terminalreporter.write_line(str(value))


@functools.cache
def _axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def reading_glass(browser: Browser) -> Iterator[Page]:
    """A window with JavaScript, in which axe looks at the pages of those that are without."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def assert_accessible(
    without_javascript: set[BrowserContext], request: pytest.FixtureRequest
) -> Callable[[Page], None]:
    """Assert that axe finds no violation of WCAG 2.2 A and AA on a page as it now stands."""

    def check(page: Page) -> None:
        seen = page
        if page.context in without_javascript:
            seen = request.getfixturevalue("reading_glass")
            _show_as_it_stands(page, seen)
        if not seen.evaluate("'axe' in window"):
            seen.evaluate(_axe())
        violations = seen.evaluate(
            """tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})
                .then(result => result.violations)""",
            TAGS,
        )
        found = [
            f"{violation['id']}: {violation['help']}\n    {node['html'][:200]}"
            for violation in violations
            for node in violation["nodes"]
            if not _govuk_conditional_radio(violation["id"], node["html"])
        ]
        assert not found, f"{page.url}\n" + "\n".join(found)

    return check


def _show_as_it_stands(page: Page, glass: Page) -> None:
    """The same HTML where axe can run: in a window with JavaScript, but without the page's own scripts."""
    html, size = page.content(), page.viewport_size
    assert size
    glass.set_viewport_size(size)
    glass.unroute_all()
    glass.goto("about:blank")  # from the same address but for its #, nothing would be loaded
    glass.route("**/*.js", lambda route: route.abort())
    glass.route(page.url, lambda route: route.fulfill(body=html, content_type="text/html"))
    glass.goto(page.url)


def _govuk_conditional_radio(rule: str, html: str) -> bool:
    """GOV.UK's own conditional radios carry aria-expanded, which axe flags; users were tested with them."""
    return rule == "aria-allowed-attr" and "govuk-radios__input" in html and "aria-expanded" in html


@pytest.fixture
def assert_no_sideways_scroll() -> Callable[[Page], None]:
    """Assert that a page fits its window's width (WCAG 1.4.10); use it with viewport="narrow"."""

    def check(page: Page) -> None:
        wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, f"{page.url} is {wide} pixels wide in a window of {window}"

    return check
