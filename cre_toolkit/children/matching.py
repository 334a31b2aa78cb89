"""Whether two descriptions may be of one child, how likely, and why. Pure (toolkit.md, row F3).

A child is found in two steps. First by keys, equal values that an index finds whatever the number of children
(`keys_of` makes those of a record, `keys_for` those to look for): above all by pairs, how one part of a name
sounds together with how another part begins. Then each of the few that were found is weighed (`weigh`), which
says why it is a candidate.
"""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import permutations
from string import ascii_lowercase

from rapidfuzz.distance import OSA

from cre_toolkit.children.names import Name, fold, in_full, sound


class Key(StrEnum):
    """The kinds of key, as they stand in the table: in the order of the alphabet, the more telling first."""

    NHS_NUMBER = "a"
    BORN = "b"
    """The date of birth."""
    NAME = "n"
    """A part of a name, folded."""
    PAIR = "p"
    """How one part of a name sounds, and how another begins."""
    SOUND = "s"
    """A part of a name, as it sounds."""
    POSTCODE = "z"


class Why(StrEnum):
    """Why a child is a candidate, the most telling first; the words for it are the page's."""

    NHS_NUMBER = "nhs-number"
    REFERENCE = "reference"
    NAME = "name"
    KNOWN_AS = "known-as"
    NAME_BEGINS = "name-begins"
    PART_OF_NAME = "part-of-name"
    SOUNDS_LIKE = "sounds-like"
    SPELLED_LIKE = "spelled-like"
    BORN = "born"
    BORN_SWAPPED = "born-swapped"
    BORN_NEAR = "born-near"
    ONE_NAME = "one-name"
    POSTCODE = "postcode"
    AGE_FITS = "age-fits"


POINTS = {
    Why.NHS_NUMBER: 100.0,
    Why.REFERENCE: 100.0,
    Why.BORN: 45.0,
    Why.BORN_SWAPPED: 30.0,
    Why.BORN_NEAR: 20.0,
    Why.POSTCODE: 15.0,
    Why.AGE_FITS: 5.0,
}
NAME_POINTS = 60.0
"""What a name that is the same is worth; one that is like it, its share."""
LIKE = 0.8
"""How alike two names are at the least that count as alike."""
SHOWN = 45.0
"""The points from which a child is shown who does not fit everything that was asked."""


@dataclass(frozen=True)
class Sought:
    """What somebody knows of the child they look for; `names` are the ways to say the name, each whole."""

    names: tuple[str, ...] = ()
    date_of_birth: datetime.date | None = None
    age: int | None = None
    nhs_number: str = ""
    postcode: str = ""
    reference: str = ""

    @cached_property
    def written(self) -> tuple[Name, ...]:
        return tuple(name for name in map(Name.of, self.names) if name.parts)

    @property
    def asked(self) -> int:
        """How many things were asked for."""
        given = (self.written, self.date_of_birth, self.nhs_number, self.postcode, self.reference)
        return sum(map(bool, given))


@dataclass(frozen=True)
class Described:
    """A child on the record, as far as matching looks."""

    given_names: str
    family_name: str = ""
    known_as: str = ""
    date_of_birth: datetime.date | None = None
    age: int | None = None
    nhs_number: str = ""
    postcode: str = ""
    reference: str = ""

    @cached_property
    def name(self) -> Name:
        return Name.of(self.given_names, self.family_name, self.known_as)

    @property
    def shown_name(self) -> str:
        return in_full(self.given_names, self.family_name) or self.known_as


@dataclass(frozen=True, slots=True)
class Weighed:
    """How well a child on the record fits, and why."""

    points: float
    why: tuple[Why, ...]
    shown: bool
    """Whether it is worth showing to somebody who searches."""
    likely: bool
    """Whether the two may well be one child, so that adding should stop and ask."""


@dataclass(frozen=True)
class Keys:
    """What to look for: values of each kind, and beginnings of parts of a name."""

    values: dict[Key, frozenset[str]] = field(default_factory=dict)
    beginnings: tuple[str, ...] = ()


def squeezed(postcode: str) -> str:
    """A postcode as it is compared: capitals, no spaces."""
    return "".join(postcode.split()).upper()


def _pairs(name: Name) -> set[str]:
    return {f"{sound(one)}+{sound(other)[0]}" for one, other in permutations(name.all, 2)}


def keys_of(child: Described) -> set[tuple[Key, str]]:
    """Every key by which a child on the record is found."""
    name = child.name
    found = {(Key.NAME, part) for part in name.all}
    # Where a part sounds as it is written, its own key is enough.
    found |= {(Key.SOUND, sound(part)) for part in name.all if sound(part) != part}
    found |= {(Key.PAIR, pair) for pair in _pairs(name)}
    if child.date_of_birth:
        found.add((Key.BORN, child.date_of_birth.isoformat()))
    if child.nhs_number:
        found.add((Key.NHS_NUMBER, child.nhs_number))
    if child.postcode:
        found.add((Key.POSTCODE, squeezed(child.postcode)))
    return {(kind, value[:60]) for kind, value in found}


def keys_for(sought: Sought) -> Keys:
    """The keys that bring up every child who may be the one sought, and few others.

    A name of one part is looked for as written, as it sounds and by its beginning; one of several by pairs of
    its parts, which stay few among very many children.
    """
    values: dict[Key, set[str]] = {kind: set() for kind in Key}
    beginnings: list[str] = []
    for name in sought.written:
        if len(name.parts) > 1:
            values[Key.PAIR] |= _pairs(name)
            values[Key.NAME] |= set(name.others)
        else:
            values[Key.NAME] |= set(name.all)
            values[Key.SOUND] |= set(map(sound, name.parts))
            beginnings += name.parts
    if sought.date_of_birth:
        values[Key.BORN] = _iso(sought.date_of_birth, swapped(sought.date_of_birth))
    if sought.nhs_number:
        values[Key.NHS_NUMBER] = {sought.nhs_number}
    if sought.postcode:
        values[Key.POSTCODE] = {squeezed(sought.postcode)}
    return Keys({kind: frozenset(some) for kind, some in values.items() if some}, tuple(beginnings))


def wider_keys_for(sought: Sought) -> Keys:
    """The keys to look for when those of `keys_for` brought up nobody: every part of the name by itself.

    As it sounds, by its beginning, and as it may have been meant: with a letter too many, too few, wrong, or
    in its neighbour's place. The date of birth likewise with one digit wrong.
    """
    words = tuple(dict.fromkeys(part for name in sought.written for part in name.parts))
    values = {
        Key.BORN: _iso(*near(sought.date_of_birth)) if sought.date_of_birth else set(),
        Key.NAME: {slip for word in words for slip in slips(word)},
        Key.SOUND: set(map(sound, words)),
    }
    return Keys({kind: frozenset(some) for kind, some in values.items() if some}, words)


def _iso(*days: datetime.date | None) -> set[str]:
    return {day.isoformat() for day in days if day}


def slips(word: str) -> set[str]:
    """The word and every word one slip of the pen away from it; of fewer than three letters, itself."""
    found = {word}
    if len(word) < 3 or not word.isascii():
        return found
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        found.update(before + letter + after for letter in ascii_lowercase)
        if after:
            found.add(before + after[1:])
            found.update(before + letter + after[1:] for letter in ascii_lowercase)
        if len(after) > 1:
            found.add(before + after[1] + after[0] + after[2:])
    return found


def swapped(day: datetime.date) -> datetime.date | None:
    """The date with day and month the other way round, where there is such a date."""
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else None


def near(day: datetime.date) -> set[datetime.date]:
    """The date, the one with day and month swapped, and every date that differs from it by one digit."""
    found = {day, swapped(day) or day}
    text = f"{day:%Y%m%d}"
    for place, digit in enumerate(text):
        for other in "0123456789":
            if other != digit:
                written = text[:place] + other + text[place + 1 :]
                try:
                    found.add(datetime.date(int(written[:4]), int(written[4:6]), int(written[6:])))
                except ValueError:
                    continue
    # A century out is no slip of one digit in a child's date of birth.
    return {date for date in found if abs(date.year - day.year) <= 30}


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
    if sought.postcode and squeezed(sought.postcode) == squeezed(child.postcode):
        why.add(Why.POSTCODE)
    if sought.reference and sought.reference == child.reference:
        why.add(Why.REFERENCE)
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
        or (born in (Why.BORN, Why.BORN_SWAPPED) and (how is not None or Why.POSTCODE in why)),
    )


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


def tidy_reference(text: str) -> str:
    """A reference as somebody typed or heard it, as the record has it: `7q4k 2m9xab` is `7Q4K-2M9XAB`."""
    plain = fold(text).upper().translate(str.maketrans("OIL", "011", " -"))
    return f"{plain[:4]}-{plain[4:]}"
