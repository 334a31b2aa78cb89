"""Whose children are whose: the people of a manager's teams, what each has in hand, who can take it on."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cre_toolkit.accounts.dated import current
from cre_toolkit.accounts.models import Cover, Membership, RoleHeld, User
from cre_toolkit.accounts.refusals import NotVisible
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.children.permissions import ROLES_FOR, Act


@dataclass(frozen=True, slots=True)
class InHand:
    """What somebody has in hand, in numbers: for whoever may know how much it is, and no more."""

    children: int
    drafts: int


def in_hand(user: User) -> InHand:
    """How many children somebody is the allocated worker of, and how many assessments they have begun."""
    return InHand(
        children=user.allocated_children.filter(merged_into=None).count(),
        drafts=Assessment.objects.filter(author=user, status=Assessment.Status.DRAFT).count(),
    )


def managers_of(user: User) -> QuerySet[User]:
    """Who manages a team that somebody is in, and so sees their children and may hand them on."""
    with_the_role = RoleHeld.objects.filter(
        current(),
        user=OuterRef("user"),
        authority=OuterRef("team__authority"),
        role__in=ROLES_FOR[Act.HAND_ON],
    )
    theirs = Membership.objects.filter(current(), user=user).values("team")
    managing = Membership.objects.filter(current(), Exists(with_the_role), manages=True, team__in=theirs)
    return User.objects.filter(is_active=True, pk__in=managing.values("user")).exclude(pk=user.pk)


def find_team_mate(standing: access.Standing, person: uuid.UUID) -> User:
    """Somebody in a team that the user manages, also where their account has been closed.

    Raises:
        NotAllowed: whoever asks manages no team.
        NotVisible: nobody in a team of theirs.
    """
    access.check(standing, Act.HAND_ON)
    found = _team_mates(standing).filter(pk=person).first()
    if found is None:
        raise NotVisible(str(person))
    return found


def find_covered(standing: access.Standing, person: uuid.UUID) -> User:
    """For whom somebody arranges cover: as `find_team_mate`, or themselves."""
    if person != standing.user.pk:
        return find_team_mate(standing, person)
    access.check(standing, Act.HAND_ON)
    return standing.user


def team_mates(standing: access.Standing) -> Sequence[User]:
    """The people of the teams that somebody manages, by name. Three queries.

    Each comes with the number of `children` allocated to them and of their `drafts`, both of those whom the
    manager sees; with the cover that has not ended (`covered`), and with these teams (`works_in`).
    """
    seen = access.visible_to(standing.user, standing).order_by()
    theirs = seen.filter(allocated_worker=OuterRef("pk"))
    children = theirs.values("allocated_worker").annotate(number=Count("pk")).values("number")
    drafts = (
        Assessment.objects.filter(author=OuterRef("pk"), status=Assessment.Status.DRAFT)
        .filter(child__stands_for__in=seen.values("pk"))
        .order_by()
        .values("author")
        .annotate(number=Count("pk"))
        .values("number")
    )
    in_teams = Membership.objects.filter(current(), team__in=standing.managed).select_related("team")
    return list(
        _team_mates(standing)
        .annotate(children=Coalesce(Subquery(children), 0), drafts=Coalesce(Subquery(drafts), 0))
        .prefetch_related(
            Prefetch("memberships", in_teams, to_attr="works_in"),
            Prefetch("covers", covers_to_come(), to_attr="covered"),
        )
        .order_by("name", "pk")
    )


def left_behind(standing: access.Standing) -> QuerySet[Child] | None:
    """The children whom a manager sees and who are allocated to somebody who has left.

    None for whoever manages no team.
    """
    if not standing.managed:
        return None
    left = _team_mates(standing).filter(is_active=False)
    return access.visible_to(standing.user, standing).filter(allocated_worker__in=left.values("pk"))


def covers_to_come() -> QuerySet[Cover]:
    """Cover that holds now or has not begun, the earliest first."""
    # One that was ended before it began ends when it would have begun.
    to_come = Cover.objects.filter(until__gt=timezone.now()).exclude(until=F("since"))
    return to_come.select_related("stand_in").order_by("since")


def children_of(standing: access.Standing, worker: User) -> QuerySet[Child]:
    """What a manager hands on: the children whose allocated worker somebody is, as far as they are seen.

    Of somebody who has left also those of whom they have an unfinished assessment.
    """
    theirs = Q(allocated_worker=worker)
    if not worker.is_active:
        begun = Assessment.objects.filter(
            child__stands_for=OuterRef("stands_for"), author=worker, status=Assessment.Status.DRAFT
        )
        theirs |= Q(Exists(begun))
    return access.visible_to(standing.user, standing).filter(theirs)


def can_take_on(standing: access.Standing, worker: User) -> QuerySet[User]:
    """Who may be given somebody's children, for good or for a while.

    Each comes with how many children are `allocated` to them: with whom there is room is what a manager asks.
    Colleagues of the same agency who may assess where the manager manages a team; nobody else is named, since
    a list of all who use the service is no business of a team's.
    """
    authorities = Membership.objects.filter(team__in=standing.managed).values("team__authority")
    assess = RoleHeld.objects.filter(current(), authority__in=authorities, role__in=ROLES_FOR[Act.ASSESS])
    colleagues = User.objects.filter(is_active=True, agency=worker.agency_id, pk__in=assess.values("user"))
    theirs = Count("allocated_children", filter=Q(allocated_children__merged_into=None))
    return colleagues.exclude(pk=worker.pk).annotate(allocated=theirs).order_by("name", "pk")


def _team_mates(standing: access.Standing) -> QuerySet[User]:
    mates = Membership.objects.filter(current(), team__pk__in=standing.managed).values("user")
    return User.objects.filter(pk__in=mates).exclude(pk=standing.user.pk)
