"""Reminding people of what runs by the hour: a while before it is due, and as soon as it is overdue.

What is due on a day stands in the list of each morning (`digest.py`). Each person is reminded of each thing
once before and once after, of all on one record together: the row that says so is written with the message,
in one transaction, so that a worker who dies between two people has told the one and not the other, and the
next one goes on from there.

Who is reminded: the allocated worker, or where nobody is, whoever did what asks for it, if they work in the
authority that is responsible; in their place whoever stands in for them. Nobody who may not see the child:
where that leaves none of these, whoever manages the worker, and then the authority's front door.
"""

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Cover, User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.state import CALLS
from cre_toolkit.casework.models import CaseEvent, Due, Reminder
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.casework.transfer.caseload import managers_of
from cre_toolkit.children import access
from cre_toolkit.children.permissions import ROLES_FOR, Act
from cre_toolkit.children.telling import tell

# So long before it is due; what was asked for later than that is reminded of once it is overdue alone.
BEFORE = datetime.timedelta(hours=4)
# Whoever has just said that there is danger is on the telephone, and logs the call afterwards.
CALL_TO_BE_LOGGED = datetime.timedelta(minutes=30)
# What became overdue longer ago stands in the lists of the mornings since.
NO_LONGER = datetime.timedelta(days=2)

Kind = Reminder.Kind
SUBJECTS = {
    Kind.BEFORE: "Record {reference}: something is due soon",
    Kind.AFTER: "Record {reference}: something is overdue",
}
_WORDS = {
    Kind.BEFORE: "Something on record {reference} in CRE Toolkit is due soon.",
    Kind.AFTER: "Something on record {reference} in CRE Toolkit is due and has not been recorded as done.",
}
_BODY = """\
{words}

Sign in to see what it is, and record it once it is done: {address}

For safety this message says nothing more. It cannot be switched off: it is about a child's protection.
"""


def remind() -> None:
    """Send the reminders that nobody has sent yet. Called by the worker; each is a transaction of its own."""
    for kind, rows in ((Kind.BEFORE, _due_soon()), (Kind.AFTER, _overdue())):
        for person, dues in _yet_to_hear(kind, rows):
            try:
                send_reminder(by=None, person=person, kind=kind, dues=dues)
            except IntegrityError:
                # Another worker has sent it meanwhile; of this one nothing was written.
                continue


def _yet_to_hear(kind: Reminder.Kind, rows: Iterable[Due]) -> Iterator[tuple[User, list[Due]]]:
    """Each person, with what is due on one record and they have not been reminded of."""
    told = Reminder.objects.filter(kind=kind, at__gt=timezone.now() - 2 * NO_LONGER)
    had = set(told.values_list("person", "about"))
    found: dict[tuple[User, uuid.UUID], list[Due]] = {}
    for due in rows:
        for person in _people(due):
            if (person.pk, _about(due)) not in had:
                found.setdefault((person, due.child_id), []).append(due)
    for (person, _), dues in found.items():
        yield person, dues


@transaction.atomic
@together()
def send_reminder(*, by: User | None, person: User, kind: Reminder.Kind, dues: Sequence[Due]) -> None:
    """Remind one person of what is due on one record.

    Args:
        by: None: the service itself does.
        person: who is reminded, who may see the child.
        kind: before or after.
        dues: what, with its child.

    Raises:
        IntegrityError: of one of them they have been; nothing was written.
    """
    child, now = dues[0].child, timezone.now()
    Reminder.objects.bulk_create(
        Reminder(person=person, kind=kind, about=_about(due), at=now) for due in dues
    )
    audit.record(
        by=by,
        kind="reminder.sent",
        authority=child.authority,
        child=child.pk,
        subject_kind="user",
        subject=person.pk,
        detail={"kind": kind.value, "actions": sorted(due.action for due in dues)},
    )
    address = settings.SERVICE_ADDRESS + reverse("child", args=[child.reference])
    words = _WORDS[kind].format(reference=child.reference)
    tell(
        by=by,
        child=child,
        people={person.pk: person.email},
        subject=SUBJECTS[kind].format(reference=child.reference),
        body=_BODY.format(words=words, address=address),
        cause=child.pk,
    )


def away() -> Exists:
    """Whether somebody who is still here stands in for a user now, as a part of a query of users."""
    return Exists(Cover.objects.filter(access.current(), absent=OuterRef("pk"), stand_in__is_active=True))


def _timed() -> QuerySet[Due]:
    """What is due at an instant. What a birthday brings is due on a day."""
    return Due.objects.filter(due_at__isnull=False).select_related("child__allocated_worker")


def _due_soon() -> QuerySet[Due]:
    now = timezone.now()
    soon = _timed().filter(due_at__gt=now, due_at__lte=now + BEFORE).exclude(action__in=CALLS)
    # Asked for so late that it would come at once: whoever asked knows.
    return soon.filter(asked_at__lt=now - BEFORE)


def _overdue() -> QuerySet[Due]:
    now = timezone.now()
    calls = Q(action__in=CALLS)
    waited = (
        calls & Q(due_at__lt=now - CALL_TO_BE_LOGGED)
        # What is due at once is overdue at once: whoever asked for it is about to do it.
        | ~calls & Q(due_at__lt=now, asked_at__lt=now - BEFORE)
    )
    return _timed().filter(waited, due_at__gt=now - NO_LONGER)


def _people(due: Due) -> list[User]:
    """Who is reminded of this: the first of those whose it could be who may see the child."""
    for owners in _owners(due):
        told = [person for owner in owners for person in _in_their_place(owner, due)]
        if told:
            return list(dict.fromkeys(told))
    return []


def _in_their_place(owner: User, due: Due) -> list[User]:
    """Whoever stands in for somebody, or else they themselves, as far as they see the child."""
    covers = Cover.objects.filter(access.current(), absent=owner).select_related("stand_in")
    stand_ins = [cover.stand_in for cover in covers if _sees(cover.stand_in, due)]
    return stand_ins or ([owner] if _sees(owner, due) else [])


def _owners(due: Due) -> Iterator[Sequence[User]]:
    """Whose it is: who comes later, only where the ones before have left or no longer see the child."""
    worker, authority = due.child.allocated_worker, due.child.authority
    if worker:
        yield [worker]
    asked = CaseEvent.objects.filter(pk=due.event).select_related("by").first() if due.event else None
    works_there = access.roles_held(authority, ROLES_FOR[Act.SEE_GIVEN])
    # After a transfer, an earlier author of another authority may still see what they made, and acts no more.
    if asked and works_there.filter(user=asked.by).exists():
        yield [asked.by]
    if worker:
        yield from ([manager] for manager in managers_of(worker).order_by("pk"))
    yield list(transfers.receivers(due.child, authority).order_by("pk"))


def _sees(person: User, due: Due) -> bool:
    return access.visible_to(person).filter(pk=due.child.stands_for).exists()


def _about(due: Due) -> str:
    """What a reminder is about, for its row: it tells two things apart and says nothing of a child."""
    return hashlib.sha256(f"{due.child.stands_for} {due.action} {due.event}".encode()).hexdigest()
