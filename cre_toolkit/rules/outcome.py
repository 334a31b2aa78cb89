"""The outcome of an assessment: the level, why, what is missing, what must happen and by when.

It is what the assessment contract gives back; `as_dict` is its JSON, key for key and in its order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cre_toolkit.rules.deadlines import due_text
from cre_toolkit.rules.packmodel import Level


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the level is what it is. One about an indicator names it."""

    rule: str
    text: str
    source: str
    indicator: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        named = {} if self.indicator is None else {"indicator": self.indicator}
        return {"rule": self.rule, **named, "text": self.text, "source": self.source}


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, with which the assessment may not be recorded, or a warning."""

    code: str
    path: str
    text: str
    is_problem: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        return {"code": self.code, "path": self.path, "text": self.text}


@dataclass(frozen=True, slots=True)
class DueAction:
    """Something that must happen; `due` None has no time of its own."""

    id: str
    to: str
    due: datetime | None
    text: str
    source: str
    done_by_meeting: str | None = None
    """The type of meeting by which it is done."""

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        return {
            "id": self.id,
            "to": self.to,
            "due": due_text(self.due),
            "text": self.text,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class DueReview:
    """A regular meeting at this level, and the day of the first."""

    id: str
    by: str
    due: date
    every: str

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON."""
        return {"id": self.id, "by": self.by, "due": due_text(self.due), "every": self.every}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `assess` gives back. `in_scope` None: the age is not known."""

    instrument: str
    age: int | None
    in_scope: bool | None
    indicated_level: Level | None
    minimum_level: Level | None
    recorded_level: Level | None
    reasons: tuple[Reason, ...]
    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    counts: Mapping[str, int]
    actions: tuple[DueAction, ...]
    reviews: tuple[DueReview, ...]

    @property
    def accepted(self) -> bool:
        """Whether the assessment may be recorded: when there is no problem."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """The contract's JSON (assessment contract, "Out: the outcome")."""
        return {
            "instrument": self.instrument,
            "age": self.age,
            "in_scope": self.in_scope,
            "indicated_level": self.indicated_level,
            "minimum_level": self.minimum_level,
            "recorded_level": self.recorded_level,
            "accepted": self.accepted,
            "reasons": [reason.as_dict() for reason in self.reasons],
            "problems": [problem.as_dict() for problem in self.problems],
            "warnings": [warning.as_dict() for warning in self.warnings],
            "counts": dict(self.counts),
            "actions": [action.as_dict() for action in self.actions],
            "reviews": [review.as_dict() for review in self.reviews],
        }
