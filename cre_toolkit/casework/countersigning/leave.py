"""A manager on leave: whoever stands in for them sees the assessments that wait for an answer.

Our reading of toolkit.md, B4 ("the manager at once"): it does not wait until the manager is back. What the
stand-in sees by it are grants of the dates of the cover, on the children whose assessments wait, and no other
of the team. That they may answer is `queue.py`'s: only somebody who is a manager too.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import Cover, User
from cre_toolkit.assessments.models import Record
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.countersigning.queue import queue
from cre_toolkit.children import access, cover
from cre_toolkit.children.access import Act
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell


@transaction.atomic
@together()
def arrange(
    *,
    by: User,
    absent: User,
    stand_in: User,
    since: datetime.datetime,
    until: datetime.datetime,
    form_id: uuid.UUID,
) -> Cover:
    """Have a colleague stand in for somebody; for a manager, also at what waits for their answer now.

    Args and errors as in `children.cover.arrange`.
    """
    made = cover.arrange(by=by, absent=absent, stand_in=stand_in, since=since, until=until, form_id=form_id)
    waiting = queue(access.standing_of(absent))
    if waiting is not None and _answers().filter(pk=made.pk).exists():
        for one in waiting.select_related("record__child__merged_into"):
            _let_see(by=by, covers=[made], child=one.record.child.kept)
    return made


@transaction.atomic(savepoint=False)
def ask_stand_ins(*, by: User, record: Record, covers: Collection[uuid.UUID]) -> None:
    """Let whoever stands in for the author's manager see what was just sent, and tell those who do so now.

    Args:
        by: its author.
        record: one that a manager has to answer.
        covers: the cover of their managers that has not ended (`sending.recipients_of`).
    """
    child = record.child.kept
    found = [
        one for one in _answers().filter(pk__in=covers).select_related("stand_in") if one.stand_in_id != by.pk
    ]
    _let_see(by=by, covers=found, child=child)
    reference, now = record.assessment.reference, timezone.now()
    tell(
        by=by,
        child=child,
        people={one.stand_in_id: one.stand_in.email for one in found if one.since <= now},
        subject=f"Assessment {reference} waits for your answer",
        body=(
            f"The assessment with the reference {reference} waits for a manager for whom you stand in.\n\n"
            "Sign in to CRE Toolkit and search for the reference to read it and to answer. For safety this"
            " message says nothing more."
        ),
        cause=record.pk,
        page="assessment-decision",
        page_of=reference,
    )


def _answers() -> QuerySet[Cover]:
    """The cover of which the stand-in could answer an assessment."""
    return Cover.objects.filter(access.holds(Act.COUNTERSIGN, OuterRef("stand_in")), stand_in__is_active=True)


def _let_see(*, by: User, covers: Iterable[Cover], child: Child) -> None:
    """Once for each cover, though several assessments of a child wait."""
    for one in covers:
        cover.let_see(by=by, cover=one, child=child)
