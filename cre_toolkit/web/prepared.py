"""Markup that is made once, with holes for what changes from page to page.

Where a page repeats thirty cards of an edition that never changes, rendering them is nearly all that the page
costs. A template is rendered once with `{{ hole.name }}` where something goes; after that only the holes are
filled.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

# Nobody can type a mark: it is made anew in each process.
_SECRET = secrets.token_hex(8)
_MARK = re.compile(f"\x02{_SECRET}:([^\x03]*)\x03")


class _Holes:
    """In a template, `{{ hole.note }}` is a mark of that name."""

    def __getitem__(self, name: str) -> SafeString:
        return mark_safe(f"\x02{_SECRET}:{name}\x03")  # noqa: S308 - a mark of ours


class Prepared:
    """A template, rendered but for its holes.

    Args:
        template: its name.
        context: everything that it shows and that does not change.
    """

    def __init__(self, template: str, context: Mapping[str, Any]) -> None:
        parts = _MARK.split(render_to_string(template, {**context, "hole": _Holes()}))
        self._pieces, self._names = parts[0::2], parts[1::2]

    def filled(self, values: Mapping[str, Any]) -> SafeString:
        """The markup with its holes filled, each value escaped; a hole without a value stays empty."""
        done = [self._pieces[0]]
        for name, piece in zip(self._names, self._pieces[1:], strict=True):
            value = values.get(name)
            if value:
                done.append(conditional_escape(value))
            done.append(piece)
        return mark_safe("".join(done))  # noqa: S308 - escaped above, or by the template
