"""The one way to write an audit event."""

import uuid
from collections.abc import Iterable
from typing import Any, Protocol

from django.utils import timezone

from cre_toolkit.audit.gathering import NotInTransaction as NotInTransaction
from cre_toolkit.audit.gathering import check_transaction, write
from cre_toolkit.audit.kinds import KINDS
from cre_toolkit.audit.models import Event
from cre_toolkit.audit.moments import new_id_at
from cre_toolkit.audit.seals import seal_of


class Actor(Protocol):
    """Whoever acts: all that the audit asks of a user."""

    @property
    def pk(self) -> uuid.UUID: ...


class UnknownKind(ValueError):
    """An event of a kind that is not in `audit/kinds.py`: a defect in the caller. Put it there, in words."""


def record(
    *,
    by: Actor | None,
    kind: str,
    authority: str = "",
    child: uuid.UUID | None = None,
    children: Iterable[uuid.UUID] = (),
    subject_kind: str = "",
    subject: uuid.UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> Event:
    """Write one event into the transaction that is open, so that act and event stand or fall together.

    Args:
        by: the user who acts; None for the service itself or for somebody not signed in.
        kind: what was done, as `noun.verb`: one of `kinds.KINDS`.
        authority: the pack's id of the authority responsible at the time.
        child: the child whose record it is.
        children: instead of `child`, all those of a list: each is found by `queries.of_child`.
        subject_kind, subject: the record that was read or written, where it is not the child's own.
        detail: codes and names of fields; never narrative, never a person's name.

    Raises:
        NotInTransaction: no transaction is open.
        UnknownKind: the kind is not listed.
    """
    if kind not in KINDS:
        raise UnknownKind(f"{kind} is not listed in cre_toolkit/audit/kinds.py")
    check_transaction(kind)
    several = sorted(set(children))
    if len(several) == 1:  # a list of one is a look at one
        child, several = several[0], []
    event = Event(
        id=new_id_at(timezone.now()),
        kind=kind,
        actor=by.pk if by else None,
        authority=authority,
        child=child,
        subject_kind=subject_kind,
        subject=subject,
        detail=detail or {},
    )
    event.seal = seal_of(event, several)
    write(event, several)
    return event
