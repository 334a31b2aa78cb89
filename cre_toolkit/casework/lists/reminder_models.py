"""Whom the service has reminded, and of what: so that nobody is told twice, or not at all."""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id


class Reminder(models.Model):
    """One person was reminded of one thing once. Written with the message, in one transaction.

    The constraint is what makes it once: of two workers that remind at the same moment, one fails whole.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", "The list of a morning"
        BEFORE = "before", "Due soon"
        AFTER = "after", "Overdue"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    # The day of a list; of what is due, a hash that says nothing of a child (`reminders.py`).
    about = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "kind", "about"], name="reminded_once"),)

    def __str__(self) -> str:
        return str(self.pk)
