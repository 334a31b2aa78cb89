"""What the access policy goes by: who was given access to a child's record, and to whom it is closed."""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id


class AccessGrant(models.Model):
    """Somebody, or a team, may see a child, for a reason, from an instant to an instant."""

    class Reason(models.TextChoices):
        ADDED = "added", "added the child to the service"
        ALLOCATED = "allocated", "is the allocated worker"
        NETWORK = "network", "is in the child's network of practitioners"
        ASSESSED = "assessed", "began an assessment of the child"
        HANDED_OVER = "handed-over", "was handed an unfinished assessment of the child"
        SENT = "sent", "was sent an assessment or a referral"
        MERGED = "merged", "could see a record that was merged into this one"
        NAMED = "named", "is one of the people to whom this record is restricted"
        COVER = "cover", "stands in for a colleague who is on leave"
        BREAK_GLASS = "break-glass", "broke the glass"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="access_grants", null=True
    )
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.PROTECT, related_name="access_grants", null=True
    )
    reason = models.CharField(max_length=20, choices=Reason)
    # The record it comes from (an assessment, a referral), where there is one.
    source = models.UUIDField(null=True)
    # What somebody said who gave it by hand (`network.py`, `restriction.py`): what this person does here.
    why = models.CharField(max_length=300, blank=True)
    # Who gave it; nobody where the service itself did.
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    # When an allocated worker said that they have taken the child on (`casework/transfer/handing_on.py`).
    taken_on_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(user=None, team__isnull=False) | models.Q(user__isnull=False, team=None),
                name="grant_to_a_user_or_a_team",
            ),
            models.UniqueConstraint(
                fields=["child", "user", "reason"],
                condition=models.Q(until=None, user__isnull=False),
                name="grant_to_a_user_once",
            ),
            models.UniqueConstraint(
                fields=["child", "team", "reason"],
                condition=models.Q(until=None, team__isnull=False),
                name="grant_to_a_team_once",
            ),
        )
        indexes = (
            models.Index(fields=["user", "child"], name="grant_user"),
            models.Index(fields=["team", "child"], name="grant_team"),
        )

    def __str__(self) -> str:
        return f"{self.child}: {self.reason}"


class Restriction(models.Model):
    """A record is for the people named on it and for nobody else, from an instant to an instant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="restrictions")
    why = models.TextField()
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(until=None), name="restricted_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return str(self.child)


class LockOut(models.Model):
    """Somebody must not see a child's record, whatever their roles, from an instant to an instant.

    They are not told: for them there is no such child.
    """

    class Conflict(models.TextChoices):
        """What stands between them and the child."""

        RELATIVE = "relative", "They are related to the child or the family"
        KNOWS = "knows", "They know the child or the family in private life"
        INVOLVED = "involved", "They are themselves part of what is being looked into"
        OTHER = "other", "Something else"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="lock_outs")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    conflict = models.CharField(max_length=20, choices=Conflict)
    why = models.TextField(blank=True)
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["child", "user"], condition=models.Q(until=None), name="locked_out_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return str(self.child)
