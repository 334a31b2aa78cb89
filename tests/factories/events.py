"""Invented events of a case, entered by the acts of the service.

from tests.factories.events import incident_on

incident = incident_on(child)                                  # recorded by whoever added the child
"""

import datetime
import uuid

from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.incidents import record_incident
from cre_toolkit.casework.models import Incident
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
        form_id=uuid.uuid4(),
    )
