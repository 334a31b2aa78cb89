"""Who broke the glass, why, and what was said of it afterwards: facts, which are never changed."""

import datetime

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id, new_reference


class BreakGlass(models.Model):
    """Somebody opened a record that they had no access to, for a reason of their own, for a day.

    A trigger refuses to change or remove one.
    """

    class Category(models.TextChoices):
        """Why it could not wait for somebody who may give access."""

        DANGER = "danger", "A child may be in danger now"
        OUT_OF_HOURS = "out-of-hours", "A safeguarding enquiry out of hours"
        COURT = "court", "A court, or another legal duty with a time limit"
        OTHER = "other", "Another reason"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="broken_glass")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, choices=Category)
    why = models.TextField()
    at = models.DateTimeField()
    # When the access ends, and by when it is to be reviewed.
    until = models.DateTimeField()
    # The person who was asked to review it; nobody where the authority has nobody who could.
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="break_glass_to_review", null=True
    )

    class Meta:
        verbose_name_plural = "broken glass"
        constraints = (
            models.CheckConstraint(condition=~models.Q(why=""), name="break_glass_says_why"),
            models.CheckConstraint(
                condition=~models.Q(asked=models.F("by")), name="break_glass_is_reviewed_by_another"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def covers(self, moment: datetime.datetime) -> bool:
        """Whether the record stood open by this at a moment."""
        return self.at <= moment < self.until


class BreakGlassReview(models.Model):
    """What somebody else said of it: justified or not, and in words. A trigger refuses to change one."""

    class Outcome(models.TextChoices):
        """Whether it was right to open the record."""

        JUSTIFIED = "justified", "It was justified"
        NOT_JUSTIFIED = "not-justified", "It was not justified"

    break_glass = models.OneToOneField(
        BreakGlass, on_delete=models.PROTECT, primary_key=True, related_name="review"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome)
    words = models.TextField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(words=""), name="break_glass_review_says_why"),
        )

    def __str__(self) -> str:
        return str(self.break_glass_id)
