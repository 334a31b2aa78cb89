"""Sealed documents: the completed form for somebody without an account, opened by its passphrase alone.

The passphrase is shown once to whoever makes the document and is kept nowhere; they tell it by another way
than the document takes. Nothing is mailed from here: the document is fetched and sent by the agreed channel.
"""

import io
import secrets
import uuid

from django.db import transaction
from django.utils import timezone
from pypdf import PdfWriter

from cre_toolkit.accounts.models import User
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.state import read
from cre_toolkit.casework.models import Referral, ReferralStep, SealedDocument
from cre_toolkit.casework.referral import reaching
from cre_toolkit.casework.referral.referring import tick
from cre_toolkit.casework.referral.states import Step
from cre_toolkit.casework.referral.steps import hold_referral, take_step, taken_already
from cre_toolkit.children import access
from cre_toolkit.ids import ALPHABET

# Five groups of four are 100 bits: more than anybody tries out, and short enough for the telephone.
GROUPS, LETTERS = 5, 4
ALGORITHM = "AES-256"


class NotMade(ValueError):
    """There is no sealed document that could be on its way."""


def new_passphrase() -> str:
    """A passphrase to be read out: letters and digits that are not misheard, in groups."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def seal(pdf: bytes, passphrase: str) -> bytes:
    """The PDF, encrypted whole (AES-256, ISO 32000-2), still tagged for those who hear it read.

    Args:
        pdf: the document.
        passphrase: by which alone it opens.
    """
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.encrypt(passphrase, algorithm=ALGORITHM)
    sealed = io.BytesIO()
    writer.write(sealed)
    return sealed.getvalue()


@transaction.atomic
@together()
def keep(*, by: User, referral: Referral, sealed: bytes, form_id: uuid.UUID) -> bool:
    """Keep a sealed document with its referral, so that it can be fetched. A new one replaces the last.

    Args:
        by: who made it; they see the child, which the caller has made sure of.
        referral: for whom it is.
        sealed: as `seal` gives it.
        form_id: made by the form.

    Returns:
        Whether it was kept: not where the same form has made one before, whose passphrase was shown then.

    Raises:
        NotAllowed: referring is not within the user's roles.
        NotNow: the referral asks for no sealed document, or it has arrived.
    """
    access.check(access.standing_of(by), access.Act.REFER)
    held = hold_referral(referral)
    if taken_already(held, form_id):
        return False
    take_step(by=by, referral=held, step=Step.SEALED, form_id=form_id)
    SealedDocument.objects.create(referral=held, sealed=sealed, by=by, at=timezone.now(), form_id=form_id)
    return True


@transaction.atomic
@together()
def dispatch(*, by: User, referral: Referral, words: str, form_id: uuid.UUID) -> ReferralStep:
    """Say that the sealed document is on its way; what the referral does of what is due is done by it.

    Args:
        by: who sent it by the agreed channel.
        referral: for whom it is.
        words: how the passphrase was told.
        form_id: made by the form.

    Raises:
        NotAllowed: referring is not within the user's roles.
        NotMade: no document has been made.
        NotNow: it is on its way already.
    """
    access.check(access.standing_of(by), access.Act.REFER)
    held = hold_referral(referral)
    if taken := taken_already(held, form_id):
        return taken
    if not SealedDocument.objects.filter(referral=held).exists():
        raise NotMade(held.reference)
    chase_at = timezone.now() + reaching.acknowledged_within(held.authority)
    # Told of anew, should nobody confirm that it has arrived.
    changes = {"chase_at": chase_at, "told_at": None}
    taken = take_step(
        by=by, referral=held, step=Step.DISPATCHED, words=words, form_id=form_id, changes=changes
    )
    tick(by=by, case=read(held.child), referrals=[held], at=taken.at)
    Referral.objects.filter(pk=held.pk).update(ticked=held.ticked)
    return taken


def last_of(referral: Referral) -> SealedDocument | None:
    """The newest sealed document of a referral. One query."""
    return SealedDocument.objects.filter(referral=referral).select_related("by").order_by("-pk").first()
