"""Referrals: a child, mostly with an assessment, on the way to one recipient each."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from cre_toolkit.casework.referral.states import State, Step
from cre_toolkit.ids import new_id, new_reference


class To(models.TextChoices):
    """To whom a referral goes."""

    FRONT_DOOR = "front-door", "The front door of children’s social care"
    WORKER = "worker", "The allocated worker"
    POLICE = "police", "The Police Referral Unit"
    OTHER_AUTHORITY = "other-authority", "Children’s social care of another council"
    OTHER = "other", "Somebody else who has no account here"
    NOBODY = "nobody", "Nobody yet"


class How(models.TextChoices):
    """How it gets there."""

    SERVICE = "service", "In this service"
    TELEPHONE = "telephone", "By telephone"
    SEALED = "sealed", "As a sealed document"


class Channel(models.TextChoices):
    """How a sealed document gets there."""

    SECURE_MAIL = "secure-mail", "Secure e-mail"
    PORTAL = "portal", "Their own website for referrals"
    POST = "post", "Recorded post"
    BY_HAND = "by-hand", "By hand"


class Reason(models.TextChoices):
    """Why a referral is returned."""

    NOT_OURS = "not-ours", "It is not for us"
    MORE_NEEDED = "more-needed", "We need to know more"
    KNOWN = "known", "We know the child, and it adds nothing new"
    OTHER = "other", "Something else"


class Referral(models.Model):
    """One recipient of an assessment or of a request, and how far it has got.

    `state` is a copy of where its steps have led (`states.py`), so that lists can ask the database.
    """

    # Its steps in their order, where `referral_queries.with_steps` read it.
    history: list[Any]
    # Whether the reader stands in for the recipient, who is on leave, where that was read too.
    stands_in = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=11, unique=True, default=new_reference, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="referrals")
    # The sent assessment that goes with it, where there is one.
    record = models.ForeignKey(
        "assessments.Record", on_delete=models.PROTECT, related_name="referrals", null=True
    )
    # Responsible for the child when it was sent.
    authority = models.CharField(max_length=40)
    to = models.CharField(max_length=20, choices=To)
    how = models.CharField(max_length=20, choices=How)
    # One of the two within the service; in words, and by which channel, outside it.
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="referrals", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    recipient = models.CharField("recipient in words", max_length=200, blank=True)
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    address = models.CharField("where it is sent", max_length=300, blank=True)
    why = models.TextField("what is asked for", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # The `done` events that it stands for: taken back when it is returned.
    ticked = models.JSONField(default=list)
    form_id = models.UUIDField(unique=True, default=new_id)
    state = models.CharField(max_length=20, choices=State)
    # Not acknowledged by then, it is to be chased. None where nobody is waited for.
    chase_at = models.DateTimeField(null=True)
    # Sender and manager were told that nobody has acknowledged it: once.
    told_at = models.DateTimeField(null=True)
    # Who has taken an entry of the queue of those that reach nobody.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes = (
            models.Index(fields=["team", "state", "at"], name="referral_inbox"),
            models.Index(fields=["state", "chase_at"], name="referral_to_chase"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def whom(self) -> str:
        """The recipient, as a page names them."""
        return self.recipient or str(self.team or self.user or self.get_to_display())

    @property
    def is_late(self) -> bool:
        """Whether it is to be chased: nobody has answered it in time, or it is not even on its way."""
        return self.chase_at is not None and self.chase_at <= timezone.now()


class ReferralStep(models.Model):
    """Something that happened to a referral, by whom and when. Never changed (0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=Step)
    at = models.DateTimeField()
    entered_at = models.DateTimeField()
    # None for the service itself.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    # With whom somebody spoke, or who confirmed it.
    person = models.CharField("whom they spoke to", max_length=200, blank=True)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    words = models.TextField("what was said", blank=True)
    # The worker to whom the child was allocated.
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    form_id = models.UUIDField(unique=True, default=new_id)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SealedDocument(models.Model):
    """A completed form that opens by its passphrase alone, which is kept nowhere. Never changed (0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="sealed")
    sealed = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_id = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)
