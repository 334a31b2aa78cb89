"""Telling those who are asked to a meeting: a reference and a time, nothing about a child, and no place."""

from collections.abc import Iterable
from typing import Literal

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.meeting.calendar_file import calendar_file
from cre_toolkit.casework.models import Invited, Meeting
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell
from cre_toolkit.documents.dates import moment_in_words
from cre_toolkit.jobs.actions import mail_each

News = Literal["planned", "changed", "cancelled"]

SUBJECTS: dict[News, str] = {
    "planned": "Meeting {reference} is planned",
    "changed": "Meeting {reference} has changed",
    "cancelled": "Meeting {reference} is cancelled",
}
_WHEN: dict[News, str] = {
    "planned": "You are asked to come to the meeting {reference}, on {when}.",
    "changed": "The meeting {reference} has changed. It is on {when}.",
    "cancelled": "The meeting {reference}, on {when}, does not take place.",
}
_INSIDE = (
    "Sign in to CRE Toolkit and open it from your first page: there is the place, and what to prepare. The"
    " file with this message puts the time into your calendar. For safety it says nothing more."
)
_OUTSIDE = (
    "Whoever asked you to come tells you the place, and what it is about, by telephone or in person. The file"
    " with this message puts the time into your calendar. For safety it says nothing more."
)


def tell_invited(
    *, by: User, child: Child, meeting: Meeting, news: News, left_out: Iterable[Invited] = ()
) -> None:
    """Tell everybody who is asked to come, or no longer is, in the transaction of what they are told of.

    Users to whom the record is closed, and who have left, are told nothing. Somebody without an account is
    told by their address, where there is one; whether mail may go there is decided when it is sent.

    Args:
        by: who planned or changed it.
        child: whose record, held.
        meeting: as it stands now.
        news: what became of it.
        left_out: those who were asked and are no longer: to them it is cancelled.
    """
    _tell(by, child, meeting, news, meeting.invited.select_related("user"))
    _tell(by, child, meeting, "cancelled", left_out)


def _tell(by: User, child: Child, meeting: Meeting, news: News, invited: Iterable[Invited]) -> None:
    told = list(invited)
    asked = [one.user_id for one in told if one.user_id]
    people = access.practising().filter(access.admitted(child), pk__in=asked) if asked else ()
    subject = SUBJECTS[news].format(reference=meeting.reference)
    calendar = calendar_file(meeting, cancelled=news == "cancelled").decode()
    opening = _WHEN[news].format(reference=meeting.reference, when=moment_in_words(meeting.at))
    tell(
        by=by,
        child=child,
        people={user.pk: user.email for user in people},
        subject=subject,
        body=f"{opening}\n\n{_INSIDE}",
        cause=meeting.pk,
        page="meeting",
        page_of=meeting.reference,
        calendar=calendar,
    )
    outside = sorted({one.email for one in told if one.email})
    if outside:
        mail_each(
            by=by,
            to=outside,
            subject=subject,
            body=f"{opening}\n\n{_OUTSIDE}",
            cause=meeting.pk,
            authority=child.authority,
            calendar=calendar,
        )
