"""What changed from one version of an assessment to the next: indicators by level, texts word by word.

Pure: two records' contents in, differences out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from cre_toolkit.rules.instrument import Indicator, Instrument

# Longer texts are shown whole, the old and the new: word by word they would keep the reader waiting.
MOST_WORDS = 4_000
_WORD = re.compile(r"\S+\s*|\s+")
_ORDER = {"": 0, "low": 1, "medium": 2, "high": 3}

Kind = Literal["same", "added", "gone"]
Turn = Literal["new", "gone", "higher", "lower", "reworded"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text: in both versions, in the later alone, or in the earlier alone."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """An indicator that is not as it was. Levels are blank where it was not there, or had none."""

    indicator: Indicator
    turn: Turn
    before: str
    after: str
    words: list[Piece]
    why: str = ""
    """Where it is no longer seen: what the practitioner made of that."""


def word_changes(before: str, after: str) -> list[Piece]:
    """Two texts as one, with what was taken out and what was put in, in reading order."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return [piece for piece in (Piece("gone", before), Piece("added", after)) if piece.text]
    pieces: list[Piece] = []
    # Compared without the space behind a word, so that the last word of a text equals the same one inside it.
    matcher = SequenceMatcher(None, [word.rstrip() for word in old], [word.rstrip() for word in new])
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[new_from:new_to])))
            continue
        # What was taken out stands by itself, without the space that was behind it.
        if taken_out := "".join(old[old_from:old_to]).rstrip():
            pieces.append(Piece("gone", taken_out))
        if new_to > new_from:
            pieces.append(Piece("added", "".join(new[new_from:new_to])))
    return pieces


def indicator_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], instrument: Instrument
) -> list[IndicatorChange]:
    """The indicators that are not as they were, in the toolkit's order.

    Args:
        before, after: contents of two records of this instrument.
        instrument: the edition.
    """
    old, new = before["case_file"]["indicators"], after["case_file"]["indicators"]
    became = after["answers"]["indicators"].get("since_last", {})
    found = []
    for indicator in instrument.indicators:
        was, now = old.get(indicator.id), new.get(indicator.id)
        if was is None and now is None:
            continue
        turn = _turn(was, now)
        if turn is None:
            continue
        was, now = was or {}, now or {}
        found.append(
            IndicatorChange(
                indicator,
                turn,
                was.get("level") or "",
                now.get("level") or "",
                word_changes(was.get("note", ""), now.get("note", "")),
                became.get(indicator.id, {}).get("why", ""),
            )
        )
    return found


def _turn(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Turn | None:
    """What became of an indicator; None where it is as it was."""
    if was is None:
        return "new"
    if now is None:
        return "gone"
    old, new = _ORDER[was.get("level") or ""], _ORDER[now.get("level") or ""]
    if old != new:
        return "higher" if new > old else "lower"
    same = all(was.get(key) == now.get(key) for key in ("note", "cce", "cse"))
    return None if same else "reworded"
