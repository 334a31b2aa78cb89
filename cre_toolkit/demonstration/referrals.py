"""Referrals of the demonstration: at each door one that waits or was answered, and one that reaches nobody.

The school's assessment of Minh waits at Derby's front door and at the Police Referral Unit; Starting Point
has answered the county's. Fiona Pretend, the only one at Derby's front door, is an aunt of Robin: she is
locked out of that record, and so Robin's assessment reaches nobody until somebody takes it on.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.models import Referral
from cre_toolkit.casework.referral import answering
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.referral import referring as referrals
from cre_toolkit.casework.referral.chasing import WAITED_FOR
from cre_toolkit.casework.referral.models import How, To
from cre_toolkit.children import access, actions, lock_outs
from cre_toolkit.children.models import Child, LockOut
from cre_toolkit.demonstration.children import KNOWN, MEDIUM, Invented, assess


@transaction.atomic
def load_referrals(users: dict[str, User]) -> None:
    """Refer, answer, and leave one without a route, each by its own act.

    Args:
        users: those who are there, by the part of their address before the @; the children are loaded.
    """
    referrals.refer(
        by=users["teacher"],
        child=access.visible_to(users["teacher"]).get(given_names="Minh"),
        recipient=referrals.Recipient(To.POLICE, How.SERVICE),
        why="An adult waits for him at the gate. He is a victim: please record it, and tell us who leads.",
        form_id=uuid.uuid4(),
    )
    theirs = referral_queries.received_by(access.standing_of(users["startingpoint"]))
    # Of a large caseload some have been withdrawn since.
    for waiting in theirs.filter(state__in=WAITED_FOR):
        _answer(users["startingpoint"], waiting)
    _reaches_nobody(users)


def _answer(by: User, referral: Referral) -> None:
    answering.acknowledge(
        by=by,
        referral=referral,
        words="Read today. A social worker reads it with her worker tomorrow morning and rings you by noon.",
        form_id=uuid.uuid4(),
    )


def _reaches_nobody(users: dict[str, User]) -> Child:
    invented = Invented(
        "worker",
        14,
        {"given_names": "Robin", "family_name": "Makebelieve", **KNOWN, "open_to_social_care": "no"},
        answers=MEDIUM,
        send=True,
    )
    today = timezone.localdate()
    child = actions.add_child(
        by=users["worker"],
        form_id=uuid.uuid4(),
        authority="derby",
        date_of_birth=today - datetime.timedelta(days=14 * 365 + 100),
        **invented.child,
    )
    lock_outs.lock_out(
        by=users["manager"],
        child=child,
        user=users["frontdoor"],
        conflict=LockOut.Conflict.RELATIVE,
        why="She is an aunt of the child’s, and said so herself.",
    )
    assess(users["worker"], child, invented)
    return child
