"""Small pieces that many pages show: the level as a word, alerts in order, a table that fits a phone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_LEVELS = {"low": "Low", "medium": "Medium", "high": "High"}
# How many alerts a page shows before it says "and 2 more" (service.md, "The child's page").
_SHOWN = 3


@register.simple_tag
def level(value: str | None, none_text: str = "Not recorded") -> SafeString:
    """A level as a word with a shape of its own. None is said in words too, never shown as a low level."""
    word = _LEVELS.get(value or "")
    if word is None:
        return format_html('<span class="app-level app-level--none">{}</span>', none_text)
    return format_html('<strong class="app-level app-level--{}">{}</strong>', value, word)


@register.filter
def level_word(value: str | None) -> str:
    """The level inside a sentence: `low`. Nothing recorded is `no level`."""
    return value if value in _LEVELS else "no level"


@register.tag
def fixed(parser: Parser, token: Token) -> "FixedNode":
    """`{% fixed %}…{% endfixed %}`: the same on every page for everybody, so it is rendered once.

    What stands between sees nothing of the page: neither its context nor who reads it.
    """
    nodes = parser.parse(("endfixed",))
    parser.delete_first_token()
    return FixedNode(nodes)


class FixedNode(template.Node):
    """Keeps what it rendered for as long as the template is kept."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._markup: SafeString | None = None

    def render(self, context: Context) -> SafeString:
        if self._markup is None:
            self._markup = self.nodelist.render(context.new())
        return self._markup


@register.simple_tag
def shown_alerts(alerts: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Three alerts to show and the rest to fold away. Grave ones (danger, missing) all come first."""
    every = list(alerts or ())
    grave = [alert for alert in every if alert.get("grave")]
    others = [alert for alert in every if not alert.get("grave")]
    room = max(0, _SHOWN - len(grave))
    return {"shown": grave + others[:room], "hidden": others[room:]}


@register.simple_tag
def cards_table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], caption_size: str = "m"
) -> SafeString:
    """A table whose rows become cards on a phone, where each cell says the heading of its column itself.

    Args:
        caption: what the table shows; `caption_size="hidden"` leaves it to screen readers.
        heads: the headings of the columns.
        rows: as many cells each: text, safe HTML, or a pair of text and address for a link.
    """
    size = "govuk-visually-hidden" if caption_size == "hidden" else f"govuk-table__caption--{caption_size}"
    opening = [
        f'<td class="govuk-table__cell" role="cell" data-label="{conditional_escape(head)}">'
        for head in heads
    ]
    body = "".join(
        '<tr class="govuk-table__row" role="row">'
        + "".join(f"{start}{_cell(cell)}</td>" for start, cell in zip(opening, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return format_html(
        '<table class="govuk-table app-rows" role="table">'
        '<caption class="govuk-table__caption {}">{}</caption>'
        '<thead class="govuk-table__head" role="rowgroup">'
        '<tr class="govuk-table__row" role="row">{}</tr></thead>'
        '<tbody class="govuk-table__body" role="rowgroup">{}</tbody></table>',
        size,
        caption,
        format_html_join(
            "", '<th scope="col" class="govuk-table__header" role="columnheader">{}</th>', zip(heads)
        ),
        mark_safe(body),  # noqa: S308 - heads and cells are escaped
    )


def _cell(content: Any) -> str:
    if isinstance(content, tuple):
        text, address = content
        return f'<a class="govuk-link" href="{conditional_escape(address)}">{conditional_escape(text)}</a>'
    return "" if content is None else conditional_escape(content)
