"""What somebody is told within the service, and when they last looked at a child's page."""

from django.conf import settings
from django.db import models

from cre_toolkit.ids import new_id


class Notice(models.Model):
    """One thing that one person was told, beside the mail. It names no child: a reference, and a page."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    # Of whom it is; none where it is about no one child, as cover is.
    child = models.ForeignKey("children.Child", on_delete=models.CASCADE, related_name="notices", null=True)
    text = models.CharField(max_length=200)
    # The name of the page that it leads to, and the reference that this takes; some take none.
    page = models.CharField(max_length=60, blank=True)
    page_of = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["user", "-at"], name="notice_of_user"),
            # Counted on every page: of whoever has read everything it holds nothing.
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["read_at"], condition=models.Q(read_at__isnull=False), name="notice_read"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class LastLook(models.Model):
    """Until when somebody has seen what was entered on a child's case: by it they are shown what is new.

    Moved only where there was something new to see. Who looked when is the audit trail's.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The record that stood for the child when they looked.
    child = models.ForeignKey("children.Child", on_delete=models.CASCADE, related_name="last_looks")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "child"], name="last_look_once"),)

    def __str__(self) -> str:
        return str(self.pk)
