"""Who is signed in where, and what all processes count together."""

from django.db import models

from cre_toolkit.accounts.clock import Moment


class Session(models.Model):
    """A browser on which somebody is signed in, or is about to be (`session_store.py`, `sessions.py`)."""

    # SHA-256 of the cookie's value: a stolen copy of the database signs nobody in.
    id = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="sessions")
    data = models.TextField()
    # "Firefox on Windows": for its owner, to know it again.
    device = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    # When it was last used, as `clock.Moment`; and for how many seconds it had lasted by then.
    used_at = models.DateTimeField()
    boot = models.CharField(max_length=36)
    seconds = models.FloatField()
    lasted = models.FloatField(default=0)
    locked = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"session of {self.user_id}"

    @property
    def used(self) -> Moment:
        """When it was last used."""
        return Moment(self.used_at, self.boot, self.seconds)


class SharedEntry(models.Model):
    """A value that all processes of the service share for a while (`shared_cache.py`)."""

    # HMAC of the key, which may hold the address of a visitor.
    id = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "shared entries"

    def __str__(self) -> str:
        return self.pk
