"""Four children at an end: about to turn 18, closed, on the way to another authority, handed over.

Each by the act that a person would use, so that the pages of transitions, transfers and taking on are filled.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions as assessments
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.ends import closing, transitions
from cre_toolkit.casework.models import Closing, TransitionStep
from cre_toolkit.casework.transfer import transferring
from cre_toolkit.children import actions as children
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.demonstration.children import KNOWN, MEDIUM


@transaction.atomic
def load_ends(users: dict[str, User]) -> None:
    """Make the four.

    Args:
        users: those who are there, by the part of their address before the @.
    """
    worker, manager = users["worker"], users["manager"]
    today = timezone.localdate()
    _turning_18(worker, _add(worker, "Skye", "Imagined", today - datetime.timedelta(days=365 * 17 + 245)))
    closed = _add(worker, "Rowan", "Supposed", today - datetime.timedelta(days=365 * 15))
    closing.close(
        by=manager,
        child=closed,
        reason=Closing.Reason.SAFER,
        words="Rowan’s aunt and the school go on supporting Rowan. Nothing new since the summer.",
        form_id=uuid.uuid4(),
    )
    moved = _add(worker, "Kit", "Fancied", today - datetime.timedelta(days=365 * 14))
    transferring.ask(
        by=manager,
        child=moved,
        why="The family has moved to the county. Kit goes to school there from Monday.",
        to="derbyshire",
        form_id=uuid.uuid4(),
    )
    # Allocated by somebody else: the worker has yet to say that they have taken the child on.
    _add(worker, "Jude", "Envisaged", today - datetime.timedelta(days=365 * 13), by=manager)


def _add(
    worker: User, given_names: str, family_name: str, born: datetime.date, by: User | None = None
) -> Child:
    return children.add_child(
        by=by or worker,
        form_id=uuid.uuid4(),
        authority="derby",
        given_names=given_names,
        family_name=family_name,
        date_of_birth=born,
        allocated_worker=worker,
        **KNOWN,
    )


def _turning_18(worker: User, child: Child) -> None:
    """At medium, with the transfer to adult services begun."""
    draft = assessments.start(by=worker, child=child, form_id=uuid.uuid4())
    for section, answers in MEDIUM.items():
        assessments.save_section(by=worker, assessment=draft, section=section, answers=answers, version=0)
    sending.send(by=worker, assessment=draft)
    transitions.plan(
        by=worker,
        child=child,
        said=transitions.Said(
            birthday=TransitionStep.Birthday.EIGHTEEN,
            step=TransitionStep.Step.BEGUN,
            on=timezone.localdate(),
            who="Alia Pretend, Adult Safeguarding (invented), 01632 960002",
            wants="“I want to keep the same worker.”",
            shared=YesNoUnknown.YES,
            shared_why="Skye agrees that adult services know.",
        ),
        form_id=uuid.uuid4(),
    )
