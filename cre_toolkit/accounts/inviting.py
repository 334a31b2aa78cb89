"""Invitations: an account that an administrator makes, and whose owner sets the first password themselves.

The link holds 256 random bits and is good once, for a week. The database knows only its hash.
"""

import datetime
import hashlib
import secrets

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import Agency, Invitation, User
from cre_toolkit.audit import actions as audit

GOOD_FOR = datetime.timedelta(days=7)


class NotGood(LookupError):
    """There is no such invitation, or it is used, replaced or older than a week: to its holder the same."""


class HasSignedIn(ValueError):
    """An invitation is for a new account. Whoever has a password, or has signed in, resets the password."""


@transaction.atomic
def add_invited(
    *, by: User, email: str, name: str, agency: Agency | None, job_title: str = "", telephone: str = ""
) -> User:
    """Make an account without a password: nobody signs in with it before the invitation is answered.

    Raises:
        django.db.IntegrityError: there is an account with that e-mail address.
    """
    user = User(email=email.lower(), name=name, agency=agency, job_title=job_title, telephone=telephone)
    user.set_unusable_password()
    user.save(force_insert=True)
    audit.record(by=by, kind="user.added", subject_kind="user", subject=user.pk)
    return user


@transaction.atomic
def new_link(*, by: User, user: User) -> str:
    """What the link of a new invitation carries. Links that were sent before are good no longer.

    Raises:
        HasSignedIn: there is nothing to invite them to.
    """
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not awaits_answer(held):
        raise HasSignedIn(str(user.pk))
    now, token = timezone.now(), secrets.token_urlsafe(32)
    Invitation.objects.filter(user=user, until__gt=now).update(until=now)
    made = Invitation.objects.create(user=user, token_hash=_hash(token), sent_at=now, until=now + GOOD_FOR)
    audit.record(
        by=by, kind="user.invited", subject_kind="user", subject=user.pk, detail={"until": str(made.until)}
    )
    return token


def awaits_answer(user: User) -> bool:
    """Whether somebody has been given an account, and has never signed in or set a password."""
    return user.is_active and user.last_login is None and not user.has_usable_password()


def find(token: str) -> Invitation:
    """The invitation of a link.

    Raises:
        NotGood: it opens nothing, or nothing any more.
    """
    good = Invitation.objects.filter(used_at=None, until__gt=timezone.now(), user__is_active=True)
    found = good.select_related("user").filter(token_hash=_hash(token)).first()
    # Whoever has come in by another way meanwhile has an account that no old mail must open.
    if found is None or not awaits_answer(found.user):
        raise NotGood
    return found


@transaction.atomic
def answer(*, by: None = None, token: str, password: str) -> User:
    """Set the first password of an account. The link is used up by it.

    Args:
        by: nobody is signed in.
        token: what the link carries.
        password: held to the rules of `AUTH_PASSWORD_VALIDATORS`.

    Raises:
        NotGood: it opens nothing, or nothing any more.
        django.core.exceptions.ValidationError: the password does not keep the rules; says which.
    """
    invitation = find(token)
    user = invitation.user
    validate_password(password, user)
    now = timezone.now()
    # Pressed twice, it is answered once.
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=now):
        raise NotGood
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(by=by, kind="user.invitation-answered", subject_kind="user", subject=user.pk)
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
