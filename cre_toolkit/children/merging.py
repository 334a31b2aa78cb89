"""Two records of one child: what the kept one takes over from the other, and how it gives that back.

Nothing that was written is moved (docs/adr/0005): a merged record points to the kept one, and what stands on
it is read by way of that (`Child.stands_for`). Only what can change anyway does: details, family and agencies
of the kept record, and who may see it. `casework.ends.merging` joins the two cases and calls these.
"""

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Field, Q
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access, actions, break_glass, granting, notices, restriction
from cre_toolkit.children.duplicates import Pair, in_order, note
from cre_toolkit.children.matching import Why
from cre_toolkit.children.models import AccessGrant, Child, Merge, PossibleDuplicate, YesNoUnknown
from cre_toolkit.children.names import fold
from cre_toolkit.children.pairs import UNDECIDED
from cre_toolkit.children.weighing import Weighed

# What a person chooses between where the two records differ, each with the fields that belong together.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "given_names": ("given_names",),
    "family_name": ("family_name",),
    "known_as": ("known_as",),
    "date_of_birth": ("date_of_birth", "estimated_age", "estimated_on"),
    "nhs_number": ("nhs_number",),
    "gender": ("gender",),
    "address": ("address", "postcode"),
    "telephone": ("telephone",),
    "school": ("school",),
    "first_language": ("first_language",),
    "needs_interpreter": ("needs_interpreter",),
    "ethnicity": ("ethnicity", "ethnicity_not_recorded_why"),
    "open_to_social_care": ("open_to_social_care",),
    "plan": ("plan",),
    "looked_after": ("looked_after",),
    "send": ("send",),
    "worker": ("allocated_worker", "worker_name", "worker_contact"),
}
# What somebody wrote in their own words: of these both are kept, one below the other.
TEXTS = ("disabilities", "wishes", "own_words")
_BLANK = ("", None)
_NOT_KNOWN = (YesNoUnknown.NOT_KNOWN, Child.Ethnicity.NOT_RECORDED)


def differing(kept: Child, merged: Child) -> list[str]:
    """Those of `CHOICES` of which the merged record says something, and something else than the kept one."""
    return [
        name
        for name, fields in CHOICES.items()
        if not _blank(merged, fields) and any(_differs(kept, merged, field) for field in fields)
    ]


def taken_by_default(kept: Child, merged: Child) -> list[str]:
    """Those of `differing` of which the kept record itself knows nothing."""
    return [
        name for name in differing(kept, merged) if getattr(kept, CHOICES[name][0]) in (*_BLANK, *_NOT_KNOWN)
    ]


def _blank(child: Child, fields: Iterable[str]) -> bool:
    return all(getattr(child, field) in _BLANK for field in fields)


def _differs(one: Child, other: Child, field: str) -> bool:
    return bool(getattr(one, field) != getattr(other, field))


def hold_both(kept: Child, merged: Child) -> tuple[Child, Child]:
    """Both rows as they stand, locked until the transaction ends. Two queries.

    Two people who merge the same two wait in turn, in the order of the ids. Once merged, the kept one comes
    first: whoever changes the case has that one, and then writes its level to the other.
    """
    apart = sorted((kept, merged), key=lambda child: child.pk)
    order = (kept, merged) if merged.merged_into_id else apart
    held = {child.pk: Child.objects.select_for_update(no_key=True).get(pk=child.pk) for child in order}
    return held[kept.pk], held[merged.pk]


# --- Merging ------------------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def join(*, by: User, pair: PossibleDuplicate, kept: Child, merged: Child, take: Collection[str]) -> Merge:
    """Let one record stand for both from now on.

    The caller holds both rows, has made sure that they may be merged, and refreshes the case afterwards.

    Args:
        by: who says that it is one child.
        pair: the two.
        kept, merged: the record that stands from now on, and the one that points to it.
        take: those of `differing` in which the merged record is right.

    Raises:
        restriction.Refused: the two are not closed to the same people.
    """
    merge = Merge.objects.create(pair=pair, kept=kept, merged=merged, at=timezone.now(), by=by)
    # What was merged into the merged record before comes along: no record points to one that points on.
    Child.objects.filter(stands_for=merged.pk).update(merged_into=kept)
    merged.merged_into = kept
    merge.changed = _take_over(by, kept, merged, take)
    restriction.check_merged(kept, merged)
    merge.save(update_fields=["changed"])
    Child.objects.filter(pk=merged.pk).update(version=F("version") + 1)
    _share(by=by, merge=merge)
    notices.put_away(by=by, child=kept)
    audit.record(
        by=by,
        kind="child.merged",
        authority=kept.authority,
        children=[kept.pk, merged.pk],
        subject_kind="merge",
        subject=merge.pk,
        detail={"kept": str(kept.pk), "changed": sorted(merge.changed)},
    )
    return merge


def _take_over(by: User, kept: Child, merged: Child, take: Collection[str]) -> dict[str, Any]:
    """Change what the merge changes on the kept record; what stood there before, and after, by name."""
    fields = [field for name in differing(kept, merged) if name in take for field in CHOICES[name]]
    changed = {field: getattr(merged, field) for field in fields if _differs(kept, merged, field)}
    for field in TEXTS:
        theirs, ours = getattr(merged, field), getattr(kept, field)
        if theirs and theirs not in ours:
            changed[field] = f"{ours}\n\n{theirs}" if ours else theirs
    before = {field: _plain(getattr(kept, field)) for field in changed}
    note = {field: {"before": before[field], "after": _plain(value)} for field, value in changed.items()}
    actions.write_details(by=by, child=kept, version=kept.version, changed=changed)
    for name, table in actions.TABLES.items():
        ours_rows = table.read(kept)
        both = ours_rows + [row for row in table.read(merged) if not _among(row, ours_rows)]
        if both != ours_rows:
            actions.set_rows(by=by, child=kept, table=name, rows=both)
            note[name] = {"before": ours_rows, "after": both}
    return note


def _among(row: Mapping[str, str], rows: Iterable[Mapping[str, str]]) -> bool:
    """Whether somebody, or an agency, stands there with the same in every column, however it is written."""
    written = {column: fold(text) for column, text in row.items()}
    return any({column: fold(text) for column, text in each.items()} == written for each in rows)


def _plain(value: Any) -> Any:
    """A detail as JSON has it."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value.pk) if isinstance(value, User) else value


@transaction.atomic(savepoint=False)
def _share(*, by: User, merge: Merge) -> None:
    """Whoever could see the merged record sees the kept one."""
    break_glass.carry_over(by=by, merged=merge.merged, kept=merge.kept)
    by_break_glass = Q(reason=AccessGrant.Reason.BREAK_GLASS)
    grants = AccessGrant.objects.filter(access.current(), ~by_break_glass, child=merge.merged)
    # To each once: until the last of their grants ends.
    holders: dict[tuple[uuid.UUID | None, uuid.UUID | None], AccessGrant] = {}
    for grant in grants:
        holder = (grant.user_id, grant.team_id)
        longest = holders.get(holder)
        if longest is None or (longest.until and (grant.until is None or grant.until > longest.until)):
            holders[holder] = grant
    granting.grant_each(
        by=by,
        child=merge.kept,
        reason=AccessGrant.Reason.MERGED,
        users=[user for user, _ in holders if user is not None],
        teams=[team for _, team in holders if team is not None],
        source=merge.pk,
    )
    for (user, team), grant in holders.items():
        if grant.until:
            given = AccessGrant.objects.filter(source=merge.pk, user=user, team=team)
            given.update(until=grant.until)


@transaction.atomic(savepoint=False)
def note_pairs_of_kept(*, by: User, merge: Merge) -> None:
    """What is still open about the merged record is from now on asked about the kept one."""
    about = Q(child=merge.merged, other__merged_into=None) | Q(other=merge.merged, child__merged_into=None)
    found: dict[Pair, Weighed] = {}
    for pair in PossibleDuplicate.objects.filter(about, state__in=UNDECIDED):
        other = pair.other_id if pair.child_id == merge.merged_id else pair.child_id
        if other != merge.kept_id:
            how = Weighed(pair.points, tuple(map(Why, pair.reasons)), shown=True, likely=True)
            found[in_order(merge.kept_id, other)] = how
    note(by=by, authority=merge.kept.authority, found=found, because_of=merge)


# --- Undoing ------------------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def part(*, by: User, merge: Merge, why: str) -> list[str]:
    """Let the two records stand apart again, as they did before the merge.

    What was changed on the kept record since then stays as it is.

    Args:
        by: who says that these are two children.
        merge: the latest that stands of either record; the caller holds both rows.
        why: how they know.

    Returns:
        The names of what the merge had changed and somebody has changed again since.
    """
    kept, merged = merge.kept, merge.merged
    Child.objects.filter(pk__in=_merged_under(merged)).update(merged_into=merged)
    Child.objects.filter(pk=merged.pk).update(merged_into=None, version=F("version") + 1)
    merged.merged_into = None
    left = _give_back(by, merge, kept)
    _share_no_more(by=by, merge=merge)
    PossibleDuplicate.objects.filter(because_of=merge, state__in=UNDECIDED).delete()
    Merge.objects.filter(pk=merge.pk).update(undone_at=timezone.now(), undone_by=by, undone_why=why)
    audit.record(
        by=by,
        kind="child.parted",
        authority=kept.authority,
        children=[kept.pk, merged.pk],
        subject_kind="merge",
        subject=merge.pk,
        detail={"kept": str(kept.pk), "left": sorted(left)},
    )
    return left


@transaction.atomic(savepoint=False)
def _share_no_more(*, by: User, merge: Merge) -> None:
    """Whoever sees the kept record by this merge alone no longer does."""
    break_glass.take_back(by=by, merged=merge.merged, kept=merge.kept)
    shared = AccessGrant.objects.filter(access.current(), source=merge.pk, reason=AccessGrant.Reason.MERGED)
    for grant in shared:
        audit.record(
            by=by,
            kind="access.ended",
            authority=merge.kept.authority,
            child=merge.kept_id,
            subject_kind="user" if grant.user_id else "team",
            subject=grant.user_id or grant.team_id,
            detail={"reason": AccessGrant.Reason.MERGED},
        )
    shared.update(until=timezone.now())


def _merged_under(child: Child) -> set[uuid.UUID]:
    """The records that had become part of this one when it was merged itself."""
    found: set[uuid.UUID] = set()
    above = {child.pk}
    while above:
        merges = Merge.objects.filter(kept__in=above, undone_at=None)
        above = set(merges.values_list("merged", flat=True)) - found
        found |= above
    return found


def _give_back(by: User, merge: Merge, kept: Child) -> list[str]:
    """Put back what the merge changed on the kept record, unless it has been changed since."""
    left = []
    changed: dict[str, Any] = {}
    for name, was in merge.changed.items():
        if name in actions.TABLES:
            if actions.TABLES[name].read(kept) == was["after"]:
                actions.set_rows(by=by, child=kept, table=name, rows=was["before"])
            else:
                left.append(name)
        elif _plain(getattr(kept, name)) == was["after"]:
            changed[name] = _value(name, was["before"])
        else:
            left.append(name)
    actions.write_details(by=by, child=kept, version=kept.version, changed=changed)
    return left


def _value(name: str, plain: Any) -> Any:
    """A detail from how `_plain` wrote it."""
    if name == "allocated_worker":
        return User.objects.filter(pk=plain).first() if plain else None
    field = Child._meta.get_field(name)
    return field.to_python(plain) if isinstance(field, Field) else plain
