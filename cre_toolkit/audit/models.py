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
    actor = models.UUIDField(null=True, db_index=True)
    authority = models.CharField(max_length=40, blank=True)
    child = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject = models.UUIDField(null=True)
    # Names of fields and codes only: never what a practitioner wrote, and no names of people.
    detail = models.JSONField(default=dict)
    # HMAC-SHA256 over the canonical form of all of the above, with a key the database never sees.
    seal = models.BinaryField(max_length=32)

    class Meta:
        indexes = (
            models.Index(fields=["child", "at"], name="audit_child_at"),
            models.Index(fields=["authority", "at"], name="audit_authority_at"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"
