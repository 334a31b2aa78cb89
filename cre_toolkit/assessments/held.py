"""Text that was sent after its author's session had ended: held for them alone, given back, then forgotten.

Only a form that the service itself made for that person is held (`web/held_forms.py` checks its signature),
so nobody else can put text here. It stays until its author saves it or leaves it out, for a day at most
(docs/adr/0006-text-is-held-for-its-author.md).
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import HELD_FOR, HeldText
from cre_toolkit.audit import actions as audit

# For one person at a time, so that nobody can fill the disk.
MOST_TEXTS = 10
MOST_CHARACTERS = 4_000_000


class TooMuch(RuntimeError):
    """It cannot be held: it is too long, or too much of this person's is held already."""


@transaction.atomic
def keep(*, by: User, path: str, posted: str) -> HeldText:
    """Hold a form for its author. The same form sent twice is held once.

    Args:
        by: whom the form was made for; nobody is signed in now.
        path: of the page that it belongs to.
        posted: the form as it was sent.

    Raises:
        TooMuch: nothing was held.
    """
    mine = HeldText.objects.filter(user=by)
    if same := mine.filter(path=path, posted=posted).first():
        return same
    if len(posted) > MOST_CHARACTERS or mine.count() >= MOST_TEXTS:
        raise TooMuch
    kept = HeldText.objects.create(user=by, path=path, posted=posted, at=timezone.now())
    _audit(by, kept, "text.held")
    return kept


def waiting(user: User, path: str) -> HeldText | None:
    """What is held for this person on a page, the oldest of several. One query."""
    return HeldText.objects.filter(user=user, path=path, at__gt=_earliest()).order_by("at").first()


def waiting_under(user: User, path: str) -> list[HeldText]:
    """What is held for this person on the pages below an address, without the text. One query."""
    held = HeldText.objects.filter(user=user, path__startswith=path, at__gt=_earliest())
    return list(held.defer("posted").order_by("at"))


@transaction.atomic
def give_back(*, by: User, text: HeldText) -> None:
    """Its author looks at what was held. It stays until they have saved it, or left it out."""
    _audit(by, text, "text.given-back")


@transaction.atomic
def forget(*, by: User, id_: str) -> None:
    """Its author has saved what was held, or leaves it out. What is nobody's, or another's, is no matter."""
    try:
        held = HeldText.objects.filter(user=by, pk=uuid.UUID(id_))
    except ValueError:
        return
    for text in held.defer("posted"):
        _audit(by, text, "text.forgotten")
        text.delete()


@transaction.atomic
def forget_old(*, by: User | None = None) -> int:
    """Forget what nobody came back for within a day. Returns how many there were."""
    old = list(HeldText.objects.filter(at__lte=_earliest()).defer("posted"))
    for text in old:
        _audit(by, text, "text.forgotten")
        text.delete()
    return len(old)


def _earliest() -> datetime.datetime:
    return timezone.now() - HELD_FOR


def _audit(by: User | None, text: HeldText, kind: str) -> None:
    audit.record(
        by=by, kind=kind, subject_kind="held-text", subject=text.pk, detail={"for": str(text.user_id)}
    )
