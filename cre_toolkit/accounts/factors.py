"""The second step of signing in: who needs one, and setting it up. allauth keeps and checks the factors.

A factor is an app that shows codes (TOTP) or a passkey (WebAuthn). Recovery codes come with the first one,
and stand in for it when it is lost.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import QuerySet

from cre_toolkit.accounts import dated, sessions
from cre_toolkit.accounts.models import Role, RoleHeld, User
from cre_toolkit.accounts.sessions import Ended
from cre_toolkit.audit import actions as audit

EVERY_ROLE = "all"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class StillNeeded(ValueError):
    """Somebody whose roles need a second step would be left without one."""

    def __init__(self) -> None:
        super().__init__("Your work here needs a second step. Add another one first, then remove this one.")


# --- Who needs one ------------------------------------------------------------------------------------------


def check_roles() -> None:
    """Refuse to start where `SECOND_FACTOR_ROLES` names a role that there is not.

    Raises:
        ImproperlyConfigured: says which.
    """
    for name in settings.SECOND_FACTOR_ROLES:
        if name not in (EVERY_ROLE, *Role.values):
            known = ", ".join((EVERY_ROLE, *Role.values))
            raise ImproperlyConfigured(f"SECOND_FACTOR_ROLES names {name!r}, and knows {known}.")


def needed_by(user: User) -> bool:
    """Whether a role that the user holds now needs a second step. One query, or none where no role does."""
    roles = settings.SECOND_FACTOR_ROLES
    if not roles:
        return False
    held = RoleHeld.objects.filter(dated.current(), user=user)
    return (held if EVERY_ROLE in roles else held.filter(role__in=roles)).exists()


def of(user: User) -> "QuerySet[Authenticator]":
    """The user's factors, and the recovery codes that go with them, the earliest first."""
    mine: QuerySet[Authenticator] = Authenticator.objects.filter(user=user).order_by("created_at", "pk")
    return mine


def has_one(user: User) -> bool:
    """Whether the user has set up a second step. One query."""
    return of(user).filter(type__in=FACTORS).exists()


# --- Setting up and removing one's own ----------------------------------------------------------------------


@transaction.atomic
def add_app(*, by: User, secret: str, code: str) -> None:
    """Set up an app that shows codes; a person has one. The same form sent twice sets it up once.

    Args:
        by: whose it is.
        secret: which the app was given.
        code: the one that showed that it has it; it is good for nothing more.
    """
    _one_at_a_time(by)
    if of(by).filter(type=Authenticator.Type.TOTP).exists():
        return
    take_code(by=by, app=totp.TOTP.activate(by, secret).instance, code=code)
    _added(by, Authenticator.Type.TOTP)


@transaction.atomic
def add_passkey(*, by: User, name: str, credential: dict[str, Any]) -> None:
    """Add a passkey.

    Args:
        by: whose it is.
        name: what they call it.
        credential: the passkey's own answer, checked by `NewPasskeyForm`.
    """
    _one_at_a_time(by)
    WebAuthn.add(by, name, credential)
    _added(by, Authenticator.Type.WEBAUTHN)


@transaction.atomic
def make_codes(*, by: User) -> None:
    """Make new recovery codes; the earlier ones are worth nothing from now on."""
    _one_at_a_time(by)
    of(by).filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(by)
    _audit("account.recovery-codes-made", by, by)


@transaction.atomic
def remove(*, by: User, factor: int) -> None:
    """Remove a factor of one's own; with the last one go the recovery codes. What is not there is no matter.

    Raises:
        StillNeeded: it is the last one, and a role of theirs needs one.
    """
    _one_at_a_time(by)
    gone = of(by).filter(type__in=FACTORS, pk=factor).first()
    if gone is None:
        return
    last = not of(by).filter(type__in=FACTORS).exclude(pk=factor).exists()
    if last and needed_by(by):
        raise StillNeeded
    (of(by) if last else of(by).filter(pk=factor)).delete()
    _audit("account.factor-removed", by, by, gone.type)


@transaction.atomic
def show_codes(*, by: User) -> list[str]:
    """The recovery codes, which are shown once. Empty where they have been, or where there are none."""
    _one_at_a_time(by)
    codes = of(by).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    if codes is None or codes.wrap().did_view:
        return []
    codes.wrap().mark_as_viewed()
    return list(codes.wrap().get_unused_codes())


# --- Using one ----------------------------------------------------------------------------------------------


@transaction.atomic
def take_code(*, by: User, app: "Authenticator", code: str) -> bool:
    """Take a right code of an app, once: one as old as the last that was taken, or older, is refused.

    Whoever has looked over the shoulder, or at the line, cannot use it again (RFC 6238, 5.2).

    Args:
        by: whose app it is.
        app: which has been found to show this code about now.
        code: as it was typed.

    Returns: whether it was taken.
    """
    kept = Authenticator.objects.select_for_update(no_key=True).get(pk=app.pk)
    secret, typed = totp.decrypt(kept.data["secret"]), totp.normalize_user_code(code)
    steps = totp.yield_hotp_counters_from_time()
    step = max((step for step in steps if _code(secret, step) == typed), default=-1)
    if step <= kept.data.get("last_step", -1):
        refused(user=by, kind=app.type)
        return False
    kept.data["last_step"] = step
    kept.save(update_fields=["data"])
    return True


@transaction.atomic
def refused(*, by: None = None, user: User, kind: str) -> None:
    """Write down that a code or a passkey was not right: by nobody, since nobody has shown who they are."""
    _audit("account.second-factor-refused", by, user, kind)


@transaction.atomic
def confirmed(*, by: User, how: str) -> None:
    """Write down that somebody confirmed that it is them, before a gravest act.

    Args:
        by: who did.
        how: by a factor, or the password.
    """
    audit.record(by=by, kind="account.confirmed", subject_kind="user", subject=by.pk, detail={"how": how})


@transaction.atomic
def confirm_refused(*, by: User) -> None:
    """Write down that somebody who was asked to confirm that it is them gave a wrong password."""
    _audit("account.confirm-refused", by, by)


# --- Lost ---------------------------------------------------------------------------------------------------


@transaction.atomic
def reset(*, by: User | None, user: User) -> None:
    """Take away all factors of somebody who has lost theirs, and their sessions. They set up another.

    Args:
        by: the administrator, who has made sure that it is them who asks; None for the command line.
        user: whose.
    """
    _one_at_a_time(user)
    if of(user).delete()[0]:
        _audit("account.factors-reset", by, user)
        # Whoever has found the telephone may have a session, too.
        sessions.end_all(by=by, user=user, why=Ended.SECOND_STEP_LOST)


def _one_at_a_time(user: User) -> None:
    """What is done to a person's factors at once is done one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _added(by: User, kind: str) -> None:
    if not of(by).filter(type=Authenticator.Type.RECOVERY_CODES).exists():
        RecoveryCodes.activate(by)
    _audit("account.factor-added", by, by, kind)


def _code(secret: str, step: int) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, step)))


def _audit(kind: str, by: User | None, user: User, factor: str = "") -> None:
    detail = {"factor": str(factor)} if factor else {}
    audit.record(by=by, kind=kind, subject_kind="user", subject=user.pk, detail=detail)
