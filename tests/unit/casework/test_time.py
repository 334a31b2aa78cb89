"""Time in the stored case: entered late, over a change of clocks, at the end of a month, at the same moment.

The engine works a state out from when things happened. When and in which order they were entered changes
nothing, and what has not happened yet is refused.
"""

import datetime
import uuid
from functools import cache

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.case.entering import InTheFuture, NotPossible, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.models import CaseEvent, Due, Incident
from cre_toolkit.casework.note.incidents import record_incident
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import YesNoUnknown
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory

KIND = CaseEvent.Kind
DAY = datetime.timedelta(days=1)
KNOWN = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


def instant(text):
    """`2026-03-28 18:00`, as the clock on the wall said."""
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def entered(child, *said):
    """Enter one or several things that happened, as one act: (when, kind, keys)."""
    by = child.created_by
    with transaction.atomic():
        held = hold(child)
        events = [event(by=by, child=held, kind=kind, at=at, keys=keys) for at, kind, keys in said]
        return enter(by=by, child=held, events=events)


def assessed(authority="derby", level="high", **facts):
    """A child whose assessment has just been sent."""
    child = ChildFactory(authority=authority, **KNOWN | facts)
    send(by=child.created_by, assessment=ready_draft(child, level=level))
    return child


def due(child, action):
    """The row of the due list for this action."""
    return Due.objects.get(child=child, action=action)


# --- Late, and in any order ---------------------------------------------------------------------------------

# Days before the moment asked about. Each line is one act; what is in turn is entered by one.
STORY = (
    ((40, KIND.MEETING, {"type": "cre-review", "level": "high"}),),
    ((35, KIND.MISSING, {}), (34, KIND.RETURNED, {})),
    ((33, KIND.RETURN_INTERVIEW, {"outcome": "held"}),),
    ((30, KIND.SIGNIFICANT_INCIDENT, {}),),
    ((28, KIND.MEETING, {"type": "network"}),),
    ((20, KIND.MISSING, {}), (19, KIND.RETURNED, {})),
    ((12, KIND.MEETING, {"type": "cre-review", "level": "medium"}),),
    ((9, KIND.MEETING, {"type": "tasking"}),),
    ((6, KIND.MISSING, {}), (2, KIND.RETURNED, {})),
    ((1, KIND.IMMEDIATE_RISK, {}),),
)


@pytest.mark.django_db
class TestEnteredLate:
    @given(order=st.permutations(range(len(STORY))))
    @settings(max_examples=8)
    def test_in_any_order_of_entry_the_state_is_the_same(self, order):
        assert self.told(tuple(order)) == self.told(tuple(range(len(STORY))))

    @staticmethod
    @cache
    def told(order):
        """The state and what is stored of it, in words that name no row; then all is undone."""
        with transaction.atomic(), time_machine.travel("2026-05-01 09:00+00:00", tick=False):
            child, now = assessed(), timezone.now()
            for act in (STORY[place] for place in order):
                state = entered(child, *((now - days * DAY, *rest) for days, *rest in act))
            events = {str(each.pk): (each.kind, each.at.date()) for each in CaseEvent.objects.all()}
            stored = Due.objects.values_list("action", "due_at", "due_on", "asked_at")
            told = (
                sorted(str((one.id, events.get(one.event_id), one.due)) for one in state.due),
                sorted(str((one.entry.id, events.get(one.entry.event_id), one.late)) for one in state.done),
                (state.working_level, state.level_on_file, state.agreed_level.since.date(), state.divergence),
                sorted(map(str, stored)),
            )
            transaction.set_rollback(True)
        return told

    def test_a_meeting_entered_late_lowers_no_level_that_was_assessed_after_it(self):
        with time_machine.travel("2026-05-01 09:00+00:00", tick=False):
            child, before = assessed(level="high"), timezone.now() - 9 * DAY
            state = entered(child, (before, KIND.MEETING, {"type": "cre-review", "level": "low"}))
        assert (state.agreed_level.level, state.working_level) == ("low", "high")

    def test_what_has_not_happened_yet_is_refused_and_nothing_is_written(self):
        child = ChildFactory()
        soon = timezone.now() + datetime.timedelta(seconds=2)
        with pytest.raises(InTheFuture):
            entered(child, (soon, KIND.MEETING, {"type": "network"}))
        assert not CaseEvent.objects.exists()

    def test_what_the_contract_does_not_allow_is_refused_in_its_words_and_nothing_is_written(self):
        child = assessed(authority="derbyshire")
        before = CaseEvent.objects.count()
        with pytest.raises(NotPossible, match="sets no agreed level in Derbyshire"):
            entered(child, (timezone.now(), KIND.MEETING, {"type": "cre-review", "level": "low"}))
        assert CaseEvent.objects.count() == before

    def test_a_return_without_an_episode_is_refused_until_the_episode_is_entered_with_it(self):
        child, now = ChildFactory(), timezone.now()
        ago = [now - datetime.timedelta(hours=hours) for hours in (9, 5)]
        with pytest.raises(NotPossible, match='without "missing" before it'):
            entered(child, (ago[1], KIND.RETURNED, {}))
        entered(child, (ago[0], KIND.MISSING, {}), (ago[1], KIND.RETURNED, {}))
        assert due(child, "return-interview").due_at == ago[1].replace(microsecond=0) + 3 * DAY


# --- The clocks and the calendar ----------------------------------------------------------------------------


@pytest.mark.django_db
class TestClocksAndCalendar:
    @pytest.mark.parametrize(
        ("returned", "expected"),
        [("2026-03-28 18:00", "2026-03-31 19:00"), ("2026-10-24 18:00", "2026-10-27 17:00")],
        ids=["summer time begins on 29 March", "summer time ends on 25 October"],
    )
    def test_72_hours_are_72_hours_when_the_clocks_change(self, returned, expected):
        back = instant(returned)
        with time_machine.travel(back + datetime.timedelta(hours=1), tick=False):
            child = ChildFactory()
            entered(child, (back - datetime.timedelta(hours=3), KIND.MISSING, {}), (back, KIND.RETURNED, {}))
            row = due(child, "return-interview")
        assert row.due_at == row.sorts_at == instant(expected)

    @pytest.mark.parametrize(
        ("day", "then"),
        [
            ("2026-08-31", datetime.date(2026, 11, 30)),
            ("2027-11-29", datetime.date(2028, 2, 29)),
            ("2026-11-30", datetime.date(2027, 2, 28)),
        ],
        ids=["31 August", "into a leap year", "into another"],
    )
    def test_three_months_after_the_end_of_a_month_is_the_last_day_that_there_is(self, day, then):
        with time_machine.travel(instant(f"{day} 09:00"), tick=False):
            child = assessed("derbyshire", level="high")
            entered(child, (timezone.now(), KIND.MEETING, {"type": "high-risk-strategy", "level": "high"}))
            assert due(child, "cpm-vc-review").due_on == then

    def test_a_day_ends_at_midnight_in_london_in_summer_too(self):
        """A review that is due on 15 June is overdue from 00:00 on 16 June, which is 23:00 in UTC."""
        with time_machine.travel(instant("2026-05-04 09:00"), tick=False):
            child = assessed(level="medium")
            row = due(child, "review")
        assert row.due_on == datetime.date(2026, 6, 15)
        assert row.sorts_at == datetime.datetime(2026, 6, 15, 23, tzinfo=datetime.UTC)

    @pytest.mark.parametrize(
        ("now", "shown_from"),
        [("2026-02-27 09:00", None), ("2025-02-27 09:00", datetime.date(2025, 3, 1))],
        ids=["is shown already", "not before they are 17"],
    )
    def test_whoever_was_born_on_29_february_turns_18_on_1_march(self, now, shown_from):
        with time_machine.travel(instant(now), tick=False):
            row = due(assessed(date_of_birth=datetime.date(2008, 2, 29)), "adult-transition")
        assert (row.due_on, row.shown_from) == (datetime.date(2026, 3, 1), shown_from)


# --- At the same moment -------------------------------------------------------------------------------------


def test_two_people_who_enter_different_things_at_once_both_find_their_place(real_database):
    """Each works the state out with what the other entered: what is stored last has both."""
    child, at = ChildFactory(), timezone.now()
    acts = [(at, KIND.SIGNIFICANT_INCIDENT, {}), (at, KIND.IMMEDIATE_RISK, {})]
    results = real_database.at_once(6, lambda number: entered(child, acts[number % 2]))
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(Due.objects.values_list("action", flat=True)) == sorted(
        ["reassess", "telephone-police", "telephone-social-care"]
    )
    assert len(state_of(child).due) == 9, "each is asked for three times and shown once"


def test_the_same_incident_sent_eight_times_at_once_is_recorded_once(real_database):
    child, form_id, at = ChildFactory(), uuid.uuid4(), timezone.now()
    said = {
        "what": "A threat.",
        "known_from": "The aunt",
        "was_missing": YesNoUnknown.NO,
        "danger_now": YesNoUnknown.NO,
    }
    results = real_database.at_once(
        8, lambda _: record_incident(by=child.created_by, child=child, at=at, form_id=form_id, **said).pk
    )
    assert len(set(results)) == Incident.objects.count() == CaseEvent.objects.count() == 1
