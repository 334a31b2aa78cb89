"""Instants, dates and ages: when something is due, and whether it is late.

Deadlines are computed from dates and never counted down. Instants are kept in UTC, so that 24 hours are 24
hours across a change of clocks; days are days in Europe/London.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# RFC 3339 to the second: its "T" and "Z" may be small letters; an offset is always there.
_INSTANT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:Z|([+-])(\d{2}):(\d{2}))", re.ASCII | re.IGNORECASE
)
# The same in UTC, as contracts print it and the service stores it: hundreds of them are read for one case.
_IN_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}\+00:00", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# Far enough from the calendar's edges for every sum that the rules make.
_FIRST_YEAR, _LAST_YEAR = 2, 9998


def parse_instant(text: str) -> datetime:
    """Read an instant with its offset: `2026-03-27T16:20:00+00:00`, or with `Z`.

    Args:
        text: RFC 3339, to the second.

    Returns:
        The instant in UTC.

    Raises:
        ValueError: it is not written so, or there is no such moment. The text says how to mend it.
    """
    usual = _usual_instant(text)
    if usual:
        return usual
    matched = _INSTANT.fullmatch(text)
    if not matched:
        raise ValueError(
            'must be an instant to the second with its offset, such as "2026-03-27T16:20:00+00:00"'
        )
    year, month, day, hour, minute, second = (int(part) for part in matched.groups()[:6])
    sign, offset_hours, offset_minutes = matched.groups()[6:]
    offset = timedelta(hours=int(offset_hours or 0), minutes=int(offset_minutes or 0))
    if offset >= timedelta(hours=24) or int(offset_minutes or 0) > 59:
        raise ValueError("has an offset that does not exist: at most 23:59")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"must lie between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise ValueError("is a moment that does not exist: check day and time") from None
    return local + offset if sign == "-" else local - offset


def _usual_instant(text: str) -> datetime | None:
    """An instant that is written in UTC; None where it is written otherwise, or there is none such."""
    if not _IN_UTC.fullmatch(text):
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if _FIRST_YEAR <= instant.year <= _LAST_YEAR else None


def parse_date(text: str) -> date:
    """Read a date: `2010-02-03`.

    Raises:
        ValueError: it is not written so, or there is no such day. The text says how to mend it.
    """
    matched = _DATE.fullmatch(text)
    if not matched:
        raise ValueError('must be a date such as "2010-02-03"')
    try:
        return date(*(int(part) for part in matched.groups()))
    except ValueError:
        raise ValueError("is a day that does not exist") from None


def instant_text(instant: datetime) -> str:
    """An instant as the contracts print it: in UTC, to the second, with `+00:00`."""
    return instant.isoformat()


def due_text(due: datetime | date | None) -> str | None:
    """A due time as the contracts print it: an instant in UTC, a date as a date, none as None."""
    return None if due is None else due.isoformat()


def in_words(day: date) -> str:
    """A date in words, in English wherever the service runs: 1 May 2019."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_in_london(instant: datetime) -> date:
    """The day that it is in Europe/London at an instant."""
    return instant.astimezone(LONDON).date()


def next_midnight(day: date) -> datetime:
    """The end of a day in Europe/London, in UTC: what is due on that day is late from then on."""
    following = day + timedelta(days=1) if day < date.max else day
    return datetime(following.year, following.month, following.day, tzinfo=LONDON).astimezone(UTC)


def is_past(due: datetime | date | None, moment: datetime) -> bool:
    """Whether something due is overdue at a moment, or was done late then (case contract, "Out").

    Strictly after an instant; for a date from the next midnight in Europe/London on; never where there is
    no due time.
    """
    if due is None:
        return False
    if isinstance(due, datetime):
        return moment > due
    return moment >= next_midnight(due)


def add_months(day: date, months: int) -> date:
    """The same day some calendar months later; the last day of that month where the day does not exist."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def birthday(date_of_birth: date, years: int) -> date:
    """The day on which someone reaches an age; born on 29 February, that is 1 March in other years.

    A birthday beyond the end of the calendar is its last day.
    """
    year = date_of_birth.year + years
    if year > date.max.year:
        return date.max
    try:
        return date_of_birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def age_on(date_of_birth: date, day: date) -> int:
    """The age in whole years on a day (negative before the birth)."""
    reached = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (not reached)
