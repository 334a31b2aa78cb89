"""The jobs that the worker does. Each may be done twice and must then have its effect once."""

import logging
import smtplib

from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks import TaskContext, task

from cre_toolkit.jobs.allow_list import allowed
from cre_toolkit.jobs.models import Message

log = logging.getLogger(__name__)

# After the last attempt a job stays where it is, failed and visible.
ATTEMPTS = 8
# From here on, a mail server's answer is its last (RFC 5321, 4.2.1).
_FOR_GOOD = 500


@task(takes_context=True)
def deliver(context: TaskContext, message_id: str) -> None:
    """Send one message of the outbox.

    Killed after the server took it and before the row says so, it is sent again under the same Message-ID, so
    that the receiving side can recognise it. What the server refuses for good is not tried again: it is
    failed at once, for somebody to see to.
    """
    message = Message.objects.get(pk=message_id)
    if message.status != Message.Status.WAITING:
        return
    if not allowed(message.to, message.authority):
        log.error("message %s refused: its domain is not on the allow-list", message.pk)
        _done(message, status=Message.Status.REFUSED)
        return
    try:
        _mail(message).send()
    except Exception as error:
        code = _answer(error)
        if _for_good(error, code):
            log.error("message %s failed: the mail server answered %s", message.pk, code)
            _done(message, status=Message.Status.FAILED, answer=str(code))
            return
        Message.objects.filter(pk=message.pk).update(answer=str(code or ""))
        if context.attempt >= ATTEMPTS:
            _done(message, status=Message.Status.FAILED)
        raise
    _done(message, status=Message.Status.SENT, sent_at=timezone.now(), answer="")


def _mail(message: Message) -> EmailMessage:
    """The e-mail, with the meeting for a calendar where there is one."""
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.to],
        headers={"Message-ID": f"<{message.pk}@cre-toolkit>"},
    )
    if message.calendar:
        mail.attach("meeting.ics", message.calendar, "text/calendar")
    return mail


def _answer(error: Exception) -> int | None:
    """What the server answered, as a number: its words may repeat the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # One message has one address.
        return next((code for code, _ in error.recipients.values()), None)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _for_good(error: Exception, code: int | None) -> bool:
    """Whether this message will never be taken. A wrong sender or password is the operator's to mend."""
    of_the_message = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return of_the_message and code is not None and code >= _FOR_GOOD


def _done(message: Message, **fields: object) -> None:
    """Nothing more is done with a message: what it said stays, unless it was a secret."""
    erased = {"body": ""} if message.secret else {}
    Message.objects.filter(pk=message.pk).update(**fields, **erased)


@task()
def deliver_each(message_ids: list[str]) -> None:
    """Make a job of its own for each message, so that one that fails is tried again without the others."""
    for message_id in message_ids:
        deliver.enqueue(message_id)
