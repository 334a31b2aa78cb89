"""The shape of a component: its parameters with every text that the markup merely contains taken out.

`take()` splits parameters into a hashable shape and the texts, already escaped; `with_marks()` makes
parameters of a shape again, with a mark in place of each text; `cut()` cuts the markup made of them at the
marks.

Only texts that no macro looks into are taken out (a macro may ask whether there is a text, so empty ones
stay). Here too is the check that nothing reaches a page unescaped: macros mark `html` parameters as safe,
whoever wrote them, so those must have been marked safe already.
"""

import html
import re
import secrets
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Final

from django.utils.functional import Promise

Params = Mapping[str, Any]
Shape = Any

# Parameters that macros copy into the markup and do nothing else with.
_TEXTS = frozenset({"text", "href", "titleText", "summaryText", "descriptionText", "visuallyHiddenText"})
# There `value` is what the person typed. Elsewhere (radios, select) macros compare it.
_TYPED_INTO = frozenset({"input", "textarea", "character-count", "date-input", "password-input"})

# Nobody can type a mark: it is made anew in each process.
_SECRET = secrets.token_hex(8)
_MARK = re.compile(f"\x02{_SECRET}:(\\d+)\x03")
# Macros leave many empty lines. (No text of a person stands in the markup yet.)
_BLANK = re.compile(r"\s*\n\s*")


class UnsafeHtml(TypeError):
    """A plain string was given where a component inserts HTML as it stands."""


class _Kind(Enum):
    MAPPING = "mapping"
    LIST = "list"
    TEXT = "text"


_TEXT: Final = (_Kind.TEXT,)


def take(params: Params, texts: list[str], component: str) -> Shape:
    """Split `params`: return their shape, and append to `texts` each text taken out, escaped.

    Raises:
        UnsafeHtml: an `html` parameter, a slot, or attributes given as one string are not marked as safe.
    """
    return _take_mapping(params, texts, _taken_from(component), component)


@cache
def _taken_from(component: str) -> frozenset[str]:
    if component == "select":
        # An option without a value is chosen by its text.
        return _TEXTS - {"text"}
    return _TEXTS | {"value"} if component in _TYPED_INTO else _TEXTS


def _take_mapping(params: Params, texts: list[str], taken: frozenset[str], path: str) -> Shape:
    shape: list[Any] = [_Kind.MAPPING]
    for key, value in params.items():
        if isinstance(value, str | Promise):
            value = str(value) if isinstance(value, Promise) else value
            if key == "html" or key.endswith("Html"):
                _require_safe(value, key, path)
                if value.strip():
                    texts.append(value.strip())
                    shape.append((key, _TEXT))
            elif key == "attributes":
                _require_safe(value, key, path)
                shape.append((key, value, value.__class__))
            elif key in taken and value:
                texts.append(value if hasattr(value, "__html__") else html.escape(value))
                shape.append((key, _TEXT))
            else:
                shape.append((key, value, value.__class__))
        elif isinstance(value, Mapping):
            if key == "slots":
                value = {slot: _require_safe(text, slot, f"{path}.slots") for slot, text in value.items()}
            shape.append((key, _take_mapping(value, texts, taken, f"{path}.{key}")))
        elif isinstance(value, list | tuple):
            shape.append((key, _take_list(value, texts, taken, f"{path}.{key}")))
        else:
            if value and (key == "html" or key.endswith("Html")):
                _require_safe(value, key, path)
            shape.append((key, value, value.__class__))
    return tuple(shape)


def _take_list(
    values: list[Any] | tuple[Any, ...], texts: list[str], taken: frozenset[str], path: str
) -> Shape:
    shape: list[Any] = [_Kind.LIST]
    for value in values:
        if isinstance(value, Mapping):
            shape.append((_take_mapping(value, texts, taken, path),))
        elif isinstance(value, list | tuple):
            shape.append((_take_list(value, texts, taken, path),))
        else:
            shape.append((value, value.__class__))
    return tuple(shape)


def _require_safe(value: Any, key: str, path: str) -> Any:
    if value and not hasattr(value, "__html__"):
        raise UnsafeHtml(
            f"{path}.{key} goes into the page as it stands: mark it as safe, or use text instead."
        )
    return value


def with_marks(shape: Shape) -> Any:
    """Parameters of this shape, with a numbered mark for each text."""
    return _build(shape, [0])


def _build(shape: Shape, count: list[int]) -> Any:
    kind = shape[0]
    if kind is _Kind.TEXT:
        count[0] += 1
        return f"\x02{_SECRET}:{count[0] - 1}\x03"
    if kind is _Kind.MAPPING:
        return {entry[0]: _build(entry[1], count) if len(entry) == 2 else entry[1] for entry in shape[1:]}
    return [_build(entry[0], count) if len(entry) == 1 else entry[0] for entry in shape[1:]]


def cut(markup: str) -> tuple[list[str], list[int]]:
    """Cut markup at its marks: the pieces between, and the number of the text that each mark stands for."""
    parts = _MARK.split(_BLANK.sub("\n", markup))
    return parts[0::2], [int(number) for number in parts[1::2]]
