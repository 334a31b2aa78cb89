"""What reaches nobody in social care: a visible queue, each entry with an owner (toolkit.md, B14).

An assessment lands here when it is sent and nobody can have it: the authority's front door has nobody who
uses this service, or the worker's account is closed. It leaves by a step of `states.py` and in no
other way. Until somebody takes an entry on, it belongs to those whose duty the queue is: the authority's
front door and its child protection managers.
"""

import uuid

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.state import read
from cre_toolkit.casework.models import Referral, ReferralStep
from cre_toolkit.casework.referral import reaching
from cre_toolkit.casework.referral import referring as referrals
from cre_toolkit.casework.referral.models import How
from cre_toolkit.casework.referral.referring import Recipient
from cre_toolkit.casework.referral.states import Step
from cre_toolkit.casework.referral.steps import hold_referral, take_step, taken_already
from cre_toolkit.children import access, granting
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.children.telling import tell


@transaction.atomic(savepoint=False)
def tell_finders(*, by: User, referral: Referral) -> None:
    """Tell those whose duty the queue is of a new entry.

    Args:
        by: who sent what reaches nobody.
        referral: the entry.
    """
    tell(
        by=by,
        child=referral.child,
        people=reaching.finders(referral.child),
        subject=f"Referral {referral.reference} reaches nobody",
        body=(
            f"An assessment was sent and reaches nobody in social care: referral {referral.reference}.\n\n"
            "Sign in to CRE Toolkit, open the queue of what reaches nobody and take it on. For safety this"
            " message says nothing more."
        ),
        cause=referral.pk,
        page="no-route",
    )


@transaction.atomic
@together()
def take(*, by: User, referral: Referral, form_id: uuid.UUID) -> ReferralStep:
    """Make finding a route one's own; from now on one sees the record. Taken by another, it changes hands.

    Args:
        by: whose duty the queue is, or who sees the child anyway.
        referral: an entry that they may see in the queue.
        form_id: made by the form.

    Raises:
        NotAllowed: it is not within the user's roles.
        NotNow: a route was found already.
    """
    held = hold_referral(referral)
    if taken := taken_already(held, form_id):
        return taken
    standing = access.standing_of(by)
    if not access.may(standing, access.Act.FIND_ROUTE):
        access.check(standing, access.Act.REFER)
    step = take_step(by=by, referral=held, step=Step.TAKEN, form_id=form_id, changes={"owner": by})
    granting.grant(
        by=by,
        child=held.child,
        reason=AccessGrant.Reason.SENT,
        user=by,
        source=held.pk,
        why="to find a route",
    )
    return step


@transaction.atomic
@together()
def tried(*, by: User, referral: Referral, words: str, form_id: uuid.UUID) -> ReferralStep:
    """Write down what was tried.

    Args:
        by: who tried it; they see the child, which the caller has made sure of.
        referral: an entry of the queue.
        words: what was tried, and what came of it.
        form_id: made by the form.

    Raises:
        NotAllowed: it is not within the user's roles.
        NotNow: a route was found already.
    """
    access.check(access.standing_of(by), access.Act.REFER)
    held = hold_referral(referral)
    if taken := taken_already(held, form_id):
        return taken
    return take_step(by=by, referral=held, step=Step.TRIED, words=words, form_id=form_id)


@transaction.atomic
@together()
def route(
    *, by: User, referral: Referral, recipient: Recipient, why: str, form_id: uuid.UUID
) -> ReferralStep:
    """Send it to somebody after all: within the service, or by a sealed document that is to be made now.

    A sealed document is not on its way yet: until it is, the entry stays in the queue.

    Args:
        by: who found the route; they see the child, which the caller has made sure of.
        referral: an entry of the queue.
        recipient: to whom.
        why: how they were found, and what was agreed.
        form_id: made by the form.

    Raises:
        NotAllowed: it is not within the user's roles.
        CannotReach: nobody can be reached in this way.
        NotNow: a route was found already.
    """
    access.check(access.standing_of(by), access.Act.REFER)
    held = hold_referral(referral)
    if taken := taken_already(held, form_id):
        return taken
    fields = referrals.has_it(by, held.child, held.record, recipient)[0]
    changes = {
        "team": None,
        "user": None,
        "recipient": "",
        "channel": "",
        "address": "",
        **{name: value for name, value in fields.items() if name != "state"},
        "to": recipient.to,
        "how": recipient.how,
        "owner": held.owner or by,
    }
    step = Step.PREPARED if recipient.how == How.SEALED else Step.ROUTED
    taken = take_step(by=by, referral=held, step=step, words=why, form_id=form_id, changes=changes)
    if step == Step.ROUTED:
        referrals.tick(by=by, case=read(held.child), referrals=[held], at=taken.at)
        Referral.objects.filter(pk=held.pk).update(ticked=held.ticked)
        referrals.let_in_and_tell(by=by, referrals=[held])
    return taken
