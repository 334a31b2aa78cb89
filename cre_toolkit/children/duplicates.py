"""Possible duplicates: noted when a record is added or changed, and decided by those whose duty it is.

That two records are of one child is decided in `casework.ends.merging`, since it joins their cases.
"""

import datetime
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.matching import Why
from cre_toolkit.children.models import Child, Merge, PossibleDuplicate
from cre_toolkit.children.pairs import UNDECIDED, alike, records_of
from cre_toolkit.children.weighing import POINTS, Weighed

State = PossibleDuplicate.State
Pair = tuple[uuid.UUID, uuid.UUID]


class AlreadyDecided(Exception):
    """Somebody else decided about the pair since it was shown; nothing was written."""


def in_order(one: uuid.UUID, other: uuid.UUID) -> Pair:
    """Two children as a pair names them, whichever of them brought the other up."""
    return (one, other) if one < other else (other, one)


# --- Noting -------------------------------------------------------------------------------------------------


@transaction.atomic(savepoint=False)
def note(
    *, by: User | None, authority: str, found: Mapping[Pair, Weighed], because_of: Merge | None = None
) -> int:
    """Note pairs of records that may be of one child, for the front door to look at.

    A pair that is known already stays as it is: what was said to be two children is not proposed again.

    Args:
        by: whose act brought them up; None for the service itself.
        authority: that of all of them.
        found: the pairs (`in_order`), and how alike they are.
        because_of: the merge without which they would not be noted.

    Returns:
        How many were new.
    """
    if not found:
        return 0
    firsts, seconds = {pair[0] for pair in found}, {pair[1] for pair in found}
    known = PossibleDuplicate.objects.filter(child__in=firsts, other__in=seconds)
    new = found.keys() - set(known.values_list("child", "other"))
    if not new:
        return 0
    now = timezone.now()
    PossibleDuplicate.objects.bulk_create(
        [
            PossibleDuplicate(
                child_id=pair[0],
                other_id=pair[1],
                reasons=list(found[pair].why),
                points=round(found[pair].points),
                found_at=now,
                because_of=because_of,
            )
            for pair in sorted(new)
        ],
        # Noted by somebody else in this moment.
        ignore_conflicts=True,
    )
    audit.record(
        by=by,
        kind="child.duplicates-noted",
        authority=authority,
        children={child for pair in new for child in pair},
        detail={"pairs": len(new)},
    )
    return len(new)


@transaction.atomic(savepoint=False)
def look_again(*, by: User, child: Child, candidates: Collection[uuid.UUID]) -> None:
    """After a record has changed: note whom it is like now, and let go of open pairs that are alike no more.

    Args:
        by: who changed it.
        child: the record as it now stands.
        candidates: the children of the authority whom a search by what changed brought up.
    """
    of_child = Q(child=child) | Q(other=child)
    open_pairs = [
        pair
        for pair in PossibleDuplicate.objects.filter(of_child, state__in=UNDECIDED)
        # What somebody knows, or has said, does not hang on what is written alike.
        if Why.BY_HAND not in pair.reasons and not pair.why
    ]
    pairs = {pair.other_id if pair.child_id == child.pk else pair.child_id: pair for pair in open_pairs}
    others = {*pairs, *candidates}
    if not others:
        return
    records = records_of([child.pk, *others])
    # A record that has been merged since stands for nobody any more.
    weighed = {other: alike(records[child.pk], records[other]) for other in others if records[other]}
    gone = []
    for other, pair in pairs.items():
        if other not in weighed or not weighed[other].likely:
            gone.append(pair.pk)
        else:
            pair.reasons, pair.points = list(weighed[other].why), round(weighed[other].points)
    PossibleDuplicate.objects.bulk_update(
        [pair for pair in pairs.values() if pair.pk not in gone], ["reasons", "points"]
    )
    PossibleDuplicate.objects.filter(pk__in=gone, merges=None).delete()
    new = {
        in_order(child.pk, other): weighed[other]
        for other in candidates
        if other in weighed and weighed[other].likely
    }
    note(by=by, authority=child.authority, found=new)


@transaction.atomic
def pair_by_hand(*, by: User, one: Child, other: Child, why: str) -> PossibleDuplicate:
    """Two records that somebody takes for one child, however unlike they are.

    Their reason stays with the pair, signed, beside what was said of it before. A pair of which somebody said
    that it is two children is taken up anew.

    Args:
        by: who takes them for one; both are theirs to pair, which the caller has made sure of.
        one, other: the two, of one authority.
        why: what makes them think so: it gives them sight of both records.

    Raises:
        NotAllowed: the user's roles do not include this.
    """
    access.check(access.standing_of(by), access.Act.SETTLE_DUPLICATES)
    records = records_of([one.pk, other.pk])
    pair, how = in_order(one.pk, other.pk), alike(records[one.pk], records[other.pk])
    how = replace(how, why=(Why.BY_HAND, *how.why), points=how.points + POINTS[Why.BY_HAND])
    note(by=by, authority=one.authority, found={pair: how})
    # Held, so that nobody decides about it in this moment.
    held = PossibleDuplicate.objects.select_for_update(no_key=True, of=("self",))
    noted = held.select_related("child", "decided_by").get(child=pair[0], other=pair[1])
    state = noted.state if noted.state in UNDECIDED else State.OPEN
    _write(by, noted, State(state), _signed(why, by, timezone.now()), kind="duplicate.paired-by-hand")
    return noted


# --- Deciding -----------------------------------------------------------------------------------------------


@transaction.atomic
def say_different(*, by: User, pair: PossibleDuplicate, why: str) -> None:
    """These are two children. The pair is never proposed again, unless somebody takes it up anew.

    Args:
        by: who decides; the pair is theirs to see, which the caller has made sure of.
        pair: as they were shown it.
        why: how they know.

    Raises:
        NotAllowed: the user's roles do not include this.
        AlreadyDecided: somebody else decided first.
    """
    decide(by=by, pair=pair, state=State.DIFFERENT, why=why)


@transaction.atomic
def leave_for_later(*, by: User, pair: PossibleDuplicate) -> None:
    """Not to be decided today: the pair moves to a list of its own. Raises as `say_different`."""
    decide(by=by, pair=pair, state=State.LATER)


@transaction.atomic
def take_up_again(*, by: User, pair: PossibleDuplicate) -> None:
    """Back onto the work list, whatever was said of the pair. Raises as `say_different`."""
    decide(by=by, pair=pair, state=State.OPEN)


def _said_before(pair: PossibleDuplicate) -> str:
    """The words that stand with a pair; those of the last decision with who said them and when."""
    if pair.state == State.DIFFERENT and pair.decided_by and pair.decided_at:
        return _signed(pair.why, pair.decided_by, pair.decided_at)
    return pair.why


def _signed(words: str, by: User, at: datetime.datetime) -> str:
    return f"{words}\n({by.name}, {date_format(timezone.localtime(at), 'j F Y')})"


@transaction.atomic(savepoint=False)
def decide(*, by: User, pair: PossibleDuplicate, state: PossibleDuplicate.State, why: str = "") -> None:
    """Write what is now said of a pair, if it still says what it said when it was read.

    Why somebody said that these are two children stays with the pair, signed, whatever is said after it.
    """
    access.check(access.standing_of(by), access.Act.SETTLE_DUPLICATES)
    _write(by, pair, state, why, kind="duplicate.decided")


def _write(by: User, pair: PossibleDuplicate, state: PossibleDuplicate.State, why: str, *, kind: str) -> None:
    now = timezone.now()
    why = "\n\n".join(filter(None, (_said_before(pair), why)))
    as_read = PossibleDuplicate.objects.filter(pk=pair.pk, state=pair.state, decided_at=pair.decided_at)
    if not as_read.update(state=state, why=why, decided_at=now, decided_by=by):
        raise AlreadyDecided
    pair.state, pair.why, pair.decided_at, pair.decided_by = state, why, now, by
    audit.record(
        by=by,
        kind=kind,
        authority=pair.child.authority,
        children=[pair.child_id, pair.other_id],
        subject_kind="possible-duplicate",
        subject=pair.pk,
        detail={"state": state},
    )
