"""The death of a child, as it was told to the service; and that it was recorded in error."""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id


class Death(models.Model):
    """A child has died. Never changed: what was wrong is taken back (`DeathTakenBack`) and recorded anew."""

    class Known(models.TextChoices):
        """How well the day is known."""

        EXACTLY = "exactly", "This is the day"
        ABOUT = "about", "The day is not known exactly; this is about when"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="deaths")
    died_on = models.DateField()
    known = models.CharField(max_length=10, choices=Known)
    told_by = models.CharField(max_length=300)
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_id = models.UUIDField(unique=True, default=new_id)

    class Meta:
        indexes = (models.Index(fields=["child", "at"], name="death_child"),)

    def __str__(self) -> str:
        return str(self.pk)


class DeathTakenBack(models.Model):
    """The death was recorded in error: the child lives, or the day or the record was the wrong one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    death = models.OneToOneField(Death, on_delete=models.PROTECT, related_name="taken_back")
    why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
