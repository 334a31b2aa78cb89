"""What a recipient does with a referral: acknowledge it, accept it, allocate a worker, or return it."""

import uuid

from django.db import transaction

from cre_toolkit.accounts.models import Cover, User
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.counting import gone_from
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.state import read, refresh
from cre_toolkit.casework.models import CaseEvent, Referral, ReferralStep
from cre_toolkit.casework.referral import reaching
from cre_toolkit.casework.referral.models import How, Reason, To
from cre_toolkit.casework.referral.referring import IS_SOCIAL_CARE, REFERRING, tick
from cre_toolkit.casework.referral.states import UNANSWERED, State, Step
from cre_toolkit.casework.referral.steps import hold_referral, take_step, taken_already
from cre_toolkit.children import access, granting
from cre_toolkit.children.access import Act, Standing
from cre_toolkit.children.actions import write_details
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.children.queries import possible_workers
from cre_toolkit.children.telling import tell

# Returned for this reason, it should never have come: the recipient's people see the child by it no longer.
ENDS_ACCESS = Reason.NOT_OURS


class CannotAllocate(ValueError):
    """This person cannot become the allocated worker."""


def answers(standing: Standing, referral: Referral) -> bool:
    """Whether somebody may answer a referral: they are its recipient, and did not send it themselves.

    Args:
        standing: whose; they see the child.
        referral: with `stands_in`, as `referral_queries` gives it.
    """
    theirs = referral.team_id in standing.teams or referral.user_id == standing.user.pk or referral.stands_in
    return theirs and referral.by_id != standing.user.pk and access.may(standing, Act.ANSWER_REFERRALS)


@transaction.atomic(savepoint=False)
def receive(*, by: User, standing: Standing, referral: Referral) -> bool:
    """A recipient has opened it: recorded with the look, once (docs/adr/0012). No query where it is known.

    Args:
        by: who looks; they see the child.
        standing: theirs.
        referral: as it was read.

    Returns:
        Whether this was the first time.
    """
    if referral.state != State.SENT or not answers(standing, referral):
        return False
    # The state in the filter: of two who look at once, one has received it.
    unopened = Referral.objects.select_for_update(no_key=True, of=("self",))
    if not unopened.filter(pk=referral.pk, state=State.SENT).first():
        return False
    take_step(by=by, referral=referral, step=Step.RECEIVED)
    return True


@transaction.atomic
@together()
def acknowledge(*, by: User, referral: Referral, words: str, form_id: uuid.UUID) -> ReferralStep:
    """Say that it has arrived, and what happens next. The same form sent twice says it once.

    Args:
        by: a recipient.
        referral: one that they may see.
        words: what happens next, for the sender.
        form_id: made by the form.

    Raises:
        NotAllowed: it is not theirs to answer.
        NotNow: somebody has answered it otherwise.
    """
    held = hold_referral(referral)
    if taken := taken_already(held, form_id):
        return taken
    _check(by, referral)
    return take_step(
        by=by,
        referral=held,
        step=Step.ACKNOWLEDGED,
        form_id=form_id,
        words=words,
        changes={"chase_at": None},
    )


@transaction.atomic
@together()
def accept(*, by: User, referral: Referral, words: str, form_id: uuid.UUID) -> ReferralStep:
    """Take a referral on. At the front door that does the referring that was still due. The sender is told.

    Args:
        by: a recipient.
        referral: one that they may see.
        words: what happens next, for the sender.
        form_id: made by the form.

    Raises:
        NotAllowed: it is not theirs to answer.
        NotNow: somebody has answered it otherwise.
    """
    held = hold_referral(referral)
    if taken := taken_already(held, form_id):
        return taken
    _check(by, referral)
    taken = take_step(
        by=by, referral=held, step=Step.ACCEPTED, form_id=form_id, words=words, changes={"chase_at": None}
    )
    if held.to == To.FRONT_DOOR:
        done = REFERRING | {reaching.SENDING} if held.record else REFERRING
        tick(by=by, case=read(held.child), referrals=[held], at=taken.at, actions=done)
        Referral.objects.filter(pk=held.pk).update(ticked=held.ticked)
    if held.to in IS_SOCIAL_CARE and _passed_on(held):
        _end_access(by=by, referral=held)
    _tell(by, held, "has been accepted", "Sign in to read what happens next.")
    return taken


@transaction.atomic
@together()
def allocate(*, by: User, referral: Referral, worker: User, form_id: uuid.UUID) -> ReferralStep:
    """Allocate a worker to a child whose referral was accepted: social care has an open case from now on.

    Args:
        by: somebody of the front door that accepted it.
        referral: one that they may see.
        worker: who becomes the allocated worker; they see the child from now on, and are told.
        form_id: made by the form.

    Raises:
        NotAllowed: it is not theirs to answer, or allocating is not within their roles.
        CannotAllocate: this person cannot take the child on.
        NotNow: the referral is not accepted, or somebody has allocated already.
    """
    held = hold_referral(referral)
    if taken := taken_already(held, form_id):
        return taken
    _check(by, referral)
    access.check(access.standing_of(by), Act.ALLOCATE)
    child = hold(held.child)
    if not possible_workers(child).filter(pk=worker.pk).exists():
        raise CannotAllocate(str(worker.pk))
    taken = take_step(by=by, referral=held, step=Step.ALLOCATED, form_id=form_id, worker=worker)
    wanted = {
        "allocated_worker": worker,
        "worker_name": "",
        "worker_contact": "",
        "open_to_social_care": "yes",
    }
    changed = {name: value for name, value in wanted.items() if getattr(child, name) != value}
    write_details(by=by, child=child, version=child.version, changed=changed)
    refresh(child=child, held=True)
    tell(
        by=by,
        child=child,
        people={worker.pk: worker.email},
        subject=f"The child with the reference {child.reference} has been allocated to you",
        body=(
            f"You are now the allocated worker of the child with the reference {child.reference} in CRE"
            " Toolkit.\n\nSign in and search for the reference to open the record. For safety this message"
            " says nothing more."
        ),
        cause=held.pk,
    )
    _tell(by, held, "has led to an allocated worker", "Sign in to see who it is.")
    return taken


@transaction.atomic
@together()
def return_it(
    *, by: User, referral: Referral, reason: Reason, words: str, form_id: uuid.UUID
) -> ReferralStep:
    """Return a referral to its sender. What it had done is due again, unless another recipient has it still.

    Args:
        by: a recipient; of one without an account, whoever was told so by them.
        referral: one that they may see.
        reason: why. `ENDS_ACCESS` ends what its people see of the child by it.
        words: what the sender should do now.
        form_id: made by the form.

    Raises:
        NotAllowed: it is not theirs to answer.
        NotNow: somebody has answered it otherwise.
    """
    held = hold_referral(referral)
    if taken := taken_already(held, form_id):
        return taken
    if held.how == How.SERVICE:
        _check(by, referral)
    else:
        access.check(access.standing_of(by), Act.REFER)
    taken = take_step(
        by=by,
        referral=held,
        step=Step.RETURNED,
        form_id=form_id,
        reason=reason,
        words=words,
        changes={"chase_at": None},
    )
    _due_again(by=by, referral=held)
    if reason == ENDS_ACCESS or _passed_on(held):
        _end_access(by=by, referral=held)
    _tell(by, held, "has been returned", "What it was to do is due again. Sign in to read why.")
    return taken


def _check(by: User, referral: Referral) -> None:
    away = Cover.objects.filter(access.current(), stand_in=by, absent=referral.user_id)
    referral.stands_in = referral.user_id is not None and away.exists()
    if not answers(access.standing_of(by), referral):
        raise access.NotAllowed("A referral is answered by those to whom it was sent, and not by its sender.")


def _standing_beside(referral: Referral) -> list[Referral]:
    """The other referrals of the same child that were not returned. One query."""
    others = Referral.objects.filter(child__stands_for=referral.child.stands_for).exclude(pk=referral.pk)
    return list(others.exclude(state__in=(State.RETURNED, State.WITHDRAWN)))


def _passed_on(referral: Referral) -> bool:
    """Whether its recipients see the child only until they answer: another authority received it."""
    of_the_first = referral.team is None or referral.team.authority == referral.authority
    return of_the_first and hold(referral.child).authority != referral.authority


@transaction.atomic
def _due_again(*, by: User, referral: Referral) -> None:
    """Take back what a returned referral had done: it counts as if it had never been done."""
    kept = {id_ for other in _standing_beside(referral) for id_ in other.ticked}
    # What was withdrawn by itself, or with its assessment, cannot be taken back once more.
    back = set(referral.ticked) - kept - gone_from(referral.child)
    done = CaseEvent.objects.filter(pk__in=back).select_related("child").order_by("pk")
    events = [
        event(
            by=by,
            child=one.child,
            kind=CaseEvent.Kind.WITHDRAWN,
            at=max(one.at, one.entered_at),
            keys={"event": str(one.pk)},
        )
        for one in done
    ]
    if events:
        enter(by=by, child=hold(referral.child), events=events)


@transaction.atomic
def _end_access(*, by: User, referral: Referral) -> None:
    """End what the recipient sees by this referral, unless another one to them stands."""
    others = _standing_beside(referral)
    if _passed_on(referral):
        others = [one for one in others if one.state in UNANSWERED]
    if any(one.team_id == referral.team_id and one.user_id == referral.user_id for one in others):
        return
    # A team sees a kept record by way of a merged one for no other reason than that it was sent something.
    reasons = [AccessGrant.Reason.SENT]
    if referral.team_id:
        reasons.append(AccessGrant.Reason.MERGED)
    grants = AccessGrant.objects.filter(
        child__stands_for=referral.child.stands_for,
        reason__in=reasons,
        user=referral.user_id,
        team=referral.team_id,
    )
    granting.end_each(by=by, child=hold(referral.child), grants=grants)


def _tell(by: User, referral: Referral, what: str, then: str) -> None:
    tell(
        by=by,
        child=referral.child,
        people=reaching.sender_and_managers(referral.by, referral.child),
        subject=f"Referral {referral.reference} {what}",
        body=(
            f"The referral with the reference {referral.reference} {what}.\n\n{then} For safety this message"
            " says nothing more."
        ),
        cause=referral.pk,
        page="referral",
        page_of=referral.reference,
    )
