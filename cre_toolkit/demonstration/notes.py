"""What people wrote onto a case of the demonstration: a discussion, a decision, an intervention, the lead."""

import datetime
import uuid

from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.models import Note
from cre_toolkit.casework.note.leading import Named, name_lead
from cre_toolkit.casework.note.notes import Said, write_note
from cre_toolkit.children import access
from cre_toolkit.children.models import YesNoUnknown

_DAY = datetime.timedelta(days=1)


def load_notes(users: dict[str, User]) -> None:
    """Write onto the case of the demonstration's first child, by the acts that a person would use."""
    worker, manager = users["worker"], users["manager"]
    child = access.visible_to(worker).get(given_names="Amy", family_name="Fictive")
    now = timezone.now()
    notes = (
        Said(
            kind=Note.Kind.DISCUSSION,
            at=now - 3 * _DAY,
            others="Her form tutor (invented)",
            said='She said at break: "He only wants me to carry a bag." She has not gone to the bus station'
            " since, her grandmother says.",
        ),
        Said(
            kind=Note.Kind.DECISION,
            at=now - 2 * _DAY,
            decision="Her grandmother meets her after school on Fridays.",
            reason="Fridays are when the older boy waits, and she trusts her grandmother.",
            decided_by=f"{manager.name}, {manager.job_title}",
        ),
        Said(
            kind=Note.Kind.INTERVENTION,
            at=now - _DAY,
            service="Exampleton Youth Service (invented)",
            said="Boxing on Monday evenings, with a worker whom she knows.",
        ),
    )
    for said in notes:
        write_note(by=worker, child=child, said=said, form_id=uuid.uuid4())
    name_lead(
        by=worker,
        child=child,
        named=Named(
            name="Tara Pretend, form tutor",
            why='She goes to her by herself, and says: "She listens."',
            drawn_in=YesNoUnknown.NO,
        ),
        form_id=uuid.uuid4(),
    )
