"""Names, made comparable: written alike whatever the accents, case and punctuation, and how they sound.

Pure. Names of every script are kept; how a name sounds is known for the Latin script alone.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import jellyfish

# Letters that Unicode does not take apart into letter and accent, and letters that stand for each other.
_WRITTEN_AS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": "",
    }
)  # fmt: skip
# Scripts whose marks are accents and vowel points, which people leave out. In Devanagari they are letters.
_MARKS_LEFT_OUT = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")
_APOSTROPHES = "'’‘ʼʻ`´"
# Written apart or not at all: Mc Donald, O Neill.
_JOINED_TO_THE_NEXT = frozenset({"o", "mc", "mac"})
# A name has few parts. The rest of a very long one is not looked at, so that no name costs more than another.
MOST_PARTS = 6


@cache
def _leaves_out_marks(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_MARKS_LEFT_OUT)


def fold(text: str) -> str:
    """The text without what people leave out when they type: case, accents, forms of a letter.

    `Siân Ŵyn` becomes `sian wyn`, `NGUYỄN` becomes `nguyen`; `李小龙` stays.
    """
    if text.isascii():
        return text.casefold()
    letters: list[str] = []
    base = ""
    for letter in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(letter):
            if base and not _leaves_out_marks(base):
                letters.append(letter)
        elif unicodedata.category(letter) != "Cf":
            letters.append(letter)
            base = letter
    return unicodedata.normalize("NFC", "".join(letters)).casefold().translate(_WRITTEN_AS)


def _words(name: str) -> list[str]:
    """Folded, apart wherever there is neither a letter (with its marks) nor a digit nor an apostrophe."""
    folded = fold(name)
    return "".join(
        letter if letter in _APOSTROPHES or unicodedata.category(letter)[0] in "LMN" else " "
        for letter in folded
    ).split()


@lru_cache(maxsize=20_000)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name, folded, in order, each once: `Mary-Ann O'Neill` is `mary`, `ann`, `oneill`.

    A name in Chinese characters is its characters, since it is written with and without spaces.
    """
    found: list[str] = []
    prefix = ""
    for word in _words(name):
        plain = prefix + word.translate(_NO_APOSTROPHES)
        prefix = ""
        if plain in _JOINED_TO_THE_NEXT:
            prefix = plain
        elif plain:
            found += plain if _is_chinese(plain) else (plain,)
    if prefix:
        found.append(prefix)
    return tuple(dict.fromkeys(found))[:MOST_PARTS]


_NO_APOSTROPHES = str.maketrans("", "", _APOSTROPHES)


def _is_chinese(word: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("CJK UNIFIED") for letter in word)


def in_full(given_names: str, family_name: str) -> str:
    """The name as it is said: family name first, and no space, where it is written in Chinese characters."""
    if given_names and family_name and all(map(_is_chinese, (given_names, family_name))):
        return family_name + given_names
    return f"{given_names} {family_name}".strip()


def alphabetical(name: str) -> tuple[tuple[str, ...], str]:
    """What a list of names is sorted by, on both databases alike: Ŵyn among the Ws, O'Neill beside Oneill."""
    return parts(name), name


@lru_cache(maxsize=20_000)
def other_writings(name: str) -> tuple[str, ...]:
    """Words by which people also write a name: `neill` for O'Neill, `smithjones` for Smith-Jones."""
    found: list[str] = []
    for word in _words(name):
        pieces = re.split(f"[{_APOSTROPHES}]", word)
        if len(pieces) > 1:
            found += (piece for piece in pieces if len(piece) > 2)
    own = parts(name)
    if 1 < len(own) <= 3 and not all(map(_is_chinese, own)):
        found.append("".join(own))
    return tuple(word for word in dict.fromkeys(found) if word not in own)


_SPELLED_AS = (
    (re.compile(r"(?<!^)y|^y(?![aeiou])"), "i"),
    (re.compile(r"^ng"), "n"),
    (re.compile(r"kh|ch(?=[lr])"), "k"),
)
_SOUNDS_AS = str.maketrans({"X": "S", "0": "T", "Q": "K", "Z": "S"})


@lru_cache(maxsize=20_000)
def sound(part: str) -> str:
    """How a folded part of a name sounds: `amy` and `aimee` are both `AM`. Another script sounds as written.

    Metaphone, made broader for names heard in Derbyshire: Siân, Shaun and Sean sound alike, so do Aisha and
    Ayesha, Mohammed and Muhammad, Khan and Kahn.
    """
    if not (part.isascii() and part.isalpha()):
        return part
    spelled = part
    for pattern, instead in _SPELLED_AS:
        spelled = pattern.sub(instead, spelled)
    code = jellyfish.metaphone(spelled).replace(" ", "").translate(_SOUNDS_AS)
    if not code:
        return part
    first = "A" if code[0] in "AEIOU" else code[0]
    return first + re.sub("[AEIOUWHY]", "", code[1:])


@dataclass(frozen=True, slots=True)
class Name:
    """A child's name as people may write it: its parts in order, and by which words else it is written."""

    parts: tuple[str, ...]
    known_as: tuple[str, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, given_names: str, family_name: str = "", known_as: str = "") -> "Name":
        """The name with these parts; blank where it has none."""
        own = parts(f"{given_names} {family_name}")
        also = tuple(part for part in parts(known_as) if part not in own)
        others = dict.fromkeys(
            word for text in (given_names, family_name, known_as) for word in other_writings(text)
        )
        return cls(own, also, tuple(word for word in others if word not in own + also))

    @property
    def all(self) -> tuple[str, ...]:
        return (self.parts + self.known_as + self.others)[:MOST_PARTS]
