"""Access to a child's record is given and ended: dated, for one reason each, and on the audit trail.

What a grant lets somebody see is the policy's to say (`access.py`).
"""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant, Child, Merge
from cre_toolkit.statements import statement

Reason = AccessGrant.Reason
# Who is given access for one of these reasons is somebody's choice.
CHOSEN = (Reason.NETWORK, Reason.NAMED, Reason.ALLOCATED, Reason.HANDED_OVER)


@transaction.atomic(savepoint=False)
def grant(
    *,
    by: User | None,
    child: Child,
    reason: AccessGrant.Reason,
    user: User | None = None,
    team_id: uuid.UUID | None = None,
    source: uuid.UUID | None = None,
    why: str = "",
    new: bool = False,
) -> None:
    """Let a user or a team see a child from now on; nothing happens where the same grant is open already.

    Args:
        by: who gives it; None for the service itself.
        child: the child.
        reason: why.
        user, team_id: to whom: one of the two.
        source: the record it comes from.
        why: in the words of whoever gives it, where they were asked.
        new: whether the child has just been added, and nobody has had access for any reason.
    """
    grant_each(
        by=by,
        child=child,
        reason=reason,
        users=[user.pk] if user else [],
        teams=[team_id] if team_id else [],
        source=source,
        why=why,
        new=new,
    )


@transaction.atomic(savepoint=False)
def grant_each(
    *,
    by: User | None,
    child: Child,
    reason: AccessGrant.Reason,
    users: Collection[uuid.UUID] = (),
    teams: Collection[uuid.UUID] = (),
    source: uuid.UUID | None = None,
    why: str = "",
    new: bool = False,
) -> None:
    """Let several see a child from now on, as `grant` does. Two queries and the audit; none for nobody.

    Of a record that has been merged into another they see that one, for as long as the merge stands.

    Args:
        by: who gives it; None for the service itself.
        child: the child.
        reason: why.
        users, teams: to whom, by their ids.
        source: the record it comes from.
        why: in the words of whoever gives it, where they were asked.
        new: as for `grant`: then one query, as there is nothing to read.

    Raises:
        NotAllowed: whoever gives it sees the record by break-glass alone, and chose somebody.
    """
    if not users and not teams:
        return
    held = [] if new else _held(child=child.pk)
    open_already = {(user, team) for why_held, user, team, until in held if why_held == reason and not until}
    if by and any(user == by.pk and why_held == Reason.BREAK_GLASS for why_held, user, *_ in held):
        users = _by_break_glass(by, child, reason, users)
    wanted = [(user, None) for user in users] + [(None, team) for team in teams]
    given = [
        AccessGrant(
            child=child,
            user_id=user,
            team_id=team,
            reason=reason,
            since=timezone.now(),
            source=source,
            why=why,
            given_by=by,
        )
        for user, team in wanted
        if (user, team) not in open_already
    ]
    # Somebody who gives the same at the same instant has given it: that is no conflict.
    AccessGrant.objects.bulk_create(given, ignore_conflicts=True)
    for made in given:
        audit.record(
            by=by,
            kind="access.granted",
            authority=child.authority,
            child=child.pk,
            subject_kind="user" if made.user_id else "team",
            subject=made.user_id or made.team_id,
            detail={"reason": reason},
        )
    if child.merged_into_id:
        merge = Merge.objects.select_related("kept").get(merged=child, undone_at=None)
        merged = AccessGrant.Reason.MERGED
        grant_each(by=by, child=merge.kept, reason=merged, users=users, teams=teams, source=merge.pk)


@statement
def _held(*, child: uuid.UUID) -> QuerySet[AccessGrant, Any]:
    """The accesses to a child's record that hold now: the reason, to whom, and until when."""
    now = AccessGrant.objects.filter(access.current(), child=child)
    return now.values_list("reason", "user", "team", "until")


def _by_break_glass(
    by: User, child: Child, reason: AccessGrant.Reason, users: Collection[uuid.UUID]
) -> Collection[uuid.UUID]:
    """To whom it is given by somebody who has broken the glass: never to themselves for longer than that.

    What they begin meanwhile does not turn a day into for good; once they are let into the network, they go
    on with it (docs/adr/0008).
    """
    if reason == Reason.MERGED or not access.by_break_glass_alone(access.standing_of(by), child):
        return users
    if reason in CHOSEN:
        raise access.NotAllowed(access.FOR_A_DAY)
    return [user for user in users if user != by.pk]


@transaction.atomic(savepoint=False)
def end_grant(*, by: User | None, child: Child, reason: AccessGrant.Reason, user: User) -> None:
    """End a user's access for one reason from now on; what they see for another reason, they still see."""
    ended = AccessGrant.objects.filter(child=child, user=user, reason=reason, until=None)
    if ended.update(until=timezone.now()):
        audit.record(
            by=by,
            kind="access.ended",
            authority=child.authority,
            child=child.pk,
            subject_kind="user",
            subject=user.pk,
            detail={"reason": reason},
        )


@transaction.atomic(savepoint=False)
def end_each(*, by: User | None, child: Child, grants: QuerySet[AccessGrant]) -> list[AccessGrant]:
    """End several accesses to one child's records from now on, of people and teams. Two queries and audit.

    Whoever was given access to a merged record sees the kept one by it, and no longer does.

    Args:
        by: who ends them; None for the service itself.
        child: the record that stands for the child.
        grants: which; those that have ended already stay as they are.

    Returns:
        Those that were ended.
    """
    open_now = list(grants.filter(until=None).order_by("pk"))
    AccessGrant.objects.filter(pk__in=[one.pk for one in open_now]).update(until=timezone.now())
    for one in open_now:
        audit.record(
            by=by,
            kind="access.ended",
            authority=child.authority,
            child=one.child_id,
            subject_kind="user" if one.user_id else "team",
            subject=one.user_id or one.team_id,
            detail={"reason": one.reason},
        )
    if any(one.child_id != child.pk for one in open_now):
        open_now += end_each(by=by, child=child, grants=_by_merges_alone(child, open_now))
    return open_now


def _by_merges_alone(child: Child, ended: Collection[AccessGrant]) -> QuerySet[AccessGrant]:
    """Of those whose access has ended, what they see by a merge without seeing any merged record itself."""
    merged = Q(reason=Reason.MERGED)
    others = AccessGrant.objects.filter(access.current(), ~merged, child__stands_for=child.pk)
    still = others.exclude(child=child)
    theirs = Q(user__in=[one.user_id for one in ended if one.user_id])
    theirs |= Q(team__in=[one.team_id for one in ended if one.team_id])
    return (
        AccessGrant.objects.filter(merged, theirs, child__stands_for=child.pk, until=None)
        .exclude(user__in=still.filter(user__isnull=False).values("user"))
        .exclude(team__in=still.filter(team__isnull=False).values("team"))
    )


@transaction.atomic(savepoint=False)
def give_again(*, by: User, child: Child, grants: Collection[uuid.UUID]) -> None:
    """Give again what was ended by an act that is taken back, from now on: to whom has not got it since.

    Args:
        by: who takes it back.
        child: the record that stands for the child.
        grants: the ids of those that were ended; of other children's records, none is given.
    """
    ended = AccessGrant.objects.filter(pk__in=grants, child__stands_for=child.pk)
    now = timezone.now()
    given = [
        AccessGrant(
            child_id=one.child_id,
            user_id=one.user_id,
            team_id=one.team_id,
            reason=one.reason,
            since=now,
            source=one.source,
            why=one.why,
            given_by_id=one.given_by_id,
            taken_on_at=one.taken_on_at,
        )
        for one in ended.order_by("pk")
        if not AccessGrant.objects.filter(
            child=one.child_id, user=one.user_id, team=one.team_id, reason=one.reason, until=None
        ).exists()
    ]
    AccessGrant.objects.bulk_create(given)
    for one in given:
        audit.record(
            by=by,
            kind="access.granted",
            authority=child.authority,
            child=one.child_id,
            subject_kind="user" if one.user_id else "team",
            subject=one.user_id or one.team_id,
            detail={"reason": one.reason},
        )
