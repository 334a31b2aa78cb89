"""How far the cases have been worked out anew by the packs that are in force."""

from django.db import models


class PackRebuild(models.Model):
    """Every case worked out anew, once, since a pack of an authority came into force."""

    id = models.BigAutoField(primary_key=True)
    # The packs of every authority, each by its first day: "derby 2019-05-01, derbyshire 2019-05-01".
    packs = models.CharField(max_length=1000)
    begun_at = models.DateTimeField()
    # The reference of the last case that was looked at; blank before the first.
    after = models.CharField(max_length=11, blank=True)
    # How many cannot be worked out: `manage.py rebuild_actions` names them.
    wrong = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.packs
