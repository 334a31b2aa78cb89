"""What a manager has answered in the demonstration; what else was sent waits for them."""

import uuid

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.countersigning import queue as countersign_queue
from cre_toolkit.casework.countersigning.answers import Answer, Outcome, countersign
from cre_toolkit.children import access


def load_answers(users: dict[str, User]) -> None:
    """Have each team manager answer what has waited longest for them."""
    for manager in (users["manager"], users["county.manager"]):
        waiting = countersign_queue.described(countersign_queue.queue(access.standing_of(manager)), 1)
        for one in waiting:
            countersign(
                by=manager,
                record=one.record,
                answer=Answer(Outcome.AGREED, words="Read with the author on the day. The plan is right."),
                form_id=uuid.uuid4(),
            )
