"""Telling people of something about a child whose record they see: the one way to do so.

What they get outside the service says a reference and nothing else.
"""

import uuid
from collections.abc import Mapping

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.children.models import Child
from cre_toolkit.jobs.actions import mail_each


@transaction.atomic(savepoint=False)
def tell(
    *,
    by: User | None,
    child: Child,
    people: Mapping[uuid.UUID, str],
    subject: str,
    body: str,
    cause: uuid.UUID,
) -> None:
    """Tell each of these people, in the transaction of what they are told of.

    Args:
        by: whose act it is; None for the service itself. Nobody is told of what they did themselves.
        child: whom it is about. That the record is open to each of them is the caller's to make sure
            (`access.admitted`).
        people: their addresses, by their ids.
        subject: without any name or fact about a child: a reference, and what it is.
        body: the same, and what to do.
        cause: the record that it is about.
    """
    to = sorted({address for person, address in people.items() if by is None or person != by.pk})
    if to:
        mail_each(by=by, to=to, subject=subject, body=body, cause=cause)
