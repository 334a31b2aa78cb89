"""The talk with a child after a return: offered, held, declined or not possible, by whom, and what they said.

Source: CRE 2020, pages 22 and 23 (within 72 hours of every return, by somebody whom the child respects and
wants to talk to); service.md, "Words", 7: a declined one is offered again by someone the child trusts.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.entering import check_not_in_the_future, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.said_twice import recorded_before
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.case.ticking import ticks
from cre_toolkit.casework.models import CaseEvent, MissingReturn, ReturnInterview
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child, YesNoUnknown

RETURN_INTERVIEW = "return-interview"
Step = ReturnInterview.Step


class BeforeReturn(ValueError):
    """An interview after a return cannot be earlier than the return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One step, as somebody records it. The names are those of `ReturnInterview`."""

    step: ReturnInterview.Step
    at: datetime.datetime
    provider: ReturnInterview.Provider
    interviewer: str
    independent: YesNoUnknown
    trusted: YesNoUnknown
    why_them: str = ""
    said: str = ""
    learnt: str = ""
    opinion: str = ""
    told: str = ""
    reason: str = ""


@transaction.atomic
def record_interview(
    *, by: User, child: Child, returned: MissingReturn, interview: Interview, form_id: uuid.UUID
) -> ReturnInterview:
    """Record an offer of a return interview, or what came of it. The same form twice records one.

    What came of it does the entry of its return, whatever it was. An offer does nothing that is due: the
    interview stays due until there is an answer.

    Args:
        by: who records it; they see the child, as the caller has made sure.
        child: whose.
        returned: after which return; one of this child.
        interview: what is recorded.
        form_id: of the form.

    Raises:
        NotAllowed: it is not within the user's roles.
        BeforeReturn: it is earlier than the return.
        entering.InTheFuture: it is later than now.
        NotVisible: the return is another child's.
    """
    access.check(access.standing_of(by), Act.RECORD_MISSING)
    held = hold(child)
    if returned.child.stands_for != held.pk:
        raise access.NotVisible(child.reference)
    said = asdict(interview) | {"returned_id": returned.pk}
    recorded, form_id = recorded_before(ReturnInterview, child=held, said=said, form_id=form_id)
    if recorded:
        return recorded
    check_not_in_the_future(interview.at)
    if interview.at < returned.event.at:
        raise BeforeReturn
    answer = None
    if interview.step != Step.OFFERED:
        answer = _enter_answer(by=by, held=held, returned=returned, interview=interview)
    kept = ReturnInterview.objects.create(
        child=returned.child, event=answer, by=by, entered_at=timezone.now(), form_id=form_id, **said
    )
    audit.record(
        by=by,
        kind="return-interview.recorded",
        authority=held.authority,
        child=kept.child_id,
        subject_kind="return-interview",
        subject=kept.pk,
        detail={"outcome": str(kept.step)},
    )
    return kept


@transaction.atomic(savepoint=False)
def _enter_answer(
    *, by: User, held: Child, returned: MissingReturn, interview: Interview
) -> CaseEvent | None:
    """The event of the case, on the record on which the return stands.

    The contract counts an interview for the last return before it. One that was held about an earlier
    return, after a later one, does the entry of that one instead: the later is still to be talked about.
    """
    later = MissingReturn.objects.filter(
        child__stands_for=held.pk, event__at__gt=returned.event.at, event__at__lte=interview.at
    )
    if later.exists():
        state = state_of(held)
        done = ticks(
            by=by,
            child=held,
            state=state,
            actions={RETURN_INTERVIEW},
            at=interview.at,
            asked_by=str(returned.event_id),
        )
        enter(by=by, child=held, events=done)
        return None
    answer = event(
        by=by,
        child=returned.child,
        kind=CaseEvent.Kind.RETURN_INTERVIEW,
        at=interview.at,
        keys={"outcome": str(interview.step)},
    )
    enter(by=by, child=held, events=[answer])
    return answer


def to_offer_again(steps: Sequence[ReturnInterview]) -> bool:
    """Whether the child declined, and nothing was offered since by somebody whom they trust.

    Args:
        steps: those after one return, in their order.
    """
    return bool(steps) and steps[-1].step == Step.DECLINED


def offered_again(steps: Sequence[ReturnInterview]) -> bool:
    """Whether anything came after the child declined; `steps` as of `to_offer_again`."""
    return any(one.step == Step.DECLINED for one in steps[:-1])
