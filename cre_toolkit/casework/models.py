"""What happens on a child's case: the dated events, the telephone calls, and what they make due."""

from django.conf import settings
from django.db import models

from cre_toolkit.casework.case.in_error_models import InError as InError
from cre_toolkit.casework.case.pack_models import PackRebuild as PackRebuild
from cre_toolkit.casework.countersigning.models import Awaiting as Awaiting
from cre_toolkit.casework.countersigning.models import Countersignature as Countersignature
from cre_toolkit.casework.ends.closing_models import Closing as Closing
from cre_toolkit.casework.ends.closing_models import Reopening as Reopening
from cre_toolkit.casework.ends.death_models import Death as Death
from cre_toolkit.casework.ends.death_models import DeathTakenBack as DeathTakenBack
from cre_toolkit.casework.ends.transition_models import TransitionStep as TransitionStep
from cre_toolkit.casework.lists.reminder_models import Reminder as Reminder
from cre_toolkit.casework.meeting.models import Invited as Invited
from cre_toolkit.casework.meeting.models import Meeting as Meeting
from cre_toolkit.casework.meeting.models import MeetingAction as MeetingAction
from cre_toolkit.casework.meeting.models import Minutes as Minutes
from cre_toolkit.casework.meeting.models import MinutesDraft as MinutesDraft
from cre_toolkit.casework.missing.models import MissingEpisode as MissingEpisode
from cre_toolkit.casework.missing.models import MissingPlan as MissingPlan
from cre_toolkit.casework.missing.models import MissingReturn as MissingReturn
from cre_toolkit.casework.missing.models import ReturnInterview as ReturnInterview
from cre_toolkit.casework.note.incident_models import Incident as Incident
from cre_toolkit.casework.note.models import Lead as Lead
from cre_toolkit.casework.note.models import Note as Note
from cre_toolkit.casework.note.models import NoteInError as NoteInError
from cre_toolkit.casework.referral.models import Referral as Referral
from cre_toolkit.casework.referral.models import ReferralStep as ReferralStep
from cre_toolkit.casework.referral.models import SealedDocument as SealedDocument
from cre_toolkit.casework.tasking.models import TaskingAnswer as TaskingAnswer
from cre_toolkit.casework.tasking.models import TaskingCase as TaskingCase
from cre_toolkit.casework.tasking.models import TaskingMeeting as TaskingMeeting
from cre_toolkit.casework.tasking.models import TaskingRequest as TaskingRequest
from cre_toolkit.casework.transfer.models import Transfer as Transfer
from cre_toolkit.ids import new_id


class CaseEvent(models.Model):
    """One dated event of the case contract (`case.md`). Never changed: another event withdraws a mistake."""

    class Kind(models.TextChoices):
        ASSESSMENT = "assessment", "Assessment"
        COUNTERSIGN = "countersign", "Manager’s answer"
        MEETING = "meeting", "Meeting"
        SIGNIFICANT_INCIDENT = "significant-incident", "Significant incident"
        IMMEDIATE_RISK = "immediate-risk", "Immediate risk"
        MISSING = "missing", "Went missing"
        RETURNED = "returned", "Returned"
        RETURN_INTERVIEW = "return-interview", "Return interview"
        TRANSFER = "transfer", "Transfer to another authority"
        CLOSED = "closed", "Case closed"
        REOPENED = "reopened", "Case reopened"
        DONE = "done", "Done"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="case_events")
    kind = models.CharField(max_length=30, choices=Kind)
    # When it happened, and when it was entered; the two may be days apart.
    at = models.DateTimeField()
    entered_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    record = models.OneToOneField(
        "assessments.Record", on_delete=models.PROTECT, related_name="case_event", null=True
    )
    # The draft in which immediate danger was said.
    draft = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="+", null=True)
    # The event's other keys of the contract, as they stand there.
    keys = models.JSONField(default=dict)
    # What was done by something else that somebody entered: a meeting, say. Withdrawn with it.
    entered_with = models.ForeignKey("self", on_delete=models.PROTECT, related_name="done_with_it", null=True)
    # Of a transfer: who was responsible until then. The contract asks for the first of all.
    from_authority = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = (models.Index(fields=["child", "at"], name="case_event_child"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Call(models.Model):
    """A telephone call about a child in immediate danger, as the person who made it logged it."""

    class To(models.TextChoices):
        SOCIAL_CARE = "telephone-social-care", "Children's social care"
        POLICE = "telephone-police", "Police"

    class Outcome(models.TextChoices):
        SPOKE = "spoke", "Spoke to somebody"
        NO_ANSWER = "no-answer", "No answer"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="calls")
    # The draft in which the danger was said, where there is one.
    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.PROTECT, related_name="calls", null=True
    )
    to = models.CharField(max_length=30, choices=To)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome)
    spoke_to = models.CharField(max_length=200, blank=True)
    their_reference = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    form_id = models.UUIDField(unique=True, default=new_id)

    def __str__(self) -> str:
        return f"{self.to} {self.pk}"


class Due(models.Model):
    """What is due on a case: a copy of `state.Case.due`, rebuilt whole after each event of the child."""

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey("children.Child", on_delete=models.CASCADE, related_name="due")
    action = models.CharField(max_length=40)
    event = models.UUIDField(null=True)
    to = models.TextField()
    text = models.TextField()
    # An action's instant; a review's day; neither where the toolkit sets no time.
    due_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    # When the event happened that asks for it; none for a birthday, or for the day of a low level's author.
    asked_at = models.DateTimeField(null=True)
    # Its place in a list: telephone calls first, everything else by the instant after which it is overdue.
    sorts_at = models.DateTimeField()
    # Not shown before this day: a birthday that is still to come.
    shown_from = models.DateField(null=True)
    # What a list of many children says beside it: the clock in words (`case/clocks.py`), and the two levels.
    clock = models.CharField(max_length=120, blank=True)
    agreed_level = models.CharField(max_length=10, blank=True)
    assessed_level = models.CharField(max_length=10, blank=True)

    class Meta:
        verbose_name_plural = "due"
        indexes = (models.Index(fields=["sorts_at", "id"], name="due_order"),)

    def __str__(self) -> str:
        return f"{self.action} {self.child_id}"
