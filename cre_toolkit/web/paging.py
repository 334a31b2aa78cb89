"""Lists that are turned page by page: which page was asked for, and GOV.UK's links to the others."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

# Further than anybody turns pages, and within what a database counts.
LAST_PAGE = 1_000


def page_asked_for(request: HttpRequest) -> int:
    """The page that the address names, from 1. What is no page of a list leads to the first."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    return min(max(number, 1), LAST_PAGE)


def pagination(
    page: int, *, more: bool, label: str, asked: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any] | None:
    """GOV.UK's pagination; None where one page holds everything.

    Args:
        page: the one that is shown.
        more: whether there is another after it.
        label: what its pages are of, for screen readers.
        asked: what else the address says, by name: filters that turning the page must not lose.
    """
    before = {"href": _page(page - 1, asked), "text": "Previous"} if page > 1 else None
    after = {"href": _page(page + 1, asked), "text": "Next"} if more else None
    ways = {name: way for name, way in (("previous", before), ("next", after)) if way}
    return {"landmarkLabel": label, **ways} if ways else None


def _page(number: int, asked: Mapping[str, Sequence[str]] | None) -> str:
    return "?" + urlencode({**(asked or {}), "page": number}, doseq=True)
