"""Significant incidents, in the words of whoever recorded them."""

from django.db import models

from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.ids import new_id


class Incident(models.Model):
    """What is known of a significant incident. Never changed (0002): if wrong, its event is withdrawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="incidents")
    event = models.OneToOneField("casework.CaseEvent", on_delete=models.PROTECT, related_name="incident")
    what = models.TextField("what happened")
    # Fact, source and date are kept apart from opinion (service.md, "Words").
    known_from = models.TextField("who saw or heard it, and when")
    harm = models.TextField("how the child was harmed", blank=True)
    # A child who harms others is harmed too: both are asked, and neither answers for the other.
    others = models.TextField("who else was harmed, and how", blank=True)
    was_missing = models.CharField("missing at the time", max_length=10, choices=YesNoUnknown)
    # Blank where it was not asked: with the return of a child who was missing.
    danger_now = models.CharField("in danger when recorded", max_length=10, choices=YesNoUnknown, blank=True)
    form_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)
