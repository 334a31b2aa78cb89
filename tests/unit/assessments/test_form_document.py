"""The completed form (toolkit.md, A12): the toolkit's form whole, in its order, and what the service adds."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from cre_toolkit.assessments.answers import Answers
from cre_toolkit.assessments.form_document import Withdrawn, form_document
from cre_toolkit.assessments.form_tables import BELOW, NOT_IDENTIFIED
from cre_toolkit.documents.model import (
    Block,
    BulletList,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Table,
)
from cre_toolkit.documents.pdf import render_pdf
from cre_toolkit.rules.loading import load_instrument
from tests.factories.assessments import sent_record
from tests.factories.records import CHILD, record_content

FORM = load_instrument("cre-2020")
NOTHING: dict[str, dict[str, Any]] = {
    section: {} for section in Answers.model_fields if section != "child"
} | {"analysis": {"level": "low"}}
NOTHING_IN_THE_HEADER = {
    key: "" if isinstance(value, str) else value
    for key, value in CHILD.items()
    if key != "earlier_assessment"
} | {"name": "Amy Example", "date_of_birth": "2010-02-03", "earlier_assessment": None}


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading)]


def under(document: Document, heading: str) -> list[Block]:
    """The blocks between a heading and the next."""
    blocks = list(document.blocks)
    start = next(n for n, block in enumerate(blocks) if isinstance(block, Heading) and block.text == heading)
    rest = blocks[start + 1 :]
    end = next((n for n, block in enumerate(rest) if isinstance(block, Heading)), len(rest))
    return rest[:end]


def written(document: Document, heading: str) -> str:
    return "\n".join(block.text for block in under(document, heading) if isinstance(block, Paragraph))


def answers(document: Document) -> dict[str, str]:
    """The short answers, by their question."""
    return {
        question: answer
        for block in document.blocks
        if isinstance(block, KeyValues)
        for question, answer in block.rows
    }


def table(document: Document, heading: str) -> dict[str, tuple[str, ...]]:
    """The rows of the table under a heading, by their first cell."""
    (found,) = [block for block in under(document, heading) if isinstance(block, Table)]
    return {row.cells[0]: row.cells[1:] for row in found.rows}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def label(field_id: str) -> str:
    return FORM.field_by_id[field_id].label


def section(section_id: str) -> str:
    return next(each.title for each in FORM.sections if each.id == section_id)


class TestTheToolkitsForm:
    def test_its_sections_come_in_its_order_and_what_the_service_adds_comes_after(self) -> None:
        titles = [heading.text for heading in form_document(record_content()).blocks
                  if isinstance(heading, Heading) and heading.level == 2]  # fmt: skip
        assert titles == [
            *(each.title for each in FORM.sections),
            "Recorded beside the form",
            "Who was consulted",
            "Information sharing",
            "The level, and why",
            "What must happen, and by when",
            "About this record",
        ]

    def test_each_question_of_the_form_stands_in_it_once_in_its_own_words(self) -> None:
        document = form_document(record_content())
        asked = [
            question
            for block in document.blocks
            if isinstance(block, KeyValues)
            for question, _ in block.rows
        ]
        said = [*asked, *headings(document)]
        for field in FORM.fields:
            assert said.count(field.label) == 1, field.id

    def test_every_written_answer_of_the_form_has_a_place_in_the_answers(self) -> None:
        keys = {
            info.alias or name
            for part in Answers.model_fields.values()
            for name, info in part.annotation.model_fields.items()  # type: ignore[union-attr]
        }
        asked = {
            field.id
            for field in FORM.fields
            if field.answered_by in ("narrative", "analysis.protective_factors")
        }
        assert asked - {"immediate-actions"} <= keys

    def test_all_28_indicators_and_other_are_listed_identified_or_not(self) -> None:
        rows = table(form_document(record_content()), section("indicators"))
        assert len(rows) == 29
        assert rows["1. Concern re: online activity"] == ("No", "Yes", "Medium")
        assert rows["8. Getting into cars with adult(s)"] == ("Yes", "Yes", "High")
        assert rows["16. Increased interest in making money or need for money"] == ("Not clear yet",) * 2 + (
            "Low",
        )
        assert rows["17. Self-harming"] == ("–", "–", NOT_IDENTIFIED)

    def test_the_evidence_of_each_identified_indicator_follows_with_todays_wording(self) -> None:
        document = form_document(record_content())
        assert written(document, label("expand-indicators")).startswith("The messages began")
        assert "Her form tutor read" in written(document, "1. Concern re: online activity: Medium")
        assert "an adult picks the child up" in written(document, "8. Getting into cars with adult(s): High")
        assert not any("Self-harming" in heading for heading in headings(document))

    def test_level_and_threshold_are_asked_once_and_printed_twice(self) -> None:
        said = answers(form_document(record_content()))
        assert said[label("indicators-level")] == said[label("level")] == "Medium"
        assert said[label("indicators-threshold")] == said[label("threshold")]
        assert "Section 17" in said[label("threshold")]

    def test_the_sixteen_factors_say_historic_current_and_commentary(self) -> None:
        rows = table(form_document(record_content()), section("vulnerabilities"))
        assert len(rows) == 16
        assert rows["Young carer"] == ("No", "Yes", "Cares for a younger brother after school.")
        assert rows["Previous history of exploitation"] == ("Yes", "No", "No commentary")
        assert rows["Criminality within family"] == ("–", "–", NOT_IDENTIFIED)

    def test_a_long_commentary_stands_after_its_table_and_not_in_a_narrow_column(self) -> None:
        note = "Seen on several days. " * 50
        items = {"young-carer": {"current": True, "note": note}}
        document = form_document(record_content(vulnerabilities={"items": items}))
        assert table(document, section("vulnerabilities"))["Young carer"][2] == BELOW
        assert written(document, "Commentary: Young carer") == note

    def test_the_header_is_answered_from_the_record(self) -> None:
        said = answers(form_document(record_content()))
        assert said[label("name")] == "Amy Example\n\nKnown as Ames"
        assert said[label("age-or-date-of-birth")] == "3 February 2010, 16 years old"
        assert said[label("earlier-assessment")] == "Yes: CRE risk assessment, 12 June 2025, low"
        assert said[label("responsible-authority")] == "Derby"
        assert said[label("agency")] == "Example Academy\n01332 496 0001, sian.wyn@example.org"
        assert said[label("date-completed")] == "27 March 2026, 16:20"

    def test_the_immediate_actions_are_a_table_with_dates_in_words(self) -> None:
        rows = table(form_document(record_content()), label("immediate-actions"))
        assert rows["Her aunt collects her from school"] == ("Aunt", "30 March 2026")
        assert rows["Telephone settings looked at together"] == ("Tutor", "Not answered")


class TestNotKnownNotAnsweredAndNo:
    @pytest.mark.parametrize(
        ("stored", "words"), [("yes", "Yes"), ("no", "No"), ("not-known", "Not known"), ("", "Not answered")]
    )
    def test_are_three_different_things(self, stored: str, words: str) -> None:
        child = {"send": stored, "open_to_social_care": stored, "looked_after": stored}
        said = answers(form_document(record_content(child=child, danger={"immediate_risk": stored})))
        for question in (label("disabilities"), "Open to social care", "Looked after", "Immediate danger"):
            assert said[question] == words

    def test_an_empty_form_says_of_each_question_that_it_was_not_answered(self) -> None:
        document = form_document(record_content(child=NOTHING_IN_THE_HEADER, **NOTHING))
        assert all(answer for answer in answers(document).values())
        for field in ("locations", "immediate-concerns", "contextual-analysis", "barriers", "not-known-yet"):
            assert "Not answered" in written(document, label(field))
        assert written(document, label("expand-indicators")) == "No indicator was identified."
        assert written(document, label("immediate-actions")) == "No action was recorded."
        assert answers(document)[label("primary-exploitation")] == "Not answered"

    def test_a_record_without_its_later_keys_still_prints(self) -> None:
        full = record_content()
        kept = ("reference", "instrument", "completed_at", "child")
        document = form_document({key: full[key] for key in kept} | {"answers": {}})
        assert "Not recorded" in answers(document)[label("practitioner")]
        assert render_pdf(document)

    def test_an_estimated_age_is_said_to_be_one(self) -> None:
        child = {"date_of_birth": None, "age": 15, "age_estimated": True}
        said = answers(form_document(record_content(child=child)))
        assert said[label("age-or-date-of-birth")] == "About 15 years old; date of birth not known"


class TestDanger:
    def test_stands_first(self) -> None:
        first, *_ = form_document(record_content(danger={"immediate_risk": "yes", "what": "Tonight."})).blocks
        assert first == Note("The child was said to be in immediate danger.\nTonight.")

    def test_the_level_is_said_with_its_date_and_never_that_the_child_is_safe(self) -> None:
        document = form_document(record_content(**NOTHING))
        assert Note("Assessed as low risk on 27 March 2026.") in document.blocks


class TestAWithdrawnAssessment:
    withdrawn = Withdrawn(
        datetime(2026, 4, 1, 9, tzinfo=UTC),
        "Mo Manager",
        "It is about another child",
        "Two children, one name.",
    )

    def test_says_so_in_its_first_words_and_on_every_page(self) -> None:
        document = form_document(record_content(), withdrawn=self.withdrawn)
        line = "WITHDRAWN on 1 April 2026: It is about another child"
        assert document.blocks[0] == Note(f"{line}. Withdrawn by Mo Manager.\nTwo children, one name.")
        pages = PdfReader(io.BytesIO(render_pdf(document))).pages
        assert all(line in page.extract_text() for page in pages)


class TestAReview:
    def test_names_the_assessment_that_it_reviews_and_what_became_of_each_indicator(self) -> None:
        items = {"missing": {"level": "low", "cce": True, "note": "Once.", "as_on": "2025-06-12"}}
        since = {"missing": {"answer": "no-change"}, "weapons": {"answer": "no-longer-seen", "why": "Moved."}}
        record = record_content(indicators={"items": items, "since_last": since}) | {
            "number": 2,
            "previous": {"reference": "AAAA-BBBBBB", "completed_at": "2025-06-12T09:00:00+00:00"},
        }
        document = form_document(record)
        line = "Version 2: a review of the assessment AAAA-BBBBBB of 12 June 2025."
        assert Paragraph(line) in document.blocks
        missing, weapons = (FORM.indicator_by_id[id_] for id_ in ("missing", "weapons"))
        assert "No change: as on 12 June 2025." in written(document, f"2. {missing.label}: Low")
        rows = table(document, "Since last time")
        assert rows[f"2. {missing.label}"] == ("No change", "–")
        assert rows[f"{weapons.number}. {weapons.label}"] == ("No longer seen", "Moved.")


class TestTheOutcome:
    def test_the_level_stands_with_its_reasons_and_why_the_recorded_one_differs(self) -> None:
        document = form_document(record_content())
        said = answers(document)
        assert said["Level recorded by the practitioner"] == "Medium"
        assert said["Level that the indicators point to"] == "High"
        (reasons,) = under(document, "What the indicators point to, and why")
        assert isinstance(reasons, BulletList)
        assert "Getting into cars with adult(s)" in reasons.items[0]
        why = under(document, "Why the recorded level is below the one that the indicators point to")
        assert why == [
            BulletList(("A safety plan or action already taken has changed the risk",)),
            Paragraph("Her aunt collects her now."),
        ]

    def test_a_reason_that_holds_for_many_indicators_is_explained_once(self) -> None:
        ids = ("missing", "self-harm", "weapons", "offending")
        items = {id_: {"level": "high", "cce": True, "note": "Seen."} for id_ in ids}
        document = form_document(record_content(indicators={"items": items}))
        (reasons,) = under(document, "What the indicators point to, and why")
        assert isinstance(reasons, BulletList)
        assert len(reasons.items) == 1
        assert all(FORM.indicator_by_id[id_].label in reasons.items[0] for id_ in ids)

    def test_the_floor_is_shown_where_there_is_one(self) -> None:
        child = {"date_of_birth": "2015-02-03", "age": 11}
        assert answers(form_document(record_content(child=child)))["Lowest level for this child"] == "Medium"
        assert "Lowest level for this child" not in answers(form_document(record_content()))

    def test_what_must_happen_is_said_with_the_time_by_which(self) -> None:
        document = form_document(record_content(authority="derbyshire"))
        due = [due for _, due in table(document, "What must happen, and by when").values()]
        assert {"At once", "28 March 2026, 16:20"} <= set(due)
        assert any(words.startswith("No set time") for words in due)
        assert ("8 May 2026", "every 6 weeks") in table(document, "Reviews at this level").values()
        assert ("27 April 2026", "every month") in table(document, "Reviews at this level").values()

    def test_a_low_level_says_when_to_look_again_or_why_not(self) -> None:
        low = NOTHING | {"level": {"look_again_on": "2026-06-01"}}
        assert written(form_document(record_content(**low)), "When to look again") == "1 June 2026"
        assert written(form_document(record_content(**NOTHING)), "When to look again") == "Not recorded"


class TestBesideTheForm:
    def test_consultation_and_sharing_are_told_row_by_row(self) -> None:
        document = form_document(record_content())
        consulted = table(document, "Who was consulted")
        assert consulted["Children's social care"] == ("Wil Worker", "Contacted", "26 March 2026", "–")
        assert consulted["Police"][1] == "Attempted, no answer yet"
        assert table(document, "Information sharing")["The van"][0] == "Police"
        assert "she asked for it" in written(document, "What was not shared, and why")

    def test_the_childs_own_words_are_kept_as_they_are(self) -> None:
        assert (
            written(form_document(record_content()), "The child’s own words") == "“I just want it to stop.”"
        )

    def test_the_edition_and_the_record_can_be_proved_by_their_hashes(self) -> None:
        text = written(form_document(record_content()), "About this record")
        assert FORM.sha256 in text
        assert "a" * 64 in text
        assert "another edition" not in text

    def test_who_began_it_is_said_where_somebody_else_completed_it(self) -> None:
        begun_by = {"name": "Jo Before", "agency": "Example School"}
        text = written(form_document(record_content() | {"begun_by": begun_by}), "About this record")
        assert "Begun by Jo Before, Example School." in text

    def test_an_edition_that_has_changed_since_is_pointed_out(self) -> None:
        text = written(form_document(record_content() | {"edition_sha256": "b" * 64}), "About this record")
        assert "another edition" in text


class TestThePdf:
    def test_of_the_form_holds_every_answer_and_no_name_in_its_title(self) -> None:
        document = form_document(record_content())
        reader = PdfReader(io.BytesIO(render_pdf(document)))
        printed = squeezed("".join(page.extract_text() for page in reader.pages))
        texts = [block.text for block in document.blocks if isinstance(block, Heading | Paragraph | Note)]
        tables = [block for block in document.blocks if isinstance(block, Table)]
        cells = [cell for each in tables for row in each.rows for cell in row.cells]
        for answer in (*answers(document).values(), *texts, *cells):
            for line in answer.split("\n"):
                assert squeezed(line) in printed
        assert reader.metadata is not None
        assert "Amy" not in str(reader.metadata.title)

    @pytest.mark.django_db
    def test_a_sent_assessment_prints_as_it_was_recorded(self) -> None:
        record = sent_record(level="medium")
        document = form_document({**record.content, "sha256": record.sha256})
        assert answers(document)[label("level")] == "Medium"
        assert record.sha256 in written(document, "About this record")
        assert render_pdf(document).startswith(b"%PDF-1.7")
