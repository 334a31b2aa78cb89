"""Why a case was closed, and why it was opened again: the words beside the two events."""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id


class Closing(models.Model):
    """A case was closed, by somebody, for a reason. Never changed: it is opened again by a `Reopening`."""

    class Reason(models.TextChoices):
        """Why; a death has a page of its own, and so has a transfer."""

        SAFER = "safer", "The risk has gone down, and others go on supporting the child"
        ENDED = "ended", "The exploitation has been stopped"
        ADULT = "adult", "Adult services protect and support them now"
        MOVED = "moved", "Another authority is responsible, which has confirmed it"
        IN_ERROR = "in-error", "It was opened in error"
        OTHER = "other", "Something else"
        DIED = "died", "The child has died"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="closings")
    event = models.OneToOneField("casework.CaseEvent", on_delete=models.PROTECT, related_name="closing")
    reason = models.CharField(max_length=20, choices=Reason)
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_id = models.UUIDField(unique=True, default=new_id)

    def __str__(self) -> str:
        return f"{self.reason} {self.pk}"


class Reopening(models.Model):
    """A closed case was opened again, by somebody, for a reason. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="reopenings")
    event = models.OneToOneField("casework.CaseEvent", on_delete=models.PROTECT, related_name="reopening")
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_id = models.UUIDField(unique=True, default=new_id)

    def __str__(self) -> str:
        return str(self.pk)
