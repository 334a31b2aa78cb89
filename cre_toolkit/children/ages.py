"""How old a child is: exactly, by the date of birth, or as somebody judged it on a day. Pure."""

import datetime


def whole_years(since: datetime.date, day: datetime.date) -> int:
    """Birthdays from one day to another; who was born on 29 February has theirs on 1 March in other years."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def age_on(
    day: datetime.date,
    *,
    date_of_birth: datetime.date | None,
    estimated_age: int | None,
    estimated_on: datetime.date | None,
) -> int | None:
    """Whole years on that day: by the date of birth, else by the estimate carried forward, else None."""
    if date_of_birth:
        return whole_years(date_of_birth, day)
    if estimated_age is None or estimated_on is None:
        return None
    return estimated_age + whole_years(estimated_on, day)
