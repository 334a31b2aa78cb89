"""Assessments: drafts that take anything, and the record of what was sent, which never changes."""

import datetime
import json
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models

from cre_toolkit.assessments.deflating import inflated
from cre_toolkit.ids import new_id, new_reference


class Assessment(models.Model):
    """One practitioner's assessment of one child, from the first word to the day it is sent."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"
        DISCARDED = "discarded", "Discarded"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    # The record that stands for the child, for whoever works on it; and the record on which it was begun, on
    # which all that comes of it stands: it goes with that one if two records are merged and parted.
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="assessments")
    begun_on = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    # Whoever began it, and since when its author has had it, where it was handed over.
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    handed_over_at = models.DateTimeField(null=True, blank=True)
    instrument = models.CharField(max_length=40)
    # Entered afterwards from a paper form, by somebody who need not have completed it.
    transcribed = models.BooleanField(default=False)
    # The sent assessment that this one reviews, and how many there have been in that line with this one.
    previous = models.ForeignKey("self", on_delete=models.PROTECT, related_name="reviews", null=True)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True, blank=True)
    # The form mints it: "start" pressed twice makes one draft.
    form_id = models.UUIDField(unique=True, default=new_id)

    class Meta:
        constraints = (
            # Two drafts by one person help nobody; of paper there may be as many as there are forms.
            models.UniqueConstraint(
                fields=["child", "author"],
                condition=models.Q(status="draft", transcribed=False),
                name="one_draft_of_a_child_by_an_author",
            ),
        )
        indexes = (
            models.Index(fields=["author", "status", "-changed_at"], name="assessment_author"),
            models.Index(fields=["child", "status"], name="assessment_child"),
        )

    def __str__(self) -> str:
        return self.reference


class EarlierAuthor(models.Model):
    """Whose draft it was before it went to a colleague: they wrote in it, and never countersign it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="earlier_authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


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
    MARKS = "marks", "Indicators of the matrix"
    FACTORS = "factors", "Vulnerability factors of the matrix"
    SUMMARY = "summary", "Analysis of the matrix"


class Carried(models.TextChoices):
    """Where the words of a section were taken from that its author has yet to look at."""

    LAST_TIME = "last-time", "From last time"
    COPIED = "copied", "Copied from another child's assessment"


class DraftSection(models.Model):
    """What has been typed in one part of a draft, and how often it was saved (so that nobody overwrites)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sections")
    section = models.CharField(max_length=20, choices=Section)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Whether its author has pressed the button of its page, as against saved while they were typing alone.
    by_button = models.BooleanField(default=True)
    # Where its words come from while nobody has looked at them here; saving by the button clears it.
    carried = models.CharField(max_length=10, choices=Carried, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["assessment", "section"], name="section_once"),)

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.section}"


# How long a discarded draft can be restored, and how long a text is held for its author.
RESTORED_WITHIN = datetime.timedelta(days=30)
HELD_FOR = datetime.timedelta(hours=24)


class HeldText(models.Model):
    """A form that was sent after its author's session had ended: held for them alone (`assessments.held`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Of the page: opaque references, as in every address.
    path = models.CharField(max_length=200)
    # The form as it was sent, in the order of its controls: `a=1&b=2`.
    posted = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["user", "path", "at"], name="held_for"),)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def until(self) -> datetime.datetime:
        """When it is forgotten, should nobody come back for it."""
        return self.at + HELD_FOR


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
    # Everything that was said and computed, as canonical JSON, deflated (`deflating.py`): `content` reads it.
    deflated = models.BinaryField()

    class Meta:
        indexes = (
            models.Index(fields=["child", "-completed_at"], name="record_child"),
            models.Index(fields=["-sent_at"], name="record_newest"),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @cached_property
    def content(self) -> dict[str, Any]:
        """The form, the case file, the outcome with its reasons, the author: see `assessments/record.py`."""
        loaded: dict[str, Any] = json.loads(inflated(self.deflated))
        return loaded

    @property
    def says_danger(self) -> bool:
        """Whether it says that the child was in immediate danger (CRE 2020, page 11)."""
        danger: dict[str, Any] = self.content["answers"].get("danger", {})
        return danger.get("immediate_risk") == "yes"


class Withdrawal(models.Model):
    """That a sent assessment was recorded in error. The record stays, and says so. Never changed (0002)."""

    class Category(models.TextChoices):
        WRONG_CHILD = "wrong-child", "It is about another child"
        IN_ERROR = "in-error", "It was recorded in error"
        DUPLICATE = "duplicate", "It was sent twice"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    category = models.CharField(max_length=20, choices=Category)
    words = models.TextField()

    def __str__(self) -> str:
        return str(self.pk)


class FamilySheet(models.Model):
    """What a child or family was given about an assessment, word for word. Never changed (0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="family_sheets")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Everything that stands on it, ours and theirs: see `assessments/family_sheet.py`.
    content = models.JSONField()
    # The form mints it: pressed twice, one sheet is made.
    form_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return self.reference
