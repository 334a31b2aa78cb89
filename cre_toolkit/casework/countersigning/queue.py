"""Whose it is to answer an assessment, and what waits for whom. Nobody answers their own.

Source: CRE 2020, page 10 ("the practitioner's manager"); toolkit.md, B4. Our reading: the manager is whoever
manages a team that the author is in; while they are on leave, also a manager who stands in for them. A child
protection manager may answer any; another team manager of the authority where the author has no manager who
could.
"""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from cre_toolkit.accounts.models import Cover, Membership, RoleHeld, User
from cre_toolkit.assessments.models import EarlierAuthor, Record
from cre_toolkit.casework.models import Awaiting
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, Standing
from cre_toolkit.children.models import LockOut
from cre_toolkit.children.permissions import ROLES_FOR

WHOSE = (
    "An assessment is countersigned by the manager of whoever wrote it, by the manager who stands in for them"
    " while they are on leave, or by a child protection manager; where they have no manager here, by another"
    " team manager. Never by anybody who wrote in it. Ask one."
)


def may_countersign(standing: Standing, record: Record) -> bool:
    """Whether this person answers an assessment, as far as it is anybody's to answer. At most one query.

    Args:
        standing: whose; they see the child, as the caller has made sure.
        record: which; with its assessment.
    """
    if not access.may(standing, Act.COUNTERSIGN):
        return False
    theirs = (_asked_of(standing) | _of_any(standing)) & not_own(standing.user)
    return Record.objects.filter(theirs, pk=record.pk).exists()


def queue(standing: Standing) -> QuerySet[Awaiting] | None:
    """The assessments that wait for this person's answer; None where it is nobody's duty.

    Those first by which the child was in immediate danger, and of these and the others the oldest.

    Those of the people whom they manage, or whom somebody manages for whom they stand in, and of whoever has
    no manager who could answer. What else a child protection manager may answer is `queue_of_others`.
    """
    return _waiting(standing, _asked_of(standing)) if access.may(standing, Act.COUNTERSIGN) else None


def queue_of_others(standing: Standing) -> QuerySet[Awaiting] | None:
    """What waits for another manager first and is theirs to answer as well; None where nothing ever is."""
    if not access.may(standing, Act.COUNTERSIGN_ANY):
        return None
    return _waiting(standing, _of_any(standing) & ~_asked_of(standing))


def described(waiting: QuerySet[Awaiting] | None, most: int) -> list[Awaiting]:
    """The first of a queue with what a list says of them. One query; none where there is no queue."""
    if waiting is None:
        return []
    read = waiting.select_related("record__assessment", "record__child", "record__author")
    return list(read.defer("record__deflated")[:most])


def _waiting(standing: Standing, which: Q) -> QuerySet[Awaiting]:
    records = Record.objects.filter(which, not_own(standing.user))
    seen = access.visible_to(standing.user, standing)
    # The record of a child who has died can be answered there; nobody is asked to.
    alive = seen.filter(died_on=None)
    waiting = Awaiting.objects.filter(record__in=records, record__child__stands_for__in=alive.values("pk"))
    return waiting.order_by("-danger", "since", "record")


def _of_any(standing: Standing) -> Q:
    return Q(child__authority__in=standing.authorities(Act.COUNTERSIGN_ANY))


def _asked_of(standing: Standing) -> Q:
    """The assessments for which somebody is asked first: see `queue`.

    Of a restricted record it is whoever is named on it and may: the author's manager need not be.
    """
    theirs = Q(team__pk__in=standing.managed) | Q(team__in=_teams_meanwhile(standing).values("team"))
    managed = Membership.objects.filter(access.current(), theirs)
    by_theirs = Q(author__in=managed.values("user"))
    of_authority = Q(child__authority__in=standing.authorities(Act.COUNTERSIGN))
    return by_theirs | of_authority & (Q(child__restricted=True) | Q(~Exists(_could_answer())))


def not_own(user: User) -> Q:
    """The records that somebody neither sent, nor wrote in before they handed the draft over."""
    had = EarlierAuthor.objects.filter(user=user)
    return ~(Q(author=user) | Q(assessment__in=had.values("assessment")))


def _could_answer() -> QuerySet[Membership]:
    """Who manages a team of a record's author and could answer: part of a query of records."""
    of_record = OuterRef(OuterRef("child__stands_for"))
    locked_out = LockOut.objects.filter(access.current(), user=OuterRef("user"), child__stands_for=of_record)
    wrote = EarlierAuthor.objects.filter(user=OuterRef("user"), assessment=OuterRef(OuterRef("assessment")))
    managing = _managing(OuterRef(OuterRef("author")))
    return managing.filter(~Exists(locked_out), ~Exists(wrote)).exclude(user=OuterRef("author"))


def _managing(author: uuid.UUID | OuterRef) -> QuerySet[Membership]:
    """Who manages a team that somebody is in now, with the role for it.

    Args:
        author: whose manager; as part of a query of records, what leads there from two queries further in.
    """
    own = Membership.objects.filter(access.current(), user=author)
    return _managers().filter(team__in=own.values("team"))


def _managers() -> QuerySet[Membership]:
    """Who manages a team now, with the role for it."""
    with_the_role = RoleHeld.objects.filter(
        access.current(),
        user=OuterRef("user"),
        authority=OuterRef("team__authority"),
        role__in=ROLES_FOR[Act.SEE_OF_TEAM],
    )
    return Membership.objects.filter(
        access.current(), Exists(with_the_role), manages=True, user__is_active=True
    )


def _teams_meanwhile(standing: Standing) -> QuerySet[Membership]:
    """The teams of those for whom somebody stands in now, where they may answer themselves."""
    absent = Cover.objects.filter(access.current(), stand_in=standing.user).values("absent")
    return _managers().filter(user__in=absent, team__authority__in=standing.authorities(Act.COUNTERSIGN))


def stands_in_for(standing: Standing, record: Record) -> list[User]:
    """For whom somebody answers an assessment: the author's managers on leave for whom they stand in.

    Nobody where it is their own to answer. One query.
    """
    managing = _managing(record.author_id)
    absent = Cover.objects.filter(access.current(), stand_in=standing.user).values("absent")
    own = managing.filter(user=standing.user)
    found = User.objects.filter(~Exists(own), pk__in=managing.filter(user__in=absent).values("user"))
    return list(found.order_by("name", "pk"))


def managers_of(record: Record) -> list[User]:
    """Who is asked first to answer an assessment, by name: for whoever waits for them. One query.

    With those who stand in for one of them now.
    """
    wrote = EarlierAuthor.objects.filter(assessment=record.assessment_id)
    managing = _managing(record.author_id).values("user")
    meanwhile = Cover.objects.filter(
        access.current(),
        access.holds(Act.COUNTERSIGN, OuterRef("stand_in")),
        absent__in=managing,
        stand_in__is_active=True,
    )
    asked = User.objects.filter(
        access.admitted(record.child), Q(pk__in=managing) | Q(pk__in=meanwhile.values("stand_in"))
    ).exclude(pk=record.author_id)
    others = asked.exclude(pk__in=wrote.values("user"))
    return list(others.select_related("agency").order_by("name", "pk"))


def in_charge_of(record: Record) -> list[User]:
    """The child protection managers who may answer an assessment: asked where no manager could. One query."""
    child = record.child
    held = access.roles_held(child.authority, ROLES_FOR[Act.COUNTERSIGN_ANY])
    wrote = EarlierAuthor.objects.filter(assessment=record.assessment_id)
    them = User.objects.filter(access.admitted(child), pk__in=held.values("user"), is_active=True)
    others = them.exclude(pk=record.author_id).exclude(pk__in=wrote.values("user"))
    return list(others.order_by("name", "pk"))
