"""What a records auditor looks at from time to time: whether those who may see records still should.

Numbers and references alone: a records auditor sees no child (service.md, "Roles").
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import queries as audit
from cre_toolkit.children import access, break_glass_queries
from cre_toolkit.children.access import Act, Standing
from cre_toolkit.children.break_glass_models import BreakGlass
from cre_toolkit.children.models import AccessGrant

# For how long access may have been open before it is worth a question, in days.
OPEN_FOR = (90, 180, 365)
# Over how many days it is counted who opened most records, and how many people are listed.
COUNTED_DAYS = 30
MOST_PEOPLE = 20
PAGE = 25


@dataclass(frozen=True, slots=True)
class OpenAccess:
    """How many grants for one reason have been open for long, and since when the oldest has."""

    reason: str
    count: int
    oldest: datetime.datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """Of how many children somebody opened the record, or something of it."""

    user: User
    children: int


@dataclass(frozen=True, slots=True)
class BrokenPage:
    """Some break-glasses, the newest first, and the reference to go on after; blank where that is all."""

    broken: list[BreakGlass]
    after: str


def check(standing: Standing) -> None:
    """Raise `NotAllowed` for whoever reviews no access."""
    access.check(standing, Act.REVIEW_ACCESS)


def broken_page(standing: Standing, after: str = "") -> BrokenPage:
    """Each break-glass in the authorities of an auditor, the newest first. Two queries at the most.

    Args:
        standing: the auditor's.
        after: the reference of the last one of the page before.
    """
    found = break_glass_queries.in_authorities(standing, standing.authorities(Act.REVIEW_ACCESS))
    last = found.filter(reference=after).first() if after else None
    if last:
        found = found.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    rows = list(found.order_by("-at", "-pk")[: PAGE + 1])
    return BrokenPage(rows[:PAGE], rows[PAGE - 1].reference if len(rows) > PAGE else "")


def not_reviewed(standing: Standing) -> int:
    """How many break-glasses nobody has reviewed in time. One query."""
    found = break_glass_queries.in_authorities(standing, standing.authorities(Act.REVIEW_ACCESS))
    return found.filter(review=None, until__lte=timezone.now()).count()


def open_for(standing: Standing, days: int) -> list[OpenAccess]:
    """Access that has been open for longer than so many days, counted by its reason. One query."""
    before = timezone.now() - datetime.timedelta(days=days)
    grants = AccessGrant.objects.filter(
        access.current(),
        child__authority__in=standing.authorities(Act.REVIEW_ACCESS),
        since__lt=before,
    )
    rows = grants.order_by().values("reason").annotate(count=Count("pk"), oldest=Min("since"))
    found = [
        OpenAccess(str(AccessGrant.Reason(row["reason"]).label), row["count"], row["oldest"]) for row in rows
    ]
    return sorted(found, key=lambda one: (-one.count, one.reason))


def who_opened_most(standing: Standing) -> Sequence[Opened]:
    """Who opened the records of most children in the last days, in an auditor's authorities. Two queries.

    A list or a search on which a child merely stood is not counted.
    """
    since = timezone.now() - datetime.timedelta(days=COUNTED_DAYS)
    counted = audit.children_opened(standing.authorities(Act.REVIEW_ACCESS), since, MOST_PEOPLE)
    users = User.objects.select_related("agency").in_bulk(counted)
    return [Opened(users[user], children) for user, children in counted.items() if user in users]
