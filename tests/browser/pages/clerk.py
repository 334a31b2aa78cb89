"""What a test starts from, prepared without opening each page: the same forms, sent as browsers send them."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from playwright.sync_api import APIResponse, BrowserContext

from tests.browser.pages import story
from tests.browser.pages.journey import address

_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_INPUT = re.compile(r"<input\b[^>]*>", re.DOTALL)

_SYLLABLES = (
    "bra",
    "dosh",
    "fenn",
    "gil",
    "hox",
    "jum",
    "kell",
    "lur",
    "mez",
    "nad",
    "pry",
    "quil",
    "sut",
    "vex",
)


def invented_name(ending: str) -> str:
    """A name that nobody has, and no two tests share."""
    return "".join(secrets.choice(_SYLLABLES) for _ in range(4)).capitalize() + ending


@dataclass(frozen=True)
class Invented:
    """A child whom a test has added."""

    reference: str
    given_names: str
    family_name: str

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.family_name}"

    @property
    def path(self) -> str:
        return f"/children/{self.reference}/"


class Clerk:
    """Fills in forms of the service for whoever is signed in in a window.

    Args:
        context: the window's, with its cookies.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._request = context.request

    def open(self, path: str) -> str:
        response = self._request.get(path)
        assert response.ok, f"{path} answers {response.status}"
        return response.text()

    def fill_in(self, path: str, answers: Mapping[str, Any] = {}, *, form: str = "") -> APIResponse:
        """Open a page, answer it, and send its form with what the form holds hidden.

        Args:
            path: of the page.
            answers: by the names of its controls; a list for what is ticked more than once.
            form: the address that the form is sent to, where that is another than the page's.
        """
        return self.send(form or path, {**_hidden(self.open(path), form), **answers})

    def send(self, path: str, answers: Mapping[str, Any]) -> APIResponse:
        """Send a form as it is."""
        response = self._request.post(
            path,
            data=urlencode(answers, doseq=True),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert response.ok, f"{path} answers {response.status}: {_said(response.text())}"
        return response

    def child(self, **facts: Any) -> Invented:
        """Add an invented child of fourteen or fifteen."""
        facts = {
            "given_names": invented_name("a"),
            "family_name": invented_name("ham"),
            "date_of_birth_day": str(secrets.randbelow(28) + 1),
            "date_of_birth_month": str(secrets.randbelow(12) + 1),
            "date_of_birth_year": str(timezone.localdate().year - 15),
            "authority": "derby",
            **facts,
        }
        response = self.fill_in("/children/new/", {**facts, "then": "save"})
        if response.url.endswith("/children/new/"):
            # Others of this name are on the record: none of these.
            response = self.send("/children/new/", {**_hidden(response.text()), "then": "add"})
        found = re.search(r"/children/([\w-]+)/edit/more/$", response.url)
        assert found, f"the child was not added: {_said(response.text())}"
        return Invented(found[1], facts["given_names"], facts["family_name"])

    def draft(self, who: Invented, *, until: str = "danger", **instead: Mapping[str, Any]) -> str:
        """Begin an assessment and answer its pages, so that `until` is the first that is not answered.

        Args:
            who: is assessed.
            until: the page that the test itself begins with; `check` for all of them.
            instead: what is answered otherwise than in the story, by page.

        Returns:
            The assessment's reference.
        """
        response = self.fill_in(who.path, form=f"{who.path}assess/")
        found = re.search(r"/assessments/([\w-]+)/", response.url)
        assert found, f"no assessment was begun: {response.url}"
        self.go_on(found[1], until=until, **instead)
        return found[1]

    def go_on(self, draft: str, *, since: str = "danger", until: str, **instead: Mapping[str, Any]) -> None:
        """Answer the pages of a draft from one to the one before another, as `draft` does."""
        pages = list(story.ANSWERS)
        end = pages.index(until) if until in pages else len(pages)
        for page in pages[pages.index(since) : end]:
            path = address(draft, "indicators/all" if page == "rating" else page)
            answers = {**story.ANSWERS[page], **instead.get(page.replace("-", "_"), {})}
            self.fill_in(path, {**answers, "then": "continue"})

    def sent(self, who: Invented, **instead: Mapping[str, Any]) -> str:
        """Assess a child and send it. Returns the assessment's reference."""
        reference = self.draft(who, until="check", **instead)
        self.fill_in(address(reference, "check"))
        return reference


def _hidden(markup: str, form: str = "") -> dict[str, list[str]]:
    """The hidden controls of a page's own form: the first inside main, or the one with that address."""
    inside = markup.partition("<main")[2]
    start = f'action="{form}"' if form else "<form"
    hidden: dict[str, list[str]] = {}
    for control in _INPUT.findall(inside.partition(start)[2].partition("</form>")[0]):
        said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(control)}
        if said.get("type") == "hidden":
            hidden.setdefault(said["name"], []).append(said.get("value", ""))
    return hidden


def _said(markup: str) -> str:
    """The text of a page's main part, for the message of a test that fails."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup.partition("<main")[2]).split())[:600]
