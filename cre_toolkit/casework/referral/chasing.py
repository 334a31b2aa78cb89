"""Sent is not received: what nobody has acknowledged is chased (toolkit.md, B1).

Sender and manager are told once by the service, when the hours are over; whoever chases writes down whom they
asked. An answer that comes by another way, from somebody without an account, is entered by hand.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.entering import check_not_in_the_future
from cre_toolkit.casework.models import Referral, ReferralStep
from cre_toolkit.casework.referral import reaching
from cre_toolkit.casework.referral.models import How
from cre_toolkit.casework.referral.states import MOVES, Step
from cre_toolkit.casework.referral.steps import hold_referral, take_step, taken_already
from cre_toolkit.children import access
from cre_toolkit.children.telling import tell

WAITED_FOR = next(move.before for move in MOVES if move.step == Step.LATE)
"""The states in which somebody's answer is waited for."""
# In one turn of the upkeep; the next one comes soon.
AT_ONCE = 200


@transaction.atomic
@together()
def chase(
    *, by: User, referral: Referral, at: datetime.datetime, person: str, words: str, form_id: uuid.UUID
) -> ReferralStep:
    """Write down that a recipient was asked. The referral is waited for as before.

    Args:
        by: who asked.
        referral: one that they may see.
        at: when.
        person: whom they asked, and how.
        words: what came of it.
        form_id: made by the form.

    Raises:
        NotAllowed: chasing is not within the user's roles.
        entering.InTheFuture: that is later than now.
        NotNow: it has been answered, or is not on its way.
    """
    return _entered(
        by=by, referral=referral, step=Step.CHASED, at=at, person=person, words=words, form_id=form_id
    )


@transaction.atomic
@together()
def confirm(
    *, by: User, referral: Referral, at: datetime.datetime, person: str, words: str, form_id: uuid.UUID
) -> ReferralStep:
    """Enter that a recipient without an account has confirmed receipt.

    Args:
        by: whom they told.
        referral: one that they may see, to somebody outside the service.
        at: when they said so.
        person: who confirmed it.
        words: what they said that happens next.
        form_id: made by the form.

    Raises:
        NotAllowed: it is not within the user's roles, or the recipient answers in this service.
        entering.InTheFuture: that is later than now.
        NotNow: it is confirmed already, or is not on its way.
    """
    if referral.how == How.SERVICE:
        raise access.NotAllowed("Its recipient acknowledges it in this service: ask them to open it.")
    return _entered(
        by=by, referral=referral, step=Step.CONFIRMED, at=at, person=person, words=words, form_id=form_id
    )


@transaction.atomic(savepoint=False)
def _entered(
    *,
    by: User,
    referral: Referral,
    step: Step,
    at: datetime.datetime,
    person: str,
    words: str,
    form_id: uuid.UUID,
) -> ReferralStep:
    access.check(access.standing_of(by), access.Act.REFER)
    check_not_in_the_future(at)
    held = hold_referral(referral)
    if taken := taken_already(held, form_id):
        return taken
    changes = {"chase_at": None} if step == Step.CONFIRMED else {}
    return take_step(
        by=by, referral=held, step=step, at=at, person=person, words=words, form_id=form_id, changes=changes
    )


def tell_senders() -> None:
    """Tell the senders of what nobody has acknowledged in time. Called by the worker; told once each.

    Nobody is told to chase what was sent about a child who has died.
    """
    late = Referral.objects.filter(state__in=WAITED_FOR, chase_at__lte=timezone.now(), told_at=None)
    late = late.filter(child__died_on=None)
    for referral in late.select_related("child").order_by("chase_at")[:AT_ONCE]:
        tell_sender(by=None, referral=referral)


@transaction.atomic
@together()
def tell_sender(*, by: User | None, referral: Referral) -> None:
    """Tell sender and managers that nobody has acknowledged a referral. Told already, nothing happens.

    Args:
        by: None: the service itself.
        referral: which.
    """
    held = hold_referral(referral)
    if held.told_at or held.state not in WAITED_FOR:
        # Told, or answered, while we waited for it.
        return
    take_step(by=by, referral=held, step=Step.LATE, changes={"told_at": timezone.now()})
    tell(
        by=by,
        child=held.child,
        people=reaching.sender_and_managers(held.by, held.child),
        subject=f"Referral {held.reference} has not been acknowledged",
        body=(
            f"Nobody has acknowledged the referral with the reference {held.reference} in time.\n\n"
            "Telephone the recipient, then sign in to CRE Toolkit and write down what they said. For safety"
            " this message says nothing more."
        ),
        cause=held.pk,
        page="referral",
        page_of=held.reference,
    )
