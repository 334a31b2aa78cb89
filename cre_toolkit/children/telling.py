"""Telling people of something: the one way to do so, by mail and within the service.

What they get says a reference and nothing else: the same text, to whoever looks over their shoulder.
"""

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.children.models import Child, Notice
from cre_toolkit.jobs.actions import mail_each

CHILD = "child"
"""The name of the page of a child, to which a notice about one leads."""


@transaction.atomic(savepoint=False)
def tell(
    *,
    by: User | None,
    child: Child | None,
    people: Mapping[uuid.UUID, str],
    subject: str,
    body: str,
    cause: uuid.UUID | None = None,
    page: str | None = None,
    page_of: str = "",
    calendar: str = "",
) -> None:
    """Tell each of these people, in the transaction of what they are told of. A fixed number of queries.

    Args:
        by: whose act it is; None for the service itself. Nobody is told of what they did themselves.
        child: whom it is about; None where it is about no one child. That the record is open to each of them
            is the caller's to make sure (`access.admitted`); should it be closed to them later, the notice is
            no longer shown.
        people: their addresses, by their ids.
        subject: without any name or fact about a child: a reference, and what it is. It is the notice's text.
        body: the same, and what to do.
        cause: the record that it is about.
        page: the name of the page to which the notice leads; the child's where it is left out, none where it
            is blank.
        page_of: the reference that this page takes; of the child's, it is known.
        calendar: an iCalendar file that goes with the mail, which says no more than it.
    """
    told = {person: address for person, address in people.items() if by is None or person != by.pk}
    if not told:
        return
    if page is None and child:
        page, page_of = CHILD, child.reference
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(user_id=person, child=child, text=subject, page=page or "", page_of=page_of, at=now)
        for person in told
    )
    mail_each(
        by=by,
        to=sorted(set(told.values())),
        subject=subject,
        body=body,
        cause=cause,
        authority=child.authority if child else "",
        calendar=calendar,
    )
