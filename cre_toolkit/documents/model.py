"""The document model: what a document says, in plain data, before any renderer lays it out.

A document is built beside its noun (`assessments/form_document.py`) and rendered as PDF (`documents/pdf.py`),
as Word (`documents/word.py`) and as a page to print (`templates/documents/_blocks.html`). Blocks hold text
only, never markup: a renderer prints every character of it as it stands.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

MARKING = "OFFICIAL-SENSITIVE"
"""The government's marking for what would harm a person if it were lost or seen by others."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. The document's title is its level 1; levels follow one another without a gap."""

    text: str
    level: Literal[2, 3, 4] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text as it was written: an empty line begins a new paragraph, a line break stays one."""

    text: str
    small: bool = False
    """Small print: editions, hashes, a note to what follows."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence that must not be overlooked, set off from the text around it."""

    text: str


@dataclass(frozen=True, slots=True)
class BulletList:
    """Things of one kind, in no order of their own."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and its share of the width."""

    heading: str
    share: float = 1
    prose: bool = False
    """Holds sentences, which stay in ordinary type in a row that stands out."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, a text for each column."""

    cells: tuple[str, ...]
    tone: Literal["plain", "strong", "quiet"] = "plain"
    """`strong` stands out from `quiet`, as an indicator that was identified from those that were not."""
    room: int = 1
    """At least so many lines high: a form to be filled in by hand needs room."""

    @property
    def long(self) -> bool:
        """So long that it may run over the end of a page; a shorter row stays whole."""
        return sum(map(len, self.cells)) > 600


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row of headings, repeated on each page that it reaches."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    row_headers: bool = True
    """The first cell of a row names the row."""

    def __post_init__(self) -> None:
        """Refuse a row that does not fit its columns: answers would stand under wrong headings."""
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"A row has {len(row.cells)} cells for {len(self.columns)} columns.")


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Questions of a form beside their short answers. A long answer is a heading and a paragraph."""

    rows: tuple[tuple[str, str], ...]
    headings: tuple[str, str] = ("Question", "Answer")
    room: int = 1
    """As a row's."""

    @property
    def table(self) -> Table:
        """The same as a table, which is how it is laid out."""
        columns = (Column(self.headings[0], 2), Column(self.headings[1], 3))
        return Table(columns, tuple(Row(row, room=self.room) for row in self.rows))


@dataclass(frozen=True, slots=True)
class Room:
    """An empty frame to write in."""

    lines: int


Block: TypeAlias = Heading | Paragraph | Note | BulletList | Table | KeyValues | Room


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Title and reference stand in the file's properties and on every page: no child's name belongs in either.
    """

    title: str
    reference: str
    author_line: str
    """Who wrote it, for every page: name and agency."""
    time_line: str
    """When it was completed, in words, for every page."""
    completed_at: datetime
    """The same instant; it dates the file, so that the same document gives the same bytes."""
    blocks: tuple[Block, ...]
    edition_line: str = ""
    """The edition of the form, for every page."""
    trail_line: str = ""
    """Where the audit trail ended when the document was fetched (`audit/heads.py`), for every page."""
    withdrawn_line: str = ""
    """For every page: that it no longer holds, since when and why."""
    marking: str = MARKING
    """Blank on what holds nothing about anybody, or what a family is given."""
    large: bool = False
    """In large print: 14 points, as for a reader who finds small letters hard."""
    language: str = "en-GB"

    def __post_init__(self) -> None:
        """Refuse headings that leave out a level: a screen reader's list of contents would have a hole."""
        level = 1
        for block in self.blocks:
            if isinstance(block, Heading):
                if block.level > level + 1:
                    raise ValueError(f"A heading of level {block.level} follows one of level {level}.")
                level = block.level
