"""How long a child's record is kept: holds, reviews, and what was destroyed at the end of its time."""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id, new_reference


class KeptUntil(models.Model):
    """The day to which a child's record is kept: a copy of what `keeping.count` says, for lists alone.

    `manage.py count_retention` and the worker make it anew; no decision rests on it.
    """

    child = models.OneToOneField("children.Child", on_delete=models.CASCADE, primary_key=True)
    # None: it cannot be counted, since no date of birth is known.
    until = models.DateField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["until", "child"], name="kept_until"),)

    def __str__(self) -> str:
        return f"{self.child_id} until {self.until}"


class LegalHold(models.Model):
    """That a record must not be destroyed, whatever its age: an inquiry, a claim, a court's order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="legal_holds")
    why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    ended_why = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["child"], condition=models.Q(ended_at=None), name="on_hold_once"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class RetentionReview(models.Model):
    """That somebody looked at a record whose time was over, and decided to keep it for longer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="retention_reviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    keep_until = models.DateField()
    why = models.TextField()

    def __str__(self) -> str:
        return str(self.pk)


class Destruction(models.Model):
    """The end of a record: proposed by one person, approved by another, carried out, and its certificate.

    It outlives the child's record, so it knows that by id and reference alone. While one stands approved and
    not yet carried out, and only then, the triggers let what was recorded of that child go (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    authority = models.CharField(max_length=40)
    # By id: the child's row goes with the rest.
    child = models.UUIDField()
    child_reference = models.CharField(max_length=20)
    # The classes of the schedule that had held, by id, and the day on which the last of them ended.
    classes = models.JSONField()
    kept_until = models.DateField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    why = models.TextField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    approved_at = models.DateTimeField(null=True)
    # Also after an approval, as long as it has not been carried out.
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    refused_at = models.DateTimeField(null=True)
    refused_why = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    # What went: how many rows of which kind, and the SHA-256 of each sent assessment.
    contents = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("proposed_by")),
                name="destruction_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at=None) | models.Q(approved_by__isnull=False),
                name="destruction_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at=None) | models.Q(approved_at__isnull=False, refused_at=None),
                name="destroyed_after_approval",
            ),
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(refused_at=None), name="destroyed_once"
            ),
        )

    def __str__(self) -> str:
        return self.reference


class SubjectAccess(models.Model):
    """A request of a child, or of somebody for them, for what is held about them; and what was answered.

    What is held is collected once, as lines; leaving words out never touches it (`Redaction`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="subject_accesses")
    received_on = models.DateField()
    # Who asks, for whom, and how it was made sure that they may.
    asked_by = models.TextField()
    # Why two more months are needed, where they are.
    extended_why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Lines as `collecting.Line` has them.
    lines = models.JSONField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    approved_at = models.DateTimeField(null=True)
    # The form mints it: pressed twice, it is collected once.
    form_id = models.UUIDField(unique=True)

    class Meta:
        verbose_name_plural = "subject accesses"
        indexes = (models.Index(fields=["approved_at", "received_on"], name="subject_access_open"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("by")),
                name="subject_access_by_two",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Redaction(models.Model):
    """Words of one line that are left out of the answer, and why. Taken back, it stays, and by whom."""

    class Reason(models.TextChoices):
        """Exemptions of the Data Protection Act 2018 that apply to such records."""

        OTHERS = "others", "It is about somebody else"
        HARM = "harm", "It would be likely to cause serious harm"
        CHILD_ABUSE = "child-abuse", "It is about abuse, and not in the child’s interest"
        CRIME = "crime", "It would be likely to prejudice an investigation"
        PRIVILEGE = "privilege", "It is legal advice"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(SubjectAccess, on_delete=models.PROTECT, related_name="redactions")
    # Of the line, from 0.
    line = models.PositiveIntegerField()
    # Blank: the whole line.
    words = models.TextField(blank=True)
    reason = models.CharField(max_length=20, choices=Reason)
    why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    taken_back_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)
