"""What the page of a document needs beside its blocks."""

from django import template

from cre_toolkit.documents.model import Block, Column, Row, Table
from cre_toolkit.documents.printable import paragraphs as parted
from cre_toolkit.documents.printable import without_controls

register = template.Library()


@register.filter
def kind(block: Block) -> str:
    """The name of a block's kind: `Heading`, `Table`."""
    return type(block).__name__


@register.filter
def paragraphs(text: str) -> list[str]:
    """A text's paragraphs, without the controls that nobody can read."""
    return parted(without_controls(text))


@register.filter
def cells(table: Table, row: Row) -> list[tuple[Column, str]]:
    """The cells of a row, each with its column."""
    return list(zip(table.columns, row.cells, strict=True))
