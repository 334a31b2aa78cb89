"""What of the collected lines is handed out: words are left out on the way, never taken from what is held.

What is left out leaves nothing in the document but where it was and why: no hidden text, no length. Source of
the reasons: Data Protection Act 2018, schedules 2 and 3; professionals' names are not normally withheld
(facts.md, "Records").
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cre_toolkit.documents.dates import day_in_words
from cre_toolkit.documents.model import Block, Document, Heading, Paragraph
from cre_toolkit.records.collecting import Line, stored
from cre_toolkit.records.models import Redaction, SubjectAccess

STATUTE = {
    Redaction.Reason.OTHERS: "schedule 2, paragraph 16",
    Redaction.Reason.HARM: "schedule 3, paragraph 11",
    Redaction.Reason.CHILD_ABUSE: "schedule 3, paragraph 21",
    Redaction.Reason.CRIME: "schedule 2, paragraph 2",
    Redaction.Reason.PRIVILEGE: "schedule 2, paragraph 19",
}
"""Where each reason stands in the Data Protection Act 2018."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words of a line that are left out; the whole line where there are none."""

    line: int
    words: str
    reason: str


def left_out(redactions: Iterable[Redaction]) -> list[LeftOut]:
    """Those that have not been taken back."""
    return [LeftOut(each.line, each.words, each.reason) for each in redactions if not each.taken_back_at]


def mark(reason: str) -> str:
    """What stands in the place of the words."""
    return f"[Left out: {STATUTE[Redaction.Reason(reason)]}]"


def flattened(lines: Sequence[Line], left: Iterable[LeftOut]) -> list[Line]:
    """The lines as they are handed out.

    Args:
        lines: as they were collected.
        left: what is left out of them.
    """
    by_line: dict[int, list[LeftOut]] = defaultdict(list)
    for each in left:
        by_line[each.line].append(each)
    return [_handed_out(line, by_line[number]) for number, line in enumerate(lines)]


def _handed_out(line: Line, left: Sequence[LeftOut]) -> Line:
    whole = [each for each in left if not each.words]
    if whole:
        return Line(line.label, mark(whole[0].reason), line.level)
    return Line(_without(line.label, left), _without(line.text, left), line.level)


def _without(text: str, left: Iterable[LeftOut]) -> str:
    """The text with marks in the place of words; where words run into each other, one for all of them."""
    handed_out, done = [], 0
    for start, end, reasons in _places(text, left):
        handed_out += [text[done:start], *(mark(reason) for reason in reasons)]
        done = end
    return "".join([*handed_out, text[done:]])


def _places(text: str, left: Iterable[LeftOut]) -> list[tuple[int, int, dict[str, None]]]:
    """From where to where something is left out of a text, and for which reasons; none overlaps the next."""
    found = sorted(
        (start, start + len(each.words), each.reason) for each in left for start in _all(text, each)
    )
    places: list[tuple[int, int, dict[str, None]]] = []
    for start, end, reason in found:
        if places and start < places[-1][1]:
            first, last, reasons = places.pop()
            places.append((first, max(last, end), reasons | {reason: None}))
        else:
            places.append((start, end, {reason: None}))
    return places


def _all(text: str, each: LeftOut) -> Iterator[int]:
    start = text.find(each.words)
    while start >= 0:
        yield start
        start = text.find(each.words, start + 1)


def spellings(line: Line, words: str) -> list[str]:
    """The words as they stand in a line: as they were typed, or whole in other capitals or spaces."""
    whole = r"\s+".join(re.escape(word) for word in words.split())
    spelled = re.compile(rf"(?<!\w){whole}(?!\w)", re.IGNORECASE)
    as_typed = [words] if words in line.text or words in line.label else []
    return list(dict.fromkeys([*as_typed, *spelled.findall(line.label), *spelled.findall(line.text)]))


def answer(request: SubjectAccess, redactions: Iterable[Redaction]) -> Document:
    """What is handed out, as a document.

    Args:
        request: approved.
        redactions: all of the request.
    """
    assert request.approved_at  # noqa: S101 - for the type: the caller has made sure
    used = left_out(redactions)
    return Document(
        title="What is held about you",
        reference=request.reference,
        author_line="Answer to a request for access",
        time_line=day_in_words(request.approved_at),
        completed_at=request.approved_at,
        blocks=tuple(_blocks(flattened(stored(request.lines), used), used)),
    )


def _blocks(lines: Iterable[Line], used: Sequence[LeftOut]) -> Iterator[Block]:
    yield Paragraph(
        "This is everything that this service holds about you, but for what is marked as left out."
        if used
        else "This is everything that this service holds about you."
    )
    reasons = dict.fromkeys(each.reason for each in used)
    for reason in reasons:
        where = STATUTE[Redaction.Reason(reason)]
        yield Paragraph(f"{Redaction.Reason(reason).label}: Data Protection Act 2018, {where}.", small=True)
    level = 1
    for line in lines:
        if line.level:
            level = min(line.level, level + 1)
            yield _heading(line.label, level)
        else:
            yield Paragraph(f"{line.label}: {line.text}" if line.label else line.text)


def _heading(text: str, level: int) -> Heading:
    """A heading no deeper than the one before allows."""
    return Heading(text, 2 if level <= 2 else 3 if level == 3 else 4)
