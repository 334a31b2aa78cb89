"""Putting mail into the outbox, in the transaction of what causes it."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
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
) -> Message:
    """Queue one e-mail: `mail_each` to one address."""
    return mail_each(by=by, to=[to], subject=subject, body=body, cause=cause, secret=secret)[0]


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
) -> list[Message]:
    """Queue the same e-mail to each address by itself. A fixed number of queries, however many they are.

    They leave once the transaction has ended well; each is retried until it is accepted.

    Args:
        by: whose act causes it; None for the service itself.
        to: the addresses. Whether mail may go there is decided when it is sent (`MAIL_ALLOWED_DOMAINS`).
        subject, body: without any name or fact about a child.
        cause: the record it is about.
        secret: the text carries a link that opens something. It is erased once nothing more is done with it.
    """
    now = timezone.now()
    messages = Message.objects.bulk_create(
        Message(to=address, subject=subject, body=body, cause=cause, created_at=now, secret=secret)
        for address in to
    )
    for message in messages:
        audit.record(by=by, kind="mail.queued", subject_kind="message", subject=message.pk)
    if len(messages) == 1:
        deliver.enqueue(str(messages[0].pk))
    elif messages:
        deliver_each.enqueue([str(message.pk) for message in messages])
    return messages
