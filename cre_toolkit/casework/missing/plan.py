"""The plan against further missing episodes, agreed between the agencies around a child, and its reviews.

Source: CRE 2020, page 23 (a multi-agency plan for children who are persistently missing, and the authority's
monitoring group).
"""

import datetime
import uuid
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.entering import InTheFuture, enter
from cre_toolkit.casework.case.said_twice import recorded_before
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.case.ticking import ticks
from cre_toolkit.casework.models import MissingPlan
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.rules.deadlines import next_midnight

MISSING_PLAN = "missing-plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as it is agreed, whole. The names are those of `MissingPlan`."""

    agreed_on: datetime.date
    triggers: str
    lines: list[dict[str, str]]
    if_missing: str
    child_view: str = ""
    shared_with: str
    group_on: datetime.date | None = None
    review_on: datetime.date
    changed: str = ""


@transaction.atomic
def agree_plan(*, by: User, child: Child, plan: Plan, form_id: uuid.UUID) -> MissingPlan:
    """Record a plan that was agreed, or one that was reviewed. The same form twice records one.

    It does every `missing-plan` that is due. Earlier plans stay to be read.

    Args:
        by: who records it; they see the child, as the caller has made sure.
        child: whose.
        plan: what was agreed.
        form_id: of the form.

    Raises:
        NotAllowed: it is not within the user's roles.
        entering.InTheFuture: it was agreed later than now.
    """
    access.check(access.standing_of(by), Act.RECORD_MISSING)
    held = hold(child)
    recorded, form_id = recorded_before(MissingPlan, child=held, said=asdict(plan), form_id=form_id)
    if recorded:
        return recorded
    if plan.agreed_on > timezone.localdate():
        raise InTheFuture
    # Of a day it is not said at what time: its end, or now.
    at = min(timezone.now(), next_midnight(plan.agreed_on) - datetime.timedelta(seconds=1))
    done = ticks(by=by, child=held, state=state_of(held), actions={MISSING_PLAN}, at=at)
    if done:
        enter(by=by, child=held, events=done)
    agreed = MissingPlan.objects.create(
        child=held, by=by, entered_at=timezone.now(), form_id=form_id, **asdict(plan)
    )
    audit.record(
        by=by,
        kind="missing-plan.agreed",
        authority=held.authority,
        child=held.pk,
        subject_kind="missing-plan",
        subject=agreed.pk,
    )
    return agreed
