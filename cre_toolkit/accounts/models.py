"""Who works here: users, their agency and teams, and the roles they hold within an authority."""

import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from cre_toolkit.accounts.roles import Role as Role
from cre_toolkit.accounts.session_models import Session as Session
from cre_toolkit.accounts.session_models import SharedEntry as SharedEntry
from cre_toolkit.ids import new_id


class Agency(models.Model):
    """An organisation whose people use the service: a council, a school, a police force, a health trust."""

    class Kind(models.TextChoices):
        SOCIAL_CARE = "social-care", "Children's social care"
        EARLY_HELP = "early-help", "Early help"
        POLICE = "police", "Police"
        EDUCATION = "education", "Education"
        HEALTH = "health", "Health"
        VOLUNTARY = "voluntary", "Voluntary sector"
        OTHER = "other", "Other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who share work: a social work team, a front door, the Police Referral Unit."""

    class Kind(models.TextChoices):
        TEAM = "team", "Team"
        FRONT_DOOR = "front-door", "Front door of children's social care"
        POLICE_REFERRAL = "police-referral", "Police Referral Unit"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.TEAM)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    # The pack's id; the police's unit serves several and stands once for each.
    authority = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agency", "name", "authority"], name="team_named_once"),
        )

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. Never deleted, since the audit speaks of them: `is_active` off instead."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="users", null=True)
    is_active = models.BooleanField(default=True)
    # When the account was closed, where it is (`leaving.py`).
    closed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user in a team, from a day to a day; `manages` where they manage it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    manages = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "team"], condition=models.Q(until=None), name="member_of_a_team_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class RoleHeld(models.Model):
    """A role that a user holds within an authority, from a day to a day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles_held")
    role = models.CharField(max_length=40, choices=Role)
    authority = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "roles held"
        constraints = (
            models.UniqueConstraint(
                fields=["user", "role", "authority"], condition=models.Q(until=None), name="role_held_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.role} ({self.authority})"


class Invitation(models.Model):
    """A link by which somebody sets the password of their new account: good once, and for a week."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    # Of what the link carries. The link itself is in the mail alone.
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    # Brought forward when a newer one is sent, or the account is closed.
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Cover(models.Model):
    """Somebody stands in for a colleague who is on leave, from an instant to an instant.

    What they see by it are grants of the same dates, which name it as their source (`children/cover.py`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    absent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covers")
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    arranged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # The form mints it: the same form sent twice arranges it once.
    form_id = models.UUIDField(unique=True, default=new_id)

    class Meta:
        indexes = (models.Index(fields=["absent", "until"], name="cover_of"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(since__lte=models.F("until")), name="cover_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~models.Q(absent=models.F("stand_in")), name="nobody_covers_for_themselves"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def last_day(self) -> datetime.date:
        """The last day on which it holds: one that ends at midnight has not begun the day after."""
        return timezone.localdate(self.until - datetime.timedelta.resolution)
