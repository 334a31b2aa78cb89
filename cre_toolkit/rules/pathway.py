"""What must happen, who is told and by when: the assessment contract's tables "Actions" and "Reviews".

Which actions there are, at which level, to whom and how soon is the authority's pack; here stands only how
its rows are read. Deadlines of hours run in absolute time, those of days from the day in Europe/London.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from cre_toolkit.rules.authority import Action, AuthorityPack, Review
from cre_toolkit.rules.deadlines import add_months
from cre_toolkit.rules.levels import below
from cre_toolkit.rules.outcome import DueAction, DueReview
from cre_toolkit.rules.situation import Situation

TELEPHONE_CALLS = ("telephone-social-care", "telephone-police")


def actions(s: Situation, pack: AuthorityPack) -> Iterator[DueAction]:
    """The actions of an assessment, in the contract's order.

    They do not wait until it is accepted, so that a danger is never hidden behind a missing sentence. Out
    of scope only the telephone calls are left, and the transfer to adult safeguarding.

    Args:
        s: the situation.
        pack: the authority's pack on the day of completion.
    """
    return (due_action(row, s.case_file.completed_at) for row in rows_that_hold(s, pack))


def rows_that_hold(s: Situation, pack: AuthorityPack) -> Iterator[Action]:
    """The rows of the pack that are the actions of an assessment: of each action the first that holds.

    Args:
        s, pack: as `actions` takes them.
    """
    conditions, level = _conditions(s), s.recorded_level
    for rows in pack.actions_for(s.instrument.id, in_scope=s.in_scope is not False):
        for row in rows:
            if row.holds(conditions, level):
                yield row
                break


def telephone_calls(pack: AuthorityPack, at: datetime) -> Iterator[DueAction]:
    """The telephone calls of an immediate risk that is reported by itself, without an assessment.

    Args:
        pack: the authority's pack on that day.
        at: when it was reported.
    """
    for id_ in TELEPHONE_CALLS:
        rows = (row for row in pack.actions if row.id == id_ and not row.out_of_scope)
        yield from (due_action(row, at) for row in islice(rows, 1))


def due_action(row: Action, at: datetime) -> DueAction:
    """A row of the pack as an action, its clock started.

    Args:
        row: the row that holds.
        at: the instant from which its hours run.
    """
    hours = row.due_after_hours
    due = None if hours is None else at + timedelta(hours=hours)
    return DueAction(row.id, row.to, due, row.text, row.source, row.done_by_meeting)


def reviews(s: Situation, pack: AuthorityPack) -> Iterator[DueReview]:
    """The first reviews at the recorded level, in the contract's order.

    Args:
        s: the situation.
        pack: the authority's pack on the day of completion.
    """
    if s.rated:
        for review in pack.reviews_at[s.recorded_level]:
            yield DueReview(review.id, review.by, after_interval(review, s.day), review.every)


def after_interval(review: Review, day: date) -> date:
    """The day on which a review is due, counted from a day in Europe/London."""
    return add_months(day, review.months) if review.months else day + timedelta(days=review.days)


def _conditions(s: Situation) -> set[str]:
    """What holds of the case, in the packs' vocabulary (`authority.Condition`). Not known counts as false."""
    case_file, child = s.case_file, s.case_file.child
    holding = (
        ("immediate-risk", case_file.immediate_risk),
        ("open", child.open_to_social_care),
        ("not-open", not child.open_to_social_care),
        ("identified", s.identified),
        ("plan", child.child_protection_plan),
        ("looked-after", child.looked_after),
        ("persons-or-places", case_file.persons_or_places_of_risk),
        ("adult", s.age is not None and s.age >= s.instrument.scope.adult_age),
        ("below-indicated", below(s.recorded_level, s.indicated_level)),
    )
    return {condition for condition, holds in holding if holds}
