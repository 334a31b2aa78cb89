"""A text as the runs of a Word document: each script in a font that has it, and in its own direction.

Word prints a letter that its font lacks in one that it chooses, or as an empty box. So a run is given a font
of its script that comes with Windows; where that is missing, another one of the script is chosen.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from cre_toolkit.documents.printable import MARK, without_controls
from cre_toolkit.documents.word_template import FACE, element


@dataclass(frozen=True, slots=True)
class Script:
    """How the letters of some blocks of Unicode are set."""

    letters: str
    """As they stand in a class of a regular expression."""
    font: str
    kind: Literal["rtl", "cs", "eastAsia", ""] = "cs"
    """Word's own kinds: right to left, "complex" (South and South East Asia), East Asian, any other."""


SCRIPTS = (
    Script("\u0590-\u05ff\ufb1d-\ufb4f", FACE, "rtl"),
    Script("\u0600-\u07bf\u0860-\u08ff\ufb50-\ufdff\ufe70-\ufeff", FACE, "rtl"),
    Script("\u0900-\u0dff\u1cd0-\u1cff\ua8e0-\ua8ff", "Nirmala UI"),
    Script("\u0e00-\u0eff", "Leelawadee UI"),
    Script("\u1200-\u139f\u2d80-\u2ddf", "Ebrima", ""),
    Script("\u0530-\u058f\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f", "Sylfaen", ""),
    Script("\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff", "Malgun Gothic", "eastAsia"),
    Script("\u3040-\u30ff\u31f0-\u31ff", "Yu Gothic", "eastAsia"),
    Script(
        "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff",
        "Microsoft YaHei", "eastAsia",
    ),
    Script("\u2190-\u2bff", "Segoe UI Symbol", ""),
    Script("\U0001f000-\U0001faff", "Segoe UI Emoji", ""),
)  # fmt: skip
# A script goes on over the spaces, joiners and signs between two of its letters.
_BETWEEN = r"[\s\u0300-\u036f\u200c-\u200f\ufe0f]"
_runs = re.compile("|".join(f"([{script.letters}](?:{_BETWEEN}*[{script.letters}])*)" for script in SCRIPTS))
_latin = re.compile(r"[\n -\u024f\u2010-\u203a]*")
_SURROGATES = re.compile("[\ud800-\udfff]")


def written(text: str) -> str:
    """The text as XML can hold it: controls go, and half of a character becomes the mark."""
    text = without_controls(text)
    return text if _latin.fullmatch(text) else unicodedata.normalize("NFC", _SURROGATES.sub(MARK, text))


def runs(text: str, *, bold: bool = False) -> Iterator[BaseOxmlElement]:
    """The runs of one paragraph.

    Args:
        text: what `written` gives back; its line breaks stay.
        bold: whether the run is bold where its paragraph's style is not.
    """
    end = 0
    if not _latin.fullmatch(text):
        for found in _runs.finditer(text):
            if found.start() > end:
                yield _run(text[end : found.start()], None, bold=bold)
            yield _run(found.group(), SCRIPTS[(found.lastindex or 1) - 1], bold=bold)
            end = found.end()
    if end < len(text):
        yield _run(text[end:], None, bold=bold)


def _run(text: str, script: Script | None, *, bold: bool) -> BaseOxmlElement:
    run = element("r")
    properties = list(_properties(script, bold=bold))
    if properties:
        run.append(element("rPr", *properties))
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(element("br"))
        words = OxmlElement("w:t", {qn("xml:space"): "preserve"})
        words.text = line
        run.append(words)
    return run


def _properties(script: Script | None, *, bold: bool) -> Iterator[BaseOxmlElement]:
    """In the order that the standard asks for."""
    if script:
        slots = dict.fromkeys(("ascii", "hAnsi", "cs", "eastAsia"), script.font)
        yield element("rFonts", **slots, **({"hint": "eastAsia"} if script.kind == "eastAsia" else {}))
    if bold:
        yield element("b")
        yield element("bCs")
    if script and script.kind in ("rtl", "cs"):
        yield element(script.kind)
