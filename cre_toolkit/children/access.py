"""Who may see which child, and why: the one access policy. Whatever shows or changes a record asks here.

Access comes from a reason (service.md, "Roles"): a grant to the person or to one of their teams, managing
somebody who has one, or a role held in the child's authority. What a person may not see does not exist for
them: it is not found, rather than forbidden.

The policy answers four questions: which records may somebody see (`visible_to` for lists, `sees` for children
who are at hand already), may they see this one (`find_child`), is this act theirs (`may`, `check`), and who
may see this record (`viewers.py`). All cost a fixed number of queries, whatever the caseload. Access is given
and ended in `granting.py`.

Two things close a record whatever the reason (docs/adr/0007): it is restricted to people named on it, or
somebody is locked out of it. Both are one condition (`open_to`), part of every answer given here.
"""

import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from cre_toolkit.accounts.dated import current as current
from cre_toolkit.accounts.models import Membership, Role, RoleHeld, User
from cre_toolkit.accounts.refusals import NotAllowed as NotAllowed
from cre_toolkit.accounts.refusals import NotVisible as NotVisible
from cre_toolkit.audit import actions as audit
from cre_toolkit.children.models import AccessGrant, Child, LastLook, LockOut, Merge

# `Act` under its own name again: whoever asks the policy names the act in the same breath.
from cre_toolkit.children.permissions import ROLES_FOR
from cre_toolkit.children.permissions import Act as Act
from cre_toolkit.children.standing import Standing as Standing
from cre_toolkit.children.standing import may as may
from cre_toolkit.children.standing import standing_of as standing_of
from cre_toolkit.statements import statement

# Levels at which a child protection manager sees every child of the authority.
SEEN_BY_CHILD_PROTECTION_MANAGER = ("medium", "high")

FOR_A_DAY = (
    "You see this record by break-glass, for a day, so it is not yours to say who else sees it. Ask the"
    " allocated worker, their manager or a child protection manager."
)


def grants_for(standing: Standing) -> QuerySet[AccessGrant]:
    """The grants that let this person see something: their own, their teams', and those of whom they manage.

    A team manager sees what the team's practitioners see by grants of their own, while they are in the team
    and the manager's role holds in the team's authority. What somebody sees through another team is that
    team's business.
    """
    helps = Q(user=standing.user)
    if standing.teams:
        helps |= Q(team__pk__in=standing.teams)
    if standing.managed:
        team_mates = Membership.objects.filter(current(), team__pk__in=standing.managed)
        # Not what one of them took by breaking the glass: that is for them alone, and is reviewed.
        given = ~Q(reason=AccessGrant.Reason.BREAK_GLASS)
        helps |= given & Q(user__in=team_mates.values("user"))
    return AccessGrant.objects.filter(current(), helps)


def _in_charge_of(standing: Standing, path: str = "") -> Q | None:
    """The children whom a role shows by itself: to a child protection manager, those at medium or high."""
    authorities = standing.authorities(Act.SEE_AT_LEVEL)
    if not authorities:
        return None
    levels = SEEN_BY_CHILD_PROTECTION_MANAGER
    return Q((f"{path}authority__in", authorities), (f"{path}working_level__in", levels))


def visible_to(user: User, standing: Standing | None = None) -> QuerySet[Child]:
    """The children whose records the user may see, as a query to filter further.

    It starts from what the user has been granted, however many children there are.

    Args:
        user: the person who asks.
        standing: what they hold, where the caller has read it already.

    Returns:
        Each child once. Empty for a role that sees no child (administrator, analyst, records auditor).
    """
    standing = standing or standing_of(user)
    if not standing.practises:
        return Child.objects.none()
    ids = grants_for(standing).values("child")
    # A record that was merged into another is seen by way of the one that was kept.
    kept = Child.objects.filter(open_to(user), merged_into=None)
    in_charge_of = _in_charge_of(standing)
    if in_charge_of is None:
        return kept.filter(pk__in=ids)
    return kept.filter(pk__in=ids.union(Child.objects.filter(in_charge_of).values("pk")))


def followed_by(standing: Standing) -> QuerySet[Child]:
    """Of the children whom somebody may see, those whom they follow: to whom they, or one of those whom they
    manage, have an access of their own. What a team or a role shows besides is more than anybody follows.
    """
    if not standing.practises:
        return Child.objects.none()
    own = grants_for(standing).filter(user__isnull=False)
    return Child.objects.filter(open_to(standing.user), merged_into=None, pk__in=own.values("child"))


def sees(standing: Standing, path: str = "") -> Q:
    """The same policy as `visible_to`, as a condition on children who are at hand already.

    It tries each child that the rest of the query leaves: right for one child, or for the few that a search
    finds; `visible_to` is right for lists. Of a record that was merged it says whether the kept one is seen.

    Args:
        standing: whose eyes.
        path: in a query of another model, how it gets to the child (`child__`).
    """
    if not standing.practises:
        return Q(pk__in=[])
    return open_to(standing.user, path) & _given(standing, grants_for(standing), path)


def _given(standing: Standing, grants: QuerySet[AccessGrant], path: str = "") -> Q:
    """The children whom some of these grants show, or a role by itself; `path` as in `sees`."""
    seen = Q(Exists(grants.filter(child=OuterRef(f"{path}stands_for"))))
    in_charge_of = _in_charge_of(standing, path)
    # What the row itself says comes first: only where it does not show the child are grants looked for.
    return seen if in_charge_of is None else in_charge_of | seen


def by_break_glass_alone(standing: Standing, child: Child) -> bool:
    """Whether nothing but break-glass shows somebody a child. One query.

    Who sees the record is then not theirs to say, nor can they stay for longer than it lasts.
    """
    broke = AccessGrant.Reason.BREAK_GLASS
    broken = grants_for(standing).filter(reason=broke, child=OuterRef("stands_for"))
    lasting = _given(standing, grants_for(standing).exclude(reason=broke))
    return Child.objects.filter(Exists(broken), ~lasting, pk=child.stands_for).exists()


def open_to(user: User, path: str = "") -> Q:
    """The records that are not closed to somebody, whatever their roles: a part of every answer given here.

    A restricted record is open to the people named on it. Nothing opens a record to whoever is locked out.

    Args:
        user: whose eyes.
        path: as in `sees`.
    """
    named = AccessGrant.objects.filter(current(), user=user, reason=AccessGrant.Reason.NAMED)
    is_named = Q((f"{path}stands_for__in", named.values("child__stands_for")))
    return (Q((f"{path}restricted", False)) | is_named) & ~locked_out(user, path)


def locked_out(user: User, path: str = "") -> Q:
    """The records that somebody must not see, nor hear of; `user` and `path` as in `open_to`."""
    theirs = LockOut.objects.filter(current(), user=user)
    return Q((f"{path}stands_for__in", theirs.values("child__stands_for")))


def admitted(child: Child, path: str = "") -> Q:
    """The same from the other side: the users to whom a record is not closed.

    Whoever is told of a child, or is given something to do with it, is asked for with this.

    Args:
        child: whose record.
        path: in a query of another model, how it gets to the user (`user__`).
    """
    return admitted_to(child.stands_for, restricted=child.restricted, path=path)


def admitted_to(stands_for: uuid.UUID, *, restricted: bool, path: str = "") -> Q:
    """As `admitted`, for a statement: of the record that stands for a child, and whether it is restricted."""
    admits = ~_locked_out_of(stands_for, path)
    if restricted:
        named = AccessGrant.objects.filter(
            current(), child__stands_for=stands_for, reason=AccessGrant.Reason.NAMED
        )
        admits &= Q((f"{path}pk__in", named.values("user")))
    return admits


def locked_out_of(child: Child) -> Q:
    """Those who must not see this record, nor hear of it."""
    return _locked_out_of(child.stands_for)


def _locked_out_of(stands_for: uuid.UUID, path: str = "") -> Q:
    theirs = LockOut.objects.filter(current(), child__stands_for=stands_for)
    return Q((f"{path}pk__in", theirs.values("user")))


def settles(standing: Standing, child: str = "") -> Q:
    """The children whose possible duplicates somebody may compare and settle, as a condition.

    It gives sight of what tells two children apart, on the pages of that duty (`pairs.py`), of nothing else.
    """
    theirs = Q((f"{child}authority__in", standing.authorities(Act.SETTLE_DUPLICATES)))
    return theirs & open_to(standing.user, child)


def keeps(standing: Standing, child: str = "") -> Q:
    """The children the keeping of whose records is somebody's duty, as a condition.

    It gives sight of how long a record is kept and why (`records`), by its reference, of nothing else.
    """
    theirs = Q((f"{child}authority__in", standing.authorities(Act.KEEP_RECORDS)))
    return theirs & Q((f"{child}merged_into", None)) & open_to(standing.user, child)


def answers_for(standing: Standing, child: str = "") -> Q:
    """The children about whom somebody may answer a subject access request, as a condition.

    It gives sight of what is collected for such a request (`records`), of nothing else.
    """
    theirs = Q((f"{child}authority__in", standing.authorities(Act.ANSWER_SUBJECT_ACCESS)))
    return theirs & Q((f"{child}merged_into", None)) & open_to(standing.user, child)


def monitors(standing: Standing, child: str = "") -> Q:
    """The children whose missing episodes somebody watches over, as a condition.

    For those of the authority's monitoring group it gives sight of who is missing, of the episodes and what
    became of the return interviews (`casework/missing/monitoring.py`), of nothing else; a team manager has it
    of the children whom they see.
    """
    theirs = Q((f"{child}authority__in", standing.authorities(Act.MONITOR_MISSING)))
    if may(standing, Act.MONITOR_MISSING_OF_TEAM):
        seen = visible_to(standing.user, standing).order_by()
        theirs |= Q((f"{child}stands_for__in", seen.values("pk")))
    return theirs & open_to(standing.user, child)


def finds_routes(standing: Standing, child: str = "") -> Q:
    """The children of whom something reaches nobody, as a condition: for those whose duty that queue is.

    It gives sight of an entry of the queue (`casework/referral/no_route.py`), by its reference, and no more.
    """
    theirs = Q((f"{child}authority__in", standing.authorities(Act.FIND_ROUTE)))
    return theirs & open_to(standing.user, child)


def own_grant(standing: Standing, child: str = "") -> Q:
    """Whether a practising user sees a child by a grant of their own: a condition on what has a child.

    The quick way to a yes for the pages that are opened most, whatever else they may see; some of
    `visible_to`, never more. Where it finds nothing, `visible_to` has the last word. A row comes once for
    each grant: ask for the first, or for distinct ones.

    Args:
        standing: of the person who asks.
        child: the path that leads to the child, `child__`.
    """
    if not standing.practises:
        return Q(pk__in=[])
    own = Q((f"{child}grants__user", standing.user), (f"{child}merged_into", None))
    return own & current(f"{child}grants__") & open_to(standing.user, child)


def holds(act: Act, user: User | uuid.UUID | OuterRef) -> Exists:
    """Whether an act is within somebody's roles, as `may` tells, but as part of another query."""
    return Exists(RoleHeld.objects.filter(current(), user=user, role__in=ROLES_FOR[act]))


def practising() -> QuerySet[User]:
    """Everybody whose roles show them children at all: whom a record can be given to."""
    return User.objects.filter(holds(Act.SEE_GIVEN, OuterRef("pk")), is_active=True)


def acts_of(standing: Standing) -> dict[str, bool]:
    """Every act by its name in small letters, and whether it is within the user's roles: for links."""
    return {act.name.lower(): may(standing, act) for act in Act}


def check(standing: Standing, act: Act) -> None:
    """Raise `NotAllowed`, saying why, unless `may`."""
    if not may(standing, act):
        raise NotAllowed("Your roles do not include this. Your account page lists what they do include.")


def find_child(
    *,
    by: User,
    reference: str,
    kind: str = "child.viewed",
    act: Act | None = None,
    standing: Standing | None = None,
) -> Child:
    """One child's record for somebody who may see it; the look is written to the audit trail with it.

    Must run in a transaction. A refusal is not written here, since the caller's transaction ends with it.

    Args:
        by: the person who looks.
        reference: the child's opaque reference.
        kind: the audit event's kind.
        act: what they mean to do, where it is more than to look.
        standing: what they hold, where the caller has read it already.

    Raises:
        NotVisible: no such child, or not for this person.
        NotAllowed: the child is theirs to see, the act is not theirs to do.
    """
    standing = standing or standing_of(by)
    # The reference of a record that was merged leads to the kept one.
    found = _known_as(standing=standing, reference=reference, merged=False) or _known_as(
        standing=standing, reference=reference, merged=True
    )
    if not found:
        raise NotVisible(reference)
    child = found[0]
    if act:
        check(standing, act)
    audit.record(by=by, kind=kind, authority=child.authority, child=child.pk)
    return child


def check_says_who_sees(standing: Standing, child: Child) -> None:
    """Raise `NotAllowed` for whoever sees a child by break-glass alone: who else does is not for them."""
    if by_break_glass_alone(standing, child):
        raise NotAllowed(FOR_A_DAY)


@statement
def _known_as(*, standing: Standing, reference: str, merged: bool) -> QuerySet[Child]:
    """The child of a reference; with `merged`, the one into whose record that of the reference was merged."""
    named = Q(merged_children__reference=reference) if merged else Q(reference=reference, merged_into=None)
    # Whether other records were merged into it, for the page to say so.
    has_merged = Exists(Child.objects.filter(merged_into=OuterRef("pk")))
    # And what of the case they have seen already, to tell what is new and move the mark only where it moves.
    looked = LastLook.objects.filter(user=standing.user, child=OuterRef("pk")).values("at")
    children = Child.objects.select_related("allocated_worker").annotate(
        has_merged=has_merged, looked_at=Subquery(looked)
    )
    return children.filter(sees(standing), named)[:1]


def seen_by_way_of(standing: Standing, child: Child) -> Child:
    """The record by which somebody sees a child: the merged one where they see the kept one by a merge alone.

    Whoever begins something means the child whom they know: should the merge be undone, it goes with that
    record. One query; two more for each merge on the way.

    Args:
        standing: who begins something.
        child: the record that stands for the child, which they may see.
    """
    grants = list(grants_for(standing).filter(child=child))
    if not grants or any(grant.reason != AccessGrant.Reason.MERGED for grant in grants):
        return child
    merge = Merge.objects.select_related("merged").get(pk=str(grants[0].source))
    return seen_by_way_of(standing, merge.merged)


def child_of(reference: str) -> uuid.UUID | None:
    """Whose record a reference names: for the audit of a refusal alone, never for who was refused."""
    return Child.objects.filter(reference=reference).values_list("pk", flat=True).first()


def roles_held(authority: str, roles: Iterable[Role]) -> QuerySet[RoleHeld]:
    """Who holds one of these roles in an authority now."""
    return RoleHeld.objects.filter(current(), authority=authority, role__in=list(roles))
