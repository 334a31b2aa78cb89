"""One step of a referral: the one place where its state changes, by the table in `states.py`."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.models import Referral, ReferralStep
from cre_toolkit.casework.referral.states import NotNow as NotNow
from cre_toolkit.casework.referral.states import Step, after
from cre_toolkit.children.access import NotVisible
from cre_toolkit.children.holding import hold
from cre_toolkit.ids import new_id


def hold_referral(referral: Referral) -> Referral:
    """The referral as it stands, with its child's case held. Two queries.

    Two people who answer it at once wait for each other here: the later reads what the earlier wrote.
    """
    hold(referral.child)
    return Referral.objects.select_related(
        "child__allocated_worker", "record__assessment", "team", "user", "by", "owner"
    ).get(pk=referral.pk)


def taken_already(referral: Referral, form_id: uuid.UUID) -> ReferralStep | None:
    """The step that a form has taken before: pressed twice, or sent again. One query.

    Raises:
        NotVisible: it is a step of another referral.
    """
    taken = ReferralStep.objects.filter(form_id=form_id).first()
    if taken and taken.referral_id != referral.pk:
        raise NotVisible(referral.reference)
    return taken


@transaction.atomic(savepoint=False)
def take_step(
    *,
    by: User | None,
    referral: Referral,
    step: Step,
    at: datetime.datetime | None = None,
    form_id: uuid.UUID | None = None,
    changes: Mapping[str, Any] | None = None,
    **said: Any,
) -> ReferralStep:
    """Write a step and the state that it leads to.

    Args:
        by: who takes it; None for the service itself.
        referral: as `hold_referral` gives it; it has the new state afterwards.
        step: which.
        at: when it happened; now where it is left out.
        form_id: of the form in which it was taken.
        changes: what else changes of the referral, by the names of its fields.
        said: `person`, `reason`, `words`, `worker` of the step.

    Raises:
        NotNow: the step is not possible as the referral stands; nothing was written.
    """
    changed = {"state": after(referral.state, step), **(changes or {})}
    now = timezone.now()
    made = ReferralStep.objects.create(
        referral=referral, kind=step, at=at or now, entered_at=now, by=by, form_id=form_id or new_id(), **said
    )
    Referral.objects.filter(pk=referral.pk).update(**changed)
    for name, value in changed.items():
        setattr(referral, name, value)
    audit.record(
        by=by,
        kind=f"referral.{step}",
        authority=referral.authority,
        child=referral.child_id,
        subject_kind="referral",
        subject=referral.pk,
        detail={"reason": said["reason"]} if said.get("reason") else {},
    )
    return made
