"""What `documents/pdf.py` promises of every printed document."""

import io
import re
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cre_toolkit.documents import pdf
from cre_toolkit.documents.apps import fonts_are_installed
from cre_toolkit.documents.fonts import fonts
from cre_toolkit.documents.model import (
    Block,
    BulletList,
    Column,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Row,
    Table,
)
from cre_toolkit.documents.pdf import MARK_EXPLAINED, render_pdf
from cre_toolkit.documents.printable import MARK

COLUMNS = (Column("Indicators", 4), Column("CCE"), Column("CSE"), Column("Risk"))
NAMES = (
    "Siân Ŵyn",
    "Nguyễn Thị Hoa",
    "O'Neill",
    "李小龙",
    "عائشة",
    "Анна Ленина",
    "नमस्ते",
    "שרה",
    "ਜਸਲੀਨ",
    "홍길동",
)
UNKNOWN_TO_EVERY_FONT = "\N{EGYPTIAN HIEROGLYPH A001}"


def document(*blocks: Block, **changed: Any) -> Document:
    given = {
        "title": "CRE risk assessment",
        "reference": "7Q4K-2M9XAB",
        "author_line": "Completed by Siân Ŵyn, Example Academy",
        "time_line": "27 March 2026, 16:20",
        "completed_at": datetime(2026, 3, 27, 16, 20, tzinfo=UTC),
        "edition_line": "CRE 2020, Joint Version, May 2019",
        "blocks": blocks,
    }
    return Document(**(given | changed))


def read(*blocks: Block, **changed: Any) -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf(document(*blocks, **changed))))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def tags(reader: PdfReader) -> list[Any]:
    """Every element of the structure tree, in the order of reading."""
    found: list[Any] = []

    def walk(element: Any) -> None:
        element = element.get_object()
        if isinstance(element, list):
            for each in element:
                walk(each)
        elif hasattr(element, "get"):
            if "/S" in element:
                found.append(element)
            if "/K" in element:
                walk(element["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def headings(cell: Any) -> list[str]:
    return [heading for entry in cell["/A"] for heading in entry.get_object().get("/Headers", [])]


class TestTheFile:
    def test_says_that_it_is_pdf_ua_1_tagged_and_in_british_english(self) -> None:
        root = read(Paragraph("Text.")).trailer["/Root"]
        assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"

    def test_shows_its_title_and_names_no_child_in_its_properties(self) -> None:
        reader = read(KeyValues((("Name of Child", "Amy Example"),)))
        assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.metadata is not None
        assert reader.metadata.title == "CRE risk assessment"
        assert "Amy" not in str(dict(reader.metadata))

    def test_of_the_same_document_has_the_same_bytes(self) -> None:
        assert render_pdf(document(Paragraph("Text."))) == render_pdf(document(Paragraph("Text.")))

    def test_embeds_its_fonts_and_uses_none_of_the_machine(self) -> None:
        assert all("node_modules" in (font.path or "") for font in fonts().fonts())
        used = read(Paragraph("Text.")).pages[0]["/Resources"]["/Font"].values()
        descendants = [font.get_object()["/DescendantFonts"][0].get_object() for font in used]
        assert descendants
        for font in descendants:
            assert {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"].get_object())


class TestEveryPage:
    def test_carries_marking_reference_author_time_and_its_number_of_all(self) -> None:
        reader = read(*[Paragraph("A line of text. " * 60)] * 20)
        assert len(reader.pages) > 2
        for number, page in enumerate(reader.pages, 1):
            text = page.extract_text()
            assert text.count("OFFICIAL-SENSITIVE") == 2
            for running in ("7Q4K-2M9XAB", "Siân Ŵyn", "27 March 2026, 16:20", "Joint Version, May 2019"):
                assert running in text
            assert f"Page {number} of {len(reader.pages)}" in text

    def test_is_a4(self) -> None:
        box = read(Paragraph("Text.")).pages[0].mediabox
        assert (round(box.width * 25.4 / 72), round(box.height * 25.4 / 72)) == (210, 297)


class TestBlocks:
    def test_headings_follow_one_another_in_the_outline_of_the_file(self) -> None:
        reader = read(Heading("Section 1"), Heading("Locations", 3), Paragraph("Here."), Heading("Section 2"))
        assert [tag["/S"] for tag in tags(reader) if tag["/S"].startswith("/H")] == [
            "/H1",
            "/H2",
            "/H3",
            "/H2",
        ]

    def test_a_heading_that_leaves_out_a_level_is_refused(self) -> None:
        with pytest.raises(ValueError, match="level 3 follows one of level 1"):
            document(Heading("Locations", 3))

    def test_a_row_that_does_not_fit_its_columns_is_refused(self) -> None:
        with pytest.raises(ValueError, match="2 cells for 4 columns"):
            Table(COLUMNS, (Row(("Missing", "Low")),))

    def test_each_cell_of_a_table_names_the_heading_of_its_column(self) -> None:
        found = tags(read(Table(COLUMNS, (Row(("Missing", "Yes", "No", "Low")),))))
        heads = [tag for tag in found if tag["/S"] == "/TH"]
        cells = [tag for tag in found if tag["/S"] == "/TD"]
        assert len(heads) == len(cells) == 4
        assert len({name for cell in cells for name in headings(cell)}) == 4

    def test_a_table_repeats_its_headings_on_each_page_that_it_reaches(self) -> None:
        rows = tuple(Row((f"Row {number}", "–", "–", "Not identified")) for number in range(120))
        reader = read(Table(COLUMNS, rows))
        assert len(reader.pages) > 2
        assert all("Indicators" in page.extract_text() for page in reader.pages)
        assert "Row 0 " in text_of(reader)
        assert "Row 119" in text_of(reader)

    def test_lists_notes_and_small_print_are_printed(self) -> None:
        text = text_of(
            read(BulletList(("First", "Second")), Note("Beware."), Paragraph("Small.", small=True))
        )
        assert all(said in text for said in ("First", "Second", "Beware.", "Small."))

    def test_paragraphs_and_line_breaks_stay(self) -> None:
        reader = read(Paragraph("One.\n\nTwo.\r\nThree.\n \n\nFour."))
        assert [tag["/S"] for tag in tags(reader)].count("/P") == 3
        assert "Two.\nThree." in text_of(reader)


class TestWhatPeopleWrite:
    @pytest.mark.parametrize(
        "text",
        [
            '#read("/etc/passwd")',
            '#import "@preview/cetz:0.3.0"',
            '#eval("1+1")',
            "{{7*7}}",
            "<script>alert(1)</script>",
            "= *bold* _italic_ $x^2$ `code` @label ~ --- // comment",
            "\\u{41} \\",
            '"}, "blocks": [',
        ],
    )
    def test_is_printed_as_it_stands_and_never_run(self, text: str) -> None:
        rows = (Row((text,)),)
        blocks = (
            Heading(text),
            Paragraph(text),
            Table((Column(text),), rows),
            BulletList((text,)),
            Note(text),
        )
        printed = squeezed(text_of(read(*blocks, author_line=text, title=text)))
        assert printed.count(squeezed(text)) >= 7

    @pytest.mark.parametrize("name", NAMES)
    def test_names_of_any_script_are_printed_without_a_mark(self, name: str) -> None:
        reader = read(KeyValues((("Name of Child", name),)), author_line=name)
        text = squeezed(text_of(reader))
        assert MARK not in text
        # pypdf reads a letter drawn as several glyphs more than once, and Arabic from either side.
        in_order = (".{0,2}".join(map(re.escape, squeezed(way))) for way in (name, name[::-1]))
        assert any(re.search(pattern, text) for pattern in in_order)

    def test_50_000_characters_are_printed_whole(self) -> None:
        words = [f"word{number:05}" for number in range(5_000)]
        text = " ".join(words)
        assert len(text) == 49_999
        for block in (Paragraph(text), Table((Column("A"), Column("B")), (Row(("a", text)),))):
            assert re.findall(r"word\d{5}", squeezed(text_of(read(block)))) == words

    def test_a_word_without_an_end_stays_within_its_column(self) -> None:
        reader = read(Paragraph("https://example.org/" + "x" * 5_000))
        assert text_of(reader).count("x") >= 5_000

        ends: list[float] = []
        reader.pages[0].extract_text(visitor_text=lambda text, _, matrix, *rest: ends.append(matrix[4]))
        assert max(ends) < 595

    @pytest.mark.parametrize(
        "text",
        [
            "\x00\x01\x1b[31m\x7f\ufeff\u202e\u2066",
            UNKNOWN_TO_EVERY_FONT,
            "\ue000\U000f0000",
            "\u094d sign without a letter",
            "a" + "\u0301" * 10_000,
            "क\u094d" * 5_000,
            "\u00a0" * 50_000,
            "👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ ❤️",
            "",
            " \n\n ",
        ],
    )
    def test_no_text_makes_a_document_fail(self, text: str) -> None:
        reader = read(Paragraph(text), KeyValues((("Name", text),)), Table((Column("A"),), (Row((text,)),)))
        assert "OFFICIAL-SENSITIVE" in text_of(reader)

    @settings(max_examples=40)
    @given(st.lists(st.text(max_size=80), min_size=1, max_size=6))
    def test_no_text_that_can_be_typed_makes_a_document_fail(self, texts: list[str]) -> None:
        assert read(*map(Paragraph, texts), BulletList(tuple(texts))).pages

    def test_what_no_font_has_is_a_visible_mark_and_the_document_says_so(self) -> None:
        text = text_of(read(Paragraph(f"Tag {UNKNOWN_TO_EVERY_FONT} on the wall")))
        assert f"Tag {MARK} on the wall" in text
        assert MARK_EXPLAINED in text.replace("\n", " ")
        assert MARK_EXPLAINED not in text_of(read(Paragraph("Tag on the wall"))).replace("\n", " ")

    def test_what_typst_refuses_is_printed_in_plain_letters_and_not_logged(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(pdf, "printable", lambda text: text)
        text = text_of(read(Paragraph("李小龙 is well"), Paragraph(f"Amy {UNKNOWN_TO_EVERY_FONT} saw it")))
        assert "李小龙 is well" in text
        assert f"Amy {MARK} saw it" in text
        assert "7Q4K-2M9XAB" in caplog.text
        assert "Amy" not in caplog.text

    def test_a_template_that_cannot_be_compiled_is_an_error(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        broken = tmp_path / "document.typ"
        broken.write_text("#panic()")
        monkeypatch.setattr(pdf, "TEMPLATE", broken)
        with pytest.raises(ValueError, match="7Q4K-2M9XAB"):
            render_pdf(document(Paragraph("Text.")))


def test_many_threads_render_at_once() -> None:
    rendered: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: rendered.append(render_pdf(document(Paragraph("Text.")))))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rendered) == 6
    assert len(set(rendered)) == 1


def test_a_missing_font_is_said_when_the_service_starts(settings: Any, tmp_path: Path) -> None:
    assert fonts_are_installed() == []
    settings.DOCUMENT_FONTS = tmp_path
    (error,) = fonts_are_installed()
    assert "noto-sans-sc" in error.msg
