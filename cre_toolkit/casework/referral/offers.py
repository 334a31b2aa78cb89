"""Which steps of a referral are somebody's to take, as it stands now."""

from cre_toolkit.casework.models import Referral
from cre_toolkit.casework.referral.answering import answers
from cre_toolkit.casework.referral.models import How, To
from cre_toolkit.casework.referral.states import State, Step, possible
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, Standing

_ANSWERS = frozenset({Step.ACKNOWLEDGED, Step.ACCEPTED, Step.RETURNED})
_FINDING = frozenset({Step.TAKEN, Step.TRIED, Step.ROUTED})
_SEALING = frozenset({Step.SEALED, Step.DISPATCHED})


def offered(standing: Standing, referral: Referral) -> frozenset[Step]:
    """The steps that somebody who sees a referral is offered.

    Args:
        standing: whose; they see the child, as the caller has made sure.
        referral: as it stands, with its steps.
    """
    wanted: set[Step] = set()
    if answers(standing, referral):
        wanted |= _ANSWERS
        if referral.to == To.FRONT_DOOR and access.may(standing, Act.ALLOCATE):
            wanted.add(Step.ALLOCATED)
    if access.may(standing, Act.REFER):
        wanted |= _sending(standing, referral)
    return frozenset(step for step in wanted if step.value in possible(referral.state))


def _sending(standing: Standing, referral: Referral) -> set[Step]:
    """What is done by those on the sender's side."""
    steps: set[Step] = set()
    if referral.how != How.SERVICE:
        steps |= {Step.CONFIRMED, Step.RETURNED}
    if referral.how == How.SEALED:
        steps |= _SEALING if _is_made(referral) else {Step.SEALED}
    if referral.state == State.NO_ROUTE or referral.owner_id:
        steps |= _FINDING if referral.owner_id != standing.user.pk else _FINDING - {Step.TAKEN}
    elif referral.state == State.PREPARED:
        # Whom it was to go to turned out wrong before anything had left.
        steps.add(Step.ROUTED)
    return steps if answers(standing, referral) else steps | {Step.CHASED}


def _is_made(referral: Referral) -> bool:
    return any(step.kind == Step.SEALED for step in referral.history)
