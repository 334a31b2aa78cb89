"""Where the author of an assessment has no manager who could answer it, whoever is in charge is asked.

Source: CRE 2020, page 10; toolkit.md, B4 ("the manager at once"). Our reading: in charge are the child
protection managers of the child's authority; a low level, which their role does not show them, is given to
them with it.
"""

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.countersigning.queue import in_charge_of, managers_of
from cre_toolkit.children import granting
from cre_toolkit.children.access import SEEN_BY_CHILD_PROTECTION_MANAGER
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.children.telling import tell


@transaction.atomic(savepoint=False)
def ask_in_charge(*, by: User, record: Record) -> None:
    """Tell whoever is in charge that an assessment waits for their answer, where no manager could give it.

    Args:
        by: its author.
        record: one that a manager has to answer, just sent.
    """
    if managers_of(record):
        return
    child = record.child.kept
    asked = {person.pk: person.email for person in in_charge_of(record)}
    if child.working_level not in SEEN_BY_CHILD_PROTECTION_MANAGER:
        granting.grant_each(
            by=by, child=record.child, reason=AccessGrant.Reason.SENT, users=sorted(asked), source=record.pk
        )
    reference = record.assessment.reference
    tell(
        by=by,
        child=child,
        people=asked,
        subject=f"Assessment {reference} waits for your answer",
        body=(
            f"The assessment with the reference {reference} waits for a manager, and its author has none in"
            " CRE Toolkit who could answer.\n\n"
            "Sign in and search for the reference to read it and to answer. For safety this message says"
            " nothing more."
        ),
        cause=record.pk,
        page="assessment-decision",
        page_of=reference,
    )
