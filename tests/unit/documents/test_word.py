"""What `documents/word.py` promises of every Word document."""

import dataclasses
import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from cre_toolkit.documents.model import (
    Block,
    BulletList,
    Column,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Room,
    Row,
    Table,
)
from cre_toolkit.documents.printable import MARK
from cre_toolkit.documents.word import render_word

NAMES = (
    "Siân Ŵyn",
    "Nguyễn Thị Hoa",
    "O'Neill",
    "李小龙",
    "عائشة",
    "שרה",
    "नमस्ते",
    "ਜਸਲੀਨ",
    "홍길동",
    "ሰላም",
    "😀",
)


def document(*blocks: Block, **changed: Any) -> Document:
    plain = Document(
        title="CRE risk assessment",
        reference="7Q4K-2M9XAB",
        author_line="Completed by Siân Ŵyn, Example Academy",
        time_line="27 March 2026, 16:20",
        completed_at=datetime(2026, 3, 27, 16, 20, tzinfo=UTC),
        edition_line="CRE 2020, Joint Version, May 2019",
        blocks=blocks,
    )
    return dataclasses.replace(plain, **changed)


def read(*blocks: Block, **changed: Any) -> WordDocument:
    return docx.Document(io.BytesIO(render_word(document(*blocks, **changed))))


def texts(word: WordDocument) -> list[str]:
    return [paragraph.text for paragraph in word.paragraphs if paragraph.text]


def parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        return {part.filename: opened.read(part) for part in opened.infolist()}


class TestTheFile:
    def test_of_the_same_document_has_the_same_bytes_whenever_it_is_made(self, time_machine: Any) -> None:
        time_machine.move_to(datetime(2026, 3, 28, tzinfo=UTC))
        first = render_word(document(Paragraph("Text.")))
        time_machine.move_to(datetime(2031, 3, 28, tzinfo=UTC))
        assert render_word(document(Paragraph("Text."))) == first

    def test_names_no_child_and_no_other_program_in_its_properties(self) -> None:
        file = render_word(document(KeyValues((("Name of Child", "Amy Example"),))))
        properties = b"".join(content for name, content in parts(file).items() if name.startswith("docProps"))
        assert b"CRE risk assessment" in properties
        assert b"Amy" not in properties
        assert b"python" not in properties
        assert b"Microsoft" not in properties

    def test_is_in_british_english_on_a4(self) -> None:
        word = read(Paragraph("Text."))
        language = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
        assert language.get(qn("w:val")) == "en-GB"
        assert word.core_properties.language == "en-GB"
        section = word.sections[0]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)

    def test_holds_no_macro_no_picture_and_nothing_from_outside(self) -> None:
        held = parts(render_word(document(Paragraph("https://example.org/picture.png"))))
        assert not [name for name in held if re.search(r"vba|media|embeddings|customXml", name)]
        assert not [name for name, content in held.items() if b'TargetMode="External"' in content]


class TestEveryPage:
    def test_carries_marking_reference_author_time_and_its_number_of_all(self) -> None:
        section = read(Paragraph("Text.")).sections[0]
        above = [paragraph.text for paragraph in section.header.paragraphs]
        below = [paragraph.text for paragraph in section.footer.paragraphs]
        assert above == ["OFFICIAL-SENSITIVE", "CRE risk assessment\t7Q4K-2M9XAB"]
        assert below[1:] == [
            "CRE 2020, Joint Version, May 2019\t27 March 2026, 16:20",
            "OFFICIAL-SENSITIVE",
        ]
        assert below[0].startswith("Completed by Siân Ŵyn, Example Academy\tPage ")
        fields = section.footer._element.iter(qn("w:fldSimple"))
        assert [field.get(qn("w:instr")) for field in fields] == ["PAGE", "NUMPAGES"]

    def test_says_that_it_was_withdrawn_and_has_no_marking_where_the_document_has_none(self) -> None:
        section = read(withdrawn_line="WITHDRAWN on 1 April 2026", marking="").sections[0]
        assert section.header.paragraphs[0].text == "WITHDRAWN on 1 April 2026"
        everything = [*section.header.paragraphs, *section.footer.paragraphs]
        assert not [paragraph for paragraph in everything if "OFFICIAL" in paragraph.text]


class TestBlocks:
    def test_headings_have_words_own_styles_in_their_order(self) -> None:
        word = read(Heading("Section 1"), Heading("Locations", 3), Heading("Here", 4), Heading("Section 2"))
        said = [(paragraph.style.name, paragraph.text) for paragraph in word.paragraphs]
        assert said == [
            ("Heading 1", "CRE risk assessment"),
            ("Heading 2", "Section 1"),
            ("Heading 3", "Locations"),
            ("Heading 4", "Here"),
            ("Heading 2", "Section 2"),
        ]

    def test_a_table_marks_its_headings_repeats_them_and_keeps_short_rows_whole(self) -> None:
        columns = (Column("Indicators", 4), Column("Risk"))
        rows = (Row(("Missing", "Low"), tone="strong"), Row(("Groomed", "x" * 700)))
        (table,) = read(Table(columns, rows)).tables
        head, short, long = table.rows
        assert head._tr.trPr.find(qn("w:tblHeader")) is not None
        assert short._tr.trPr.find(qn("w:cantSplit")) is not None
        assert long._tr.trPr.find(qn("w:cantSplit")) is None
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
        assert [[cell.text for cell in row.cells] for row in table.rows][:2] == [
            ["Indicators", "Risk"],
            ["Missing", "Low"],
        ]

    def test_two_tables_stay_two(self) -> None:
        rows = (("Name", "Amy"),)
        assert len(read(KeyValues(rows), KeyValues(rows)).tables) == 2

    def test_room_to_write_is_as_high_as_its_lines(self) -> None:
        (frame,) = read(Room(5)).tables
        height = frame.rows[0].height
        assert height is not None
        assert height.pt == 5 * 16

    def test_lists_notes_small_print_paragraphs_and_line_breaks_stay(self) -> None:
        word = read(
            BulletList(("First", "Second")),
            Note("Beware."),
            Paragraph("Small.", small=True),
            Paragraph("A\nB\n\nC"),
        )
        said = [(paragraph.style.name, paragraph.text) for paragraph in word.paragraphs[1:]]
        assert said == [
            ("List Bullet", "First"),
            ("List Bullet", "Second"),
            ("Notice", "Beware."),
            ("Small Print", "Small."),
            ("Normal", "A\nB"),
            ("Normal", "C"),
        ]

    def test_large_print_is_larger(self) -> None:
        small, large = (read(Paragraph("Text."), large=large) for large in (False, True))
        for style in ("Heading 1", "Cell", "List Bullet"):
            assert small.styles[style].font.size < large.styles[style].font.size


class TestWhatPeopleWrite:
    @pytest.mark.parametrize(
        "text",
        [
            "{{7*7}}",
            "{% debug %}",
            "<script>alert(1)</script>",
            "<w:p/>",
            "]]>",
            '=HYPERLINK("x")',
            "&amp; < > \" '",
        ],
    )
    def test_is_text_and_never_run(self, text: str) -> None:
        word = read(Heading(text), Paragraph(text), Table((Column(text),), (Row((text,)),)), author_line=text)
        assert texts(word)[1:] == [text, text]
        assert [cell.text for cell in word.tables[0].column_cells(0)] == [text, text]
        assert word.sections[0].footer.paragraphs[0].text.startswith(text)

    def test_50_000_characters_stand_whole(self) -> None:
        text = "<b>é " * 10_000
        assert texts(read(Paragraph(text)))[1] == text

    @pytest.mark.parametrize("name", NAMES)
    def test_names_of_any_script_stand_as_they_were_written(self, name: str) -> None:
        assert texts(read(Paragraph(name)))[1] == name

    @pytest.mark.parametrize(
        ("name", "slot", "font"),
        [
            ("李小龙", "eastAsia", "Microsoft YaHei"),
            ("नमस्ते", "cs", "Nirmala UI"),
            ("홍길동", "eastAsia", "Malgun Gothic"),
        ],
    )
    def test_another_script_gets_a_font_that_has_it(self, name: str, slot: str, font: str) -> None:
        paragraph = read(Paragraph(f"Known as {name}, says Amy")).paragraphs[1]
        assert [run.text for run in paragraph.runs] == ["Known as ", name, ", says Amy"]
        fonts = paragraph.runs[1]._r.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn(f"w:{slot}")) == font

    @pytest.mark.parametrize("name", ["عائشة بنت محمد", "שרה כהן"])
    def test_arabic_and_hebrew_run_from_right_to_left(self, name: str) -> None:
        alone, within = read(Paragraph(name), Paragraph(f"Known as {name}")).paragraphs[1:]
        assert alone._p.pPr.find(qn("w:bidi")) is not None
        assert within._p.pPr.find(qn("w:bidi")) is None
        for paragraph in (alone, within):
            assert paragraph.runs[-1].text == name
            assert paragraph.runs[-1]._r.rPr.find(qn("w:rtl")) is not None

    def test_controls_go_and_half_a_character_is_a_visible_mark(self) -> None:
        assert texts(read(Paragraph("a\x00\x1b\u202eb \ud800 c\x0bd")))[1] == f"ab {MARK} c\nd"

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.text(max_size=80), min_size=1, max_size=6))
    def test_no_text_that_can_be_typed_makes_a_document_fail(self, typed: list[str]) -> None:
        assert read(*map(Paragraph, typed), BulletList(tuple(typed))).paragraphs
