"""Whether two descriptions may be of one child, how likely, and why. Pure (toolkit.md, row F3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from cre_toolkit.children.matching import Described, Sought, Why, near, squeezed, swapped
from cre_toolkit.children.names import Name, parts, sound

POINTS = {
    Why.BY_HAND: 100.0,
    Why.NHS_NUMBER: 100.0,
    Why.REFERENCE: 100.0,
    Why.BORN: 45.0,
    Why.BORN_SWAPPED: 30.0,
    Why.BORN_NEAR: 20.0,
    Why.POSTCODE: 15.0,
    Why.AGE_FITS: 5.0,
    Why.SIBLINGS: -40.0,
}
NAME_POINTS = 60.0
"""What a name that is the same is worth; one that is like it, its share."""
LIKE = 0.8
"""How alike two names are at the least that count as alike."""
SHOWN = 45.0
"""The points from which a child is shown who does not fit everything that was asked."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """How well a child on the record fits, and why."""

    points: float
    why: tuple[Why, ...]
    shown: bool
    """Whether it is worth showing to somebody who searches."""
    likely: bool
    """Whether the two may well be one child, so that adding should stop and ask."""


def weigh(sought: Sought, child: Described) -> Weighed:
    """How well a child on the record fits what is sought, and why.

    Args:
        sought: what is known of the child who is looked for.
        child: the child on the record.
    """
    likeness, how, agreeing = _best_name(sought, child)
    why: set[Why] = set()
    points = 0.0
    if how:
        why.add(how)
        points = NAME_POINTS * likeness
    born = _born(sought, child)
    if born:
        why.add(born)
    if sought.nhs_number and sought.nhs_number == child.nhs_number:
        why.add(Why.NHS_NUMBER)
    if _same_postcode(sought, child):
        why.add(Why.POSTCODE)
    if sought.reference and sought.reference == child.reference:
        why.add(Why.REFERENCE)
    if Why.NHS_NUMBER not in why and _siblings(sought, child, born):
        why.add(Why.SIBLINGS)
    points += sum(POINTS.get(reason, 0.0) for reason in why)

    same_name = likeness >= LIKE
    fits = sum(
        (
            same_name,
            born in (Why.BORN, Why.BORN_SWAPPED, Why.BORN_NEAR),
            Why.NHS_NUMBER in why,
            Why.POSTCODE in why,
            Why.REFERENCE in why,
        )
    )
    return Weighed(
        points=points,
        why=tuple(reason for reason in Why if reason in why),
        shown=bool(why) and (points >= SHOWN or fits == sought.asked),
        likely=Why.NHS_NUMBER in why
        or (same_name and agreeing > 1 and not _ages_differ(sought, child, born))
        or (born in (Why.BORN, Why.BORN_SWAPPED) and how is not None)
        # A child whose name was changed still has one birthday and lives where they lived.
        or (born is Why.BORN and Why.POSTCODE in why),
    )


def compare(one: Described, other: Described) -> Weighed:
    """How likely two records are of one child, whichever of the two is looked at first."""
    both = weigh(one.as_sought(), other), weigh(other.as_sought(), one)
    return max(both, key=lambda weighed: (weighed.likely, weighed.points))


def _born(sought: Sought, child: Described) -> Why | None:
    one, other = sought.date_of_birth, child.date_of_birth
    if one and other:
        if one == other:
            return Why.BORN
        if swapped(one) == other:
            return Why.BORN_SWAPPED
        return Why.BORN_NEAR if other in near(one) else None
    if sought.age is not None and child.age is not None and abs(sought.age - child.age) <= 1:
        return Why.AGE_FITS
    return None


def _ages_differ(sought: Sought, child: Described, born: Why | None) -> bool:
    """Whether what is known of the two ages speaks against one child; an estimate may be out by two years."""
    if born:
        return False
    if sought.date_of_birth and child.date_of_birth:
        return True
    return sought.age is not None and child.age is not None and abs(sought.age - child.age) > 2


def _siblings(sought: Sought, child: Described, born: Why | None) -> bool:
    """Whether the two may be twins or siblings: one last name, first names that are nothing alike.

    Said only where a birthday or a postcode is the same, without which they are not candidates by that name.
    """
    if not (born in (Why.BORN, Why.BORN_SWAPPED) or _same_postcode(sought, child)):
        return False
    given, family = parts(sought.given_names), parts(sought.family_name)
    others = (*parts(child.given_names), *parts(child.known_as))
    return (
        bool(given and others)
        and _any_alike(family, parts(child.family_name))
        and not _any_alike(given, others)
    )


def _any_alike(ones: Sequence[str], others: Sequence[str]) -> bool:
    return any(_part_likeness(one, other) for one in ones for other in others)


def _same_postcode(sought: Sought, child: Described) -> bool:
    return bool(sought.postcode) and squeezed(sought.postcode) == squeezed(child.postcode)


def _best_name(sought: Sought, child: Described) -> tuple[float, Why | None, int]:
    """How alike the names are in the best of the ways to say it, why, and how many parts agree."""
    return max(
        (_name_likeness(name, child.name) for name in sought.written),
        key=lambda found: found[0],
        default=(0.0, None, 0),
    )


# How a part of a name agrees with a part on the record, the surest first.
_SAME, _BEGINS, _SOUNDS, _SPELLED = range(4)
_WHY = {_BEGINS: Why.NAME_BEGINS, _SOUNDS: Why.SOUNDS_LIKE, _SPELLED: Why.SPELLED_LIKE}


def _name_likeness(sought: Name, name: Name) -> tuple[float, Why | None, int]:
    agreeing = _agreements(sought, name)
    likeness = sum(value for value, _, _ in agreeing) / len(sought.parts)
    joined = _joined_likeness(sought, name)
    if joined > likeness and joined >= LIKE:
        return joined, Why.NAME if joined == 1 else Why.SPELLED_LIKE, len(sought.parts)
    if likeness < LIKE:
        # One part alone: telling only beside something else that agrees.
        surest = max((value for value, _, _ in agreeing), default=0.0)
        return likeness, Why.ONE_NAME if surest >= 0.9 else None, len(agreeing)
    worst = max(how for _, how, _ in agreeing)
    if worst != _SAME:
        return likeness, _WHY[worst], len(agreeing)
    used = {part for _, _, part in agreeing}
    if used & set(name.known_as):
        return likeness, Why.KNOWN_AS, len(agreeing)
    whole = used >= set(name.parts)
    return likeness, Why.NAME if whole else Why.PART_OF_NAME, len(agreeing)


def _agreements(sought: Name, name: Name) -> list[tuple[float, int, str]]:
    """For each part sought, the part on the record that agrees best, each used once."""
    possible = sorted(
        (
            (*found, one, other)
            for one in sought.parts
            for other in name.all
            if (found := _part_likeness(one, other))
        ),
        key=lambda agreement: (-agreement[0], agreement[1]),
    )
    agreeing: list[tuple[float, int, str]] = []
    left, free = set(sought.parts), set(name.all)
    for value, how, one, other in possible:
        if one in left and other in free:
            left.remove(one)
            free.remove(other)
            agreeing.append((value, how, other))
    return agreeing


def _part_likeness(one: str, other: str) -> tuple[float, int] | None:
    """How alike a part sought and a part on the record are, and how; None where they are not."""
    if one == other:
        return 1.0, _SAME
    if sound(one) == sound(other):
        return max(0.9, OSA.normalized_similarity(one, other)), _SOUNDS
    if other.startswith(one):
        return 0.9 if len(one) > 1 else LIKE, _BEGINS
    if one.startswith(other) and len(other) > 2:
        return 0.85, _BEGINS
    likeness = OSA.normalized_similarity(one, other, score_cutoff=0.7)
    if likeness:
        return likeness, _SPELLED
    # One slip in a short name is a third of it.
    short = min(len(one), len(other)) == 3 and OSA.distance(one, other, score_cutoff=1) == 1
    return (0.7, _SPELLED) if short else None


def _joined_likeness(sought: Name, name: Name) -> float:
    """How alike the names are as one word: for spaces that one writes and another does not."""
    return float(OSA.normalized_similarity("".join(sought.parts), "".join(name.parts), score_cutoff=LIKE))
