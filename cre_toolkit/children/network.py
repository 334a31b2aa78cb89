"""The network of practitioners around a child: who works with the child, and sees the record because of it.

Somebody is in it by what they did themselves (added the child, assessed, was handed an assessment) or because
they were let in by whoever is responsible. Joining and leaving are acts of their own, with their dates.
"""

import uuid

from django.db import transaction
from django.db.models import QuerySet

from cre_toolkit.accounts.models import User
from cre_toolkit.children import access, granting
from cre_toolkit.children.access import Act, NotAllowed, Standing
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.telling import tell

Reason = AccessGrant.Reason
# What ends when somebody leaves: every access of their own, but for what is given and ended elsewhere. The
# worker is changed on the record, a name on a restricted record is taken off there, and the rest runs out.
ENDED_BY_LEAVING = (
    Reason.NETWORK, Reason.ADDED, Reason.ASSESSED, Reason.HANDED_OVER, Reason.SENT, Reason.MERGED,
)  # fmt: skip


class CannotJoin(ValueError):
    """This person cannot be let in; the message says why, and what to do."""


class CannotLeave(ValueError):
    """This person cannot leave; the message says why, and what to do."""


def keeps(standing: Standing, child: Child) -> bool:
    """Whether somebody who sees a child may say who is in the network.

    The allocated worker does, and so does a manager, whether or not there is a worker.
    """
    own = child.allocated_worker_id == standing.user.pk
    return access.may(standing, Act.KEEP_NETWORK) or (own and access.may(standing, Act.KEEP_NETWORK_OF_OWN))


def places(child: Child) -> QuerySet[AccessGrant]:
    """The accesses of people, not of teams, that hold now: a person once for each reason. One query."""
    held = AccessGrant.objects.filter(
        access.current(), child=child, user__isnull=False, user__is_active=True
    ).exclude(reason=Reason.NAMED)
    return held.select_related("user__agency").order_by("user__name", "user", "since")


def around(child: Child) -> dict[uuid.UUID, str]:
    """The addresses of everybody who has an access of their own to the record, and may hear of it. One query.

    Whom to tell of what changes for everybody who works with the child.

    Args:
        child: the record that stands for the child.
    """
    held = AccessGrant.objects.filter(
        access.current(), access.admitted(child, "user__"), child=child, user__is_active=True
    )
    return dict(held.values_list("user", "user__email"))


def people(child: Child) -> list[User]:
    """Each person of the network to whom the record is open, by name. One query."""
    places_held = AccessGrant.objects.filter(
        access.current(), child=child.stands_for, user__isnull=False
    ).exclude(reason=Reason.NAMED)
    held = User.objects.filter(access.admitted(child), is_active=True, pk__in=places_held.values("user"))
    return list(held.select_related("agency").order_by("name", "pk"))


def past_places(child: Child) -> QuerySet[AccessGrant]:
    """Those that ended, the last first. One query."""
    ended = AccessGrant.objects.filter(child=child, user__isnull=False, reason__in=ENDED_BY_LEAVING)
    return ended.exclude(until=None).select_related("user__agency").order_by("-until", "user__name")


@transaction.atomic
def join(*, by: User, child: Child, user: User, why: str) -> None:
    """Let a practitioner into the network: they see the record from now on, and are told by mail.

    Args:
        by: the allocated worker, a manager or a child protection manager, who sees the child: that the caller
            has made sure of.
        child: the record that stands for the child.
        user: who joins.
        why: what they do with the child.

    Raises:
        NotAllowed: the network is not theirs to keep.
        CannotJoin: the record cannot be given to this person.
    """
    held = hold(child)
    _check_keeps(by, held)
    if held.restricted:
        raise CannotJoin("This record is restricted. Name the person on it instead.")
    if not access.practising().filter(access.admitted(held), pk=user.pk).exists():
        raise CannotJoin("This person cannot be given the record. Ask your manager.")
    already = AccessGrant.objects.filter(access.current(), child=held, user=user, reason=Reason.NETWORK)
    if already.exists():
        return
    granting.grant(by=by, child=held, reason=Reason.NETWORK, user=user, why=why)
    tell(
        by=by,
        child=held,
        people={user.pk: user.email},
        subject=f"You have joined the network around {held.reference}",
        body=(
            f"You can now see the record with the reference {held.reference} in CRE Toolkit.\n\n"
            "Sign in and search for the reference to open it. For safety this message says nothing more."
        ),
        cause=held.pk,
    )


@transaction.atomic
def leave(*, by: User, child: Child, user: User) -> None:
    """Somebody leaves the network: what they see by their own part in it ends now.

    What a team of theirs or a role lets them see, they still see.

    Args:
        by: themselves, or whoever keeps the network; they see the child, which the caller has made sure of.
        child: the record that stands for the child.
        user: who leaves.

    Raises:
        NotAllowed: it is somebody else, and the network is not theirs to keep.
        CannotLeave: they are the allocated worker.
    """
    held = hold(child)
    if by != user:
        _check_keeps(by, held)
    if held.allocated_worker_id == user.pk:
        raise CannotLeave("The allocated worker is in the network. Name another worker on the record first.")
    theirs = AccessGrant.objects.filter(
        access.current(), child__stands_for=held.pk, user=user, reason__in=ENDED_BY_LEAVING
    )
    for place in theirs.select_related("child").order_by("since"):
        granting.end_grant(by=by, child=place.child, reason=Reason(place.reason), user=user)


def _check_keeps(by: User, child: Child) -> None:
    standing = access.standing_of(by)
    access.check_says_who_sees(standing, child)
    if not keeps(standing, child):
        raise NotAllowed(
            "Who is in the network is for the allocated worker, their manager and the child protection"
            " manager to say. Ask one of them."
        )
