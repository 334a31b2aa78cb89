"""Putting mail into the outbox, in the transaction of what causes it."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.jobs.allow_list import allowed
from cre_toolkit.jobs.aloud import say_refused
from cre_toolkit.jobs.models import Message
from cre_toolkit.jobs.tasks import deliver, deliver_each


def mail(
    *,
    by: audit.Actor | None,
    to: str,
    subject: str,
    body: str,
    cause: uuid.UUID | None = None,
    secret: bool = False,
    authority: str = "",
) -> Message:
    """Queue one e-mail: `mail_each` to one address."""
    return mail_each(
        by=by, to=[to], subject=subject, body=body, cause=cause, secret=secret, authority=authority
    )[0]


@transaction.atomic(savepoint=False)
@together()
def mail_each(
    *,
    by: audit.Actor | None,
    to: Sequence[str],
    subject: str,
    body: str,
    cause: uuid.UUID | None = None,
    secret: bool = False,
    authority: str = "",
    calendar: str = "",
) -> list[Message]:
    """Queue the same e-mail to each address by itself. A fixed number of queries, however many they are.

    They leave once the transaction has ended well; each is retried until it is accepted. One whose address is
    not on the allow-list never leaves: it is kept as refused, and whoever acts is told at once.

    Args:
        by: whose act causes it; None for the service itself.
        to: the addresses.
        subject, body: without any name or fact about a child.
        cause: the record it is about.
        secret: the text carries a link that opens something. It is erased once nothing more is done with it.
        authority: where the child is about whom it is; blank where it is about none.
        calendar: an iCalendar file that goes with it, without any name or fact about a child either.
    """
    now = timezone.now()
    sender = by.pk if isinstance(by, User) else None
    messages = []
    for address in to:
        goes = allowed(address, authority)
        messages.append(
            Message(
                to=address,
                subject=subject,
                body=body if goes or not secret else "",
                cause=cause,
                calendar=calendar,
                by_id=sender,
                authority=authority,
                status=Message.Status.WAITING if goes else Message.Status.REFUSED,
                created_at=now,
                secret=secret,
            )
        )
    Message.objects.bulk_create(messages)
    leaving = []
    for message in messages:
        refused = message.status == Message.Status.REFUSED
        kind = "mail.refused" if refused else "mail.queued"
        audit.record(by=by, kind=kind, subject_kind="message", subject=message.pk)
        if not refused:
            leaving.append(str(message.pk))
    say_refused([message.to for message in messages if message.status == Message.Status.REFUSED])
    if len(leaving) == 1:
        deliver.enqueue(leaving[0])
    elif leaving:
        deliver_each.enqueue(leaving)
    return messages
