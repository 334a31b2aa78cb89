"""The day on which a low level is looked at again: its author set it, and it is due like everything else.

The toolkit reviews medium and high alone, so the rules of the case know nothing of it (service.md: "A low
level asks for a date to look again, or why none").
"""

import datetime
from collections.abc import Iterable, Iterator

from cre_toolkit.assessments.models import Record
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.rules.entries import Entry

LOOK_AGAIN = "look-again"
SOURCE = "The assessment itself"


def look_again(state: CaseState, assessed: Iterable[tuple[str, Record]]) -> Iterator[Entry]:
    """What the newest assessment of a case asks for by itself, until there is a newer one.

    Args:
        state: of the case.
        assessed: its assessments, each with the id of its event.
    """
    newest = state.assessed_level
    record = dict(assessed).get(newest.event) if newest else None
    day = record.content["answers"].get("level", {}).get("look_again_on") if record else ""
    if day and not state.closed:
        yield Entry(
            id=LOOK_AGAIN,
            # Its author's day, and no event's of the contract.
            event=None,
            to="the allocated worker, or whoever assessed",
            due=datetime.date.fromisoformat(day),
            text="Look again at the low level: review the last assessment.",
            source=SOURCE,
        )
