"""The receipt of a child: whoever was named as the allocated worker says that they have taken the child on.

Until then they are named, see the record and have what is due; their manager sees that they have not said so,
and can remind them. Whoever names themselves has said so by that.
"""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.transfer import caseload
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.models import AccessGrant, Notice
from cre_toolkit.children.telling import tell

PAGE = "taking-on"
AGAIN_AFTER = datetime.timedelta(days=1)


def to_take_on(standing: access.Standing) -> QuerySet[AccessGrant] | None:
    """The children allocated to somebody whom they have not taken on yet, for their desk."""
    if not access.may(standing, Act.TAKE_ON):
        return None
    open_to = access.open_to(standing.user, "child__")
    return AccessGrant.objects.filter(waiting(), open_to, user=standing.user)


def to_be_taken_on(standing: access.Standing) -> QuerySet[AccessGrant] | None:
    """The same of the people in the teams that somebody manages, as far as they see the children."""
    if not standing.managed:
        return None
    mates = Membership.objects.filter(access.current(), team__pk__in=standing.managed).values("user")
    theirs = AccessGrant.objects.filter(waiting(), access.sees(standing, "child__"), user__in=mates)
    return theirs.exclude(user=standing.user)


@transaction.atomic
@together()
def take_on(*, by: User, references: Collection[str]) -> int:
    """Say that one has taken on children who were allocated to one: the receipt. How many that were.

    Args:
        by: the allocated worker.
        references: of the children. One that is not theirs to take on, or was taken on, is left as it is.

    Raises:
        NotAllowed: the user's roles do not include this.
    """
    standing = access.standing_of(by)
    access.check(standing, Act.TAKE_ON)
    theirs = to_take_on(standing)
    assert theirs is not None  # noqa: S101 - the check has said so
    found = list(theirs.filter(child__reference__in=references).select_related("child"))
    AccessGrant.objects.filter(pk__in=[one.pk for one in found]).update(taken_on_at=timezone.now())
    for one in found:
        audit.record(by=by, kind="child.taken-on", authority=one.child.authority, child=one.child_id)
    return len(found)


@transaction.atomic
@together()
def remind(*, by: User, worker: User) -> bool:
    """Remind somebody of the children whom they have not taken on yet, at most once a day.

    Whether that was done now: not where there are none.

    Args:
        by: the manager of a team that they are in.
        worker: whom; told by mail, without a name.

    Raises:
        NotAllowed: the user manages no team.
        NotVisible: the worker is in no team of theirs.
    """
    standing = access.standing_of(by)
    caseload.find_team_mate(standing, worker.pk)
    theirs = to_be_taken_on(standing)
    lately = Notice.objects.filter(user=worker, page=PAGE, at__gt=timezone.now() - AGAIN_AFTER)
    if theirs is None or not theirs.filter(user=worker).exists() or lately.exists():
        return False
    audit.record(by=by, kind="child.taking-on-chased", subject_kind="user", subject=worker.pk)
    tell(
        by=by,
        child=None,
        people={worker.pk: worker.email},
        subject="Children allocated to you are waiting",
        body=(
            "Children have been allocated to you in CRE Toolkit, and you have not said yet that you have"
            " taken them on.\n\nSign in, read their records and say so, or speak with your manager. For"
            " safety this message says nothing more."
        ),
        page=PAGE,
    )
    return True


def days_waiting(since: datetime.datetime) -> int:
    """For how many days a child has been waiting to be taken on."""
    return (timezone.localdate() - timezone.localdate(since)).days


def waiting() -> Q:
    """Of all accesses, those of allocated workers whom somebody else named and who have not said so yet."""
    named = Q(
        ("reason", AccessGrant.Reason.ALLOCATED),
        ("until", None),
        ("taken_on_at", None),
        ("given_by__isnull", False),
        ("user", F("child__allocated_worker")),
        ("child__merged_into", None),
        ("child__died_on", None),
    )
    return named & ~Q(given_by=F("user"))
