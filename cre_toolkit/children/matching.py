"""By what a child is found among very many. Pure (toolkit.md, row F3).

A child is found in two steps. First by keys, equal values that an index finds whatever the number of children
(`keys_of` makes those of a record, `keys_for` those to look for): above all by pairs, how one part of a name
sounds together with how another part begins. Then each of the few that were found is weighed
(`weighing.weigh`), which says why it is a candidate.
"""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import permutations
from string import ascii_lowercase

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

    BY_HAND = "by-hand"
    """Of two records: somebody takes them for one child."""
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
    SIBLINGS = "siblings"


@dataclass(frozen=True)
class Sought:
    """What somebody knows of the child they look for; `names` are the ways to say the name, each whole."""

    names: tuple[str, ...] = ()
    # Where it is known which part of the name is which, so that siblings can be told from one child.
    given_names: str = ""
    family_name: str = ""
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

    def as_sought(self) -> Sought:
        """What to look for in order to find other records of this child: the name in full, and as known."""
        known_as = f"{self.known_as} {self.family_name}".strip() if self.known_as else ""
        said = (f"{self.given_names} {self.family_name}".strip(), known_as)
        return Sought(
            names=tuple(dict.fromkeys(name for name in said if name)),
            given_names=self.given_names,
            family_name=self.family_name,
            date_of_birth=self.date_of_birth,
            age=self.age,
            nhs_number=self.nhs_number,
            postcode=self.postcode,
        )


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


def tidy_reference(text: str) -> str:
    """A reference as somebody typed or heard it, as the record has it: `7q4k 2m9xab` is `7Q4K-2M9XAB`."""
    plain = fold(text).upper().translate(str.maketrans("OIL", "011", " -"))
    return f"{plain[:4]}-{plain[4:]}"
