"""A child who is missing: each episode, the return, the talk afterwards, and the plan against more.

When a child went missing and came back is the case's (`CaseEvent`); what is known of it stands here. All of
it is recorded once and never changed (0002): what is learnt later is another row.

Source: CRE 2020, pages 22 and 23; toolkit.md, B10.
"""

from django.conf import settings
from django.db import models

from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.ids import new_id


class MissingEpisode(models.Model):
    """A child went missing: since when, what is known, and whom the police have been told by."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="missing_episodes")
    event = models.OneToOneField("casework.CaseEvent", on_delete=models.PROTECT, related_name="missing")
    about = models.BooleanField("the time is not known exactly", default=False)
    last_seen_where = models.TextField("where the child was last seen", blank=True)
    last_seen_with = models.TextField("with whom the child was last seen", blank=True)
    # Fact, source and date are kept apart from opinion (service.md, "Words").
    source = models.TextField("who saw or said it, and when", blank=True)
    police_told = models.CharField(max_length=10, choices=YesNoUnknown)
    police_told_at = models.DateTimeField(null=True)
    police_reference = models.CharField(max_length=100, blank=True)
    who_knows = models.TextField("who knows that the child is missing", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class MissingReturn(models.Model):
    """The end of an episode: how the child came back, and what is known of the time between."""

    class How(models.TextChoices):
        """How it ended."""

        BY_THEMSELVES = "by-themselves", "The child came back by themselves"
        FAMILY = "family", "Family, carers or friends found the child"
        POLICE = "police", "The police found the child"
        OTHER = "other", "Somebody else found the child"
        NOT_MISSING = "not-missing", "The child was not missing after all"
        NOT_KNOWN = "not-known", "Not known"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="missing_returns")
    episode = models.OneToOneField(MissingEpisode, on_delete=models.PROTECT, related_name="ended")
    event = models.OneToOneField("casework.CaseEvent", on_delete=models.PROTECT, related_name="came_back")
    about = models.BooleanField("the time is not known exactly", default=False)
    how = models.CharField(max_length=20, choices=How)
    where = models.TextField("where the child was", blank=True)
    with_whom = models.TextField("with whom the child was", blank=True)
    source = models.TextField("who saw or said it, and when", blank=True)
    harmed = models.CharField(max_length=10, choices=YesNoUnknown)
    harm = models.TextField("how the child was harmed", blank=True)
    # A missing episode asks whether it is a significant incident (service.md, "Words", 7).
    significant = models.CharField(max_length=10, choices=YesNoUnknown)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class ReturnInterview(models.Model):
    """One step towards a talk with the child after a return: offered, held, declined, or not possible.

    An offer that is still open makes no event of the case: the interview stays due until it is held, declined
    or found not possible. After that it can be offered again, by somebody whom the child trusts.
    """

    class Step(models.TextChoices):
        """What came of it."""

        OFFERED = "offered", "Offered; there is no answer yet"
        HELD = "held", "Held"
        DECLINED = "declined", "Declined by the child"
        NOT_POSSIBLE = "not-possible", "Not possible"

    class Provider(models.TextChoices):
        """Whose the interviewer is, so that it can be counted."""

        INDEPENDENT = "independent", "An independent return interview service"
        VOLUNTARY = "voluntary", "A voluntary organisation"
        SOCIAL_CARE = "social-care", "Children’s social care"
        EDUCATION = "education", "School or college"
        HEALTH = "health", "Health"
        YOUTH = "youth", "Youth service or youth justice"
        POLICE = "police", "Police"
        OTHER = "other", "Somebody else"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="return_interviews")
    returned = models.ForeignKey(MissingReturn, on_delete=models.PROTECT, related_name="interviews")
    # None while it is only offered.
    event = models.OneToOneField(
        "casework.CaseEvent", on_delete=models.PROTECT, related_name="return_interview", null=True
    )
    step = models.CharField(max_length=20, choices=Step)
    at = models.DateTimeField()
    provider = models.CharField(max_length=20, choices=Provider)
    interviewer = models.CharField("who talks with the child", max_length=200)
    independent = models.CharField(max_length=10, choices=YesNoUnknown)
    trusted = models.CharField("the child trusts them", max_length=10, choices=YesNoUnknown)
    why_them = models.TextField("why this person", blank=True)
    said = models.TextField("what the child said, in their words", blank=True)
    learnt = models.TextField("what was learnt about risk", blank=True)
    opinion = models.TextField("what the interviewer makes of it", blank=True)
    told = models.TextField("who is told", blank=True)
    reason = models.TextField("why it was declined or not possible, as far as it is known", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"


class MissingPlan(models.Model):
    """What the agencies around a child agreed against further episodes. Reviewed, it is a new one whole."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="missing_plans")
    agreed_on = models.DateField()
    # What comes before the child goes missing, as far as it is known: what to look out for.
    triggers = models.TextField()
    # Each with `what`, `who` and `by_when` (a day, or blank for always).
    lines = models.JSONField(default=list)
    if_missing = models.TextField("what each does at once if the child is missing again")
    child_view = models.TextField("what the child says would help", blank=True)
    shared_with = models.TextField("with whom the plan is shared")
    # When the child's situation was, or will be, taken to the authority's monitoring group.
    group_on = models.DateField(null=True)
    review_on = models.DateField()
    # Of a plan that was reviewed: what has changed.
    changed = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)
