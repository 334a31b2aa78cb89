"""Responsibility for a child passes to another authority, and comes back where that was an error.

With it pass the worker and who sees the record (docs/adr/0011). What the receipt took from each record is
noted on the transfer, so that it can be given back. It passes with every record that was merged into one:
parted, each of them is still the other authority's, until that has been transferred back too.
A referral that nobody has answered stays with whoever it was sent to: out of their sight it would be lost.
"""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.entering import NotPossible, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.own_authority import agree_on_one
from cre_toolkit.casework.case.state import events_of
from cre_toolkit.casework.models import CaseEvent, Referral, Transfer
from cre_toolkit.casework.referral.states import UNANSWERED
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.children import access, granting
from cre_toolkit.children.access import Act
from cre_toolkit.children.actions import update_child, write_details
from cre_toolkit.children.holding import every_record
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.permissions import ROLES_FOR

Reason = AccessGrant.Reason
# What people of the first authority no longer see by; what they made themselves they go on seeing.
ENDED = (Reason.NETWORK, Reason.SENT)
_WORKER = ("allocated_worker", "worker_name", "worker_contact")
_NOBODY: Mapping[str, Any] = {"allocated_worker": None, "worker_name": "", "worker_contact": ""}


@transaction.atomic(savepoint=False)
def pass_on(*, by: User, child: Child, transfer: Transfer, at: datetime.datetime) -> None:
    """The authority that was asked is responsible from now on, and nobody is the worker.

    Args:
        by: who receives.
        child: the record that stands for the child, held.
        transfer: which.
        at: now.
    """
    before = child.authority
    records = every_record(child)
    ended = _end_access(by=by, child=child, of=before, but=transfer.to)
    took = {
        str(record.pk): {
            "worker": _worker_of(record),
            "grants": [str(one.pk) for one in ended if one.child_id == record.pk],
        }
        for record in records
    }
    Transfer.objects.filter(pk=transfer.pk).update(took=took)
    update_child(by=by, child=child, version=child.version, changes={"authority": transfer.to, **_NOBODY})
    for record in records[1:]:
        _name_worker(by=by, child=record, worker=_NOBODY)
    enter(
        by=by,
        child=child,
        events=[
            event(
                by=by,
                child=record,
                kind=CaseEvent.Kind.TRANSFER,
                at=at,
                keys={"authority": transfer.to},
                from_authority=before,
            )
            for record in records
        ],
    )


def passed_with(entered: CaseEvent) -> list[CaseEvent]:
    """The same receipt on the other records of the child: withdrawn, it is withdrawn on all of them."""
    if entered.kind != CaseEvent.Kind.TRANSFER:
        return []
    same = CaseEvent.objects.filter(
        child__stands_for=entered.child.stands_for, kind=entered.kind, at=entered.at, keys=entered.keys
    )
    return list(same.exclude(pk=entered.pk).select_related("child").order_by("pk"))


@transaction.atomic(savepoint=False)
def come_back(*, by: User, child: Child, passed: CaseEvent, before: str) -> None:
    """Give back what a receipt took that was withdrawn, and end what the other authority sees.

    Where the child was transferred again since, nothing comes back.

    Args:
        by: who withdrew it.
        child: the record that stands for the child, held, after the withdrawal.
        passed: the event of the receipt.
        before: who was responsible before the withdrawal.

    Raises:
        NotPossible: another record was merged with this one that did not come by this transfer.
    """
    if not agree_on_one(events_of(child), before):
        raise NotPossible(
            "another record was merged with this one that did not come by this transfer. Undo the merge"
            " first, or ask the other authority to receive the child"
        )
    transfer = transfers.of_receipt(passed)
    if transfer is None or child.authority == before:
        return
    _end_access(by=by, child=child, of=transfer.to, but=child.authority)
    for record in every_record(child):
        took = transfer.took.get(str(record.pk), {"worker": _NOBODY, "grants": []})
        granting.give_again(by=by, child=child, grants=[uuid.UUID(grant) for grant in took["grants"]])
        worker = User.objects.filter(access.admitted(child), pk=took["worker"]["allocated_worker"]).first()
        _name_worker(by=by, child=record, worker=took["worker"] | {"allocated_worker": worker})


def _worker_of(record: Child) -> dict[str, Any]:
    worker = record.allocated_worker_id
    return {
        "allocated_worker": str(worker) if worker else None,
        "worker_name": record.worker_name,
        "worker_contact": record.worker_contact,
    }


@transaction.atomic(savepoint=False)
def _name_worker(*, by: User, child: Child, worker: Mapping[str, Any]) -> None:
    changed = {name: worker[name] for name in _WORKER if getattr(child, name) != worker[name]}
    write_details(by=by, child=child, version=child.version, changed=changed)


@transaction.atomic(savepoint=False)
def _end_access(*, by: User, child: Child, of: str, but: str) -> list[AccessGrant]:
    """End what an authority's teams and network see, but of people who work in the other one, too.

    What people see since they made it themselves stays; and what they were sent and have not answered.
    """
    works_there = access.roles_held(but, ROLES_FOR[Act.SEE_GIVEN]).values("user")
    of_people = Q(reason__in=ENDED, user__isnull=False) & ~Q(user__in=works_there)
    theirs = of_people | Q(reason=Reason.ALLOCATED) | Q(team__authority=of)
    grants = AccessGrant.objects.filter(theirs, child__stands_for=child.pk)
    unanswered = Referral.objects.filter(child__stands_for=child.pk, state__in=UNANSWERED)
    by_it = Q(team__in=unanswered.exclude(team=None).values("team"))
    by_it |= Q(user__in=unanswered.exclude(user=None).values("user"))
    grants = grants.exclude(by_it & Q(reason__in=(Reason.SENT, Reason.MERGED)))
    return granting.end_each(by=by, child=child, grants=grants)
