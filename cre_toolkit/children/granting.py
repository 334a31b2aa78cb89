"""Access to a child's record is given and ended: dated, for one reason each, and on the audit trail.

What a grant lets somebody see is the policy's to say (`access.py`).
"""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children.models import AccessGrant, Child, Merge


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
    """
    if not users and not teams:
        return
    open_already = set(
        AccessGrant.objects.filter(child=child, reason=reason, until=None).values_list("user", "team")
    )
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
