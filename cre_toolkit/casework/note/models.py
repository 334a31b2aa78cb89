"""What is written onto a case: discussions, decisions, interventions, and who leads the work."""

from django.conf import settings
from django.db import models

from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.ids import new_id


class Note(models.Model):
    """A discussion, a decision or an intervention, as it was written down (B13). Never changed (0002)."""

    class Kind(models.TextChoices):
        DISCUSSION = "discussion", "Discussion"
        DECISION = "decision", "Decision"
        INTERVENTION = "intervention", "Intervention"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind)
    # When people spoke, when it was decided, or from when on something is done for the child.
    at = models.DateTimeField()
    said = models.TextField("what was said, or is done for the child", blank=True)
    # Practitioners by the names that they had, so that who was there does not change with the accounts.
    colleagues = models.JSONField("people of the network who were there", default=list)
    others = models.TextField("who else was there", blank=True)
    decision = models.TextField("what was decided", blank=True)
    reason = models.TextField("why it was decided", blank=True)
    decided_by = models.CharField("who decided it", max_length=200, blank=True)
    service = models.CharField("which service does it", max_length=200, blank=True)
    # What was due and done by it, as `due` names it; or what else it settles (`notes.DRAWN_IN`).
    action = models.CharField(max_length=40, blank=True)
    # The ids of the events that say so.
    did = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    class Meta:
        indexes = (models.Index(fields=["child", "-at"], name="note_child"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class NoteInError(models.Model):
    """That a note was written in error, and why. The note stays, and says so. Never changed (0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.OneToOneField(Note, on_delete=models.PROTECT, related_name="in_error")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.TextField("what was wrong")

    def __str__(self) -> str:
        return str(self.pk)


class Lead(models.Model):
    """Who leads the work with a child who is reluctant to engage (toolkit.md, B12). Never changed (0002).

    The newest counts. Where adults draw the child into selling sex, or into bringing in others, that is said
    with it: the child is harmed by it, also where others are harmed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="leads")
    # Somebody who has an account, or in words.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    name = models.CharField("who leads", max_length=200)
    why = models.TextField("why it is this person")
    drawn_in = models.CharField(
        "adults draw the child into selling sex, or into bringing in others",
        max_length=10,
        choices=YesNoUnknown,
    )
    goes_on = models.CharField("and it goes on", max_length=10, choices=YesNoUnknown, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    class Meta:
        indexes = (models.Index(fields=["child", "-at"], name="lead_child"),)

    def __str__(self) -> str:
        return str(self.pk)
