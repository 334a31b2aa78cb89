"""The forms of a page, as a browser without script knows them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPES_IN = {"text", "email", "tel", "number", "search", "password"}


@dataclass
class Form:
    """One form of a page.

    Attributes:
        action: where it goes; blank for the page itself.
        method: how.
        hidden: what it carries.
        boxes: what stands in the boxes for a line of text.
        areas: what stands in those for more.
        choices: the values that its radios, checkboxes and lists offer.
        files: its boxes for a file.
        submits: its buttons in their order, each with its name and value.
    """

    action: str
    method: str
    hidden: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    submits: list[tuple[str, str]] = field(default_factory=list)

    def filled_in(self) -> dict[str, str]:
        """What it sends as it stands, of all that is typed; without a button, and without choices."""
        return self.hidden | self.boxes | self.areas


class _Forms(HTMLParser):
    """Collects the forms while the page is read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.area = self.list = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "form":
            self.forms.append(Form(said.get("action", ""), said.get("method", "get")))
        elif tag == "input" and said.get("type") == "hidden":
            self.forms[-1].hidden[name] = value
        elif tag == "input" and said.get("type", "text") in TYPES_IN:
            self.forms[-1].boxes[name] = value
        elif tag == "input" and said["type"] in ("radio", "checkbox"):
            self.forms[-1].choices.setdefault(name, []).append(value)
        elif tag == "input" and said["type"] == "file":
            self.forms[-1].files.append(name)
        elif tag == "select":
            self.list = name
        elif tag == "option" and self.list:
            self.forms[-1].choices.setdefault(self.list, []).append(value)
        elif tag == "textarea":
            self.area = name
            self.forms[-1].areas[name] = ""
        elif tag == "button" and said.get("type", "submit") == "submit":
            self.forms[-1].submits.append((name, value))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1].areas[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.list = ""


def forms_in(page: str) -> list[Form]:
    """The forms of a page, in their order."""
    return _Forms(page).forms
