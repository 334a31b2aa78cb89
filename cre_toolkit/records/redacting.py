"""What of the collected lines is handed out: words are left out on the way, never taken from what is held.

What is left out leaves nothing in the document but where it was and why: no hidden text, no length. Source of
the reasons: Data Protection Act 2018, schedules 2 and 3; professionals' names are not normally withheld
(facts.md, "Records").
"""

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

    The longest words go first, so that a name within a sentence that is left out leaves no remains of it.

    Args:
        lines: as they were collected.
        left: what is left out of them.
    """
    by_line: dict[int, list[LeftOut]] = defaultdict(list)
    for each in sorted(left, key=lambda each: len(each.words), reverse=True):
        by_line[each.line].append(each)
    return [_handed_out(line, by_line[number]) for number, line in enumerate(lines)]


def _handed_out(line: Line, left: Sequence[LeftOut]) -> Line:
    whole = [each for each in left if not each.words]
    if whole:
        return Line(line.label, mark(whole[0].reason), line.level)
    return Line(_without(line.label, left), _without(line.text, left), line.level)


def _without(text: str, left: Iterable[LeftOut]) -> str:
    """The text with marks in the place of words; a mark is never taken for words that are left out."""
    parts = [(text, False)]
    for each in left:
        parts = [
            (piece, is_mark or number % 2 == 1)
            for part, is_mark in parts
            for number, piece in enumerate([part] if is_mark else _between(part, each))
        ]
    return "".join(part for part, _ in parts)


def _between(text: str, each: LeftOut) -> list[str]:
    """What stands around the words, with a mark at every second place."""
    pieces = text.split(each.words)
    marked = [mark(each.reason)] * (2 * len(pieces) - 1)
    marked[::2] = pieces
    return marked


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
