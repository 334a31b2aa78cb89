"""The completed form as PDF and as Word, beside the same words with the bare library.

The floor is typst alone, with the same words in paragraphs and plain tables, and python-docx alone, with each
text as a paragraph.
Runs in a side's process, which has Django set up and a sent assessment to print.
"""

import io
import itertools
import json
import statistics
from pathlib import Path

import typst
from docx import Document as WordDocument
from pypdf import PdfReader

from bench.figures import ROUNDS, Figure, Times, in_turn
from bench.goals import DOCUMENT_MOST_TIMES
from cre_toolkit.assessments.form_document import form_document
from cre_toolkit.assessments.models import Record
from cre_toolkit.documents.fonts import fonts
from cre_toolkit.documents.model import BulletList, Document, Heading, KeyValues, Note, Paragraph, Table
from cre_toolkit.documents.pdf import render_pdf
from cre_toolkit.documents.word import render_word

CALLS = 4
"""To a round."""
DIFFERENT = CALLS * (ROUNDS + 1)
FLOOR = Path(__file__).parent / "floor" / "document.typ"


def measure() -> list[Figure]:
    """The figures of both formats."""
    records = Record.objects.order_by("-pk")[:DIFFERENT]
    contents = [record.content | {"sha256": record.sha256} for record in records]
    words = [plain(form_document(content)) for content in contents]
    # Another form each time: typst remembers what it has laid out.
    content, bare = itertools.cycle(contents), itertools.cycle(words)

    def figure(what: str, costs: tuple[list[float], list[float]], floor: str) -> Figure:
        times = Times.of(*costs)
        return Figure(
            what,
            measured=f"{statistics.median(costs[0]) * 1e3:.1f} ms",
            floor=f"{statistics.median(costs[1]) * 1e3:.1f} ms ({floor})",
            times=str(times),
            goal=f"{DOCUMENT_MOST_TIMES:g} × floor",
            reached=times.median <= DOCUMENT_MOST_TIMES,
        )

    return [
        figure(
            f"PDF, {_pages(render_pdf(form_document(contents[0])))} pages",
            in_turn(
                lambda: render_pdf(form_document(next(content))), lambda: bare_pdf(next(bare)), calls=CALLS
            ),
            f"typst alone, {_pages(bare_pdf(words[0]))} pages",
        ),
        figure(
            "Word, the same form",
            in_turn(
                lambda: render_word(form_document(next(content))), lambda: bare_word(next(bare)), calls=CALLS
            ),
            "python-docx alone",
        ),
    ]


def _pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def bare_pdf(parts: list[tuple[int, list[str]]]) -> bytes:
    """typst alone."""
    return typst.compile(
        FLOOR,
        root=FLOOR.parent,
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"blocks": json.dumps(parts)},
    )


def bare_word(parts: list[tuple[int, list[str]]]) -> bytes:
    """python-docx alone."""
    word, file = WordDocument(), io.BytesIO()
    for _, texts in parts:
        for text in texts:
            word.add_paragraph(text)
    word.save(file)
    return file.getvalue()


def plain(document: Document) -> list[tuple[int, list[str]]]:
    """The texts of each part of a document, and in how many columns they stand; 0: in none."""
    parts: list[tuple[int, list[str]]] = []
    for block in document.blocks:
        match block:
            case Heading() | Paragraph() | Note():
                parts.append((0, [block.text]))
            case BulletList():
                parts.append((0, list(block.items)))
            case KeyValues() | Table():
                table = block.table if isinstance(block, KeyValues) else block
                cells = [cell for row in table.rows for cell in row.cells]
                parts.append((len(table.columns), [column.heading for column in table.columns] + cells))
    return parts
