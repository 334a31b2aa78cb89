"""Why an event of a case was withdrawn."""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id


class InError(models.Model):
    """That an event was recorded in error, and why. The event stays, and says so. Never changed (0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="recorded_in_error")
    event = models.OneToOneField("casework.CaseEvent", on_delete=models.PROTECT, related_name="in_error")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.TextField("what was wrong")

    def __str__(self) -> str:
        return str(self.pk)
