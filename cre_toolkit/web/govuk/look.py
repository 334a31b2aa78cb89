"""How a field of a form looks: the part of a GOV.UK component that Django's fields have no word for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Size = Literal["s", "m", "l", "xl"]


@dataclass(frozen=True, kw_only=True)
class Look:
    """The look of one field, in `GovukForm.looks`.

    Attributes:
        called: what error messages call the field, as in "Enter the child's family name"; else its label.
        page_heading: the label or legend is the page's `h1`.
        size: size of the label or legend.
        hide_label: the label is there for screen readers only (a heading beside it says the same).
        width: of an input, in characters (2, 3, 4, 5, 10, 20, 30) or as a word such as `one-half`.
        inline: radios side by side (two short answers only).
        small: small radios or checkboxes.
        item_hints: hint by the value of the choice.
        reveals: names of fields shown while the choice with this value is taken.
        divider_before: a word, such as "or", above the choice with this value.
        exclusive: values of checkboxes that clear all others ("None of these").
        prefix, suffix: shown at either end of an input.
        count: show how many of so many characters are left.
        rows: of a textarea.
        params: any other parameters of the component, in GOV.UK's spelling; merged last.
    """

    called: str = ""
    page_heading: bool = False
    size: Size | None = None
    hide_label: bool = False
    width: int | str | None = None
    inline: bool = False
    small: bool = False
    item_hints: Mapping[str, str] = field(default_factory=dict)
    reveals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    divider_before: Mapping[str, str] = field(default_factory=dict)
    exclusive: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""
    count: int | None = None
    rows: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


PLAIN = Look()
