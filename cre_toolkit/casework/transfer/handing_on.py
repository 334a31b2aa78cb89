"""Handing somebody's children on to a colleague: when they leave, move or have too many."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.passing_on import pass_on
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.transfer import caseload
from cre_toolkit.children import access
from cre_toolkit.children.actions import write_details
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.children.queries import possible_workers
from cre_toolkit.children.telling import tell


class CannotTakeOn(ValueError):
    """The colleague may not assess in the authority of one of the children, or is not a colleague."""

    def __init__(self, to: User) -> None:
        super().__init__(str(to.pk))
        self.to = to


@dataclass(frozen=True, slots=True)
class HandedOn:
    """What was done: how many children went over, and whose unfinished assessments could not."""

    children: int
    left: tuple[Child, ...] = ()


@transaction.atomic
@together()
def hand_on(*, by: User, worker: User, to: User, references: Collection[str]) -> HandedOn:
    """Make a colleague the allocated worker of children of somebody in a team that one manages.

    The colleague sees them from now on; the earlier worker no longer does by having been theirs. Where the
    earlier worker has left, their unfinished assessments of these children go with them. The colleague gets
    one message, which names nobody.

    Args:
        by: the manager.
        worker: whose children they are.
        to: who takes them on.
        references: of the children. One that is not the worker's any more is left as it is.

    Raises:
        NotAllowed: the user manages no team.
        NotVisible: the worker is in no team of theirs.
        CannotTakeOn: the colleague cannot, of one child or at all; nothing was written.
    """
    standing = access.standing_of(by)
    caseload.find_team_mate(standing, worker.pk)
    if not caseload.can_take_on(standing, worker).filter(pk=to.pk).exists():
        raise CannotTakeOn(to)
    wanted = caseload.children_of(standing, worker).filter(reference__in=references)
    moved, left = 0, []
    # In one order for everybody, so that nobody waits for somebody who waits for them.
    for found in wanted.order_by("pk"):
        child = hold(found)
        if not possible_workers(child).filter(pk=to.pk).exists():
            raise CannotTakeOn(to)
        if child.allocated_worker_id == worker.pk:
            _allocate(by=by, child=child, to=to)
            moved += 1
        if not worker.is_active and not pass_on(by=by, child=child, author=worker, to=to):
            left.append(child)
    if moved or wanted:
        _tell(by, to)
    return HandedOn(moved, tuple(left))


@transaction.atomic
@together()
def hand_on_each(*, by: User, worker: User, shares: Mapping[User, Collection[str]]) -> dict[User, HandedOn]:
    """Hand somebody's children on to several colleagues at once: all of it, or nothing.

    Args:
        by: the manager.
        worker: whose children they are; told of it, while their account is live.
        shares: the references of the children of each colleague.

    Raises:
        NotAllowed, NotVisible, CannotTakeOn: as `hand_on`.
    """
    every = {reference for references in shares.values() for reference in references}
    theirs = caseload.children_of(access.standing_of(by), worker).filter(reference__in=every)
    # Held before any is shared out, in one order for everybody: two managers may share them out otherwise.
    for child in theirs.order_by("pk"):
        hold(child)
    done = {
        to: hand_on(by=by, worker=worker, to=to, references=shares[to])
        for to in sorted(shares, key=lambda user: user.pk)
        if shares[to]
    }
    if worker.is_active and any(one.children for one in done.values()):
        tell(
            by=by,
            child=None,
            people={worker.pk: worker.email},
            subject="Children have been handed on to colleagues",
            body=(
                "Children of whom you were the allocated worker in CRE Toolkit have other workers from now"
                " on.\n\nYour manager can tell you which, and to whom. For safety this message says nothing"
                " more."
            ),
            page="",
        )
    return done


def _allocate(*, by: User, child: Child, to: User) -> None:
    wanted = {"allocated_worker": to, "worker_name": "", "worker_contact": ""}
    changed = {name: value for name, value in wanted.items() if getattr(child, name) != value}
    write_details(by=by, child=child, version=child.version, changed=changed)


def _tell(by: User, to: User) -> None:
    tell(
        by=by,
        child=None,
        people={to.pk: to.email},
        subject="Children have been allocated to you",
        body=(
            "You are now the allocated worker of children in CRE Toolkit whom a colleague worked with.\n\n"
            "Sign in, read their records, and say that you have taken them on. For safety this message says"
            " nothing more."
        ),
        page="taking-on",
    )
