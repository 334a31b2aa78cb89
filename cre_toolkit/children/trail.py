"""Who may read what of the audit trail, and what stands for the ids in it: the trail's access policy.

A records auditor reads the trail of their authority and no child's record: to them a child is a reference.
Managers and child protection managers read about the children whose records they see. Who is locked out of a
record reads nothing of it here either; that it is restricted keeps no auditor from asking who looked.
"""

import uuid
from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from cre_toolkit.accounts.models import RoleHeld, User
from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, NotAllowed, NotVisible, Standing
from cre_toolkit.children.models import Child


def check(standing: Standing) -> None:
    """Raise `NotAllowed` for whoever may read nothing of the trail."""
    if not access.may(standing, Act.READ_TRAIL):
        access.check(standing, Act.READ_TRAIL_OF_SEEN)


def reads_all(standing: Standing) -> bool:
    """Whether somebody may ask without naming a child."""
    return access.may(standing, Act.READ_TRAIL)


def child_asked_about(standing: Standing, reference: str) -> Child:
    """The child about whom somebody may ask.

    Args:
        standing: whoever asks.
        reference: the child's; that of a merged record leads to the one that was kept.

    Raises:
        NotVisible: no such child, or not one whom they may ask about.
    """
    theirs = Q(authority__in=standing.authorities(Act.READ_TRAIL))
    if access.may(standing, Act.READ_TRAIL_OF_SEEN):
        theirs |= access.sees(standing)
    of_reference = Q(reference=reference) | Q(merged_children__reference=reference)
    theirs &= ~access.locked_out(standing.user)
    child = Child.objects.filter(of_reference, theirs, merged_into=None).first()
    if child is None:
        raise NotVisible(reference)
    return child


def events(standing: Standing, child: Child | None) -> QuerySet[Event]:
    """What somebody may read: of a child whom they may ask about everything, else of their authorities.

    What belongs to no authority (signing in, a search, a list) is read by the auditor of an authority where
    the person who did it holds or held a role.

    Args:
        standing: whoever asks.
        child: what `child_asked_about` gave; None to ask about no one child.

    Raises:
        NotAllowed: they may ask only about a child.
    """
    if child:
        records = Child.objects.filter(stands_for=child.pk).values_list("pk", flat=True)
        return audit.of_child(*{child.pk, *records})
    if not reads_all(standing):
        raise NotAllowed("Your roles let you ask about one child: enter the child’s reference.")
    authorities = standing.authorities(Act.READ_TRAIL)
    people = RoleHeld.objects.filter(authority__in=authorities).values("user")
    of_no_authority = Q(authority="") & (Q(actor__in=people) | Q(actor=None, subject__in=people))
    not_theirs = Child.objects.filter(access.locked_out(standing.user)).values("pk")
    read = Event.objects.filter(Q(authority__in=authorities) | of_no_authority)
    return read.filter(Q(child=None) | ~Q(child__in=not_theirs))


def people_in(page: Iterable[Event]) -> Mapping[uuid.UUID, User]:
    """Who acted in these events, was acted upon or was told, with their agencies, by their ids. One query."""
    actors = {event.actor for event in page if event.actor}
    subjects = {event.subject for event in page if event.subject and event.subject_kind == "user"}
    told = {user for event in page for user in users_told(event)}
    return User.objects.select_related("agency").in_bulk([*actors | subjects | told])


def users_told(event: Event) -> list[uuid.UUID]:
    """To whom something was sent, where the event says so."""
    return [uuid.UUID(user) for user in event.detail.get("users", ())]


def references_in(page: Iterable[Event], standing: Standing, child: Child | None) -> Mapping[uuid.UUID, str]:
    """The references of the children of these events, of those whom the person may ask about. One query.

    Args:
        page: the events.
        standing: whoever reads them.
        child: the child about whom they asked.
    """
    authorities = standing.authorities(Act.READ_TRAIL)
    theirs = Q(authority__in=authorities) | Q(pk=child.pk if child else None)
    ids = {event.child for event in page if event.child}
    return dict(Child.objects.filter(theirs, pk__in=ids).values_list("pk", "reference"))
