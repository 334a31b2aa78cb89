"""What the tables of every form share: short texts in a cell, long ones after the table."""

from collections.abc import Iterable, Iterator, Sequence

from cre_toolkit.assessments.form_answers import NOT_ANSWERED
from cre_toolkit.documents.dates import in_words
from cre_toolkit.documents.model import Block, Column, Heading, Paragraph, Row, Table

NOT_IDENTIFIED = "Not identified"
NOTHING = "–"
LONGEST_IN_TABLE = 400
"""A longer text would run down the pages in a narrow column: it is printed after its table."""
BELOW = "Printed below the table"


def in_cell(text: str) -> str:
    """The text, or where it is printed instead."""
    return text if len(text) <= LONGEST_IN_TABLE else BELOW


def below_the_table(title: str, texts: Iterable[tuple[str, str]]) -> Iterator[Block]:
    """The texts that were too long for their cells, a heading each.

    Args:
        title: what they are, before the label that each belongs to.
        texts: pairs of label and text, short ones too.
    """
    for label, text in texts:
        if len(text) > LONGEST_IN_TABLE:
            yield Heading(f"{title}: {label}", 3)
            yield Paragraph(text)


def listed(columns: Sequence[Column], rows: Iterable[Iterable[str | None]], *, of: str) -> Block:
    """The rows as a table, stored dates in words; a sentence where there are none."""
    said = tuple(Row(tuple(in_words(cell or "") or NOT_ANSWERED for cell in row)) for row in rows)
    if not said:
        return Paragraph(f"No {of} was recorded.")
    return Table(tuple(columns), said, row_headers=False)
