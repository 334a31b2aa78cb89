"""The Word renderer: the same document model as the PDF, as a file that people can go on writing in.

Headings are Word's own, a table's first row is marked as its headings and repeated on each page, and the
first cells name their rows. What people wrote is text and nothing else: no field, no macro, no markup.
"""

import io
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.oxml.xmlchemy import BaseOxmlElement

from cre_toolkit.documents.model import (
    Block,
    BulletList,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Room,
    Row,
    Table,
)
from cre_toolkit.documents.printable import paragraphs, right_to_left
from cre_toolkit.documents.word_runs import runs, written
from cre_toolkit.documents.word_template import (
    BULLET,
    CELL,
    GAP,
    MARGIN,
    MARKING,
    NORMAL,
    NOTE,
    SMALL,
    TEXT_WIDTH,
    element,
    empty_document,
)

_LINE = 320
"""The height of a line to write on, in twentieths of a point."""
_TWIP = 635
"""Of Office's own units of length."""
_RULE, _SHADE = "B1B4B6", "F3F2F1"
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
_WIDTH = TEXT_WIDTH // _TWIP
# Any day would do, as long as it is the same one: the first that a zip file knows.
_DAY = (1980, 1, 1, 0, 0, 0)


def render_word(document: Document) -> bytes:
    """The document as a Word file (.docx); the same document gives the same bytes.

    Controls are left out. Whatever else was written stands in it: Word has a font for nearly every character.
    """
    word = docx.Document(io.BytesIO(empty_document(large=document.large)))
    _properties(word, document)
    _every_page(word, document)
    body = word.element.body
    end = body[-1]  # the section's own properties, which stand last
    for piece in _body(document):
        end.addprevious(piece)
    saved = io.BytesIO()
    word.save(saved)
    return _undated(saved)


def _properties(word: WordDocument, document: Document) -> None:
    """The file's properties: no child's name, and nobody's computer."""
    core = word.core_properties
    core.title, core.subject = written(document.title), written(document.reference)
    core.author = written(document.author_line)
    core.last_modified_by, core.comments, core.keywords = "", "", ""
    core.language, core.revision = document.language, 1
    core.created = core.modified = document.completed_at


def _undated(saved: io.BytesIO) -> bytes:
    """The same file without the moment of its making."""
    target = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.infolist():
            made.writestr(zipfile.ZipInfo(part.filename, _DAY), source.read(part), zipfile.ZIP_DEFLATED)
    return target.getvalue()


# --- Every page ---------------------------------------------------------------------------------------------


def _every_page(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    above = [_styled(MARKING, line) for line in (document.marking, document.withdrawn_line) if line]
    above.append(_two_sides(document.title, *_one_line(document.reference)))
    page = _field("Page ", "PAGE"), _field(" of ", "NUMPAGES")
    below = [
        _two_sides(document.author_line, *page[0], *page[1]),
        _two_sides(document.edition_line, *_one_line(document.time_line)),
    ]
    if document.trail_line:
        below.append(_two_sides(document.trail_line))
    if document.marking:
        below.append(_styled(MARKING, document.marking))
    for place, pieces in ((section.header, above), (section.footer, below)):
        place.is_linked_to_previous = False
        container = place._element  # python-docx has no public way to an empty header
        for child in list(container):
            container.remove(child)
        container.extend(pieces)


def _two_sides(left: str, *right: BaseOxmlElement) -> BaseOxmlElement:
    return element(
        "p",
        element("pPr", element("pStyle", val=MARGIN)),
        *_one_line(left),
        element("r", element("tab")),
        *right,
    )


def _one_line(text: str) -> list[BaseOxmlElement]:
    return list(runs(written(text).replace("\n", " ")))


def _field(before: str, name: str) -> list[BaseOxmlElement]:
    """Words, and a number that Word fills in."""
    return [*runs(before), element("fldSimple", *runs("1"), instr=name)]


# --- Blocks -------------------------------------------------------------------------------------------------


def _body(document: Document) -> Iterator[BaseOxmlElement]:
    yield _styled("Heading1", document.title)
    for block in document.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[BaseOxmlElement]:
    match block:
        case Heading(text, level):
            yield _styled(f"Heading{level}", text)
        case Paragraph(text, small):
            yield from _text(text, SMALL if small else NORMAL)
        case Note(text):
            yield from _text(text, NOTE)
        case BulletList(items):
            yield from (_styled(BULLET, item) for item in items)
        case Room(lines):
            yield from _apart(_table(Table((), ()), [_framed(lines)], (_WIDTH,)))
        case KeyValues():
            yield from _tabular(block.table)
        case Table():
            yield from _tabular(block)


def _styled(style: str, text: str) -> BaseOxmlElement:
    """The text as one paragraph, its empty lines kept as breaks."""
    return _paragraph(written(text).strip("\n"), style)


def _text(text: str, style: str, *, bold: bool = False) -> list[BaseOxmlElement]:
    """The text as its paragraphs."""
    return [_paragraph(part, style, bold=bold) for part in paragraphs(written(text))]


def _paragraph(text: str, style: str, *, bold: bool = False) -> BaseOxmlElement:
    properties = element("pPr", element("pStyle", val=style.replace(" ", "")))
    if right_to_left(text):
        properties.append(element("bidi"))
    return element("p", properties, *runs(text, bold=bold))


def _tabular(table: Table) -> Iterator[BaseOxmlElement]:
    shares = sum(column.share for column in table.columns)
    widths = tuple(int(_WIDTH * column.share / shares) for column in table.columns)
    rows = [_heading_row(table, widths), *(_row(table, row, widths) for row in table.rows)]
    yield from _apart(_table(table, rows, widths))


def _apart(table: BaseOxmlElement) -> tuple[BaseOxmlElement, BaseOxmlElement]:
    """Two tables without a paragraph between them would be one."""
    return table, _paragraph("", GAP)


def _table(table: Table, rows: list[BaseOxmlElement], widths: tuple[int, ...]) -> BaseOxmlElement:
    headed = bool(table.columns)
    return element(
        "tbl",
        element(
            "tblPr",
            element("tblW", w=_WIDTH, type="dxa"),
            element("tblBorders", *(element(edge, val="single", sz=4, color=_RULE) for edge in _EDGES)),
            element("tblLayout", type="fixed"),
            element("tblCellMar", *(element(side, w=85, type="dxa") for side in ("top", "left", "right"))),
            _headings_of(first_row=headed, first_column=headed and table.row_headers),
        ),
        element("tblGrid", *(element("gridCol", w=width) for width in widths)),
        *rows,
    )


def _headings_of(*, first_row: bool, first_column: bool) -> BaseOxmlElement:
    """Which cells of a table are headings, for those who hear it instead of seeing it."""
    flags = 0x0600 | first_row * 0x0020 | first_column * 0x0080
    named = {"firstRow": int(first_row), "lastRow": 0, "firstColumn": int(first_column), "lastColumn": 0}
    return element("tblLook", val=f"{flags:04X}", **named, noHBand=1, noVBand=1)


def _heading_row(table: Table, widths: tuple[int, ...]) -> BaseOxmlElement:
    cells = (
        _cell(column.heading, width, bold=True, shaded=True)
        for column, width in zip(table.columns, widths, strict=True)
    )
    return element("tr", element("trPr", element("cantSplit"), element("tblHeader")), *cells)


def _row(table: Table, row: Row, widths: tuple[int, ...]) -> BaseOxmlElement:
    properties = element("trPr")
    if not row.long:
        properties.append(element("cantSplit"))
    if row.room > 1:
        properties.append(element("trHeight", val=_LINE * row.room, hRule="atLeast"))
    strong = row.tone == "strong"
    cells = (
        _cell(
            text,
            width,
            bold=(table.row_headers and place == 0 and row.tone != "quiet") or (strong and not column.prose),
            shaded=strong,
        )
        for place, (text, column, width) in enumerate(zip(row.cells, table.columns, widths, strict=True))
    )
    return element("tr", properties, *cells)


def _framed(lines: int) -> BaseOxmlElement:
    height = element("trPr", element("trHeight", val=_LINE * lines, hRule="atLeast"))
    return element("tr", height, _cell("", _WIDTH))


def _cell(text: str, width: int, *, bold: bool = False, shaded: bool = False) -> BaseOxmlElement:
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if shaded:
        properties.append(element("shd", val="clear", color="auto", fill=_SHADE))
    return element("tc", properties, *(_text(text, CELL, bold=bold) or [_paragraph("", CELL)]))
