"""The PDF renderer: typst lays out, tags and checks against PDF/UA-1 what the document model says.

The template is ours and fixed (`typst/document.typ`). What people wrote reaches it as JSON in an input, never
as markup, so that `#read("…")` is printed as it stands; the template's folder is the compiler's root, the
fonts are our own and no package is named: nothing is fetched and nothing else is read.
"""

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from cre_toolkit.documents.fonts import FAMILIES, fonts
from cre_toolkit.documents.model import (
    Block,
    BulletList,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Room,
    Table,
)
from cre_toolkit.documents.printable import MARK, paragraphs, plainest, printable

TEMPLATE = Path(__file__).parent / "typst" / "document.typ"
MARK_EXPLAINED = (
    f"The mark {MARK} stands for a character that cannot be printed. The record holds it as written."
)

Texts = Callable[[str], str | list[str]]
logger = logging.getLogger(__name__)
# Short words of Latin letters on one line: most texts, which the template need not look at more closely.
_simple = re.compile(r"(?:[!-\u024f\u2010-\u203a]{1,27}(?: |\Z))*")


def render_pdf(document: Document) -> bytes:
    """The document as a tagged PDF (PDF/UA-1); the same document gives the same bytes.

    A character that no font has is printed as a visible mark, with a sentence about it at the end. A text
    that typst still refuses is printed in plain letters: a document never fails for what someone wrote.
    """
    pdf = _compiled(_as_data(document, printable), document.completed_at)
    if pdf is None:
        logger.warning("Document %s has texts that can only be printed in plain letters.", document.reference)
        pdf = _compiled(_as_data(document, _proven), document.completed_at)
    if pdf is None:
        raise ValueError(f"Document {document.reference} cannot be printed as it is built.")
    return pdf


def _proven(text: str) -> str:
    """The text as it can be printed, which a small document of its own has shown."""
    at = datetime.fromtimestamp(0, UTC)
    trial = Document("Trial", "-", "-", "-", at, blocks=(Paragraph(text),))
    return printable(text) if _compiled(_as_data(trial, printable), at) else plainest(text)


def _compiled(data: dict[str, Any], at: datetime) -> bytes | None:
    """The PDF of the template and its data; None if typst refuses a text.

    What costs time is the fonts, and these are shared; typst itself runs in any number of threads at once.
    Its errors quote the text that they are about, which has no place in a log: they end here.
    """
    try:
        return typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"document": json.dumps(data, ensure_ascii=False)},
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    except typst.TypstError:
        return None
    except BaseException as error:
        # A fault inside typst arrives as an exception beside Exception, of a class that nothing exports.
        if type(error).__name__ != "PanicException":
            raise
        return None


def _as_data(document: Document, clean: Callable[[str], str]) -> dict[str, Any]:
    """The document as the template reads it: a text is itself where it is simple, else its paragraphs."""

    def texts(text: str) -> str | list[str]:
        text = clean(text).strip("\n")
        if _simple.fullmatch(text):
            return text
        return paragraphs(text)

    def line(text: str) -> str:
        return clean(text).replace("\n", " ")

    language, _, region = document.language.partition("-")
    data: dict[str, Any] = {
        "title": line(document.title),
        "reference": line(document.reference),
        "author": line(document.author_line),
        "time": line(document.time_line),
        "edition": line(document.edition_line),
        "trail": line(document.trail_line),
        "marking": line(document.marking),
        "withdrawn": line(document.withdrawn_line),
        "large": document.large,
        "lang": language,
        "region": region or None,
        "fonts": list(FAMILIES.values()),
        "blocks": [_block_data(block, texts) for block in document.blocks],
    }
    if MARK in str(data):
        data["blocks"].append(_block_data(Paragraph(MARK_EXPLAINED, small=True), texts))
    return data


def _block_data(block: Block, texts: Texts) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": texts(text), "level": level}
        case Paragraph(text, small):
            return {"kind": "paragraph", "text": texts(text), "small": small}
        case Note(text):
            return {"kind": "note", "text": texts(text)}
        case BulletList(items):
            return {"kind": "bullets", "items": [texts(item) for item in items]}
        case Room(lines):
            return {"kind": "room", "lines": lines}
        case KeyValues():
            return _table_data(block.table, texts)
        case Table():
            return _table_data(block, texts)


def _table_data(table: Table, texts: Texts) -> dict[str, Any]:
    return {
        "kind": "table",
        "columns": [
            {"heading": texts(column.heading), "share": column.share, "prose": column.prose}
            for column in table.columns
        ],
        "rows": [
            {
                "cells": [texts(cell) for cell in row.cells],
                "tone": row.tone,
                "room": row.room,
                "long": row.long,
            }
            for row in table.rows
        ],
        "row_headers": table.row_headers,
    }
