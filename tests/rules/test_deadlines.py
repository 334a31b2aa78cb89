"""Instants, dates and ages."""

from datetime import UTC, date, datetime

import pytest

from cre_toolkit.rules.deadlines import (
    add_months,
    age_on,
    birthday,
    day_in_london,
    due_text,
    in_words,
    instant_text,
    is_past,
    next_midnight,
    parse_date,
    parse_instant,
)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-27T16:20:00+00:00", "2026-03-27T16:20:00+00:00"),
        ("2026-03-27T16:20:00Z", "2026-03-27T16:20:00+00:00"),
        ("2026-03-27t16:20:00z", "2026-03-27T16:20:00+00:00"),
        ("2026-03-27T16:20:00-00:00", "2026-03-27T16:20:00+00:00"),
        ("2026-03-27T16:20:00+01:00", "2026-03-27T15:20:00+00:00"),
        ("2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00+00:00"),
        ("2026-12-31T23:59:59-05:30", "2027-01-01T05:29:59+00:00"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00+00:00"),
    ],
)
def test_parse_instant(text: str, instant: str) -> None:
    assert instant_text(parse_instant(text)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-27",
        "2026-03-27T16:20:00",
        "2026-03-27T16:20Z",
        "2026-03-27 16:20:00Z",
        "2026-03-27T16:20:00.0Z",
        "2026-03-27T16:20:00,5Z",
        "2026-03-27T16:20:00+0000",
        "2026-03-27T16:20:00+00",
        "2026-03-27T16:20:00+24:00",
        "2026-03-27T16:20:00+00:60",
        "2026-03-27T16:20:00 Z",
        "2026-03-27T16:20:00Z\n",
        " 2026-03-27T16:20:00Z",
        "2026-02-29T16:20:00Z",
        "2026-02-29T16:20:00+00:00",
        "2026-03-27T24:00:00+00:00",
        "0001-01-01T00:00:00+00:00",
        "2026-13-01T16:20:00Z",
        "2026-03-27T24:00:00Z",
        "2026-03-27T16:20:60Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "20260327T162000Z",
        "2026-W13-5T16:20:00Z",
        "٢٠٢٦-03-27T16:20:00Z",
    ],
)
def test_parse_instant_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"must|does not exist"):
        parse_instant(text)


def test_parse_date() -> None:
    assert parse_date("2010-02-03") == date(2010, 2, 3)
    for text in (
        "20100203",
        "2010-2-3",
        "2010-W05-3",
        "2010-02-30",
        "0000-01-01",
        "2010-02-03T00:00:00Z",
        "x\n",
    ):
        with pytest.raises(ValueError, match=r"must|does not exist"):
            parse_date(text)


def test_the_day_is_londons() -> None:
    assert day_in_london(datetime(2026, 6, 1, 23, tzinfo=UTC)) == date(2026, 6, 2)
    assert day_in_london(datetime(2026, 12, 1, 23, 59, tzinfo=UTC)) == date(2026, 12, 1)


def test_what_is_due_on_a_day_is_late_from_the_next_midnight_in_london() -> None:
    assert next_midnight(date(2026, 6, 1)) == datetime(2026, 6, 1, 23, tzinfo=UTC)
    assert next_midnight(date(2026, 3, 28)) == datetime(2026, 3, 29, tzinfo=UTC)
    assert next_midnight(date(2026, 3, 29)) == datetime(2026, 3, 29, 23, tzinfo=UTC)
    assert next_midnight(date.max).year == 9999
    due = date(2026, 6, 1)
    assert not is_past(due, datetime(2026, 6, 1, 22, 59, 59, tzinfo=UTC))
    assert is_past(due, datetime(2026, 6, 1, 23, tzinfo=UTC))


def test_an_instant_is_past_strictly_after_it_and_nothing_never() -> None:
    due = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert not is_past(due, due)
    assert is_past(due, datetime(2026, 6, 1, 12, 0, 1, tzinfo=UTC))
    assert not is_past(None, due)


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-09-30", 3, "2026-12-30"),
        ("2026-10-31", 1, "2026-11-30"),
    ],
)
def test_add_months(day: str, months: int, due: str) -> None:
    assert str(add_months(date.fromisoformat(day), months)) == due


def test_birthday_and_age_of_someone_born_on_29_february() -> None:
    born = date(2008, 2, 29)
    assert birthday(born, 18) == date(2026, 3, 1)
    assert birthday(born, 20) == date(2028, 2, 29)
    assert [age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))] == [17, 18]
    assert age_on(born, date(2008, 2, 28)) == -1


def test_a_birthday_beyond_the_calendar_is_its_last_day() -> None:
    assert birthday(date(9990, 1, 1), 18) == date.max


def test_in_words_and_as_text() -> None:
    assert in_words(date(2019, 5, 1)) == "1 May 2019"
    assert due_text(None) is None
    assert due_text(date(2019, 5, 1)) == "2019-05-01"
