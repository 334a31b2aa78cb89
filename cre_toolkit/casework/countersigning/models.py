"""A manager's answer to a sent assessment, and which assessments still wait for one."""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id


class Countersignature(models.Model):
    """A manager's answer to one assessment, in their words. Never changed (0002): another event withdraws it.

    What it does to the case is its event's (`case.md`, `countersign`).
    """

    class Outcome(models.TextChoices):
        AGREED = "agreed", "Countersigned: I agree with the level"
        RETURNED = "returned", "Returned: something is missing or must be looked at again"
        SET_LEVEL = "set-level", "Another level set"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.ForeignKey(
        "assessments.Record", on_delete=models.PROTECT, related_name="countersignatures"
    )
    event = models.OneToOneField(
        "casework.CaseEvent", on_delete=models.PROTECT, related_name="countersignature"
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    # The level that was set, with that outcome alone.
    level = models.CharField(max_length=10, blank=True)
    # What is missing, or the reasons for another level; with `agreed` whatever the manager adds.
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The form mints it: the same form sent twice gives one answer.
    form_id = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome="agreed") | ~models.Q(words=""), name="answer_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="set-level") & ~models.Q(level="")
                | ~models.Q(outcome="set-level") & models.Q(level=""),
                name="level_where_one_is_set",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Awaiting(models.Model):
    """An assessment that waits for a manager's answer: a copy, kept beside `Due` by `state.refresh`."""

    record = models.OneToOneField(
        "assessments.Record", on_delete=models.CASCADE, primary_key=True, related_name="awaiting"
    )
    since = models.DateTimeField(db_index=True)
    # The child was said to be in immediate danger: the record says so, but deflated, and this goes first.
    danger = models.BooleanField()

    class Meta:
        verbose_name_plural = "awaiting"

    def __str__(self) -> str:
        return str(self.pk)
