"""Assessments: drafts that take anything, and the record of what was sent, which never changes."""

import json
import zlib
from typing import Any

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id, new_reference


class Assessment(models.Model):
    """One practitioner's assessment of one child, from the first word to the day it is sent."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="assessments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    instrument = models.CharField(max_length=40)
    # Entered afterwards from a paper form, by somebody who need not have completed it.
    transcribed = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # The form mints it: "start" pressed twice makes one draft.
    form_id = models.UUIDField(unique=True, default=new_id)

    class Meta:
        indexes = (
            models.Index(fields=["author", "status", "-changed_at"], name="assessment_author"),
            models.Index(fields=["child", "status"], name="assessment_child"),
        )

    def __str__(self) -> str:
        return self.reference


class Section(models.TextChoices):
    """The parts of a draft, in the order of the journey; each is saved by itself."""

    DANGER = "danger", "Immediate danger"
    CHILD = "child", "The child"
    INDICATORS = "indicators", "Indicators of risk"
    PLACES = "places", "Places and persons who pose a risk"
    VULNERABILITIES = "vulnerabilities", "Vulnerability factors"
    CONSULTATION = "consultation", "Who was consulted"
    ANALYSIS = "analysis", "Analysis"
    LEVEL = "level", "Level"
    ACTIONS = "actions", "Immediate actions"
    SHARING = "sharing", "Information sharing"
    # Of a form that is transcribed from paper: about the form itself, and the parts of the matrix of 2017.
    PAPER = "paper", "About the paper form"
    MATRIX_INDICATORS = "matrix-indicators", "Indicators of the matrix"
    MATRIX_FACTORS = "matrix-factors", "Vulnerability factors of the matrix"
    MATRIX_ANALYSIS = "matrix-analysis", "Analysis of the matrix"


class DraftSection(models.Model):
    """What has been typed in one part of a draft, and how often it was saved (so that nobody overwrites)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sections")
    section = models.CharField(max_length=20, choices=Section)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["assessment", "section"], name="section_once"),)

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.section}"


class Record(models.Model):
    """A sent assessment as it was sent. No code changes it, and the database refuses to (migration 0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="record")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="records")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=40)
    instrument = models.CharField(max_length=40)
    # SHA-256 of the instrument's file as it stood, in hexadecimal.
    edition_sha256 = models.CharField(max_length=64)
    completed_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    recorded_level = models.CharField(max_length=10, blank=True)
    indicated_level = models.CharField(max_length=10, blank=True)
    # SHA-256 of the content, in hexadecimal; it stands on every document.
    sha256 = models.CharField(max_length=64)
    # Everything that was said and computed, as canonical JSON, deflated: `content` reads it.
    deflated = models.BinaryField()

    class Meta:
        indexes = (models.Index(fields=["child", "-completed_at"], name="record_child"),)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def content(self) -> dict[str, Any]:
        """The form, the case file, the outcome with its reasons, the author: see `assessments/record.py`."""
        loaded: dict[str, Any] = json.loads(zlib.decompress(self.deflated))
        return loaded
