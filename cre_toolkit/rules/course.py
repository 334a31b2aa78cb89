"""The course of the levels: what was assessed, what was agreed, and the working level after every event.

Protection follows the working level. One low assessment after a high one lowers nothing: only a meeting
does, or a manager.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from cre_toolkit.rules.levels import above, below, highest
from cre_toolkit.rules.packmodel import Level
from cre_toolkit.rules.record import Assessment, Countersign, Event, Meeting
from cre_toolkit.rules.situation import Situation, understand

Divergence = Literal["assessed-above-agreed", "assessed-below-agreed"]


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment that sets a level: sent as one, or made by a manager who set another level."""

    event: Assessment | Countersign
    situation: Situation
    level: Level

    @property
    def set_by_manager(self) -> bool:
        """Whether it came about in countersigning."""
        return isinstance(self.event, Countersign)

    @property
    def is_historic(self) -> bool:
        """Whether it was entered afterwards from paper, and brings no actions."""
        return isinstance(self.event, Assessment) and self.event.historic


@dataclass(frozen=True, slots=True)
class Step:
    """An assessment, a countersigning or a meeting, and the working level before and after it."""

    event: Event
    before: Level | None
    after: Level | None

    @property
    def changed(self) -> bool:
        """Whether the event changed the working level."""
        return self.before != self.after


@dataclass(slots=True)
class Course:
    """What has come about so far, event by event."""

    assessments: list[Assessed] = field(default_factory=list)
    """Every one that sets a level, in order."""
    counting: list[Assessed] = field(default_factory=list)
    """Those that count for the working level: since the last meeting that agreed one, not put aside."""
    put_aside: dict[str, Event] = field(default_factory=dict)
    """By what each of the others stopped counting, by its event's id."""
    agreements: list[Meeting] = field(default_factory=list)
    """The meetings that agreed a level, in order."""
    above_since: Assessed | None = None
    """The assessment with which the divergence above the agreed level began that lasts."""
    steps: list[Step] = field(default_factory=list)

    @property
    def newest(self) -> Assessed | None:
        """The newest assessment (`assessed_level`)."""
        return self.assessments[-1] if self.assessments else None

    @property
    def agreement(self) -> Meeting | None:
        """The newest meeting that agreed a level (`agreed_level`)."""
        return self.agreements[-1] if self.agreements else None

    @property
    def working_level(self) -> Level | None:
        """`working_level`: the highest of the agreed level and of every assessment that counts since."""
        return self.steps[-1].after if self.steps else None

    @property
    def divergence(self) -> Divergence | None:
        """`divergence`: where an assessment newer than the agreed level differs from it."""
        newest, agreement = self.newest, self.agreement
        if newest is None or agreement is None or newest.event.order < agreement.order:
            return None
        if above(newest.level, agreement.level):
            return "assessed-above-agreed"
        return "assessed-below-agreed" if below(newest.level, agreement.level) else None


def follow(events: Sequence[Event], situations: Mapping[str, Situation]) -> Course:
    """Follow the levels through the events that stand, in their order.

    Args:
        events: in order, without what is withdrawn and without what comes after the moment asked about.
        situations: of every assessment, by its event's id.
    """
    course = Course()
    sent: dict[str, Assessment] = {}
    for event in events:
        before = course.working_level
        match event:
            case Assessment():
                sent[event.id] = event
                _assess(course, event, situations[event.id])
            case Countersign():
                _countersign(course, event, sent[event.names], situations[event.names])
            case Meeting(level=str()):
                course.agreements.append(event)
                _put_aside(course, list(course.counting), event)
            case Meeting():
                pass
            case _:
                continue
        is_above = course.divergence == "assessed-above-agreed"
        course.above_since = (course.above_since or course.newest) if is_above else None
        agreed = course.agreement.level if course.agreement else None
        after = highest([agreed, *(each.level for each in course.counting)])
        course.steps.append(Step(event, before, after))
    return course


def _assess(course: Course, event: Assessment | Countersign, situation: Situation) -> None:
    """Sets a level, unless it is history alone: of an older form, or without a recorded level."""
    if situation.rated and situation.recorded_level is not None:
        assessed = Assessed(event, situation, situation.recorded_level)
        course.assessments.append(assessed)
        course.counting.append(assessed)


def _countersign(course: Course, event: Countersign, signed: Assessment, situation: Situation) -> None:
    """A manager puts aside what came before the assessment; setting a level takes its place, too.

    Agreeing with history alone puts nothing aside, and neither does a level that cannot be set any more.
    """
    before = [each for each in course.counting if each.event.order < signed.order]
    if event.outcome == "agreed" and any(each.event is signed for each in course.assessments):
        _put_aside(course, before, event)
    elif event.level is not None:
        raised = at_level(situation, event, event.level)
        if raised.rated and raised.recorded_level is not None:
            _put_aside(course, [*before, *(each for each in course.counting if each.event is signed)], event)
            _assess(course, event, raised)


def _put_aside(course: Course, those: list[Assessed], by: Event) -> None:
    course.put_aside |= {each.event.id: by for each in those}
    course.counting = [each for each in course.counting if each.event.id not in course.put_aside]


def at_level(situation: Situation, event: Event, level: Level) -> Situation:
    """The same case file with another level, at the moment of another event.

    Args:
        situation: of the assessment.
        event: where the level was set: a countersigning or a meeting.
        level: the level that was set.
    """
    case_file = situation.case_file
    return understand(
        situation.instrument,
        replace(
            case_file,
            completed_at=event.at,
            analysis=replace(case_file.analysis, level=level),
        ),
    )
