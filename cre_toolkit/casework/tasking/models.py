"""The monthly tasking meeting of an authority: what stood on its list, what it asked for, and the answers.

Recorded once and never changed (0002). Source: CRE 2020, page 9; toolkit.md, B9.
"""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id


class TaskingMeeting(models.Model):
    """A tasking meeting was held, for the cases that were discussed in it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.CharField(max_length=40)
    at = models.DateTimeField()
    # The day of `at`, in London: an authority holds one meeting a day, whoever records it, however often.
    day = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["authority", "day"], name="one_tasking_meeting_a_day"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class TaskingCase(models.Model):
    """A case as it stood on the list of a meeting: the next list says what has changed since."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(TaskingMeeting, on_delete=models.PROTECT, related_name="cases")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="tasking_cases")
    level = models.CharField(max_length=10)
    # None for a case that stood on the list and was not discussed: its clock goes on.
    event = models.OneToOneField(
        "casework.CaseEvent", on_delete=models.PROTECT, related_name="tasking_case", null=True
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["meeting", "child"], name="a_case_once_on_a_tasking_list"),
        )

    def __str__(self) -> str:
        return f"{self.level} {self.pk}"


class TaskingRequest(models.Model):
    """Something that the tasking meeting asked of those who work with a child."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="tasking_requests")
    asked = models.TextField("what is asked")
    of_whom = models.CharField(max_length=300)
    asked_on = models.DateField()
    by_when = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class TaskingAnswer(models.Model):
    """What came of a request, so far or at its end."""

    class Outcome(models.TextChoices):
        """How far it is."""

        UNDER_WAY = "under-way", "Under way"
        DONE = "done", "Done"
        NOT_DONE = "not-done", "It will not be done"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(TaskingRequest, on_delete=models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=10, choices=Outcome)
    words = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"{self.outcome} {self.pk}"
