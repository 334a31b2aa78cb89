"""The outbox: mail that an act of the service caused, written with it, sent by the worker."""

from django.db import models

from cre_toolkit.ids import new_id


class Message(models.Model):
    """One e-mail. It names no child and says nothing about one: a reference, and where to sign in."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Refused: the address is not on the allow-list"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    # It carries a link that opens something: its text is erased when the message is sent, or never will be.
    secret = models.BooleanField(default=False)
    # The record that caused it, so that whoever made that can be told when it fails.
    cause = models.UUIDField(null=True, db_index=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)
