"""What waits for somebody, as their first page counts it: one line for each kind of thing.

A line names the page where the work is done and the rows that wait there for this person. All of them are
counted in one statement, however many kinds there are; what is due on children is no line of its own
(`lists/due.py` has it).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.countersigning import queue as countersign_queue
from cre_toolkit.casework.meeting.actions import open_actions_for
from cre_toolkit.casework.meeting.queries import to_come_to
from cre_toolkit.casework.missing import monitoring as missing_list
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.tasking.listing import open_off_the_list
from cre_toolkit.casework.transfer import caseload, taking_on
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.children import access, break_glass_queries, pairs
from cre_toolkit.jobs import not_arrived
from cre_toolkit.jobs.models import Message
from cre_toolkit.statements import statement


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of thing that waits for people."""

    one: str
    """What is said where one waits: "1 referral waits at your front door"."""
    many: str
    """The same of more, with {} for the number."""
    page: str
    """The name of the page where it is done; it takes no arguments."""
    rows: Callable[[access.Standing], QuerySet[Any] | None]
    """What waits for whoever stands so, each once; None where it is no duty of theirs.

    The SQL is put together once for all who hold the same roles (`statements.py`): it depends on the standing
    alone, a team is `team__pk__in=standing.teams`, and now is `access.current()` or `Moment()`.
    """


@dataclass(frozen=True, slots=True)
class Waits:
    """A line as somebody reads it."""

    words: str
    page: str


def _failed_mail(standing: access.Standing) -> QuerySet[Message]:
    return not_arrived.failed(standing.user, standing.authorities(access.Act.ADMINISTER))


# In the order in which they are shown.
DESK: tuple[Line, ...] = (
    Line(
        "1 child is missing",
        "{} children are missing",
        "missing",
        missing_list.missing_now,
    ),
    Line(
        "1 record was opened by break-glass, and nobody has reviewed that yet",
        "{} records were opened by break-glass, and nobody has reviewed that yet",
        "due",
        break_glass_queries.unreviewed,
    ),
    Line(
        "1 assessment waits for you to countersign it",
        "{} assessments wait for you to countersign them",
        "countersign",
        countersign_queue.queue,
    ),
    Line(
        "1 referral waits to be acknowledged",
        "{} referrals wait to be acknowledged",
        "referrals",
        referral_queries.to_answer,
    ),
    Line(
        "1 referral is to be chased: nobody has acknowledged it in time",
        "{} referrals are to be chased: nobody has acknowledged them in time",
        "referrals-sent",
        referral_queries.to_chase,
    ),
    Line(
        "1 assessment reaches nobody, and nobody has taken it on",
        "{} assessments reach nobody, and nobody has taken them on",
        "no-route",
        referral_queries.without_owner,
    ),
    Line(
        "1 meeting is planned that you come to, or record",
        "{} meetings are planned that you come to, or record",
        "meetings",
        to_come_to,
    ),
    Line(
        "1 action of a meeting is yours to do",
        "{} actions of meetings are yours to do",
        "meetings",
        open_actions_for,
    ),
    Line(
        "1 request of the tasking meeting is open on a case that is no longer on its list",
        "{} requests of the tasking meeting are open on cases that are no longer on its list",
        "tasking",
        open_off_the_list,
    ),
    Line(
        "1 child is allocated to somebody who has left",
        "{} children are allocated to somebody who has left",
        "team",
        caseload.left_behind,
    ),
    Line(
        "1 child is allocated to you, whom you have not said that you have taken on",
        "{} children are allocated to you, whom you have not said that you have taken on",
        "taking-on",
        taking_on.to_take_on,
    ),
    Line(
        "1 child is allocated to somebody of your team who has not taken them on yet",
        "{} children are allocated to people of your team who have not taken them on yet",
        "taking-on",
        taking_on.to_be_taken_on,
    ),
    Line(
        "1 child of another authority waits to be received",
        "{} children of another authority wait to be received",
        "transfers",
        transfers.to_receive,
    ),
    Line(
        "1 child has not been received by the authority that was asked",
        "{} children have not been received by the authority that was asked",
        "transfers",
        transfers.not_received,
    ),
    Line(
        "1 message did not arrive: telephone whoever should have had it",
        "{} messages did not arrive: telephone whoever should have had them",
        "mail",
        _failed_mail,
    ),
    Line(
        "1 pair of records may be of one child",
        "{} pairs of records may be of one child",
        "duplicates",
        pairs.open_pairs,
    ),
)


def waits_for(standing: access.Standing) -> list[Waits]:
    """What waits for somebody, of which there is any. One query; none for whom no line is a duty."""
    waiting = dict(_counted(standing=standing))
    return [
        Waits(line.one if waiting[place] == 1 else line.many.format(waiting[place]), line.page)
        for place, line in enumerate(DESK)
        if waiting.get(place)
    ]


@statement
def _counted(*, standing: access.Standing) -> QuerySet[Any, Any]:
    """The place of each line in `DESK` that is a duty of theirs, and how many wait."""
    asked = [
        rows.order_by()
        .annotate(desk_place=Value(place))
        .values("desk_place")
        .annotate(desk_number=Count("pk"))
        .values_list("desk_place", "desk_number")
        for place, line in enumerate(DESK)
        if (rows := line.rows(standing)) is not None
    ]
    return asked[0].union(*asked[1:], all=True) if asked else User.objects.none()
