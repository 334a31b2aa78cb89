"""The copy of a child's names and numbers by which the child is found: rebuilt whole whenever one changes."""

import datetime

from cre_toolkit.children.matching import Described, keys_of
from cre_toolkit.children.models import Child, MatchKey


def described(child: Child, day: datetime.date) -> Described:
    """The child as matching looks at it, with the age on that day."""
    return Described(
        given_names=child.given_names,
        family_name=child.family_name,
        known_as=child.known_as,
        date_of_birth=child.date_of_birth,
        age=child.age_on(day),
        nhs_number=child.nhs_number,
        postcode=child.postcode,
        reference=child.reference,
    )


# What keys are made of: where one of these changes, they are rebuilt.
KEYED = frozenset({"given_names", "family_name", "known_as", "date_of_birth", "nhs_number", "postcode"})


def rebuild(child: Child, *, new: bool = False) -> None:
    """Write the child's keys anew, from the row as it stands in memory.

    Args:
        child: whose keys.
        new: whether the child has just been added and has none to compare with.
    """
    wanted = {(str(kind), value) for kind, value in keys_of(described(child, child.created_at.date()))}
    present = set() if new else set(MatchKey.objects.filter(child=child).values_list("kind", "value"))
    for kind, value in present - wanted:
        MatchKey.objects.filter(child=child, kind=kind, value=value).delete()
    MatchKey.objects.bulk_create(
        MatchKey(child=child, kind=kind, value=value) for kind, value in sorted(wanted - present)
    )
