"""Another authority becomes responsible for a child: asked, received, and until then as it was.

Responsibility passes with the receipt, in one transaction: the event of the contract, the child's authority,
and who sees the record (docs/adr/0011). An authority that does not use the service confirms outside it; then
the case is closed here, and stays to be read.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.said_twice import recorded_by
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.ends.closing import close_held
from cre_toolkit.casework.models import Closing, Transfer
from cre_toolkit.casework.transfer import passing
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.children import access, granting, network
from cre_toolkit.children.access import NotAllowed
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.telling import tell

State = Transfer.State
# So long nobody is reminded again.
BETWEEN_REMINDERS = datetime.timedelta(hours=24)


class Refused(ValueError):
    """It cannot be done as things stand; the message says why, and what to do."""


@transaction.atomic
@together()
def ask(
    *, by: User, child: Child, why: str, form_id: uuid.UUID, to: str = "", to_whom: str = "", how: str = ""
) -> Transfer:
    """Ask another authority to be responsible for a child. The same form sent twice asks once.

    The front door of an authority that uses the service sees the record from now on, and is told.

    Args:
        by: a manager of the authority that is responsible, who sees the child: that the caller has made sure.
        child: whom.
        why: why, for the other authority to read.
        form_id: minted with the form.
        to: the authority, where it uses the service.
        to_whom: else who it is, in words; with `how`, the channel by which the documents went.

    Raises:
        NotAllowed: it is not theirs to ask.
        Refused: it cannot be asked as things stand.
    """
    held = hold(child)
    if not transfers.may_ask(access.standing_of(by), held):
        raise NotAllowed(
            "A child is transferred by a team manager or child protection manager of the authority that is"
            " responsible. Ask one."
        )
    if earlier := recorded_by(Transfer, child=held, form_id=form_id):
        return earlier
    _check_can_be_asked(held, to)
    transfer = Transfer.objects.create(
        child=held,
        from_authority=held.authority,
        to=to,
        to_whom=to_whom,
        how=how,
        why=why,
        asked_at=timezone.now(),
        by=by,
        form_id=form_id,
    )
    _audit(by, transfer, "transfer.asked", held.authority)
    if to:
        # A restricted record is for the people named on it, whatever a team is given.
        granting.grant_each(
            by=by,
            child=held,
            reason=AccessGrant.Reason.SENT,
            teams=[team.pk for team in transfers.front_doors_of(to)],
            source=transfer.pk,
        )
        _tell_receivers(by, held, transfer)
    return transfer


@transaction.atomic
@together()
def receive(*, by: User, child: Child, words: str) -> None:
    """The other authority is responsible from now on. Received already, it stays so.

    The allocated worker of the first authority, and its teams and network, no longer see the record by that;
    whoever added the child or assessed keeps what they made. What follows is due by the other's rules.

    Args:
        by: of the front door, or a child protection manager, of the authority that is asked.
        child: whom they see, which the caller has made sure of.
        words: what happens next, for those who asked.

    Raises:
        NotAllowed: it is not theirs to receive.
        Refused: nothing waits for them: it was taken back.
    """
    held = hold(child)
    transfer = _waiting(held)
    _check_receives(by, transfer)
    told = network.around(held)
    now = timezone.now()
    _settle(by=by, transfer=transfer, state=State.RECEIVED, words=words, at=now)
    _audit(by, transfer, "transfer.received", held.authority)
    end_waiting(by=by, child=held, words="Another authority has received the child.")
    passing.pass_on(by=by, child=held, transfer=transfer, at=now)
    tell(
        by=by,
        child=held,
        people=told | _open_to(held, transfer.by_id),
        subject=f"Another authority is responsible for the child with the reference {held.reference}",
        body=(
            f"The transfer of the child with the reference {held.reference} has been received: another"
            " authority is responsible from now on.\n\n"
            "You may no longer see the record. If you still work with the child, ask the other authority to"
            " let you into the network. For safety this message says nothing more."
        ),
        cause=transfer.pk,
    )


@transaction.atomic
@together()
def decline(*, by: User, child: Child, words: str) -> None:
    """The other authority says no: the first stays responsible, and is told why it was asked in vain.

    Args:
        by: as in `receive`.
        child: whom they see.
        words: why.

    Raises:
        NotAllowed: it is not theirs to decline.
        Refused: nothing waits for them.
    """
    held = hold(child)
    transfer = _waiting(held)
    _check_receives(by, transfer)
    _settle(by=by, transfer=transfer, state=State.DECLINED, words=words)
    _audit(by, transfer, "transfer.declined", transfer.from_authority)
    _end_given(by=by, child=held, transfer=transfer)
    tell(
        by=by,
        child=held,
        people=_open_to(held, transfer.by_id, held.allocated_worker_id),
        subject=f"A transfer has been declined: {held.reference}",
        body=(
            f"The other authority has declined the transfer of the child with the reference {held.reference}."
            " Yours is still responsible.\n\n"
            "Sign in to read why. For safety this message says nothing more."
        ),
        cause=transfer.pk,
    )


@transaction.atomic
@together()
def take_back(*, by: User, child: Child, words: str) -> None:
    """Whoever is responsible no longer asks. Raises `NotAllowed` and `Refused` as `ask`."""
    held = hold(child)
    transfer = _waiting(held)
    _check_asks(by, held)
    _take_back(by=by, child=held, transfer=transfer, words=words)


@transaction.atomic(savepoint=False)
def end_waiting(*, by: User, child: Child, words: str) -> None:
    """What waits is at an end for another reason (`words`), whoever asked; of merged records, on each."""
    for transfer in transfers.all_waiting_of(child):
        _take_back(by=by, child=child, transfer=transfer, words=words)


@transaction.atomic(savepoint=False)
def _take_back(*, by: User, child: Child, transfer: Transfer, words: str) -> None:
    _settle(by=by, transfer=transfer, state=State.TAKEN_BACK, words=words)
    _audit(by, transfer, "transfer.taken-back", child.authority)
    _end_given(by=by, child=child, transfer=transfer)


@transaction.atomic
@together()
def confirm(*, by: User, child: Child, words: str) -> None:
    """An authority that does not use the service has confirmed that it is responsible: the case is closed.

    Args:
        by: as in `ask`.
        child: whom.
        words: who confirmed it, when and how.

    Raises:
        NotAllowed, Refused: as `ask`.
    """
    held = hold(child)
    transfer = _waiting(held)
    _check_asks(by, held)
    if transfer.to:
        raise Refused("The other authority uses this service and receives the child here. Remind it instead.")
    _settle(by=by, transfer=transfer, state=State.RECEIVED, words=words)
    _audit(by, transfer, "transfer.confirmed", held.authority)
    end_waiting(by=by, child=held, words="Another authority has confirmed that it is responsible.")
    close_held(
        by=by,
        child=held,
        reason=Closing.Reason.MOVED,
        words=f"{transfer.to_whom}. {words}",
        form_id=uuid.uuid4(),
    )


@transaction.atomic
@together()
def chase(*, by: User, child: Child) -> bool:
    """Remind the other authority, at most once a day; whether that was done now.

    Of one that does not use the service, it notes that it was reminded.

    Raises `NotAllowed` and `Refused` as `ask`.
    """
    held = hold(child)
    transfer = _waiting(held)
    _check_asks(by, held)
    now = timezone.now()
    if transfer.chased_at and now - transfer.chased_at < BETWEEN_REMINDERS:
        return False
    Transfer.objects.filter(pk=transfer.pk).update(chased_at=now, chased=transfer.chased + 1)
    _audit(by, transfer, "transfer.chased", held.authority)
    if transfer.to:
        _tell_receivers(by, held, transfer)
    return True


def _waiting(child: Child) -> Transfer:
    found = transfers.waiting_of(child)
    if found is None:
        raise Refused("Nothing waits for an answer any more. Open the page again to read what became of it.")
    return found


def _open_to(child: Child, *people: uuid.UUID | None) -> dict[uuid.UUID, str]:
    """The addresses of those of these people who may hear of the child. One query."""
    admitted = User.objects.filter(access.admitted(child), pk__in=[each for each in people if each])
    return dict(admitted.filter(is_active=True).values_list("pk", "email"))


def _check_asks(by: User, child: Child) -> None:
    if not transfers.may_ask(access.standing_of(by), child):
        raise NotAllowed("This is for a manager of the authority that is responsible for the child.")


def _check_receives(by: User, transfer: Transfer) -> None:
    if not transfers.may_receive(access.standing_of(by), transfer):
        raise NotAllowed(
            "A child is received by the front door, or a child protection manager, of the authority that is"
            " asked."
        )


def _check_can_be_asked(child: Child, to: str) -> None:
    if child.died_on:
        raise Refused("This record says that the child has died.")
    if to == child.authority:
        raise Refused("This authority is responsible already. Choose another one.")
    if transfers.waiting_of(child):
        raise Refused("Another authority has been asked already. Take that back first.")
    if state_of(child).closed:
        raise Refused(
            "The case is closed. Open it again first, so that the other authority sees what is due."
        )
    if not to:
        return
    name = transfers.authority_name(to)
    if child.restricted and not transfers.receiver_is_named(child, to):
        raise Refused(
            f"This record is restricted. Name somebody of {name} on it first who can receive the child and"
            " keep the restriction: a child protection manager."
        )
    if not child.restricted and not transfers.receivers(child, to).exists():
        raise Refused(
            f"Nobody is at the front door of {name} in this service. Choose the authority that does not use"
            " this service, and say how you reach it."
        )


def _tell_receivers(by: User, child: Child, transfer: Transfer) -> None:
    tell(
        by=by,
        child=child,
        people=dict(transfers.receivers(child, transfer.to).values_list("pk", "email")),
        subject=f"You are asked to receive a child: {child.reference}",
        body=(
            f"Another authority asks yours to be responsible for the child with the reference"
            f" {child.reference}.\n\n"
            "Sign in to CRE Toolkit, read the record, and receive the child or decline. Until then the other"
            " authority is responsible. For safety this message says nothing more."
        ),
        cause=transfer.pk,
    )


@transaction.atomic(savepoint=False)
def _settle(
    *,
    by: User,
    transfer: Transfer,
    state: Transfer.State,
    words: str,
    at: datetime.datetime | None = None,
) -> None:
    Transfer.objects.filter(pk=transfer.pk).update(
        state=state, settled_at=at or timezone.now(), settled_by=by, settled_words=words
    )


@transaction.atomic(savepoint=False)
def _end_given(*, by: User, child: Child, transfer: Transfer) -> None:
    """The authority that was asked no longer sees the record by that."""
    given = AccessGrant.objects.filter(source=transfer.pk, child__stands_for=child.pk)
    granting.end_each(by=by, child=child, grants=given)


def _audit(by: User, transfer: Transfer, kind: str, authority: str) -> None:
    audit.record(
        by=by,
        kind=kind,
        authority=authority,
        child=transfer.child_id,
        subject_kind="transfer",
        subject=transfer.pk,
    )
