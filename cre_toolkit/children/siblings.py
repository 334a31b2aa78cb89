"""Who may be a brother or sister of a child: suggestions to look at, among children whom one may see."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from cre_toolkit.children import access
from cre_toolkit.children.matching import Sought
from cre_toolkit.children.models import Child
from cre_toolkit.children.names import alphabetical
from cre_toolkit.children.queries import search

# A longer list is no suggestion: then one searches.
MOST = 20
FOUND, CHOSEN = "Found by name", "Chosen before"


@dataclass(frozen=True, slots=True)
class Suggested:
    """A child who can be chosen, and why they are shown."""

    child: Child
    why: str


def suggested(standing: access.Standing, child: Child) -> list[Suggested]:
    """Children of the same last name, address or family whom this person may see. Two queries.

    Args:
        standing: who asks.
        child: whose brothers and sisters are looked for, with the family as it is written down.
    """
    relatives = [name for name in child.family.values_list("name", flat=True) if name]
    alike = Q(pk__in=[])
    if child.family_name:
        alike |= Q(family_name__iexact=child.family_name)
    if child.address and child.postcode:
        alike |= Q(address__iexact=child.address, postcode=child.postcode)
    if relatives:
        alike |= Q(family__name__in=relatives)
    found = (
        access.visible_to(standing.user, standing)
        .filter(alike)
        .exclude(pk=child.pk)
        .distinct()
        .order_by("family_name", "given_names", "reference")[:MOST]
    )
    in_order = sorted(found, key=lambda other: alphabetical(f"{other.family_name} {other.given_names}"))
    return [Suggested(other, _why(child, other)) for other in in_order]


def _why(child: Child, other: Child) -> str:
    if child.address and (child.address.casefold(), child.postcode) == (
        other.address.casefold(),
        other.postcode,
    ):
        return "The same address"
    if child.family_name and child.family_name.casefold() == other.family_name.casefold():
        return "The same last name"
    return "The same person in the family"


def found(standing: access.Standing, name: str) -> list[Suggested]:
    """The children of whom a search by name brings up the record. None where nothing was typed."""
    if not name.strip():
        return []
    result = search(standing.user, Sought(names=(name.strip(),)), standing)
    return _seen(standing, Q(pk__in=[one.pk for one in result.found[:MOST]]), FOUND)


def chosen(standing: access.Standing, references: Collection[str]) -> list[Suggested]:
    """Those of the children with these references whom this person may see."""
    return _seen(standing, Q(reference__in=list(references)[:MOST]), CHOSEN) if references else []


def _seen(standing: access.Standing, which: Q, why: str) -> list[Suggested]:
    return [Suggested(child, why) for child in access.visible_to(standing.user, standing).filter(which)]
