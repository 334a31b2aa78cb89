"""What every model of a pack has in common: strictness, and the few kinds of value that packs are made of."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

Level = Literal["low", "medium", "high"]
"""A level of risk, lowest first (CRE 2020, section 1)."""

Problem = tuple[str, str]
"""Where in a pack something is wrong (its key's path), and what: `("indicators.missing.group", "...")`."""

_IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class PackModel(BaseModel):
    """A part of a pack: no unknown keys, no conversions, and never changed once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    if text != text.strip():
        raise ValueError("begins or ends with white space")
    return text


def _identifier(text: str) -> str:
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError(f"{text!r} is not an identifier: small letters, digits and single hyphens")
    return text


Text = Annotated[str, AfterValidator(_not_blank)]
"""Words for a person to read: never empty."""

Identifier = Annotated[str, AfterValidator(_identifier)]
"""A name that the contract, the record and the packs refer to: `online-activity`."""
