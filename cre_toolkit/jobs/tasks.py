"""The jobs that the worker does. Each may be done twice and must then have its effect once."""

import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils import timezone
from django_tasks import TaskContext, task

from cre_toolkit.jobs.models import Message

log = logging.getLogger(__name__)

# After the last attempt a job stays where it is, failed and visible.
ATTEMPTS = 8


def allowed(address: str) -> bool:
    """Whether mail may go to this address at all: one person's, and its domain is on the allow-list."""
    try:
        validate_email(address)
    except ValidationError:
        return False  # two addresses, or a header: the last domain alone says nothing of the others
    return address.rpartition("@")[2].lower() in {domain.lower() for domain in settings.MAIL_ALLOWED_DOMAINS}


@task(takes_context=True)
def deliver(context: TaskContext, message_id: str) -> None:
    """Send one message of the outbox.

    Killed after the server took it and before the row says so, it is sent again under the same Message-ID, so
    that the receiving side can recognise it.
    """
    message = Message.objects.get(pk=message_id)
    if message.status != Message.Status.WAITING:
        return
    if not allowed(message.to):
        log.error("message %s refused: its domain is not on the allow-list", message.pk)
        _done(message, status=Message.Status.REFUSED)
        return
    try:
        EmailMessage(
            subject=message.subject,
            body=message.body,
            to=[message.to],
            headers={"Message-ID": f"<{message.pk}@cre-toolkit>"},
        ).send()
    except Exception:
        if context.attempt >= ATTEMPTS:
            _done(message, status=Message.Status.FAILED)
        raise
    _done(message, status=Message.Status.SENT, sent_at=timezone.now())


def _done(message: Message, **fields: object) -> None:
    """Nothing more is done with a message: what it said stays, unless it was a secret."""
    erased = {"body": ""} if message.secret else {}
    Message.objects.filter(pk=message.pk).update(**fields, **erased)


@task()
def deliver_each(message_ids: list[str]) -> None:
    """Make a job of its own for each message, so that one that fails is tried again without the others."""
    for message_id in message_ids:
        deliver.enqueue(message_id)
