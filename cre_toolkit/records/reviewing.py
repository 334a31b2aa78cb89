"""What a person decides of a record's time: hold it, keep it for longer, let it go.

Each act is on the audit trail with the child. Whoever proposes that a record goes never approves it.
"""

import datetime
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.records.keeping import count, kept_to
from cre_toolkit.records.models import Destruction, LegalHold, RetentionReview


class NotNow(RuntimeError):
    """The record's state does not allow the act, or no longer; the message says why, to whoever tried."""


ON_HOLD = "This record is on legal hold. End the hold first, if it is over."
NOT_YET = "This record’s time is not over yet, so it cannot be destroyed."
DECIDED = "This has been decided meanwhile."
ASKED_ALREADY = "Somebody has proposed already that this record is destroyed."


def _check(by: User, child: uuid.UUID) -> None:
    """Raise unless keeping this child's record is this person's."""
    if not Child.objects.filter(access.keeps(access.standing_of(by)), pk=child).exists():
        raise access.NotAllowed("Your roles in this authority do not include keeping this record.")


@transaction.atomic
def put_on_hold(*, by: User, child: Child, why: str) -> LegalHold:
    """Keep a record whatever its age; where it is held already, that hold stands.

    Args:
        by: who puts it on hold.
        child: whose record.
        why: the inquiry, claim or order, in words.

    Raises:
        NotAllowed: their roles do not include it.
    """
    _check(by, child.pk)
    child = hold(child)
    held = LegalHold.objects.filter(child__stands_for=child.pk, ended_at=None).first()
    if held:
        return held
    held = LegalHold.objects.create(child=child, why=why, by=by, at=timezone.now())
    _record(by, "records.held", child)
    return held


@transaction.atomic
def end_hold(*, by: User, child: Child, why: str) -> None:
    """End the legal hold of a record; nothing happens where there is none.

    Args:
        by: who ends it.
        child: whose record.
        why: what ended the need, in words.

    Raises:
        NotAllowed: their roles do not include it.
    """
    _check(by, child.pk)
    ended = LegalHold.objects.filter(child__stands_for=child.pk, ended_at=None)
    if ended.update(ended_at=timezone.now(), ended_by=by, ended_why=why):
        _record(by, "records.hold-ended", child)


@transaction.atomic
def keep_longer(*, by: User, child: Child, until: datetime.date, why: str) -> RetentionReview:
    """Keep a record whose time is over until another day, on which it is due for review again.

    Args:
        by: who reviewed it.
        child: whose record.
        until: the day; in the future.
        why: in words.

    Raises:
        NotAllowed: their roles do not include it.
        ValueError: the day is not in the future.
    """
    _check(by, child.pk)
    if until <= timezone.localdate():
        raise ValueError("The day until which a record is kept lies in the future.")
    review = RetentionReview.objects.create(child=child, by=by, at=timezone.now(), keep_until=until, why=why)
    _record(by, "records.kept-longer", child)
    return review


@transaction.atomic
def propose(*, by: User, child: Child, why: str) -> Destruction:
    """Propose that a record goes, for a second person to decide.

    Args:
        by: who reviewed it.
        child: whose record.
        why: in words; they stand on the certificate.

    Raises:
        NotAllowed: their roles do not include it.
        NotNow: it is on hold, its time is not over, or somebody has proposed it already.
    """
    _check(by, child.pk)
    child = hold(child)
    until = over_since(child)
    if open_for(child):
        raise NotNow(ASKED_ALREADY)
    proposed = Destruction.objects.create(
        authority=child.authority,
        child=child.pk,
        child_reference=child.reference,
        classes=[kept.by.id for kept in count(child)],
        kept_until=until,
        proposed_by=by,
        proposed_at=timezone.now(),
        why=why,
    )
    _record(by, "records.destruction-proposed", child, proposed)
    return proposed


@transaction.atomic
def approve(*, by: User, destruction: Destruction) -> None:
    """Agree, as the second person, that a record goes. It goes when `manage.py destroy_records` next runs.

    Args:
        by: the second person.
        destruction: what was proposed.

    Raises:
        NotAllowed: their roles do not include it, or they proposed it themselves.
        NotNow: it is on hold, its time is not over, or it has been decided meanwhile.
    """
    _check(by, destruction.child)
    if destruction.proposed_by_id == by.pk:
        raise access.NotAllowed("You proposed this yourself: somebody else decides it.")
    child = hold(Child.objects.get(pk=destruction.child))
    over_since(child)
    undecided = _open(destruction).filter(approved_at=None)
    if not undecided.update(approved_by=by, approved_at=timezone.now()):
        raise NotNow(DECIDED)
    _record(by, "records.destruction-approved", child, destruction)


@transaction.atomic
def refuse(*, by: User, destruction: Destruction, why: str) -> None:
    """Say that a record does not go after all; also once approved, as long as it has not been carried out.

    Whoever proposed it takes it back with this, too.

    Args:
        by: who decides.
        destruction: what was proposed.
        why: in words.

    Raises:
        NotAllowed: their roles do not include it.
        NotNow: it has been carried out or refused meanwhile.
    """
    _check(by, destruction.child)
    child = hold(Child.objects.get(pk=destruction.child))
    if not _open(destruction).update(refused_by=by, refused_at=timezone.now(), refused_why=why):
        raise NotNow(DECIDED)
    _record(by, "records.destruction-refused", child, destruction)


def open_for(child: Child) -> Destruction | None:
    """The destruction that was proposed for a record and is neither refused nor carried out."""
    waiting = Destruction.objects.filter(child_reference=child.reference, refused_at=None, done_at=None)
    return waiting.select_related("proposed_by", "approved_by").first()


def over_since(child: Child) -> datetime.date:
    """Since when a record has been kept enough.

    Raises:
        NotNow: it is on legal hold, or its time is not over, or cannot be told.
    """
    if LegalHold.objects.filter(child__stands_for=child.pk, ended_at=None).exists():
        raise NotNow(ON_HOLD)
    until = kept_to(child, count(child))
    if until is None or until > timezone.localdate():
        raise NotNow(NOT_YET)
    return until


def _open(destruction: Destruction) -> QuerySet[Destruction]:
    return Destruction.objects.filter(pk=destruction.pk, refused_at=None, done_at=None)


def _record(by: User, kind: str, child: Child, destruction: Destruction | None = None) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=child.authority,
        child=child.pk,
        subject_kind="destruction" if destruction else "",
        subject=destruction.pk if destruction else None,
    )
