"""The reviews of a case: their clocks, and what restarts them (case contract, rule `reviews`)."""

from collections.abc import Iterator, Sequence

from cre_toolkit.rules.authority import AuthorityPack, Review
from cre_toolkit.rules.course import Course, Step
from cre_toolkit.rules.deadlines import day_in_london
from cre_toolkit.rules.entries import Entry
from cre_toolkit.rules.levels import raises_protection
from cre_toolkit.rules.packmodel import Level
from cre_toolkit.rules.pathway import after_interval
from cre_toolkit.rules.record import Meeting


def reviews(course: Course, pack: AuthorityPack) -> Iterator[Entry]:
    """`reviews`: by the working level, those of the authority responsible now, for earlier events too.

    A review is due at the earliest of these dates: the last meeting that counts as it, and every event
    after it that changed the working level, each plus the interval for the level that then held. Nothing
    before the level last rose from low or nothing counts.

    Args:
        course: of the levels.
        pack: of the authority responsible at the moment asked about.
    """
    for review in pack.reviews_at[course.working_level]:
        dates = []
        for step in _counted_from(course.steps, review):
            then = _at_level(pack, review.id, step.after)
            if then is not None:
                dates.append((after_interval(then, day_in_london(step.event.at)), step.event))
        due, event = min(dates, key=lambda pair: pair[0])
        yield Entry(review.id, event, review.by, due, review.text, review.source, is_review=True)


def _counted_from(steps: Sequence[Step], review: Review) -> Iterator[Step]:
    """The steps that give dates: the last meeting that restarts the clock, and the changes after it."""
    rises = [
        place
        for place, step in enumerate(steps)
        if raises_protection(step.after) and not raises_protection(step.before)
    ]
    restarts = [
        place
        for place, step in enumerate(steps)
        if isinstance(step.event, Meeting) and step.event.type in review.restarted_by
    ]
    begin = max([0, *rises[-1:], *restarts[-1:]])
    return (step for place, step in enumerate(steps) if place >= begin and (place == begin or step.changed))


def _at_level(pack: AuthorityPack, id_: str, level: Level | None) -> Review | None:
    """The review of that id as it is at a level, where that level has it."""
    return next((review for review in pack.reviews_at[level] if review.id == id_), None)
