"""When a session ends, and the acts that end, lock and open one.

A session ends after 20 minutes without use, after 12 hours in all, and when its account is closed: the
figures are those of the most careful public services. It is ended where it is kept, so that a copy of its
cookie is worth nothing from then on.
"""

from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts import clock
from cre_toolkit.accounts.models import Session, User
from cre_toolkit.audit import actions as audit

IDLE = timedelta(minutes=20)
WARNED_AFTER = timedelta(minutes=15)
WHOLE = timedelta(hours=12)
# Using a session is written down no more often than this: a page costs no write.
NOTED_EVERY = timedelta(minutes=1)


class Ended(StrEnum):
    """Why a session came to its end."""

    IDLE = "idle"
    WHOLE = "whole"
    BY_ITS_USER = "by-its-user"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - a reason, no password
    ACCOUNT_CLOSED = "account-closed"
    WRONG_PASSWORDS = "wrong-passwords"
    SECOND_STEP_LOST = "second-step-lost"


def seconds_left(session: Session) -> float:
    """How long it lasts if nobody uses it any more."""
    unused = clock.seconds_since(session.used)
    return min(IDLE.total_seconds() - unused, WHOLE.total_seconds() - session.lasted - unused)


def over(session: Session) -> Ended | None:
    """Whether, and why, a session has come to its end by itself."""
    if seconds_left(session) > 0:
        return None
    return Ended.IDLE if clock.seconds_since(session.used) >= IDLE.total_seconds() else Ended.WHOLE


def is_to_be_noted(session: Session) -> bool:
    """Whether using it now is to be written down."""
    return clock.seconds_since(session.used) >= NOTED_EVERY.total_seconds()


def of(user: User) -> list[Session]:
    """Where a user is signed in, the latest used first. One query."""
    return [one for one in user.sessions.order_by("-used_at") if over(one) is None]


@transaction.atomic
def end(*, by: User | None, session: Session, why: Ended) -> None:
    """End one session. One that somebody else has ended meanwhile is no matter."""
    ended, _ = Session.objects.filter(pk=session.pk).delete()
    if ended and session.user_id:
        audit.record(
            by=by,
            kind="account.session-ended",
            subject_kind="user",
            subject=session.user_id,
            detail={"why": why},
        )


@transaction.atomic
def end_all(*, by: User | None, user: User, why: Ended, but: Session | None = None) -> int:
    """End a user's sessions, all or all but one. Returns how many there were."""
    theirs = user.sessions.exclude(pk=but.pk) if but else user.sessions.all()
    for session in theirs:
        end(by=by, session=session, why=why)
    return len(theirs)


@transaction.atomic
def end_old(*, by: User | None = None) -> None:
    """End what came to its end while nobody asked for it, and forget sign-ins that were never finished."""
    # Few are looked at; whether one is over is said by the clock that nobody sets.
    for session in Session.objects.filter(used_at__lt=timezone.now() - IDLE):
        if why := over(session):
            end(by=by, session=session, why=why)


@transaction.atomic
def lock(*, by: User, session: Session) -> None:
    """From here on it shows nothing until its user's password opens it again."""
    if Session.objects.filter(pk=session.pk, locked=False).update(locked=True):
        audit.record(by=by, kind="account.locked", subject_kind="user", subject=by.pk)


@transaction.atomic
def unlock(*, by: User, session: Session) -> None:
    """Open a locked session; its user's password was right."""
    if Session.objects.filter(pk=session.pk, locked=True).update(locked=False):
        audit.record(by=by, kind="account.unlocked", subject_kind="user", subject=by.pk)
