"""Meetings about a child: when, who is asked to come, what was agreed and who does what.

A planned meeting changes (moved, cancelled, held); its minutes never do: what was wrong is said in a newer
version.
"""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id, new_reference


class Meeting(models.Model):
    """A meeting that is planned, was held or was cancelled. Its history is in the audit trail."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="meetings")
    # Of the case contract's types; the authority's pack says what it is called here.
    kind = models.CharField(max_length=30)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    at = models.DateTimeField("when it begins")
    minutes_long = models.PositiveSmallIntegerField(default=60)
    place = models.CharField("where, and how to join online", max_length=500, blank=True)
    # Somebody who has an account, or in words.
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="chaired_meetings", null=True
    )
    chair_words = models.CharField("who chairs", max_length=200, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    # Why it was last moved, or was cancelled.
    why = models.CharField(max_length=1000, blank=True)
    # Counts the changes: for two who change it at once, and for calendars (RFC 5545, SEQUENCE).
    version = models.PositiveIntegerField(default=1)
    form_id = models.UUIDField(unique=True)

    class Meta:
        indexes = (models.Index(fields=["child", "-at"], name="meeting_child"),)

    def __str__(self) -> str:
        return self.reference


class Invited(models.Model):
    """Somebody who is asked to come: a user, or a name and perhaps an address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invited")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField("who, and of which agency", max_length=200, blank=True)
    email = models.EmailField("address", blank=True)

    class Meta:
        verbose_name_plural = "invited"
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=models.Q(user__isnull=False), name="invited_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Minutes(models.Model):
    """What was said and agreed in a meeting, as it was recorded. Never changed (0002): a newer version is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="minutes")
    version = models.PositiveIntegerField()
    # The event of the case contract: several versions of the minutes speak of one.
    event = models.ForeignKey("casework.CaseEvent", on_delete=models.PROTECT, related_name="minutes")
    held_at = models.DateTimeField()
    level = models.CharField("level that was agreed", max_length=10, blank=True)
    # `minutes.Said`, as data.
    content = models.JSONField()
    # Why a version took the place of the one before.
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    class Meta:
        verbose_name_plural = "minutes"
        constraints = (models.UniqueConstraint(fields=["meeting", "version"], name="minutes_version"),)

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.version}"


class MinutesDraft(models.Model):
    """The minutes as somebody is writing them: theirs alone, until they are recorded."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The form as it was sent, in the encoding of an address.
    typed = models.TextField()
    # Counts the savings, so that two windows do not overwrite each other unseen.
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["meeting", "by"], name="one_draft_of_minutes_each"),)

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.version}"


class MeetingAction(models.Model):
    """What somebody is to do after a meeting, by when; and that it was done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="meeting_actions")
    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="actions")
    what = models.TextField("what is to be done")
    # Somebody who has an account, or in words.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    owner_words = models.CharField("who does it", max_length=200, blank=True)
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    done_how = models.TextField("what was done", blank=True)

    class Meta:
        indexes = (models.Index(fields=["child", "due_on"], name="meeting_action_child"),)

    def __str__(self) -> str:
        return str(self.pk)
