"""The list of each morning: what is due to somebody, in numbers and references, by one e-mail a day.

It goes to everybody to whom something is due or overdue, from seven in the morning on, in London's time; to a
manager also what has been overdue for so many days as the authority's pack says; and to whom it concerns, the
children whom nobody has received or taken on within a day. Whoever is on leave gets
none, and whoever stands in for them has theirs in their own. It cannot be switched off.

A day's list is a row of `Reminder`, written with the message in one transaction: a worker who dies in the
middle has told some people and not the others, and the next one tells those.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.accounts.models import Membership, User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.state import CALLS, MISSING
from cre_toolkit.casework.lists.due import mine, seen
from cre_toolkit.casework.lists.reminders import away
from cre_toolkit.casework.models import Due, Reminder
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.casework.transfer import taking_on
from cre_toolkit.children import access
from cre_toolkit.children.permissions import Act
from cre_toolkit.jobs.actions import mail
from cre_toolkit.rules.loading import load_authority
from cre_toolkit.statements import statement

FROM_HOUR = 7
SOON = datetime.timedelta(days=7)
# More references than anybody reads in a mail; the list has all.
MOST_NAMED = 20

# So long is an answer waited for: as long as an assessment may take to be sent (CRE 2020; toolkit.md, B1).
ANSWERED_WITHIN = datetime.timedelta(hours=24)

SUBJECT = "CRE Toolkit: what is due, {day}"
_END = """\

All of it: {address}

For safety this message names nobody. One comes each morning on which something is due to you. It cannot be
switched off: what is overdue is a child's protection. While you are on leave, your stand-in has it.
"""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Children for whom somebody has not said yet that they have them."""

    words: str
    rows: Callable[[access.Standing], QuerySet[Any] | None]
    """Those that wait, for whoever stands so, as the desk counts them (`desk.Line`)."""
    since: str
    """The column that says since when."""


UNANSWERED = (
    Unanswered("Of another authority, waiting for yours to receive them", transfers.to_receive, "asked_at"),
    Unanswered("Not received by the authority that was asked", transfers.not_received, "asked_at"),
    Unanswered("Allocated to you, to be taken on", taking_on.to_take_on, "since"),
    Unanswered("Not taken on by people of your team", taking_on.to_be_taken_on, "since"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph of a list: what is said of these, and the references of their records."""

    words: str
    number: int
    references: tuple[str, ...]


def send_digests() -> None:
    """Send the lists of this morning that have not been sent. Called by the worker, again and again."""
    now = timezone.localtime()
    if now.hour < FROM_HOUR:
        return
    day = now.date()
    had = Reminder.objects.filter(person=OuterRef("pk"), kind=Reminder.Kind.DIGEST, about=day.isoformat())
    for person in access.practising().filter(~Exists(had), ~away()).order_by("pk"):
        try:
            send_digest(by=None, person=person, day=day)
        except IntegrityError:
            # Another worker has sent it meanwhile; of this one nothing was written.
            continue


@transaction.atomic
@together()
def send_digest(*, by: User | None, person: User, day: datetime.date) -> None:
    """Send somebody their list of a day, where there is anything on it.

    Args:
        by: None: the service itself does.
        person: to whom.
        day: today.

    Raises:
        IntegrityError: they have had it; nothing was written.
    """
    standing = access.standing_of(person)
    rows = _own(standing=standing, today=day, soon=timezone.now() + SOON)
    late = _late_of_others(standing, day)
    waiting = _unanswered(standing=standing, cut=timezone.now() - ANSWERED_WITHIN)
    Reminder.objects.create(
        person=person, kind=Reminder.Kind.DIGEST, about=day.isoformat(), at=timezone.now()
    )
    if not (rows or late or waiting):
        return
    every = (*rows, *late, *waiting)
    children = {row["child"] for row in every}
    audit.record(by=by, kind="reminder.list-sent", subject_kind="user", subject=person.pk, children=children)
    authorities = {row["child__authority"] for row in every}
    mail(
        by=by,
        to=person.email,
        subject=SUBJECT.format(day=date_format(day, "j F Y")),
        body=_body(rows, late, waiting),
        authority=authorities.pop() if len(authorities) == 1 else "",
    )


def _late_of_others(standing: access.Standing, day: datetime.date) -> list[dict[str, Any]]:
    """What a manager hears of: overdue for longer than the pack of the child's authority says."""
    found = []
    for authority in standing.authorities(Act.SEE_GIVEN):
        days = load_authority(authority).on(day).case.overdue_to_manager_days
        cut = timezone.now() - datetime.timedelta(days=days)
        found += _late(standing=standing, today=day, authority=authority, cut=cut)
    return found


@statement
def _own(*, standing: access.Standing, today: datetime.date, soon: datetime.datetime) -> QuerySet[Due, Any]:
    """What is overdue or due soon on the children who are somebody's own."""
    return _told(seen(standing, today).filter(mine(standing), sorts_at__lt=soon))


@statement
def _late(
    *, standing: access.Standing, today: datetime.date, authority: str, cut: datetime.datetime
) -> QuerySet[Due, Any]:
    """Of the people of a manager's teams; to those in charge, of children who have no worker any more."""
    theirs = Q(pk__in=[])
    if standing.managed:
        mates = Membership.objects.filter(access.current(), team__pk__in=standing.managed).values("user")
        theirs |= Q(child__allocated_worker__in=mates) & ~Q(child__allocated_worker=standing.user)
    if access.may(standing, Act.SEE_AT_LEVEL) or access.may(standing, Act.SETTLE_DUPLICATES):
        theirs |= Q(child__allocated_worker=None) | Q(child__allocated_worker__is_active=False)
    late = seen(standing, today).filter(theirs, child__authority=authority, sorts_at__lt=cut)
    return _told(late.exclude(mine(standing)))


@statement
def _unanswered(*, standing: access.Standing, cut: datetime.datetime) -> QuerySet[Any, Any]:
    """The children for whom an answer has been waited for too long, by the place in `UNANSWERED`."""
    asked = [
        rows.filter((f"{each.since}__lt", cut))
        .order_by()
        .annotate(part=Value(place))
        .values("part", "child", "child__reference", "child__authority")
        for place, each in enumerate(UNANSWERED)
        if (rows := each.rows(standing)) is not None
    ]
    return asked[0].union(*asked[1:], all=True) if asked else User.objects.none()


def _told(rows: QuerySet[Due]) -> QuerySet[Due, Any]:
    return rows.order_by("sorts_at", "id").values(
        "action", "sorts_at", "child", "child__reference", "child__authority"
    )


def _body(
    rows: Sequence[dict[str, Any]], late: Sequence[dict[str, Any]], waiting: Sequence[dict[str, Any]]
) -> str:
    now = timezone.now()
    calls = [row for row in rows if row["action"] in CALLS]
    missing = [row for row in rows if row["action"] == MISSING]
    others = [row for row in rows if row["action"] not in CALLS and row["action"] != MISSING]
    parts = [
        _part("Telephone calls due now", calls),
        _part("Missing now", missing),
        _part("Overdue", [row for row in others if row["sorts_at"] < now]),
        _part(f"Due within {SOON.days} days", [row for row in others if row["sorts_at"] >= now]),
        _part("Overdue for days, of people whose work you lead or of nobody", late),
        *(
            _part(each.words, [row for row in waiting if row["part"] == place])
            for place, each in enumerate(UNANSWERED)
        ),
    ]
    said = "\n\n".join(
        f"{part.words}: {part.number}\n{', '.join(part.references)}" for part in parts if part.number
    )
    return said + "\n" + _END.format(address=settings.SERVICE_ADDRESS + reverse("due"))


def _part(words: str, rows: Iterable[dict[str, Any]]) -> Part:
    every = list(rows)
    references = list(dict.fromkeys(f"Record {row['child__reference']}" for row in every))
    more = len(references) - MOST_NAMED
    named = (*references[:MOST_NAMED], f"and {more} more") if more > 0 else tuple(references)
    return Part(words, len(every), named)
