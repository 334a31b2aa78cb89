"""A significant incident of the demonstration, and one that was entered on the wrong record."""

import datetime
import uuid

from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.in_error import withdraw
from cre_toolkit.casework.note.incidents import record_incident
from cre_toolkit.children import access
from cre_toolkit.children.models import YesNoUnknown

_DAY = datetime.timedelta(days=1)


def load_incidents(users: dict[str, User]) -> None:
    """Onto the case of the demonstration's first child, by the acts that a person would use."""
    worker = users["worker"]
    child = access.visible_to(worker).get(given_names="Amy", family_name="Fictive")
    now = timezone.now()
    record_incident(
        by=worker,
        child=child,
        at=now - 2 * _DAY,
        what="An older boy took her telephone at the bus station, and gave it back with a number in it."
        ' "He says I owe him now."',
        known_from="Told to her form tutor (invented) the next morning",
        harm="She is frightened of him, and did not go to school that day.",
        was_missing=YesNoUnknown.NO,
        danger_now=YesNoUnknown.NO,
        form_id=uuid.uuid4(),
    )
    wrong = record_incident(
        by=worker,
        child=child,
        at=now - 3 * _DAY,
        what="Found at an address of which the police know.",
        known_from="A telephone call from the police",
        was_missing=YesNoUnknown.YES,
        danger_now=YesNoUnknown.NOT_KNOWN,
        form_id=uuid.uuid4(),
    )
    withdraw(by=worker, entered=wrong.event, why="The call was about another child.")
