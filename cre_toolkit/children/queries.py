"""What pages ask about children: whom a search finds, and who may be the same child."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

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
from cre_toolkit.children.models import Child, MatchKey
from cre_toolkit.children.permissions import ROLES_FOR
from cre_toolkit.children.weighing import Weighed, weigh

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
    rows = list(_rows(sought, keys, standing))
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
    rows = _rows(sought, keys_for(sought)).exclude(form_id=but).exclude(merged_into__form_id=but)
    likely = [candidate for candidate in _weighed(sought, rows) if candidate.weighed.likely]
    if not likely:
        return []
    of_them = Child.objects.filter(access.sees(standing), pk__in=[candidate.pk for candidate in likely])
    seen = set(of_them.values_list("pk", flat=True))
    return [LikelyDuplicate(candidate, candidate.pk in seen) for candidate in likely]


def _rows(sought: Sought, keys: Keys, seen_by: access.Standing | None = None) -> QuerySet[Child, Any]:
    """The children to weigh, as plain rows: of many, those with the most telling keys and most of them."""
    if sought.reference:
        children = Child.objects.filter(reference=sought.reference)
        if seen_by:
            children = children.filter(access.sees(seen_by))
    else:
        having = MatchKey.objects.filter(_condition(keys))
        if seen_by:
            having = having.filter(access.sees(seen_by, "child__"))
        best = having.values("child").annotate(best=Min("kind"), count=Count("pk")).order_by("best", "-count")
        children = Child.objects.filter(pk__in=best.values("child")[:MOST])
    rows: QuerySet[Child, Any] = children.values(*SHOWN)
    return rows


SHOWN = (
    "pk", "stands_for", "reference", "given_names", "family_name", "known_as", "date_of_birth",
    "estimated_age", "estimated_on", "nhs_number", "postcode", "authority", "worker_name",
    "allocated_worker__name",
)  # fmt: skip


def _condition(keys: Keys) -> Q:
    """What a key must be to be one of these, so that the index answers it. Nothing sought: no key is."""
    wanted = [Q(kind=kind, value__in=sorted(values)) for kind, values in keys.values.items()]
    wanted += [
        Q(kind=Key.NAME, value__gte=beginning, value__lt=beginning + _LAST) for beginning in keys.beginnings
    ]
    return reduce(or_, wanted, Q(pk__in=[]))


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
                described_row(shown, today),
                shown["authority"],
                shown["allocated_worker__name"] or shown["worker_name"],
                weighed,
                by_earlier_record=pk in kept,
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
    return list(child.family.order_by("position").values(*FAMILY))


def agencies_of(child: Child) -> list[dict[str, str]]:
    """The agencies that work with the child in the order in which they were written down. One query."""
    return list(child.agencies.order_by("position").values(*AGENCY))


def possible_workers(child: Child) -> QuerySet[User]:
    """Users who may assess in the child's authority, and to whom the record is not closed."""
    held = access.roles_held(child.authority, ROLES_FOR[access.Act.ASSESS])
    return (
        User.objects.filter(access.admitted(child), is_active=True, pk__in=held.values("user"))
        .select_related("agency")
        .order_by("name")
    )
