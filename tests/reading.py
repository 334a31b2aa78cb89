"""A page as a browser reads it."""

from html.parser import HTMLParser
from typing import Any


class Reading(HTMLParser):
    """A page as a browser reads it: tags, attributes and texts, whatever the white space between them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Any] = []
        self._text = ""
        self.feed(markup)
        self.close()
        self._end_text()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_text()
        self.parts.append((tag, [(name, " ".join((value or "").split())) for name, value in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self._end_text()
        self.parts.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self._text += data

    def _end_text(self) -> None:
        if text := " ".join(self._text.split()):
            self.parts.append(text)
        self._text = ""

    def attributes(self, **wanted: str) -> dict[str, str]:
        """The attributes of the one element that has the attributes `wanted`."""
        found = [dict(part[1]) for part in self.parts if isinstance(part, tuple)]
        (attributes,) = [each for each in found if wanted.items() <= each.items()]
        return attributes
