"""A form that was entered from paper prints under its own edition, and says that it was transcribed (A7)."""

import io
import uuid
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from cre_toolkit.assessments import actions, paper
from cre_toolkit.assessments.form_document import form_document
from cre_toolkit.assessments.form_tables import BELOW, NOT_IDENTIFIED
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.documents.model import Block, Document, Heading, KeyValues, Note, Paragraph, Table
from cre_toolkit.documents.pdf import render_pdf
from cre_toolkit.documents.word import render_word
from cre_toolkit.rules.loading import load_instrument
from tests.factories.people import ChildFactory

pytestmark = pytest.mark.django_db

CSE = load_instrument("cse-2017")
PAPER = {
    "completed_on": "2018-03-06",
    "author": "Ann Earlier",
    "agency": "Invented School",
    "role": "Head of year",
}
LONG = "Told to two members of staff. " * 20
MATRIX: dict[str, dict[str, Any]] = {
    "paper": PAPER,
    "marks": {
        "items": {
            "sexualised-dress": {"risk": True, "note": LONG},
            "hotspots": {"risk": True, "evidenced": True, "note": "Seen twice in February."},
            "abduction": {},
        }
    },
    "factors": {"items": {"homophobia": {"present": True, "note": "At school."}}},
    "summary": {
        "level": "medium",
        "models": ["internet", "party-scene"],
        "texts": {
            "immediate-concerns": "Weekends.",
            "protective-factors": "An aunt.",
            "review-date": "2018-05-06",
        },
    },
}


def transcribed(instrument: str, sections: dict[str, dict[str, Any]]) -> Record:
    child = ChildFactory()
    draft: Assessment = paper.start(
        by=child.created_by, child=child, instrument=instrument, form_id=uuid.uuid4()
    )
    for section, answers in sections.items():
        actions.save_section(by=draft.author, assessment=draft, section=section, answers=answers, version=0)
    return paper.record_once(by=draft.author, assessment=draft)[0]


@pytest.fixture
def record() -> Record:
    return transcribed("cse-2017", MATRIX)


@pytest.fixture
def document(record: Record) -> Document:
    return form_document(record.content | {"sha256": record.sha256})


def tables_by_heading(document: Document) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    heading = ""
    for block in document.blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table):
            found[heading] = {row.cells[0]: row.cells[1:] for row in block.rows}
    return found


def answers(document: Document) -> dict[str, str]:
    return {
        question: answer
        for block in document.blocks
        if isinstance(block, KeyValues)
        for question, answer in block.rows
    }


def below(document: Document, heading: str) -> Block:
    blocks = list(document.blocks)
    return blocks[1 + next(n for n, block in enumerate(blocks) if getattr(block, "text", "") == heading)]


class TestTheMatrixOf2017:
    def test_its_sections_questions_and_lists_stand_in_its_order_and_words(self, document: Document) -> None:
        headings = [
            block.text for block in document.blocks if isinstance(block, Heading) and block.level == 2
        ]
        assert headings == [*(each.title for each in CSE.sections), "The level, and why", "About this record"]
        asked = [*answers(document), *(block.text for block in document.blocks if isinstance(block, Heading))]
        for field in CSE.fields:
            assert asked.count(field.label) == 1, field.id

    def test_all_39_indicators_stand_in_their_three_lists_marked_or_not(self, document: Document) -> None:
        tables = tables_by_heading(document)
        lists = [tables[group.title] for group in CSE.groups]
        assert [len(each) for each in lists] == [12, 15, 12]
        assert lists[1]["6. " + CSE.indicator_by_id["hotspots"].label] == (
            "Yes",
            "Yes",
            "Seen twice in February.",
        )
        assert lists[0]["2. Overt sexualised dress"] == ("Yes", "No", BELOW)
        assert lists[2]["8. Abduction and forced imprisonment"] == ("–", "–", NOT_IDENTIFIED)
        assert below(document, "Note: 2. Overt sexualised dress") == Paragraph(LONG)

    def test_todays_wording_stands_below_the_list_of_what_was_identified(self, document: Document) -> None:
        notes = [block.text for block in document.blocks if isinstance(block, Paragraph) and block.small]
        assert any(note.startswith("2. Overt sexualised dress: How a child dresses") for note in notes)
        assert not any("drugs or alcohol" in note for note in notes)

    def test_it_gives_both_counts_the_category_the_models_and_the_review(self, document: Document) -> None:
        said = answers(document)
        assert said["Number of Risk Indicator score"] == "2"
        assert said["Number of Evidenced Indicators"] == "1"
        assert said["Overall Risk Category"] == "Medium"
        assert said["Models of CSE"].split("\n") == [
            CSE.model_by_id["internet"].label,
            CSE.model_by_id["party-scene"].label,
        ]
        assert said["Date for Review"] == "6 May 2018"
        assert below(document, "Immediate Concerns and Risks") == Paragraph("Weekends.")
        assert below(document, "Protective Factors/Resilience of child") == Paragraph("An aunt.")
        assert below(document, "Analysis of Above Information") == Paragraph("Not answered")

    def test_the_seventeen_factors_and_other_have_their_comments(self, document: Document) -> None:
        rows = tables_by_heading(document)["Section 2: Identification of Additional Vulnerability Factors"]
        assert len(rows) == 18
        assert rows["Homophobia"] == ("Yes", "At school.")
        assert rows["Low self-esteem"] == ("–", NOT_IDENTIFIED)

    def test_it_says_who_completed_it_on_paper_and_who_entered_it(
        self, document: Document, record: Record
    ) -> None:
        assert document.author_line == "Completed on paper by Ann Earlier, Invented School"
        assert document.time_line == "6 March 2018"
        said = [block.text for block in document.blocks if isinstance(block, Note)]
        assert said[0] == "Assessed as medium risk on 6 March 2018."
        assert said[1].startswith("Transcribed from paper on ")
        assert record.author.name in said[1]
        completed_by = CSE.field_by_id["practitioner"].label
        assert answers(document)[completed_by] == "Ann Earlier, Invented School, Head of year"

    def test_nothing_is_said_to_be_due_after_so_many_years(self, document: Document) -> None:
        assert "What must happen, and by when" not in [
            getattr(block, "text", "") for block in document.blocks
        ]

    def test_it_renders_as_pdf_and_as_word(self, document: Document) -> None:
        printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(document))).pages)
        assert "High Level Indicators" in printed
        assert len(docx.Document(io.BytesIO(render_word(document))).tables) >= 6


def test_a_cre_form_from_paper_has_the_form_and_nothing_that_the_service_asks_beside_it() -> None:
    record = transcribed(
        "cre-2020",
        {
            "paper": PAPER
            | {"completed_on": "2020-09-01", "completed_time": "15:30", "social_care_on": "2020-09-02"},
            "indicators": {
                "items": {"missing": {"level": "medium", "cce": True, "note": "Twice in August."}}
            },
            "analysis": {"level": "medium"},
        },
    )
    document = form_document(record.content)
    form = load_instrument("cre-2020")
    headings = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 2]
    assert headings == [*(each.title for each in form.sections), "The level, and why", "About this record"]
    said = answers(document)
    assert said[form.field_by_id["date-referred-social-care"].label] == "2 September 2020"
    assert said[form.field_by_id["practitioner"].label] == "Ann Earlier, Head of year"
    assert said[form.field_by_id["agency"].label] == "Invented School"
    assert document.time_line == "1 September 2020, 15:30"
