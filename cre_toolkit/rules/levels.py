"""Levels of risk, and how they compare. A comparison with a level that is not there gives nothing."""

from collections.abc import Collection

from cre_toolkit.rules.packmodel import Level

RANK: dict[Level | None, int] = {"low": 1, "medium": 2, "high": 3}

HIGHEST_FIRST: tuple[Level, ...] = ("high", "medium", "low")


def below(level: Level | None, other: Level | None) -> bool:
    """Whether a level is below another; a comparison with a level that is None gives nothing."""
    return level is not None and other is not None and RANK[level] < RANK[other]


def above(level: Level | None, other: Level | None) -> bool:
    """Whether a level is above another; a comparison with a level that is None gives nothing."""
    return below(other, level)


def raises_protection(level: Level | None) -> bool:
    """Whether a level is one that reviews and the tasking list follow: medium or high."""
    return level == "medium" or level == "high"


def highest(levels: Collection[Level | None]) -> Level | None:
    """The highest of some levels; None where there is none."""
    return next((level for level in HIGHEST_FIRST if level in levels), None)
