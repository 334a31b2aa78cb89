"""Invented referrals, as they stand in the table.

from tests.factories.referrals import referral_on

referral = referral_on(child)                                  # reaches nobody yet; a document is sealed
referral = referral_on(child, team=team, state=State.ACCEPTED)
"""

import uuid

from django.utils import timezone

from cre_toolkit.accounts.models import Team
from cre_toolkit.casework.models import Referral, SealedDocument
from cre_toolkit.casework.referral.models import How, To
from cre_toolkit.casework.referral.states import State
from cre_toolkit.children.models import Child


def referral_on(child: Child, *, team: Team | None = None, state: State = State.NO_ROUTE) -> Referral:
    """A referral by whoever added the child: to nobody, or to a team as its front door."""
    now = timezone.now()
    referral = Referral.objects.create(
        child=child,
        authority=child.authority,
        to=To.FRONT_DOOR if team else To.NOBODY,
        how=How.SERVICE,
        team=team,
        by=child.created_by,
        at=now,
        state=state,
    )
    SealedDocument.objects.create(
        referral=referral, sealed=b"%PDF-", by=child.created_by, at=now, form_id=uuid.uuid4()
    )
    return referral
