"""What has been agreed with Adult Safeguarding for a young person who turns 18, or 25 with SEND."""

from django.conf import settings
from django.db import models

from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.ids import new_id


class TransitionStep(models.Model):
    """A step on the way to adult services, as it stood that day. Never changed: the next says what is new."""

    class Step(models.TextChoices):
        """How far it has come."""

        BEGUN = "begun", "Begun: Adult Safeguarding knows, and nothing is agreed yet"
        AGREED = "agreed", "Agreed: it is settled who protects and supports them, and from when"

    class Birthday(models.IntegerChoices):
        """Which birthday it prepares."""

        EIGHTEEN = 18, "The 18th birthday"
        TWENTY_FIVE = 25, "The 25th birthday (with special educational needs or a disability)"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="transition_steps")
    birthday = models.PositiveSmallIntegerField(choices=Birthday)
    step = models.CharField(max_length=10, choices=Step)
    on = models.DateField()
    # Who in Adult Safeguarding, and how to reach them.
    who = models.CharField(max_length=300)
    agreed = models.TextField(blank=True)
    starts_on = models.DateField(null=True)
    # What the young person wants, in their words.
    wants = models.TextField(blank=True)
    shared = models.CharField(max_length=10, choices=YesNoUnknown)
    shared_why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_id = models.UUIDField(unique=True, default=new_id)

    class Meta:
        indexes = (models.Index(fields=["child", "at"], name="transition_child"),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(step="agreed") | models.Q(starts_on__isnull=False) & ~models.Q(agreed=""),
                name="agreed_says_what_and_from_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"
