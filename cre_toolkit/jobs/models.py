"""The outbox: mail that an act of the service caused, written with it, sent by the worker."""

from django.conf import settings
from django.db import models

from cre_toolkit.accounts.clock import Moment
from cre_toolkit.ids import new_id


class Message(models.Model):
    """One e-mail. It names no child and says nothing about one: a reference, and where to sign in."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Refused: the address is not on the allow-list"
        FAILED = "failed", "Failed: the mail server would not take it"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    # It carries a link that opens something: its text is erased when the message is sent, or never will be.
    secret = models.BooleanField(default=False)
    # A meeting for the reader's calendar (iCalendar), sent with it; blank where there is none.
    calendar = models.TextField(blank=True)
    # The record that caused it, so that whoever made that can be told when it fails.
    cause = models.UUIDField(null=True, db_index=True)
    # Whose act caused it: they are told where it does not arrive. None: the service's own.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    # Where the child is about whom it is, whose list of domains holds; blank where it is about none.
    authority = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    # What the mail server answered the last time, as a number; blank where it did not answer.
    answer = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # Somebody has seen to one that did not arrive: they telephoned, say.
    dealt_with_at = models.DateTimeField(null=True)
    dealt_with_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        indexes = (
            # The few that have not arrived, among all that have.
            models.Index(
                fields=["status", "created_at"],
                condition=models.Q(dealt_with_at=None) & ~models.Q(status="sent"),
                name="message_not_arrived",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Lease(models.Model):
    """Since when a job has been seen running: whoever has been at it for too long has lost it.

    It stands in the database, so that a worker that is started anew for each turn (`--once`, from cron) goes
    on with it.
    """

    job = models.UUIDField(primary_key=True)
    # Which run of the job: each has a lease of its own.
    started_at = models.DateTimeField()
    # When it was first seen, as `clock.Moment`.
    seen_at = models.DateTimeField()
    boot = models.CharField(max_length=36)
    seconds = models.FloatField()

    def __str__(self) -> str:
        return str(self.job)

    @property
    def since(self) -> Moment:
        return Moment(self.seen_at, self.boot, self.seconds)
