"""Invented events of a case, entered by the acts of the service.

from tests.factories.events import incident_on

incident = incident_on(child)                                  # recorded by whoever added the child
note = note_on(child)                                          # a discussion, written down by them
"""

import datetime
import uuid

from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.models import Incident, Note
from cre_toolkit.casework.note.incidents import record_incident
from cre_toolkit.casework.note.notes import Said, write_note
from cre_toolkit.children.models import Child, YesNoUnknown


def incident_on(child: Child, by: User | None = None, at: datetime.datetime | None = None) -> Incident:
    """A significant incident, of now unless said otherwise."""
    return record_incident(
        by=by or child.created_by,
        child=child,
        at=at or timezone.now(),
        what="An adult in a grey car waited at the gate again.",
        known_from="Two teachers, the same day",
        was_missing=YesNoUnknown.NO,
        danger_now=YesNoUnknown.NO,
        form_id=uuid.uuid4(),
    )


def note_on(child: Child, by: User | None = None) -> Note:
    """A discussion of now."""
    said = Said(kind=Note.Kind.DISCUSSION, at=timezone.now(), said="Spoke with an aunt.")
    return write_note(by=by or child.created_by, child=child, said=said, form_id=uuid.uuid4())
