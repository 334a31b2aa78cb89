"""The end of a record: everything of one child leaves the database, and a certificate says what went.

The one exception to "what was recorded never changes" (architecture.md, decision 3). It is not the web's to
do: `manage.py destroy_records` does it, as the owner of the tables. The audit trail stays: it knows the child
by a number alone, and without it nobody could show who had looked.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from operator import and_, or_

from django.apps import apps
from django.db import models, router, transaction
from django.db.models import Q
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child, Merge, PossibleDuplicate
from cre_toolkit.jobs.models import Message
from cre_toolkit.records.models import Destruction
from cre_toolkit.records.reviewing import NotNow, over_since

# Within what both databases take as parameters of one statement.
AT_ONCE = 500
MERGED = (
    "The record was merged with another since this was approved. Refuse this, or part the two; then propose"
    " anew."
)
# What names two records that may be of one child.
OF_TWO = (PossibleDuplicate, Merge)

Belongings = dict[type[models.Model], set[object]]
Pointer = models.ForeignKey


class OfAnotherChildToo(RuntimeError):
    """Something that belongs to the record belongs to another child as well: nothing was destroyed."""


@transaction.atomic
def destroy(*, by: User | None, destruction: Destruction) -> Destruction:
    """Carry out a destruction that two people agreed on. All of it goes, or nothing.

    Args:
        by: None, for the service itself: the two who agreed stand on the certificate.
        destruction: approved, and not yet carried out.

    Returns:
        The certificate: the same row, with what went and when.

    Raises:
        NotNow: it is not approved, has been carried out or refused, is on hold, or its time is not over.
        OfAnotherChildToo: the record is entangled with another child's; it says by what.
    """
    child = hold(Child.objects.get(pk=destruction.child))
    certificate = Destruction.objects.select_for_update().get(pk=destruction.pk)
    if not certificate.approved_at or certificate.refused_at or certificate.done_at:
        raise NotNow("This destruction is not approved, or no longer.")
    _check_is_what_was_approved(child, certificate)
    over_since(child)
    belonging = belongings(child)
    certificate.contents = _inventory(belonging)
    # By the number of steps to the child, furthest first: the guard asks whose child a row is.
    # Rows alone, without a cascade: what belongs to them is named already.
    for model in reversed(belonging):
        for some in _in_parts(belonging[model]):
            model._default_manager.filter(pk__in=some)._raw_delete(router.db_for_write(model))
    certificate.done_at = timezone.now()
    certificate.save(update_fields=["contents", "done_at"])
    audit.record(
        by=by,
        kind="records.destroyed",
        authority=certificate.authority,
        child=certificate.child,
        subject_kind="destruction",
        subject=certificate.pk,
    )
    return certificate


def _check_is_what_was_approved(child: Child, certificate: Destruction) -> None:
    """Raise `NotNow` where the record is one with another since: that one nobody has agreed on."""
    since = Merge.objects.filter(kept__stands_for=child.pk, at__gte=certificate.approved_at, undone_at=None)
    if child.pk != certificate.child or since.exists():
        raise NotNow(MERGED)


def belongings(child: Child) -> Belongings:
    """The keys of every row that is there for this child alone, by model, the child's own first.

    Found by following, step by step, whatever points to a row that was found: a kind of record that is added
    to the service later goes along without being named here.

    Raises:
        OfAnotherChildToo: one of the rows is of another child as well.
    """
    children = set(Child.objects.filter(stands_for=child.pk).values_list("pk", flat=True))
    found: Belongings = {Child: set(children)}
    newest: Belongings = {Child: set(children)}
    while newest:
        step: Belongings = {}
        for target, keys in newest.items():
            for pointer in _pointers_to(target):
                model = pointer.model
                rows = set(_pointing(pointer, keys)) - found.get(model, set())
                if rows:
                    step.setdefault(model, set()).update(rows)
        for model, rows in step.items():
            found.setdefault(model, set()).update(rows)
        newest = step
    _check_for_others(found, children)
    messages = Message.objects.filter(cause__in=[key for keys in found.values() for key in keys])
    return {**found, Message: set(messages.values_list("pk", flat=True))}


def _pointers_to(target: type[models.Model]) -> Iterator[Pointer[object, object]]:
    for model in apps.get_models():
        yield from (field for field in _keys_of(model) if field.related_model is target)


def _keys_of(model: type[models.Model]) -> list[Pointer[object, object]]:
    return [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]


def _pointing(pointer: Pointer[object, object], keys: set[object]) -> Iterator[object]:
    for some in _in_parts(keys):
        rows = pointer.model._default_manager.filter(**{f"{pointer.name}__in": some})
        yield from rows.values_list("pk", flat=True)


def _check_for_others(found: Belongings, children: set[uuid.UUID]) -> None:
    """What two records were compared in is of both, and goes with either; all else is of one child."""
    for model, keys in found.items():
        to_child = [field.name for field in _keys_of(model) if field.related_model is Child]
        if model is Child or not to_child:
            continue
        ours = reduce(or_ if model in OF_TWO else and_, (Q((f"{name}__in", children)) for name in to_child))
        for some in _in_parts(keys):
            others = model._default_manager.filter(pk__in=some).exclude(ours)
            if others.exists():
                raise OfAnotherChildToo(f"{model._meta.label} {others.first()}")


def _inventory(found: Belongings) -> dict[str, object]:
    """What goes, as the certificate says it: counts by kind, and the fingerprint of each sent assessment."""
    records = Record.objects.filter(pk__in=[str(key) for key in found.get(Record, ())])
    return {
        "rows": dict(
            sorted(Counter({model._meta.label: len(keys) for model, keys in found.items()}).items())
        ),
        "assessments": [
            {"sha256": sha256, "sent": sent.isoformat()}
            for sha256, sent in records.order_by("sent_at").values_list("sha256", "sent_at")
        ],
    }


def _in_parts(keys: set[object]) -> Iterator[list[object]]:
    everything = list(keys)
    for start in range(0, len(everything), AT_ONCE):
        yield everything[start : start + AT_ONCE]
