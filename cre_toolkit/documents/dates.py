"""Dates and times in words, as they are said in England: in Europe/London, whatever they were stored in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_in_words(day: date) -> str:
    """`27 March 2026`; of an instant, its day in London."""
    if isinstance(day, datetime):
        day = day.astimezone(LONDON).date()
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_in_words(moment: datetime) -> str:
    """`27 March 2026, 16:20`: as every page says it, so that a page, a mail and a document never differ.

    Raises:
        ValueError: the moment carries no offset, so that nobody could say when it was.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment needs an offset from UTC.")
    local = moment.astimezone(LONDON)
    return f"{day_in_words(local.date())}, {local:%H:%M}"


def in_words(text: str) -> str:
    """A stored date or instant (ISO 8601) in words; any other text as it stands.

    What people typed into a free date ("end of May") is printed as they typed it.
    """
    try:
        if len(text) == len("2026-03-27"):
            return day_in_words(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if moment.tzinfo is None else moment_in_words(moment)
