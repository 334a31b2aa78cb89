"""How long records are kept: the schedule as data, and the day on which a record has been kept enough.

The schedule is the controller's policy and stands in `packs/retention/schedule.toml`, or in the operator's
own file (`RETENTION_SCHEDULE`). Source: facts.md, "Records"; each class names its own.
"""

import datetime
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

BUILT_IN = Path(__file__).resolve().parent.parent / "packs" / "retention" / "schedule.toml"
ADULT = 18


class ScheduleError(ValueError):
    """The schedule cannot be used; the message names the file, the key and what is wrong with it."""


class Fits(StrEnum):
    """What a child's record must once have said for a class to hold."""

    EVERY_RECORD = "every-record"
    ASSESSED = "assessed-medium-or-high"
    PLAN = "child-protection-plan"
    LOOKED_AFTER = "looked-after"


class From(StrEnum):
    """The day from which the years of a class count."""

    BIRTH = "birth"
    LAST_ENTRY = "last-entry"
    CLOSING = "closing"
    """When the case was closed; of one that is open or never was a case, the last entry."""


_STRICT = ConfigDict(extra="forbid", frozen=True)
Years = Annotated[int, Field(strict=True, ge=1, le=150)]
Words = Annotated[str, Field(strict=True, min_length=1)]


class RetentionClass(BaseModel):
    """One class of the schedule."""

    model_config = _STRICT

    id: Annotated[str, Field(strict=True, pattern=r"^[a-z0-9-]+$")]
    name: Words
    fits: Fits
    starts: From = Field(alias="from")
    years: Years
    died_under_18: Years | None = None
    source: Words
    authority: str = ""


class Schedule(BaseModel):
    """All classes, and since when they hold."""

    model_config = _STRICT

    holds_from: datetime.date = Field(alias="from")
    classes: tuple[RetentionClass, ...] = Field(alias="class", min_length=1)

    def of(self, authority: str) -> list[RetentionClass]:
        """The classes for an authority's children: its own in place of the general ones of the same id."""
        own = {each.id: each for each in self.classes if each.authority == authority}
        general = {each.id: each for each in self.classes if not each.authority}
        return list((general | own).values())


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides how long one child's record is kept.

    Args:
        born: the date of birth; of an estimated age the latest that it allows; None where neither is known.
        died: the day of death, where it is known.
        last_entry: when something was last entered on the record.
        closed: when the case was closed, where it is closed now.
        ever: what the record says now or once said.
    """

    born: datetime.date | None
    last_entry: datetime.date
    ever: frozenset[Fits]
    died: datetime.date | None = None
    closed: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One class that holds for a record, and the day to which it keeps it; None where that cannot be told."""

    by: RetentionClass
    until: datetime.date | None


def kept_by(classes: Iterable[RetentionClass], facts: Facts) -> list[Kept]:
    """Every class that holds for a record: what cannot be counted, then what keeps it longest."""
    found = [Kept(each, _until(each, facts)) for each in classes if each.fits in facts.ever]
    return sorted(found, key=lambda kept: kept.until or datetime.date.max, reverse=True)


def keep_until(kept: Iterable[Kept]) -> datetime.date | None:
    """The first day on which no class keeps the record; None where one of them cannot be counted."""
    days = [each.until for each in kept]
    known = [day for day in days if day]
    return max(known) if known and len(known) == len(days) else None


def _until(by: RetentionClass, facts: Facts) -> datetime.date | None:
    if by.died_under_18 and facts.died and facts.born and facts.died < years_after(facts.born, ADULT):
        return years_after(facts.died, by.died_under_18)
    starts = {
        From.BIRTH: facts.born,
        From.LAST_ENTRY: facts.last_entry,
        From.CLOSING: facts.closed or facts.last_entry,
    }
    start = starts[by.starts]
    return years_after(start, by.years) if start else None


def years_after(day: datetime.date, years: int) -> datetime.date:
    """The same day so many years on; back, where negative. 29 February becomes 1 March: none goes early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)


def schedule() -> Schedule:
    """The schedule in force: the operator's own, else the project's.

    Raises:
        ScheduleError: it cannot be used.
    """
    return read_schedule(Path(settings.RETENTION_SCHEDULE or BUILT_IN))


@lru_cache
def read_schedule(path: Path) -> Schedule:
    """The schedule of a file, read once, strictly.

    Raises:
        ScheduleError: there is no such file, it is no TOML, or says something that is not understood.
    """
    try:
        found = Schedule.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ScheduleError(f"{path.name}: {problem}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ScheduleError(f"{path.name}: {key}: {first['msg']}") from problem
    named = [(each.id, each.authority) for each in found.classes]
    for each in named:
        if named.count(each) > 1:
            raise ScheduleError(f"{path.name}: class.{each[0]}: stands twice")
    if not any(each.fits is Fits.EVERY_RECORD and not each.authority for each in found.classes):
        raise ScheduleError(f"{path.name}: class: none fits every-record, so some records would have no end")
    return found
