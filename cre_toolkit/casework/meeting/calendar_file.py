"""A meeting as an iCalendar file (RFC 5545): its reference and time, nothing about a child, and no place.

The time stands in UTC: whatever clock a calendar keeps, and whether or not summer time begins between, it is
the same moment. The number that says which meeting it is never changes, and the sequence grows with each
change, so that a calendar moves or cancels the entry that it has.
"""

import datetime

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vCalAddress

from cre_toolkit.casework.models import Meeting


def calendar_file(meeting: Meeting, *, cancelled: bool | None = None) -> bytes:
    """The file for a meeting as it stands now.

    Args:
        meeting: which.
        cancelled: whether it takes its entry out of calendars; as the meeting stands where it is left out. It
            is cancelled for somebody who is no longer asked to come.
    """
    if cancelled is None:
        cancelled = meeting.status == Meeting.Status.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//CRE Toolkit//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    entry = Event()
    entry.add("uid", f"urn:uuid:{meeting.pk}")
    entry.add("sequence", meeting.version - 1)
    entry.add("dtstamp", timezone.now().astimezone(datetime.UTC).replace(microsecond=0))
    begins = meeting.at.astimezone(datetime.UTC)
    entry.add("dtstart", begins)
    entry.add("dtend", begins + datetime.timedelta(minutes=meeting.minutes_long))
    entry.add("summary", f"Meeting {meeting.reference}")
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("class", "PRIVATE")
    entry.add("organizer", vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}"))
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
