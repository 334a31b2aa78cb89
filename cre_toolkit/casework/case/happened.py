"""What happened on a case, as the timeline shows it: one line, whatever it was."""

import datetime
import uuid
from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What a timeline can be filtered by, in the order in which it is offered; the value is what is shown."""

    ASSESSMENT = "Assessments"
    DECISION = "Decisions"
    DISCUSSION = "Discussions"
    CALL = "Telephone calls"
    REFERRAL = "Referrals"
    MEETING = "Meetings"
    INCIDENT = "Incidents and danger"
    MISSING = "Missing episodes"
    INTERVENTION = "Interventions"
    DONE = "What was due and done"
    CASE = "Opening, transfer and closing"


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline."""

    at: datetime.datetime
    """When it happened."""
    entered_at: datetime.datetime
    """When it was entered; the two may be days apart."""
    what: What
    title: str
    by: str = ""
    """Who did it, or recorded it."""
    text: str = ""
    """What was written about it, as it was typed."""
    page: str = ""
    """The name of the page that has all of it, if there is one, with its arguments."""
    page_of: tuple[object, ...] = ()
    event: uuid.UUID | None = None
    """The event of the case that it is, where somebody could say that it was recorded in error."""
    note: uuid.UUID | None = None
    """The note that it is, likewise."""
    day_only: bool = False
    """Only the day is known, not the time."""
    in_error: bool = False
    """It was withdrawn: recorded in error."""
    gone: bool = False
    """It was not, but what it belongs to was: it counts no longer, and is nobody's to withdraw."""
