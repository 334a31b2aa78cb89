"""What assessments, meetings and incidents ask for (case contract, rules `actions` to `reassess`)."""

from collections.abc import Iterator

from cre_toolkit.rules.course import Assessed, Course, at_level
from cre_toolkit.rules.entries import Entry, PackOf, from_action, from_case_action
from cre_toolkit.rules.history import History, earliest, first, latest
from cre_toolkit.rules.levels import RANK, above
from cre_toolkit.rules.outcome import DueAction
from cre_toolkit.rules.packmodel import Level
from cre_toolkit.rules.pathway import actions, rows_that_hold, telephone_calls
from cre_toolkit.rules.record import Countersign, Event, Meeting


def assessment_actions(course: Course, history: History, pack_of: PackOf) -> Iterator[Entry]:
    """`actions`: those of every assessment, as in the assessment contract at its moment.

    Each is open until done. One entered afterwards from paper brings none. Timed ones stay due until done;
    one without a due time goes with a later assessment at least as high, or, unless it is of the newest
    assessment, when its own no longer counts for the working level.

    Args:
        course: of the levels.
        history: the events that stand.
        pack_of: the authority's pack at an event.
    """
    for place, assessed in enumerate(course.assessments):
        if assessed.is_historic:
            continue
        gone_by = _overtaken(course, place)
        for action in actions(assessed.situation, pack_of(assessed.event)):
            done_by = tell_manager(action, assessed, history) or strategy_meeting(
                action, assessed.event, history
            )
            yield from_action(action, assessed.event, done_by=done_by, gone_by=gone_by)


def _overtaken(course: Course, place: int) -> Event | None:
    """What takes away the actions of an assessment that have no due time, or None."""
    assessed, later = course.assessments[place], course.assessments[place + 1 :]
    again = _assessed_again(course, assessed.event, assessed.level)
    aside = course.put_aside.get(assessed.event.id)
    if not later or aside is None:
        return again
    # Put aside, they stay while the assessment is the newest.
    return earliest(again, latest(aside, later[0].event))


def raised_in_a_meeting(course: Course, history: History, pack_of: PackOf) -> Iterator[Entry]:
    """`raised in a meeting`: a meeting agrees a level above the newest assessment's.

    It brings the actions that the same case file with that level has at the meeting's moment and the
    assessment's own outcome has not; none where the assessment was entered afterwards from paper. One
    without a due time goes with a later assessment at least as high, or when a later meeting sets a level.
    """
    for meeting in course.agreements:
        assessed = _newest_before(course, meeting)
        if assessed is None or assessed.is_historic or meeting.level is None:
            continue
        if not above(meeting.level, assessed.level):
            continue
        own = {row.id for row in rows_that_hold(assessed.situation, pack_of(assessed.event))}
        raised = at_level(assessed.situation, meeting, meeting.level)
        gone_by = earliest(
            _assessed_again(course, meeting, meeting.level),
            first(other for other in course.agreements if other.order > meeting.order),
        )
        for action in actions(raised, pack_of(meeting)):
            if action.id not in own:
                done_by = strategy_meeting(action, meeting, history)
                yield from_action(action, meeting, done_by=done_by, gone_by=gone_by)


def tell_manager(action: DueAction, assessed: Assessed, history: History) -> Event | None:
    """`tell-manager`: also done by a countersigning of any outcome on that assessment.

    The one of a `set-level` is done by it at once; one raised in a meeting by `done` alone.
    """
    if action.id != "tell-manager":
        return None
    return assessed.event if assessed.set_by_manager else first(history.countersigns(assessed.event))


def strategy_meeting(action: DueAction, event: Event, history: History) -> Event | None:
    """`meetings as actions`: also done by the first meeting of that type after the event.

    By the event itself, where it is such a meeting; not by a meeting held after the action went.
    """
    if action.done_by_meeting is None:
        return None
    return first(
        meeting for meeting in history.meetings(action.done_by_meeting) if meeting.order >= event.order
    )


def immediate_risk(history: History, pack_of: PackOf) -> Iterator[Entry]:
    """`immediate-risk`: brings the telephone calls, due at the event, with or without an assessment."""
    for event in history.of_kind("immediate-risk"):
        for call in telephone_calls(pack_of(event), event.at):
            yield from_action(call, event)


def reassess(course: Course, history: History, pack_of: PackOf) -> Iterator[Entry]:
    """`reassess`: after a significant incident, a returned assessment, and the meetings that the pack names.

    Due at that event; done by the first assessment after it that sets a level.
    """
    for event in history.of_kind("significant-incident", "countersign", "meeting"):
        match event:
            case Countersign():
                asks = event.outcome == "returned"
            case Meeting():
                asks = event.type in pack_of(event).case.reassess_after
            case _:
                asks = True
        if asks:
            again = first(
                assessed.event
                for assessed in course.assessments
                if assessed.event.order > event.order and not assessed.set_by_manager
            )
            words = pack_of(event).case_actions["reassess"]
            yield from_case_action("reassess", words, event, event.at, done_by=again)


def bring_meeting_forward(course: Course, pack_of: PackOf) -> Iterator[Entry]:
    """`bring-meeting-forward`: above the agreed level, the manager contacts the chair.

    From the assessment with which the unbroken divergence began. It goes, done or not, when the divergence
    does: then it stands in neither list.
    """
    if course.above_since:
        began = course.above_since.event
        words = pack_of(began).case_actions["bring-meeting-forward"]
        yield from_case_action("bring-meeting-forward", words, began, began.at)


def _assessed_again(course: Course, event: Event, level: Level) -> Event | None:
    """The first later assessment that is at least as high."""
    return first(
        later.event
        for later in course.assessments
        if RANK[later.level] >= RANK[level] and later.event.order > event.order
    )


def _newest_before(course: Course, meeting: Meeting) -> Assessed | None:
    before = [assessed for assessed in course.assessments if assessed.event.order < meeting.order]
    return before[-1] if before else None
