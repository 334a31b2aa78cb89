"""A child's case on its way to another authority."""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id


class Transfer(models.Model):
    """Another authority is asked to be responsible. Nothing changes until it has said that it is.

    `to` is an authority that uses the service; otherwise `to_whom` says in words who it is.
    """

    class State(models.TextChoices):
        """What has become of it."""

        ASKED = "asked", "Waiting for the other authority"
        RECEIVED = "received", "Received"
        DECLINED = "declined", "Declined by the other authority"
        TAKEN_BACK = "taken-back", "Taken back by whoever asked"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="transfers")
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    from_authority = models.CharField(max_length=40)
    to = models.CharField(max_length=40, blank=True)
    to_whom = models.CharField(max_length=300, blank=True)
    # By which channel it was sent, where the other authority does not use the service.
    how = models.CharField(max_length=300, blank=True)
    why = models.TextField()
    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # When they were last reminded, and how often.
    chased_at = models.DateTimeField(null=True)
    chased = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    # Who confirmed it, what happens next, or why it was declined or taken back.
    settled_words = models.TextField(blank=True)
    # What the receipt took from each record, by its id: its worker, and the accesses that it ended.
    took = models.JSONField(default=dict)
    form_id = models.UUIDField(unique=True, default=new_id)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(state="asked"), name="one_transfer_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(to="") ^ models.Q(to_whom=""), name="transfer_to_one_authority"
            ),
        )
        indexes = (models.Index(fields=["to"], condition=models.Q(state="asked"), name="transfer_waiting"),)

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"
