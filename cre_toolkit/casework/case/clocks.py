"""The clock that a task runs on, in words: why it is due when it is.

High: 4 weeks, Derbyshire          a review
Within 24 hours                    an action, counted from what asks for it
"""

import datetime

from cre_toolkit.casework.case.looking_again import LOOK_AGAIN
from cre_toolkit.rules.authority import AuthorityPack, Review
from cre_toolkit.rules.deadlines import day_in_london
from cre_toolkit.rules.entries import Entry
from cre_toolkit.rules.pathway import after_interval

_HOUR = datetime.timedelta(hours=1)


def clock_of(entry: Entry, pack: AuthorityPack) -> str:
    """The words for something that is due.

    Args:
        entry: what is due.
        pack: of the authority responsible now, whose intervals reviews have (case contract, `reviews`).
    """
    if entry.is_review:
        return _of_review(entry, pack)
    if isinstance(entry.due, datetime.datetime) and entry.event:
        hours = round((entry.due - entry.event.at) / _HOUR)
        return f"Within {_number(hours, 'hour')}" if hours > 0 else "At once"
    if entry.due is None:
        return f"No set time: overdue after {_number(pack.case.undated_overdue_days, 'day')}"
    return "The day that the assessment set" if entry.id == LOOK_AGAIN else "A birthday"


def interval(review: Review) -> str:
    """How often a review is held: 4 weeks, 3 months."""
    return _number(review.months, "month") if review.months else _number(review.days // 7, "week")


def _of_review(entry: Entry, pack: AuthorityPack) -> str:
    """In the level that gave the date, which may have changed since while the date was kept."""
    for review in pack.reviews:
        if review.id != entry.id or entry.event is None:
            continue
        if after_interval(review, day_in_london(entry.event.at)) == entry.due:
            levels = " or ".join(review.levels).capitalize()
            return f"{levels}: {interval(review)}, {pack.name}"
    return pack.name


def _number(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
