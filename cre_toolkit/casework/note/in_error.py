"""A note that was written in error says so, and stays; what it had done is due again.

Source: architecture.md, decision 3; case.md, `withdrawn`.
"""

import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.counting import gone_from
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.in_error import WHOSE, SaysNoReason, is_theirs
from cre_toolkit.casework.models import CaseEvent, Note, NoteInError
from cre_toolkit.children import access
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child


def find(child: Child, note_id: uuid.UUID) -> Note:
    """A note on a child's case, with who wrote it, and its `in_error` where it has one. One query.

    Args:
        child: one that the reader sees.
        note_id: the note's id.

    Raises:
        NotVisible: there is no such note on this case.
    """
    notes = Note.objects.filter(pk=note_id, child__stands_for=child.stands_for)
    note = notes.select_related("child", "by", "in_error__by").first()
    if note is None:
        raise NotVisible(child.reference)
    return note


@transaction.atomic
def say_in_error(*, by: User, note: Note, why: str) -> NoteInError:
    """Say of a note that it was written in error. Said again, it gives back what stands.

    Args:
        by: who says so: whoever wrote it, their manager, or a child protection manager.
        note: as `find` gives it.
        why: what was wrong, as it will stand on the record.

    Raises:
        NotAllowed: it is not theirs to say; the message says whose it is.
        SaysNoReason: there are no words.
    """
    child = hold(note.child)
    if not is_theirs(access.standing_of(by), entered_by=note.by_id, authority=child.authority):
        raise NotAllowed(WHOSE)
    if not why.strip():
        raise SaysNoReason
    stands = NoteInError.objects.filter(note=note).first()
    if stands:
        return stands
    wrong = NoteInError.objects.create(note=note, by=by, at=timezone.now(), why=why)
    audit.record(
        by=by,
        kind="note.in-error",
        authority=child.authority,
        child=note.child_id,
        subject_kind="note",
        subject=note.pk,
    )
    at = wrong.at.replace(microsecond=0)
    withdrawn = [
        # On the record of what it withdraws: should two merged records be parted, it goes with that.
        event(by=by, child=done.child, kind=CaseEvent.Kind.WITHDRAWN, at=at, keys={"event": str(done.pk)})
        for done in _standing(note, child)
    ]
    if withdrawn:
        enter(by=by, child=child, events=withdrawn)
    return wrong


def _standing(note: Note, child: Child) -> list[CaseEvent]:
    """The events by which the note did something, but for those that count no longer anyway."""
    if not note.did:
        return []
    gone = gone_from(child)
    did = CaseEvent.objects.filter(pk__in=note.did).select_related("child").order_by("pk")
    return [done for done in did if str(done.pk) not in gone]
