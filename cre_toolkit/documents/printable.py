"""Text as it can be printed: every character that a font has, and a visible mark for each that none has.

PDF/UA-1 refuses a character without a glyph. What people wrote is kept whole in the record; a document shows
the mark `�` where it cannot show a character, and `documents/pdf.py` says so at its end.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from cre_toolkit.documents.fonts import FAMILIES, characters

MARK = "\N{REPLACEMENT CHARACTER}"

# Controls, and invisible characters that mean nothing on paper. Among them the overrides of writing
# direction, with which a text could show itself in another order than it is stored.
_NOTHING = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
# Joiners, marks of direction, variation selectors: they shape their neighbours and need no glyph.
_SHAPING = frozenset("\u034f\u200c\u200d\u200e\u200f\ufe0e\ufe0f")
_JOINER = "\u200d"
# The combining class of the sign that ties two consonants of an Indian script into one syllable.
_VIRAMA = 9
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
# No letter of any script needs more. Thousands of signs heaped upon one take minutes to lay out, and a
# syllable of hundreds of letters is more than the shaping of Indian scripts can count.
_LONGEST_CLUSTER = 16


def printable(text: str) -> str:
    """The text without what cannot be printed.

    Line breaks become `\\n` and tabs spaces, controls go, and a character that no font has becomes `MARK`.
    """
    text = without_controls(text)
    if _plain().issuperset(text):
        return text
    # Composed, because one font has to have a letter and the signs upon it: `한` is one character, not three.
    return "".join(_with_glyphs(cluster) for cluster in _clusters(unicodedata.normalize("NFC", text)))


def without_controls(text: str) -> str:
    """The text without what means nothing on paper; line breaks become `\\n` and tabs spaces."""
    return _NOTHING.sub("", _LINE_BREAK.sub("\n", text).replace("\t", "    "))


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, which empty lines part; none of a blank one."""
    return [paragraph for paragraph in _EMPTY_LINE.split(text.strip("\n")) if paragraph]


def right_to_left(text: str) -> bool:
    """Whether the first letter of a text is of a script that is written from right to left."""
    first = next((letter for letter in text if letter.isalpha()), "")
    return unicodedata.bidirectional(first) in ("R", "AL") if first else False


def plainest(text: str) -> str:
    """The text in letters of the document's own face that stand by themselves: what typst never refuses."""
    return "".join(letter if letter in _plain() - _SHAPING else MARK for letter in printable(text))


@cache
def _face() -> frozenset[str]:
    """What the face of every document has, and the line break."""
    return frozenset(map(chr, characters(next(iter(FAMILIES))))) - _private() | {"\n"}


@cache
def _private() -> frozenset[str]:
    """Characters for private use: two fonts may mean different things by them, so they are never printed."""
    return frozenset(map(chr, range(0xE000, 0xF900)))


@cache
def _plain() -> frozenset[str]:
    """What of the face stands by itself: most texts have nothing else, and need no second look."""
    return frozenset(letter for letter in _face() if not unicodedata.category(letter).startswith("M"))


def _clusters(text: str) -> Iterator[str]:
    """Each letter with the signs that belong to it, each syllable, each emoji with what is joined to it."""
    start = 0
    for place in range(1, len(text)):
        if not _belongs_to(text[place - 1], text[place]):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _belongs_to(before: str, letter: str) -> bool:
    if before == "\n":
        return False
    category = unicodedata.category(letter)
    return (
        letter in _SHAPING
        or letter in _SKIN_TONES
        or category.startswith("M")
        or (before == _JOINER and category == "So")
        or (unicodedata.combining(before) == _VIRAMA and category == "Lo")
    )


@lru_cache(maxsize=20_000)
def _with_glyphs(cluster: str) -> str:
    """The cluster if it prints whole; else its letter and a mark for each sign, or a mark alone."""
    if len(cluster) > _LONGEST_CLUSTER:
        parts = range(0, len(cluster), _LONGEST_CLUSTER)
        return MARK.join(_with_glyphs(cluster[start : start + _LONGEST_CLUSTER]) for start in parts)
    letters = "".join(letter for letter in cluster if letter not in _SHAPING)
    if not letters:
        return ""
    if unicodedata.category(letters[0]).startswith("M"):  # a sign upon nothing
        return MARK * len(letters)
    if _face().issuperset(letters) or _one_font_has(letters):
        return cluster
    if len(letters) == 1:
        return MARK
    return _with_glyphs(letters[0]) + MARK * (len(letters) - 1)


def _one_font_has(letters: str) -> bool:
    """Whether a letter and its signs come out of one font.

    Typst takes the signs from the first font that has any, and loses a letter that this font has not.
    """
    if not _private().isdisjoint(letters):
        return False
    sought = frozenset(map(ord, letters))
    signs = frozenset(map(ord, letters[1:])) or sought
    return next((sought <= characters(font) for font in FAMILIES if signs & characters(font)), False)
