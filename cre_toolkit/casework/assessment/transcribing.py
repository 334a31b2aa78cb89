"""A paper form that has been entered takes its place in the child's case, at the moment of the paper."""

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import paper
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.case.events import record_event
from cre_toolkit.casework.case.state import refresh
from cre_toolkit.casework.models import CaseEvent


@transaction.atomic
def transcribe(*, by: User, assessment: Assessment) -> Record:
    """Record a paper form and hear it as history: it may set level and reviews, and brings no actions.

    Nothing is sent and nobody is told. Done twice, it gives back the record and does nothing more.
    Source: `case.md`, "In", `historic`.

    Args:
        by: who entered it.
        assessment: the draft.

    Raises:
        NotVisible, NotAccepted: as `assessments.paper.record_once`.
    """
    record, is_new = paper.record_once(by=by, assessment=assessment)
    if is_new:
        record_event(
            by=by,
            child=record.child,
            kind=CaseEvent.Kind.ASSESSMENT,
            at=record.completed_at,
            record=record,
            keys={"historic": True},
        )
        refresh(child=record.child)
    return record
