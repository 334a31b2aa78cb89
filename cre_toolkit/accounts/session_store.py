"""Django's sessions, kept in our own table: with whose they are, since when, and how they were last used.

`SESSION_ENGINE`. When a session ends is `sessions.py`'s; signing in and out is audited where it is done.
"""

import hashlib
import uuid
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from cre_toolkit.accounts import clock
from cre_toolkit.accounts.models import Session
from cre_toolkit.statements import statement

# In the session's data: what it runs on, in words.
DEVICE = "device"


class SessionStore(SessionBase):
    """One browser's session. `row` is how it stood when it was read; None where there is none."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._row: Session | None = None

    @property
    def row(self) -> Session | None:
        """The session as it stood when it was read, in the same query as its data."""
        self._get_session()  # type: ignore[attr-defined] # reads it, the first time
        return self._row

    def load(self) -> dict[str, Any]:
        if self.session_key:
            self._row = next(iter(_kept(digest=_digest(self.session_key))), None)
        if self._row is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = self.decode(self._row.data)
        return data

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=_digest(session_key)).exists()

    def create(self) -> None:
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the data; of a new one, that it begins now.

        Raises:
            UpdateError: it has ended meanwhile.
        """
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        whose = data.get(SESSION_KEY)
        columns = {
            "data": self.encode(data),
            "user_id": uuid.UUID(whose) if whose else None,
            "device": data.get(DEVICE, ""),
        }
        if must_create:
            self._begin(columns)
        elif not Session.objects.filter(pk=_digest(self.session_key)).update(**columns):
            raise UpdateError

    def _begin(self, columns: dict[str, Any]) -> None:
        """Write a new row. A new key for whoever is signed in already makes their session no younger."""
        now = clock.now()
        since, lasted = now.at, 0.0
        if self._row and self._row.user_id and self._row.user_id == columns["user_id"]:
            since, lasted = self._row.since, self._row.lasted + clock.seconds_since(self._row.used)
        row = Session(
            pk=_digest(str(self.session_key)), since=since, lasted=lasted, **_last_used(now), **columns
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as taken:
            raise CreateError from taken
        self._row = row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(pk=_digest(key)).delete()

    def touch(self) -> None:
        """Note that it is being used now."""
        if row := self.row:
            lasted = row.lasted + clock.seconds_since(row.used)
            Session.objects.filter(pk=row.pk).update(lasted=lasted, **_last_used(clock.now()))


@statement
def _kept(*, digest: str) -> QuerySet[Session]:
    return Session.objects.filter(pk=digest)


def _digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


def _last_used(now: clock.Moment) -> dict[str, Any]:
    return {"used_at": now.at, "boot": now.boot, "seconds": now.seconds}
