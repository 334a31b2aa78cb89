"""Django's cache, in a table: what all processes of the service must know together, for a short while.

`CACHES`. Sign-in counts its attempts here and remembers which one-time codes were used (allauth does, by
Django's cache); counted in each process by itself, somebody who guesses would have as many tries again in
every process. Django's own `DatabaseCache` throws entries away once there are many, so that whoever makes
many is counted no more; it unpickles what it finds, and keeps the addresses of visitors as they are. No
page asks here but those of signing in, and those that somebody is refused.
"""

import datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cre_toolkit.accounts.models import SharedEntry

# What never ends by itself is not for this cache.
_LONGEST = datetime.timedelta(days=1)


class SharedCache(BaseCache):
    """Values that JSON knows, under keys that nobody can read."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Put a value where there is none. Of several who do so at once, one gets True."""
        id_, columns = self._id(key, version), {"value": value, "until": self._until(timeout)}
        try:
            with transaction.atomic():
                _, added = SharedEntry.objects.get_or_create(pk=id_, defaults=columns)
        except IntegrityError:
            # There was one, and whoever had put it there has taken it away meanwhile: a lock that was let go.
            return False
        return added or bool(SharedEntry.objects.filter(pk=id_, until__lte=timezone.now()).update(**columns))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = SharedEntry.objects.filter(pk=self._id(key, version), until__gt=timezone.now()).first()
        return found.value if found else default

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        entry = SharedEntry(pk=self._id(key, version), value=value, until=self._until(timeout))
        # One statement, so that nobody deletes it between a look and a write.
        SharedEntry.objects.bulk_create(
            [entry], update_conflicts=True, unique_fields=["id"], update_fields=["value", "until"]
        )

    def delete(self, key: str, version: int | None = None) -> bool:
        deleted, _ = SharedEntry.objects.filter(pk=self._id(key, version)).delete()
        return deleted > 0

    def clear(self) -> None:
        SharedEntry.objects.all().delete()

    def _id(self, key: str, version: int | None) -> str:
        whole = self.make_key(key, version)
        return salted_hmac("cre_toolkit.accounts.shared_cache", whole, algorithm="sha256").hexdigest()

    def _until(self, timeout: float | None) -> datetime.datetime:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        lasts = _LONGEST if timeout is None else datetime.timedelta(seconds=timeout)
        return timezone.now() + min(lasts, _LONGEST)


def forget_old() -> None:
    """Forget what has come to its end."""
    SharedEntry.objects.filter(until__lte=timezone.now()).delete()
