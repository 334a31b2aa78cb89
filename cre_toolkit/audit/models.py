"""The audit trail: one append-only table of who read or wrote what, when.

It knows people, children and records by their UUIDs alone, so that it stands below every other app and can
outlive what it speaks of. Triggers on both engines refuse to change or remove a row (migration 0002).
"""

from django.db import models

from cre_toolkit.ids import new_id


class Event(models.Model):
    """One act: read or written in the same transaction as the act itself, or the act does not happen."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    # Null: the service itself (a scheduled job), or somebody who has not signed in.
    actor = models.UUIDField(null=True)
    authority = models.CharField(max_length=40, blank=True)
    # The one child whom it was about; those of a list stand in `EventChild`.
    child = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject = models.UUIDField(null=True)
    # Names of fields and codes only: never what a practitioner wrote, and no names of people.
    detail = models.JSONField(default=dict)
    # HMAC-SHA256 over the canonical form of all of the above and of the children of a list, with a key that
    # the database never sees.
    seal = models.BinaryField(max_length=32)

    class Meta:
        indexes = (
            models.Index(fields=["child", "at"], name="audit_child_at"),
            models.Index(fields=["actor", "at"], name="audit_actor_at"),
            models.Index(fields=["kind", "at"], name="audit_kind_at"),
            models.Index(fields=["at"], name="audit_at"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"


class EventChild(models.Model):
    """A child among several of one event: on a list that was shown, found by a search, merged with another.

    Without these rows, whoever asks "who looked at this child?" would miss every list with the child.
    """

    pk = models.CompositePrimaryKey("event_id", "child")
    # The primary key begins with the event: no index of its own is needed.
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="children", db_index=False)
    child = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=["child", "event"], name="audit_child_of_event"),)

    def __str__(self) -> str:
        return f"{self.child} in {self.event_id}"
