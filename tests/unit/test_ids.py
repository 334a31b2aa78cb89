"""Identifiers: in the order in which they were made, and of the form that the standard asks for."""

import time

import pytest
import time_machine

from cre_toolkit.ids import is_reference, new_id, new_reference


def test_ids_are_uuids_of_version_7_and_say_when_they_were_made():
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert abs((made.int >> 80) - time.time_ns() // 1_000_000) < 60_000


def test_of_two_ids_the_later_one_is_greater_also_within_a_millisecond():
    ids = [new_id() for _ in range(5_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 5_000


def test_of_two_ids_the_later_one_is_greater_also_when_the_clock_steps_back():
    with time_machine.travel("2026-03-27T16:20:01Z", tick=False):
        before = new_id()
    with time_machine.travel("2026-03-27T16:20:00Z", tick=False):
        assert new_id() > before


def test_after_a_clock_that_was_days_ahead_ids_follow_the_right_one():
    with time_machine.travel("2027-03-27T16:20:00Z", tick=False):
        ahead = new_id()
    assert new_id() < ahead


@pytest.mark.parametrize("letter", "ILOU")
def test_no_reference_has_a_letter_that_is_misheard(letter: str):
    assert all(letter not in new_reference() for _ in range(200))


def test_a_reference_is_known_by_its_form():
    assert is_reference(new_reference())
    for other in ("", "amy-invented", "7Q4K-2M9XA", "7Q4K-2M9XAB ", "7q4k-2m9xab", "7Q4K-2M9XAB\n"):
        assert not is_reference(other), other
