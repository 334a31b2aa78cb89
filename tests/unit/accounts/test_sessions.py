"""A session's limits, by a clock that nobody sets; and the table that Django's sessions are kept in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError

from cre_toolkit.accounts import clock, sessions
from cre_toolkit.accounts.models import Session
from cre_toolkit.accounts.session_store import SessionStore
from cre_toolkit.accounts.sessions import IDLE, WHOLE, Ended
from cre_toolkit.audit.models import Event
from tests.factories.people import practitioner
from tests.factories.sessions import Later

pytestmark = pytest.mark.django_db


def begun(user=None) -> SessionStore:
    store = SessionStore()
    if user:
        store[SESSION_KEY] = str(user.pk)
    store.create()
    return store


def again(store: SessionStore) -> SessionStore:
    """The same session, as the next request reads it."""
    return SessionStore(store.session_key)


@pytest.fixture
def later(monkeypatch) -> Later:
    return Later(monkeypatch)


class TestTheClock:
    def test_it_goes_on_whatever_the_time_of_day_is_set_to(self):
        then = clock.now()
        for moved in (timedelta(days=1), timedelta(days=-1), timedelta(days=400)):
            with time_machine.travel(datetime.now(UTC) + moved):
                assert 0 <= clock.seconds_since(then) < 60

    def test_after_a_restart_the_time_of_day_is_all_there_is(self):
        before = replace(clock.now(), boot="before the restart", seconds=9_999_999.0)
        with time_machine.travel(before.at + timedelta(minutes=5), tick=False):
            assert clock.seconds_since(before) == pytest.approx(300)

    def test_what_seems_to_lie_ahead_was_just_now(self):
        ahead = replace(clock.now(), boot="another machine", at=datetime.now(UTC) + timedelta(days=1))
        assert clock.seconds_since(ahead) == 0


class TestLimits:
    def test_it_ends_after_twenty_minutes_without_use(self, later):
        store = begun(practitioner())
        later(IDLE - timedelta(seconds=5))
        assert sessions.over(again(store).row) is None
        later(timedelta(seconds=10))
        assert sessions.over(again(store).row) == Ended.IDLE

    def test_used_it_goes_on_and_ends_after_twelve_hours_in_all(self, later):
        store = begun(practitioner())
        for _ in range(47):
            later(timedelta(minutes=15))
            again(store).touch()
        assert sessions.over(again(store).row) is None
        later(timedelta(minutes=15))
        assert sessions.over(again(store).row) == Ended.WHOLE

    def test_a_clock_that_is_set_a_day_ahead_or_back_ends_none_and_prolongs_none(self, later):
        store = begun(practitioner())
        for moved in (timedelta(days=1), timedelta(days=-1)):
            with time_machine.travel(datetime.now(UTC) + moved):
                assert sessions.over(again(store).row) is None
        later(IDLE)
        with time_machine.travel(datetime.now(UTC) - timedelta(days=1)):
            assert sessions.over(again(store).row) == Ended.IDLE

    def test_a_new_key_for_the_same_person_makes_it_no_younger(self, later):
        store = begun(practitioner())
        later(timedelta(hours=11, minutes=50))
        store = again(store)
        store.cycle_key()
        assert sessions.seconds_left(again(store).row) == pytest.approx(600, abs=5)

    def test_a_session_that_somebody_signs_in_with_begins_then(self, later):
        user, store = practitioner(), begun()
        later(WHOLE)
        store = again(store)
        store.cycle_key()
        store[SESSION_KEY] = str(user.pk)
        store.save()
        assert sessions.seconds_left(again(store).row) == pytest.approx(IDLE.total_seconds(), abs=5)


class TestTheTable:
    def test_the_cookie_does_not_stand_in_the_database(self):
        store = begun(practitioner())
        row = Session.objects.get()
        assert store.session_key not in (row.pk, row.data)
        assert again(store)[SESSION_KEY] == str(row.user_id)

    def test_what_was_ended_is_not_brought_back_by_a_request_under_way(self):
        store = begun(practitioner())
        store["something"] = "else"
        sessions.end(by=None, session=store.row, why=Ended.IDLE)
        with pytest.raises(UpdateError):
            store.save()
        assert again(store).row is None

    def test_a_lock_is_not_taken_away_by_a_request_under_way(self):
        user = practitioner()
        store = begun(user)
        under_way = again(store)
        under_way["something"] = "else"
        sessions.lock(by=user, session=store.row)
        under_way.save()
        assert again(store).row.locked

    def test_a_forged_or_empty_key_is_no_session(self):
        begun(practitioner())
        for key in (None, "", "x" * 32, Session.objects.get().pk):
            assert SessionStore(key).row is None, key
            assert SessionStore(key).get(SESSION_KEY) is None, key


class TestEnding:
    def test_the_upkeep_ends_what_nobody_asked_for_any_more_and_no_other(self, later):
        user = practitioner()
        old, nobodys = begun(user), begun()
        later(timedelta(minutes=25))
        fresh = begun(user)
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=25)):
            sessions.end_old()
        assert again(old).row is None
        assert again(nobodys).row is None
        assert again(fresh).row
        event = Event.objects.get(kind="account.session-ended")
        assert (event.actor, event.subject, event.detail) == (None, user.pk, {"why": "idle"})

    def test_all_but_one_are_ended_and_each_is_on_the_audit_trail(self):
        user = practitioner()
        here, others, anothers = begun(user), [begun(user), begun(user)], begun(practitioner())
        ended = sessions.end_all(by=user, user=user, why=Ended.BY_ITS_USER, but=here.row)
        assert ended == 2
        assert all(again(store).row is None for store in others)
        assert again(here).row
        assert again(anothers).row
        assert Event.objects.filter(kind="account.session-ended", actor=user.pk).count() == 2

    def test_where_one_is_signed_in_names_no_session_that_is_over(self, later):
        user = practitioner()
        begun(user)
        later(IDLE)
        fresh = begun(user)
        assert sessions.of(user) == [fresh.row]
