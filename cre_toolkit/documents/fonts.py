"""The fonts of printed documents, and which characters they have.

They are Noto Sans and its sisters for other scripts (SIL Open Font License), installed from locked npm
packages; `settings.DOCUMENT_FONTS` names their folder. Fonts of the machine are never used: the same document
has the same bytes everywhere.
"""

from functools import cache
from pathlib import Path

import typst
from django.conf import settings
from fontTools.ttLib import TTFont

# The first is the face of every document. The others follow in the order in which they are asked for a
# character that it lacks; the largest is last.
FAMILIES = {
    "noto-sans": "Noto Sans",
    # Its letters are whole glyphs, so that Arabic copied from a document is the Arabic that was typed.
    "ibm-plex-sans-arabic": "IBM Plex Sans Arabic",
    "noto-sans-arabic": "Noto Sans Arabic",
    "noto-sans-hebrew": "Noto Sans Hebrew",
    "noto-sans-gurmukhi": "Noto Sans Gurmukhi",
    "noto-sans-bengali": "Noto Sans Bengali",
    "noto-sans-gujarati": "Noto Sans Gujarati",
    "noto-sans-tamil": "Noto Sans Tamil",
    "noto-sans-telugu": "Noto Sans Telugu",
    "noto-sans-malayalam": "Noto Sans Malayalam",
    "noto-sans-sinhala": "Noto Sans Sinhala",
    "noto-sans-ethiopic": "Noto Sans Ethiopic",
    "noto-sans-georgian": "Noto Sans Georgian",
    "noto-sans-armenian": "Noto Sans Armenian",
    "noto-sans-thai": "Noto Sans Thai",
    "noto-sans-kannada": "Noto Sans Kannada",
    "noto-sans-oriya": "Noto Sans Oriya",
    "noto-sans-myanmar": "Noto Sans Myanmar",
    "noto-sans-khmer": "Noto Sans Khmer",
    "noto-sans-lao": "Noto Sans Lao",
    "noto-sans-syriac": "Noto Sans Syriac",
    "noto-sans-thaana": "Noto Sans Thaana",
    "noto-sans-nko": "Noto Sans NKo",
    "noto-serif-tibetan": "Noto Serif Tibetan",
    "noto-emoji": "Noto Emoji",
    "noto-sans-symbols-2": "Noto Sans Symbols 2",
    "noto-sans-math": "Noto Sans Math",
    "nanum-gothic": "NanumGothic",
    "noto-sans-sc": "Noto Sans SC",
}
WEIGHTS = ("400Regular", "700Bold")


def missing_fonts() -> list[str]:
    """The packages of `FAMILIES` that are not installed."""
    return [package for package in FAMILIES if not _font_files(package)]


@cache
def fonts() -> typst.Fonts:
    """The fonts, found once for the process; typst reads a file when a document first needs it."""
    folders = [file.parent for package in FAMILIES for file in _font_files(package)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@cache
def characters(package: str) -> frozenset[int]:
    """The code points that a font has, read from its file when a text first asks for them."""
    with TTFont(_font_files(package)[0], lazy=True) as font:
        return frozenset(font.getBestCmap())


def _font_files(package: str) -> list[Path]:
    folder = settings.DOCUMENT_FONTS / package
    return [file for weight in WEIGHTS for file in sorted((folder / weight).glob("*.ttf"))]
