"""Every write to a child's details: adding, changing, family, agencies."""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.children import access, cover, duplicates, granting, keys
from cre_toolkit.children.matching import Described, Sought
from cre_toolkit.children.models import AccessGrant, AgencyInvolved, Child, FamilyMember
from cre_toolkit.children.queries import (
    AGENCY,
    FAMILY,
    Found,
    agencies_of,
    family_of,
    likely_duplicates,
)
from cre_toolkit.rules.loading import load_authority

# What a person may say of a child; everything else about the row is the service's own.
DETAILS = frozenset(
    {
        "authority", "given_names", "family_name", "known_as", "date_of_birth", "estimated_age", "gender",
        "nhs_number", "address", "postcode", "telephone", "school", "first_language", "needs_interpreter",
        "ethnicity", "ethnicity_not_recorded_why", "send", "disabilities", "open_to_social_care", "plan",
        "looked_after", "allocated_worker", "worker_name", "worker_contact", "wishes", "own_words",
    }
)  # fmt: skip
# Those of them by which other people see the record.
SAYS_WHO_SEES = frozenset({"authority", "allocated_worker"})


class MaybeOnRecord(Exception):
    """Children whom the user may see, and who may well be the one to be added; nothing was written."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__(f"{len(found)} possible")
        self.found = found


class Changed(Exception):
    """Somebody else saved first; nothing was written. `child` is the record as it stands now."""

    def __init__(self, child: Child) -> None:
        super().__init__(f"version {child.version}")
        self.child = child


def sought(details: Mapping[str, Any]) -> Sought:
    """What to look for in the details of a child: the name in full, and as the child is also known."""
    texts = ("given_names", "family_name", "known_as", "nhs_number", "postcode")
    return Described(
        **{key: details.get(key, "") for key in texts},
        date_of_birth=details.get("date_of_birth"),
        age=details.get("estimated_age"),
    ).as_sought()


def add_child(*, by: User, form_id: uuid.UUID, not_these: Collection[str] = (), **details: Any) -> Child:
    """Add a child to the service; whoever adds may see the record from then on.

    The same form sent twice adds one child. Records of the authority that may be of the same child are noted
    for its front door, whether or not the user may see them, and never shown because of it.

    Args:
        by: who adds.
        form_id: minted with the form.
        not_these: references of records that the user was shown and says are of other children.
        details: any of `DETAILS`; a name of some kind and `authority` are needed.

    Raises:
        NotAllowed: the user's roles do not include adding a child.
        UnknownPackError: there is no such authority.
        MaybeOnRecord: records that the user may see may well be of this child.
    """
    try:
        return _add(by=by, form_id=form_id, not_these=not_these, details=details)
    except IntegrityError:
        # The form was sent before: the same answer again.
        earlier = Child.objects.filter(form_id=form_id, created_by=by).first()
        if earlier is None:
            raise
        return earlier


@transaction.atomic
@together()
def _add(*, by: User, form_id: uuid.UUID, not_these: Collection[str], details: Mapping[str, Any]) -> Child:
    standing = access.standing_of(by)
    access.check(standing, access.Act.ADD_CHILD)
    _refuse_unknown(details)
    likely = likely_duplicates(sought(details), standing, but=form_id)
    seen = [one.found for one in likely if one.seen and one.found.child.reference not in not_these]
    if seen:
        raise MaybeOnRecord(seen)
    child = Child(form_id=form_id, created_by=by, created_at=timezone.now(), **_dated(details))
    child.save(force_insert=True)
    keys.rebuild(child, new=True)
    audit.record(
        by=by,
        kind="child.added",
        authority=child.authority,
        child=child.pk,
        detail={"fields": sorted(field for field, value in details.items() if value not in ("", None))},
    )
    reason, worker = AccessGrant.Reason, child.allocated_worker
    granting.grant(by=by, child=child, reason=reason.ADDED, user=by, new=True)
    if worker:
        granting.grant(by=by, child=child, reason=reason.ALLOCATED, user=worker, new=True)
        if worker != by:
            cover.follow(by=by, child=child, before=None)
    duplicates.note(
        by=by,
        authority=child.authority,
        found={
            duplicates.in_order(child.pk, one.found.pk): one.found.weighed
            for one in likely
            if one.found.authority == child.authority
        },
    )
    return child


@transaction.atomic
def update_child(*, by: User, child: Child, version: int, changes: Mapping[str, Any]) -> Child:
    """Change details of a child, unless somebody else has changed the record since it was read.

    Args:
        by: who changes; they may see the child, which the caller has made sure of.
        child: whose record.
        version: the version that the changes were made to.
        changes: any of `DETAILS`, as they shall be.

    Returns:
        The child as it stands now; the audit names the fields that changed.

    Raises:
        NotAllowed: the user's roles do not include this, or the record is not theirs to give to others.
        Changed: somebody else saved first.
    """
    standing = access.standing_of(by)
    access.check(standing, access.Act.EDIT_CHILD)
    _refuse_unknown(changes)
    wanted = _dated(changes, child)
    changed = {field: value for field, value in wanted.items() if getattr(child, field) != value}
    if SAYS_WHO_SEES & changed.keys():
        access.check_says_who_sees(standing, child)
    write_details(by=by, child=child, version=version, changed=changed)
    if (keys.KEYED | {"authority"}) & changed.keys():
        as_it_stands = sought({field: getattr(child, field) for field in DETAILS})
        likely = likely_duplicates(as_it_stands, standing, but=child.form_id)
        duplicates.look_again(
            by=by,
            child=child,
            candidates=[one.found.pk for one in likely if one.found.authority == child.authority],
        )
    return child


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that a record has besides its details, written anew as a whole, in order."""

    model: type[Any]
    columns: tuple[str, ...]
    read: Callable[[Child], list[dict[str, str]]]


TABLES = {
    "family": Table(FamilyMember, FAMILY, family_of),
    "agencies": Table(AgencyInvolved, AGENCY, agencies_of),
}


@transaction.atomic
def set_rows(
    *, by: User, child: Child, table: str, rows: Sequence[Mapping[str, str]], version: int | None = None
) -> Child:
    """Say who is in the child's family, or which agencies work with them, instead of what was said before.

    Args:
        by: who says it; they may see the child, which the caller has made sure of.
        child: whose family or agencies.
        table: one of `TABLES`.
        rows: its columns of each row, in order; what is left out is blank.
        version: the child's version that they read; None where nothing was read before.

    Raises:
        NotAllowed: the user's roles do not include this.
        Changed: somebody else saved the child first.
    """
    access.check(access.standing_of(by), access.Act.EDIT_CHILD)
    kind = TABLES[table]
    wanted = [{column: row.get(column, "") for column in kind.columns} for row in rows]
    if kind.read(child) != wanted:
        _save(by=by, child=child, version=version, fields=[table])
        kind.model.objects.filter(child=child).delete()
        kind.model.objects.bulk_create(
            [kind.model(child=child, position=position, **row) for position, row in enumerate(wanted)]
        )
    return child


@transaction.atomic(savepoint=False)
def write_details(*, by: User, child: Child, version: int, changed: Mapping[str, Any]) -> None:
    """Write details as they shall be, with what hangs on them: the worker's access, and the keys to find by.

    Args:
        by: who changes.
        child: whose record, as it stands.
        version: the version that the changes were made to.
        changed: values that differ from what stands, by the names of the fields.

    Raises:
        Changed: somebody else saved first.
        NotAllowed: the record is closed to the new allocated worker.
    """
    worker, new = child.allocated_worker, changed.get("allocated_worker")
    if new and not User.objects.filter(access.admitted(child), pk=new.pk).exists():
        raise access.NotAllowed("This record cannot be given to this worker. Name somebody else.")
    _save(by=by, child=child, version=version, changed=changed, fields=changed.keys() - {"estimated_on"})
    if "allocated_worker" in changed:
        if worker:
            granting.end_grant(by=by, child=child, reason=AccessGrant.Reason.ALLOCATED, user=worker)
        if child.allocated_worker:
            granting.grant(
                by=by, child=child, reason=AccessGrant.Reason.ALLOCATED, user=child.allocated_worker
            )
        cover.follow(by=by, child=child, before=worker)
    if keys.KEYED & changed.keys():
        keys.rebuild(child)


@transaction.atomic(savepoint=False)
def write_died_on(*, by: User, child: Child, died_on: datetime.date | None, kind: str) -> None:
    """Write the day of a child's death onto every record that stands for the child, or take it off.

    Where it stands so already, nothing is written.

    Args:
        by: who says it.
        child: the record that stands for the child, held.
        died_on: the day; None where it was recorded in error.
        kind: of the audit event.
    """
    differing = Child.objects.filter(stands_for=child.pk).exclude(died_on=died_on)
    child.died_on = died_on
    if differing.update(died_on=died_on):
        audit.record(by=by, kind=kind, authority=child.authority, child=child.pk)


@transaction.atomic(savepoint=False)
def _save(
    *,
    by: User,
    child: Child,
    version: int | None,
    fields: Iterable[str],
    changed: Mapping[str, Any] | None = None,
) -> None:
    """Write these values, count the version up, name the fields in the audit. None: nothing is written."""
    named = sorted(fields)
    if version is not None and version != child.version:
        raise Changed(child)
    if not named:
        return
    mine = Child.objects.filter(pk=child.pk, version=child.version)
    if not mine.update(version=F("version") + 1, **(changed or {})):
        raise Changed(Child.objects.get(pk=child.pk))
    for field, value in (changed or {}).items():
        setattr(child, field, value)
    child.version += 1
    audit.record(
        by=by, kind="child.changed", authority=child.authority, child=child.pk, detail={"fields": named}
    )


def _refuse_unknown(details: Mapping[str, Any]) -> None:
    if unknown := sorted(details.keys() - DETAILS):
        raise TypeError(f"not a detail of a child: {', '.join(unknown)}")
    if "authority" in details:
        load_authority(details["authority"])


def _dated(details: Mapping[str, Any], before: Child | None = None) -> dict[str, Any]:
    """The details with the day of an estimated age, today for a new one. A date of birth ends an estimate."""
    dated = dict(details)
    if dated.get("date_of_birth"):
        dated |= {"estimated_age": None, "estimated_on": None}
    elif "estimated_age" in dated:
        today = timezone.localdate()
        if before and before.date_of_birth is None and before.age_on(today) == dated["estimated_age"]:
            # As it stood, carried forward to today.
            del dated["estimated_age"]
        else:
            dated["estimated_on"] = None if dated["estimated_age"] is None else today
    return dated
