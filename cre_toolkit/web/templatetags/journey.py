"""Filters for the pages of an assessment."""

import re
from collections.abc import Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# A number as the packs write it: 01332 641172, 0808 800 5000, or one of the two of the police.
_NUMBER = re.compile(r"(\b0\d{2,4}(?: \d{3,6}){1,2}\b|\b999\b|\b101\b)")


@register.filter
def digits(telephone: str) -> str:
    """A telephone number as a `tel:` link wants it."""
    return "".join(letter for letter in telephone if letter.isdigit() or letter == "+")


@register.filter
def named(holes: Mapping[str, SafeString], name: str) -> SafeString:
    """The hole of that name (`web.prepared`), where the name is a variable."""
    return holes[name]


@register.filter
def dotted(name: str, last: str) -> str:
    """`missing` and `note` as the hole's name `missing.note`."""
    return f"{name}.{last}"


@register.filter
def with_numbers(text: str) -> SafeString:
    """A sentence whose telephone numbers are links: on a phone, one press calls."""
    parts = _NUMBER.split(text)
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html('<a class="govuk-link app-nowrap" href="tel:{}">{}</a>', digits(part), part)
                if place % 2
                else part,
            )
            for place, part in enumerate(parts)
        ),
    )
