"""Dates in words, as they are read in England."""

from datetime import UTC, date, datetime

import pytest

from cre_toolkit.documents.dates import day_in_words, in_words, moment_in_words


def test_a_day_is_said_without_leading_noughts() -> None:
    assert day_in_words(date(2026, 3, 7)) == "7 March 2026"


def test_an_instant_falls_on_its_day_in_london() -> None:
    assert day_in_words(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 27, 16, 20, tzinfo=UTC), "27 March 2026, 16:20"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March 2026, 02:00"),
        (datetime(2026, 1, 1, 0, 5, tzinfo=UTC), "1 January 2026, 00:05"),
        (datetime(2026, 1, 1, 12, 0, tzinfo=UTC), "1 January 2026, 12:00"),
    ],
)
def test_a_moment_is_said_in_londons_time(moment: datetime, words: str) -> None:
    assert moment_in_words(moment) == words


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        moment_in_words(datetime(2026, 3, 27, 16, 20))  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("2026-03-27", "27 March 2026"),
        ("2026-03-27T16:20:00+00:00", "27 March 2026, 16:20"),
        ("end of May", "end of May"),
        ("2026-03-27T16:20:00", "2026-03-27T16:20:00"),
        ("next week.", "next week."),
        ("", ""),
    ],
)
def test_what_people_typed_into_a_date_stays(stored: str, words: str) -> None:
    assert in_words(stored) == words
