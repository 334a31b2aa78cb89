"""The form without answers (A12): whole, in its order and words, with room to write; A6 in the appendix."""

import io

import docx
import pytest
from pypdf import PdfReader

from cre_toolkit.assessments.form_blank import BOX, blank_form
from cre_toolkit.documents.model import Block, Document, Heading, KeyValues, Note, Paragraph, Room, Table
from cre_toolkit.documents.pdf import render_pdf
from cre_toolkit.documents.printable import MARK
from cre_toolkit.documents.word import render_word
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import load_instrument

FORMS = [load_instrument("cre-2020"), load_instrument("cse-2017")]


@pytest.fixture(params=FORMS, ids=lambda form: form.id)
def form(request: pytest.FixtureRequest) -> Instrument:
    instrument: Instrument = request.param
    return instrument


@pytest.fixture
def document(form: Instrument) -> Document:
    return blank_form(form)


def of_kind(document: Document, kind: type[Block]) -> list[Block]:
    return [block for block in document.blocks if isinstance(block, kind)]


def first_cells(document: Document) -> list[str]:
    return [row.cells[0] for table in of_kind(document, Table) for row in table.rows]


def questions(document: Document) -> list[str]:
    asked: list[str] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            asked.append(block.text)
        elif isinstance(block, KeyValues):
            asked += [question for question, _ in block.rows]
    return asked


def test_sections_and_questions_stand_in_the_editions_order(form: Instrument, document: Document) -> None:
    asked = questions(document)
    sections = [asked.index(section.title) for section in form.sections]
    fields = [asked.index(field.label) for field in form.fields if not field.added]
    assert sections == sorted(sections)
    assert fields == sorted(fields)
    assert len(set(fields)) == len(fields)


def test_every_indicator_and_factor_can_be_ticked(form: Instrument, document: Document) -> None:
    listed = first_cells(document)
    for indicator in form.indicators:
        assert any(cell.startswith(f"{indicator.number}. {indicator.label}") for cell in listed), indicator.id
    for factor in form.vulnerabilities:
        assert factor.label in listed
    table = of_kind(document, Table)[0]
    assert all(BOX in row.cells[1] for row in table.rows)


def test_every_closed_list_is_there_to_tick_and_what_is_written_has_room(
    form: Instrument, document: Document
) -> None:
    printed = "\n".join(answer for block in of_kind(document, KeyValues) for _, answer in block.rows)
    for choice in (*form.exploitation_types, *form.models):
        assert f"{BOX} {choice.label}" in printed
    assert f"{BOX} High" in printed
    texts = [field for field in form.fields if field.kind == "text" and field.answered_by != "record"]
    assert len(of_kind(document, Room)) == len([field for field in texts if not field.added])


def test_it_answers_nothing_and_names_nobody(document: Document) -> None:
    for block in of_kind(document, KeyValues):
        for _, answer in block.rows:
            assert all(line.startswith(BOX) for line in answer.split("\n") if line)


def test_danger_stands_first_and_every_page_is_marked_as_soon_as_it_is_filled_in(document: Document) -> None:
    assert isinstance(document.blocks[0], Note)
    assert "999" in document.blocks[0].text
    for page in PdfReader(io.BytesIO(render_pdf(document))).pages:
        assert page.extract_text().count("OFFICIAL-SENSITIVE when completed") == 2


def test_the_appendix_gives_the_examples_of_the_twelve_indicators_that_have_them() -> None:
    document = blank_form(FORMS[0])
    start = next(
        n for n, block in enumerate(document.blocks) if getattr(block, "text", "").startswith("Appendix")
    )
    appendix = document.blocks[start:]
    shown = [block.text for block in appendix if isinstance(block, Heading) and block.level == 3]
    with_examples = [each for each in FORMS[0].indicators if each.examples]
    assert shown == [f"{each.number}. {each.label}" for each in with_examples]
    assert len(shown) == 12
    for block, indicator in zip([b for b in appendix if isinstance(b, Table)], with_examples, strict=True):
        assert indicator.examples
        said = [row.cells for row in block.rows]
        assert said == [
            ("Low", "\n".join(indicator.examples.low)),
            ("Medium", "\n".join(indicator.examples.medium)),
            ("High", "\n".join(indicator.examples.high)),
        ]


def test_a_form_that_was_replaced_says_so() -> None:
    notes = [block.text for block in of_kind(blank_form(FORMS[1]), Note)]
    assert any("replaced on 1 May 2019" in note for note in notes)
    assert not any("replaced" in note.text for note in of_kind(blank_form(FORMS[0]), Note))


def test_both_files_are_whole_and_always_the_same(document: Document) -> None:
    pdf, word = render_pdf(document), render_word(document)
    assert (pdf, word) == (render_pdf(document), render_word(document))
    assert MARK not in "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    read = docx.Document(io.BytesIO(word))
    said = [paragraph.text for paragraph in read.paragraphs if paragraph.style.name.startswith("Heading")]
    assert said[1:] == [block.text for block in document.blocks if isinstance(block, Heading)]


def test_the_note_on_who_cannot_be_low_is_the_editions_own(form: Instrument, document: Document) -> None:
    assert any(form.floor.text in block.text for block in of_kind(document, Paragraph))
