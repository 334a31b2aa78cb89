"""The audit trail: one append-only table of who read or wrote what, when.

It knows people, children and records by their UUIDs alone, so that it stands below every other app and can
outlive what it speaks of. Triggers on both engines refuse to change or remove a row (migration 0002). How
it is sealed is told in docs/explanation/audit.md.
"""

import datetime

from django.db import models

from cre_toolkit.audit.moments import moment_of
from cre_toolkit.ids import new_id


class Event(models.Model):
    """One act: read or written in the same transaction as the act itself, or the act does not happen."""

    # Its moment and some chance (`moments.py`): events are in order of time by it, in every index too.
    id = models.BigIntegerField(primary_key=True, editable=False)
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
            models.Index(fields=["child"], name="audit_child"),
            models.Index(fields=["actor"], name="audit_actor"),
            models.Index(fields=["kind"], name="audit_kind"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"

    @property
    def at(self) -> datetime.datetime:
        """When it was."""
        return moment_of(self.id)


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


class Link(models.Model):
    """A link of an authority's chain: the next of its events, in order (`chain.py`).

    One for all that was committed since the last, rather than one for each event: so that the chain takes
    eight bytes an event where many come together.
    """

    pk = models.CompositePrimaryKey("authority", "number")
    # Blank, as the event's: the chain of what belongs to no authority, such as sign-ins.
    authority = models.CharField(max_length=40, blank=True)
    # Of its last event, counted from the beginning of the chain.
    number = models.PositiveBigIntegerField()
    # The ids of its events in their order, eight bytes each.
    events = models.BinaryField()
    # The greatest of them: by it, a link is found from an event (`chain.linked_among`).
    newest = models.BigIntegerField()
    # SHA-256 over the hash before and each event: needs no key to be checked.
    hash = models.BinaryField(max_length=32)
    # HMAC-SHA256 over all of the above: cannot be made without the key.
    seal = models.BinaryField(max_length=32)

    class Meta:
        indexes = (models.Index(fields=["newest"], name="audit_link_newest"),)

    def __str__(self) -> str:
        return f"{self.authority} to {self.number}"


class Head(models.Model):
    """The end of a chain on a day, signed: it leaves the service, so that a cut chain shows (`heads.py`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.CharField(max_length=40, blank=True)
    number = models.PositiveBigIntegerField()
    hash = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    # Ed25519: the public key in hexadecimal, and the signature over the statement (`heads.statement`).
    key = models.CharField(max_length=64)
    signature = models.BinaryField(max_length=64)

    class Meta:
        indexes = (models.Index(fields=["authority", "-number"], name="audit_head_number"),)

    def __str__(self) -> str:
        return f"{self.authority} {self.number} {self.at:%Y-%m-%d}"
