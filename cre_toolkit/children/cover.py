"""Cover for leave: a colleague sees the children of somebody who is away, from a day to a day.

They see them by grants that carry the dates of the cover, so that it begins and ends by itself. A child who
is allocated to the absent worker meanwhile is covered too, and one who goes to somebody else no longer.
"""

import datetime
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.accounts.models import Cover, User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.telling import tell

COVER = AccessGrant.Reason.COVER
SUBJECT = "You stand in for a colleague"
BODY = (
    "From {first} until the end of {last} you stand in for a colleague in CRE Toolkit.\n\n"
    "Sign in to see with whom they work and what is due. For safety this message says nothing more."
)


class AlreadyOver(ValueError):
    """Cover that would end before it begins, or has ended."""


def arrange(
    *,
    by: User,
    absent: User,
    stand_in: User,
    since: datetime.datetime,
    until: datetime.datetime,
    form_id: uuid.UUID,
) -> Cover:
    """Have a colleague stand in for somebody. The same form sent twice arranges it once.

    Args:
        by: the manager; the caller has made sure that both are theirs to choose.
        absent: who is away.
        stand_in: who sees their children meanwhile.
        since, until: from when, and until when.
        form_id: minted with the form.

    Raises:
        AlreadyOver: there is no time between the two, or it is past.
    """
    if not max(since, timezone.now()) < until:
        raise AlreadyOver
    try:
        return _arrange(by=by, absent=absent, stand_in=stand_in, since=since, until=until, form_id=form_id)
    except IntegrityError:
        earlier = Cover.objects.filter(form_id=form_id, arranged_by=by).first()
        if earlier is None:
            raise
        return earlier


@transaction.atomic
@together()
def _arrange(
    *,
    by: User,
    absent: User,
    stand_in: User,
    since: datetime.datetime,
    until: datetime.datetime,
    form_id: uuid.UUID,
) -> Cover:
    cover = Cover.objects.create(
        absent=absent, stand_in=stand_in, since=since, until=until, arranged_by=by, form_id=form_id
    )
    audit.record(
        by=by,
        kind="cover.arranged",
        subject_kind="user",
        subject=absent.pk,
        detail={"users": [str(stand_in.pk)], "since": since.isoformat(), "until": until.isoformat()},
    )
    for child in absent.allocated_children.filter(merged_into=None):
        _give(by=by, cover=cover, child=child)
    people = {stand_in.pk: stand_in.email}
    tell(by=by, child=None, people=people, subject=SUBJECT, body=_told(cover), cause=cover.pk, page="due")
    return cover


def _told(cover: Cover) -> str:
    return BODY.format(first=_day(timezone.localdate(cover.since)), last=_day(cover.last_day))


def _day(day: datetime.date) -> str:
    return date_format(day, "j F Y")


@transaction.atomic
@together()
def end(*, by: User, cover: Cover) -> None:
    """End cover now, because the colleague is back or somebody else stands in. Ended already, it stays so.

    Args:
        by: the manager; the caller has made sure that the absent one is theirs.
        cover: which.
    """
    # One that has not begun never does.
    over = max(timezone.now(), cover.since)
    if Cover.objects.filter(pk=cover.pk, until__gt=over).update(until=over):
        AccessGrant.objects.filter(source=cover.pk, reason=COVER, until__gt=over).update(until=over)
        audit.record(
            by=by,
            kind="cover.ended",
            subject_kind="user",
            subject=cover.absent_id,
            detail={"users": [str(cover.stand_in_id)]},
        )


@transaction.atomic(savepoint=False)
def follow(*, by: User, child: Child, before: User | None) -> None:
    """Cover goes with the allocated worker: what it shows changes when a child is allocated to another.

    Args:
        by: who allocated.
        child: as it stands now.
        before: whose child it was.
    """
    now = timezone.now()
    to_come = Cover.objects.filter(until__gt=now)
    if before:
        ended = AccessGrant.objects.filter(
            child=child, reason=COVER, until__gt=now, source__in=to_come.filter(absent=before).values("pk")
        )
        for grant in ended:
            AccessGrant.objects.filter(pk=grant.pk).update(until=max(now, grant.since))
            _audit(by, "access.ended", child, grant.user_id)
    if child.allocated_worker:
        for cover in to_come.filter(absent=child.allocated_worker):
            _give(by=by, cover=cover, child=child)


@transaction.atomic(savepoint=False)
def let_see(*, by: User, cover: Cover, child: Child) -> None:
    """Let a stand-in see one more child, from when until when they stand in. Once, however often it is asked.

    Args:
        by: whose act it follows from.
        cover: which.
        child: the record that stands for the child.
    """
    if not AccessGrant.objects.filter(source=cover.pk, reason=COVER, child=child).exists():
        _give(by=by, cover=cover, child=child)


@transaction.atomic(savepoint=False)
def _give(*, by: User, cover: Cover, child: Child) -> None:
    AccessGrant.objects.create(
        child=child,
        user_id=cover.stand_in_id,
        reason=COVER,
        source=cover.pk,
        since=cover.since,
        until=cover.until,
    )
    _audit(by, "access.granted", child, cover.stand_in_id)


def _audit(by: User, kind: str, child: Child, user: uuid.UUID | None) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=child.authority,
        child=child.pk,
        subject_kind="user",
        subject=user,
        detail={"reason": COVER},
    )
