"""What pages ask about children: whom a search finds, and who may be the same child."""

import datetime
import uuid
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, islice
from operator import or_
from typing import Any, Self, cast

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.children import access
from cre_toolkit.children.ages import age_on
from cre_toolkit.children.matching import (
    Described,
    Key,
    Keys,
    Sought,
    keys_for,
    wider_keys_for,
)
from cre_toolkit.children.models import AgencyInvolved, Child, FamilyMember, MatchKey
from cre_toolkit.children.permissions import ROLES_FOR
from cre_toolkit.children.weighing import Weighed, weigh
from cre_toolkit.statements import Hole, statement

# So many children are weighed at the most: more would be no answer, but a question asked too widely.
MOST = 50
# After every character of a name, byte by byte: what begins with `sam` stands before `sam` and this.
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """A child that a search brought up: what tells children apart, and why this is a candidate."""

    pk: uuid.UUID
    child: Described
    authority: str
    worker: str
    weighed: Weighed
    # It is an earlier record of the child that fits: one that was merged into this one.
    by_earlier_record: bool = False
    died_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Who was found, the best first; `more` where there were too many to weigh them all."""

    found: list[Found]
    more: bool


def search(user: User, sought: Sought, standing: access.Standing | None = None) -> SearchResult:
    """The children whom the user may see and who may be the one sought, the best first. At most two queries,
    and one more each where a record fits that was merged into another: the child is shown as they now stand.

    Args:
        user: who searches.
        sought: what they know.
        standing: their roles, where the caller has read them already.
    """
    standing = standing or access.standing_of(user)
    result = _search(sought, keys_for(sought), standing)
    # Only where nobody was found: slips of the pen that change how a name begins or sounds.
    if result.found or not (sought.written or sought.date_of_birth):
        return result
    return _search(sought, wider_keys_for(sought), standing)


def _search(sought: Sought, keys: Keys, standing: access.Standing) -> SearchResult:
    rows = _rows_seen(standing, sought.reference, keys)
    found = [candidate for candidate in _weighed(sought, rows) if candidate.weighed.shown]
    return SearchResult(found, more=len(rows) == MOST)


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A child on the record who may well be the one described, and whether the user may know that."""

    found: Found
    seen: bool


def likely_duplicates(sought: Sought, standing: access.Standing, *, but: uuid.UUID) -> list[LikelyDuplicate]:
    """Children of the whole service, seen by the user or not, who may well be the one described. One query;
    another where there are any, to know which of them the user sees.

    What is not `seen` must not be shown in any way: not even that there is such a record.

    Args:
        sought: the child as described.
        standing: whose eyes `seen` speaks of.
        but: the form by which the child described was added: that is no duplicate.
    """
    rows = _others(found_by=_FoundBy.of(keys_for(sought)), but=but, most=MOST)
    likely = [candidate for candidate in _weighed(sought, rows) if candidate.weighed.likely]
    if not likely:
        return []
    of_them = Child.objects.filter(access.sees(standing), pk__in=[candidate.pk for candidate in likely])
    seen = set(of_them.values_list("pk", flat=True))
    return [LikelyDuplicate(candidate, candidate.pk in seen) for candidate in likely]


SHOWN = (
    "pk", "stands_for", "reference", "given_names", "family_name", "known_as", "date_of_birth",
    "estimated_age", "estimated_on", "nhs_number", "postcode", "authority", "worker_name",
    "allocated_worker__name", "died_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _FoundBy:
    """Keys as an argument of a statement: how many there are of each kind is its shape."""

    kinds: tuple[tuple[Key, tuple[str, ...]], ...]
    beginnings: tuple[tuple[str, str], ...]
    """From where and up to where a part of the name stands that begins so."""

    @classmethod
    def of(cls, keys: Keys) -> Self:
        kinds = tuple((kind, tuple(sorted(values))) for kind, values in keys.values.items())
        return cls(kinds, tuple((beginning, beginning + _LAST) for beginning in keys.beginnings))

    def shape(self) -> Hashable:
        return tuple((kind, len(values)) for kind, values in self.kinds), len(self.beginnings)

    def values(self) -> dict[str, str]:
        every = chain(*(values for _, values in self.kinds), *self.beginnings)
        return {f"key {place}": value for place, value in enumerate(every)}

    def with_holes(self) -> Self:
        field = MatchKey._meta.get_field("value")
        holes = (cast(str, Hole(name, field)) for name in self.values())
        kinds = tuple((kind, tuple(islice(holes, len(values)))) for kind, values in self.kinds)
        return replace(
            self, kinds=kinds, beginnings=tuple((next(holes), next(holes)) for _ in self.beginnings)
        )

    def condition(self) -> Q:
        """What a key must be to be one of these, so that the index answers it. Nothing sought: no key is."""
        wanted = [Q(kind=kind, value__in=values) for kind, values in self.kinds]
        wanted += [Q(kind=Key.NAME, value__gte=first, value__lt=last) for first, last in self.beginnings]
        return reduce(or_, wanted, Q(pk__in=[]))


def _rows_seen(standing: access.Standing, reference: str, keys: Keys) -> list[dict[str, Any]]:
    """The children to weigh of those whom somebody sees, as plain rows."""
    if reference:
        return _named(standing=standing, reference=reference)
    return _seen(standing=standing, found_by=_FoundBy.of(keys), most=MOST)


@statement
def _named(*, standing: access.Standing, reference: str) -> QuerySet[Child, Any]:
    return _shown(Child.objects.filter(access.sees(standing), reference=reference))


@statement
def _seen(*, standing: access.Standing, found_by: _FoundBy, most: int) -> QuerySet[Child, Any]:
    having = MatchKey.objects.filter(found_by.condition()).filter(access.sees(standing, "child__"))
    return _shown(_most_telling(having, most))


@statement
def _others(*, found_by: _FoundBy, but: uuid.UUID, most: int) -> QuerySet[Child, Any]:
    others = _most_telling(MatchKey.objects.filter(found_by.condition()), most)
    return _shown(others.exclude(form_id=but).exclude(merged_into__form_id=but))


def _shown(children: QuerySet[Child]) -> QuerySet[Child, Any]:
    rows: QuerySet[Child, Any] = children.values(*SHOWN)
    return rows


def _most_telling(having: QuerySet[MatchKey], most: int) -> QuerySet[Child]:
    """Of many children who have these keys, those with the most telling ones and most of them."""
    best = having.values("child").annotate(best=Min("kind"), count=Count("pk")).order_by("best", "-count")
    return Child.objects.filter(pk__in=best.values("child")[:most])


def _weighed(sought: Sought, rows: Iterable[dict[str, Any]]) -> list[Found]:
    """Each child once, as their kept record stands, by that record of theirs which fits best."""
    today = timezone.localdate()
    best: dict[uuid.UUID, tuple[dict[str, Any], Weighed]] = {}
    for row in rows:
        weighed = weigh(sought, described_row(row, today))
        before = best.get(row["stands_for"])
        if before is None or weighed.points > before[1].points:
            best[row["stands_for"]] = row, weighed
    merged = [row["stands_for"] for row, _ in best.values() if row["stands_for"] != row["pk"]]
    kept = {row["pk"]: row for row in Child.objects.filter(pk__in=merged).values(*SHOWN)} if merged else {}
    found = []
    for pk, (row, weighed) in best.items():
        shown = kept.get(pk, row)
        found.append(
            Found(
                pk,
                described_row(shown, shown["died_on"] or today),
                shown["authority"],
                shown["allocated_worker__name"] or shown["worker_name"],
                weighed,
                by_earlier_record=pk in kept,
                died_on=shown["died_on"],
            )
        )
    return sorted(found, key=lambda one: (-one.weighed.points, one.child.reference))


def described_row(row: Mapping[str, Any], day: datetime.date) -> Described:
    """A child's plain row as matching looks at it, with the age on that day."""
    texts = ("given_names", "family_name", "known_as", "nhs_number", "postcode", "reference")
    aged = ("date_of_birth", "estimated_age", "estimated_on")
    return Described(
        **{name: row[name] for name in texts},
        date_of_birth=row["date_of_birth"],
        age=age_on(day, **{name: row[name] for name in aged}),
    )


# --- What stands on one record ------------------------------------------------------------------------------

_GROUPS = {
    "White": ("white-british", "white-irish", "gypsy-traveller", "roma", "white-other"),
    "Mixed": ("mixed-caribbean", "mixed-african", "mixed-asian", "mixed-other"),
    "Asian": ("indian", "pakistani", "bangladeshi", "chinese", "asian-other"),
    "Black": ("caribbean", "african", "black-other"),
}
_GROUP_OF = {value: group for group, values in _GROUPS.items() for value in values}
ETHNICITIES = [
    (value, f"{_GROUP_OF[value]}: {label}" if value in _GROUP_OF else label)
    for value, label in Child.Ethnicity.choices
]
"""The groups of the Census, each with the group above it, and "not recorded"."""


FAMILY = ("name", "relationship", "parental_responsibility", "contact")
AGENCY = ("agency", "person", "contact")


def family_of(child: Child) -> list[dict[str, str]]:
    """The child's family and household in the order in which they were written down. One query."""
    return _family_of(child=child.pk)


@statement
def _family_of(*, child: uuid.UUID) -> QuerySet[FamilyMember, Any]:
    rows: QuerySet[FamilyMember, Any] = FamilyMember.objects.filter(child=child).values(*FAMILY)
    return rows.order_by("position")


def agencies_of(child: Child) -> list[dict[str, str]]:
    """The agencies that work with the child in the order in which they were written down. One query."""
    return _agencies_of(child=child.pk)


@statement
def _agencies_of(*, child: uuid.UUID) -> QuerySet[AgencyInvolved, Any]:
    rows: QuerySet[AgencyInvolved, Any] = AgencyInvolved.objects.filter(child=child).values(*AGENCY)
    return rows.order_by("position")


def possible_workers(child: Child) -> QuerySet[User]:
    """Users who may assess in the child's authority, and to whom the record is not closed."""
    held = access.roles_held(child.authority, ROLES_FOR[access.Act.ASSESS])
    return (
        User.objects.filter(access.admitted(child), is_active=True, pk__in=held.values("user"))
        .select_related("agency")
        .order_by("name")
    )
