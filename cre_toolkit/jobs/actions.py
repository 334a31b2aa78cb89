"""Putting mail into the outbox, in the transaction of what causes it."""

import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.audit import actions as audit
from cre_toolkit.jobs.models import Message
from cre_toolkit.jobs.tasks import deliver


@transaction.atomic
def mail(
    *, by: audit.Actor | None, to: str, subject: str, body: str, cause: uuid.UUID | None = None
) -> Message:
    """Queue one e-mail; it leaves once the transaction has ended well, and is retried until accepted.

    Args:
        by: whose act causes it; None for the service itself.
        to: one address. Whether mail may go there is decided when it is sent (`MAIL_ALLOWED_DOMAINS`).
        subject, body: without any name or fact about a child.
        cause: the record it is about.
    """
    message = Message.objects.create(
        to=to, subject=subject, body=body, cause=cause, created_at=timezone.now()
    )
    audit.record(by=by, kind="mail.queued", subject_kind="message", subject=message.pk)
    deliver.enqueue(str(message.pk))
    return message
