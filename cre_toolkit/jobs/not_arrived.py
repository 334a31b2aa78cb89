"""Mail that did not arrive: who sees to it, sending it again, and saying that it needs nothing more.

Whoever caused a message sees to it, and so does an administrator where it was sent: of the authority of the
child about whom it is, or of one in which the person works to whom it went. Neither is shown what it says.
"""

import datetime
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.dated import current
from cre_toolkit.accounts.models import RoleHeld, User
from cre_toolkit.audit import actions as audit
from cre_toolkit.jobs.allow_list import allowed
from cre_toolkit.jobs.models import Message
from cre_toolkit.jobs.tasks import deliver

# A message that has waited for longer than this is shown: the mail server may be away.
LONG = datetime.timedelta(hours=1)
GIVEN_UP = (Message.Status.REFUSED, Message.Status.FAILED)


class CannotRetry(ValueError):
    """It cannot be sent again; says why, and what to do instead."""


def failed(user: User, authorities: Sequence[str]) -> QuerySet[Message]:
    """What was given up and nobody has seen to, as a query to count.

    Args:
        user: who asks.
        authorities: those whose administrator they are.
    """
    return Message.objects.filter(_theirs(user, authorities), status__in=GIVEN_UP, dealt_with_at=None)


def not_arrived(user: User, authorities: Sequence[str], most: int = 200) -> list[Message]:
    """What was given up and nobody has seen to, and what has waited long; the oldest first. One query.

    Args:
        user, authorities: as in `failed`.
        most: how many at the most.
    """
    waits = Q(status=Message.Status.WAITING, created_at__lt=timezone.now() - LONG)
    found = Message.objects.filter(
        _theirs(user, authorities), Q(status__in=GIVEN_UP) | waits, dealt_with_at=None
    )
    return list(found.select_related("by").defer("body").order_by("created_at", "pk")[:most])


def _theirs(user: User, authorities: Sequence[str]) -> Q:
    theirs = Q(by=user)
    if authorities:
        works_there = RoleHeld.objects.filter(
            current(), user__email=OuterRef("to"), authority__in=list(authorities)
        )
        theirs |= Q(authority__in=list(authorities)) | (Q(authority="") & Q(Exists(works_there)))
    return theirs


def find(user: User, authorities: Sequence[str], message: uuid.UUID) -> Message | None:
    """One that is theirs to see to and has not arrived, locked; None where there is none."""
    found = Message.objects.select_for_update(of=("self",)).filter(
        _theirs(user, authorities), pk=message, dealt_with_at=None
    )
    return found.exclude(status=Message.Status.SENT).first()


@transaction.atomic
def retry(*, by: User, message: Message) -> None:
    """Send a message again that was given up. One that waits already goes on waiting.

    Args:
        by: whose it is to see to (`find`).
        message: which, locked.

    Raises:
        CannotRetry: its text is erased, or its address is still not on the list.
    """
    if message.status not in GIVEN_UP:
        return
    if message.secret:
        raise CannotRetry(
            "This message carried a link that opens something, so its text is erased. Send a new one from the"
            " page where it was sent."
        )
    if not allowed(message.to, message.authority):
        raise CannotRetry(
            f"The domain of {message.to} is not on the authority’s list. Telephone them, or ask whoever runs"
            " the service to add it."
        )
    Message.objects.filter(pk=message.pk).update(status=Message.Status.WAITING, answer="")
    audit.record(by=by, kind="mail.retried", subject_kind="message", subject=message.pk)
    deliver.enqueue(str(message.pk))


@transaction.atomic
def deal_with(*, by: User, message: Message) -> None:
    """Say that a message needs nothing more: the person was told in another way.

    Args:
        by: whose it is to see to (`find`).
        message: which, locked.
    """
    Message.objects.filter(pk=message.pk).update(dealt_with_at=timezone.now(), dealt_with_by=by)
    audit.record(by=by, kind="mail.dealt-with", subject_kind="message", subject=message.pk)
