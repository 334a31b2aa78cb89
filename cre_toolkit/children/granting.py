"""Access to a child's record is given and ended: dated, for one reason each, and on the audit trail.

What a grant lets somebody see is the policy's to say (`access.py`).
"""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant, Child, Merge

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
) -> None:
    """Let a user or a team see a child from now on; nothing happens where the same grant is open already.

    Args:
        by: who gives it; None for the service itself.
        child: the child.
        reason: why.
        user, team_id: to whom: one of the two.
        source: the record it comes from.
        why: in the words of whoever gives it, where they were asked.
    """
    grant_each(
        by=by,
        child=child,
        reason=reason,
        users=[user.pk] if user else [],
        teams=[team_id] if team_id else [],
        source=source,
        why=why,
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

    Raises:
        NotAllowed: whoever gives it sees the record by break-glass alone, and chose somebody.
    """
    if not users and not teams:
        return
    # In the same query: whether whoever gives it has broken the glass.
    broken = access.current() & Q(user=by, reason=Reason.BREAK_GLASS)
    held = AccessGrant.objects.filter(broken | Q(reason=reason, until=None), child=child)
    rows = list(held.values_list("reason", "user", "team"))
    open_already = {(user, team) for why_held, user, team in rows if why_held == reason}
    if by and any(why_held == Reason.BREAK_GLASS for why_held, *_ in rows):
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
def end_each(*, by: User | None, child: Child, grants: QuerySet[AccessGrant]) -> None:
    """End several accesses to one child's records from now on, of people and teams. Two queries and audit.

    Args:
        by: who ends them; None for the service itself.
        child: the record that stands for the child.
        grants: which; those that have ended already stay as they are.
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
